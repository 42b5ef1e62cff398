"""The one exception of set-up: a sentence that says what happened and what to do next."""


class SetupError(Exception):
    """Shown to the person in the terminal as it is, without a traceback."""
