"""``python3 -m mobilize``: check the Python version, then set up and start.

This file and ``mobilize/__init__.py`` keep to syntax that any Python 3 can read, so that an old
one gets a sentence instead of a syntax error.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (an older Python does get here)
    sys.exit(
        "Mobilize needs Python 3.11 or later, and this is Python {}.{}.\n"
        "Start it with a newer one, for example: python3.12 -m mobilize".format(*sys.version_info)
    )

from mobilize.bootstrap import main

if __name__ == "__main__":
    sys.exit(main())
