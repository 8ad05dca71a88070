"""`python -m schemagen` is `schemagen`."""

import sys

from schemagen.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
