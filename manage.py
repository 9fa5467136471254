#!/usr/bin/env python3
"""The one command of the product: python3 manage.py start, test, or any Django command.

Runs on a bare Python; this file and config/bootstrap.py use the standard library alone.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("Desa Devisa Tracker needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info[:2]))

from config.bootstrap import main

if __name__ == "__main__":
    main(sys.argv)
