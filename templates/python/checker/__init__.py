"""Does this SDK, and the server that is deployed, still fit the code that uses it? The client loads nothing of it.

`python -m <package> check`, or `<package>.check()` in a test. Start at `command.py`.
"""

from .command import check as check
