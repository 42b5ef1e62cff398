"""`python -m pipeloom`: the command line."""

import sys

from pipeloom.command import main

sys.exit(main(sys.argv[1:]))
