"""A step of one of our own kinds, in a process of its own: from its order to its report. No Django, no database.

Started by path with `-I`, so that nothing from the caller's environment or folder is imported.
"""

import os
import signal
import sys
from pathlib import Path

# Where the library is installed this folder is on the path already, behind Python's own.
_ROOT = next(str(each) for each in Path(__file__).resolve().parents if not (each / "__init__.py").exists())
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

from backend.domain.run.messages import StepOrder
from workers.steps.perform import perform
from workers.steps.prepared import ORDER_VARIABLE

if __name__ == "__main__":
    # Being stopped is no error that deserves a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    perform(StepOrder.model_validate_json(Path(os.environ[ORDER_VARIABLE]).read_bytes()))
