"""Pretended graphics cards: looked at before anything starts, so that a slip of the keyboard is one sentence."""

import os

from backend.config.embedded.problems import SetupError

VARIABLE = "PIPELOOM_SIMULATED_GPUS"
MOST = 1024


def simulated_cards() -> int | None:
    """How many cards this machine shall pretend to have; None when nobody asked for that."""
    text = os.environ.get(VARIABLE)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= MOST):
        raise SetupError(
            f"{VARIABLE}={text} is not a number of cards. Set it to a whole number from 0 to {MOST}, or unset it to "
            "use the cards that the machine has."
        )
    return int(text)
