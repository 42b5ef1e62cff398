"""`from modelarts.session import Session`."""

from pipeloom.session import Session

__all__ = ["Session"]
