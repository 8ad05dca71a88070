"""`python -m schemagen` is `schemagen`."""

import sys

from schemagen.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
