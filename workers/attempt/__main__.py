"""One attempt of a run that has no server. Only a local run starts it: by path with `-P`, so that nothing in the
folder of whoever runs it is imported."""

import sys
from pathlib import Path

# Where the library is installed this folder is on the path already, behind Python's own.
_ROOT = next(str(each) for each in Path(__file__).resolve().parents if not (each / "__init__.py").exists())
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

from workers.attempt.alone import main

if __name__ == "__main__":
    main()
