"""How a step's own code says that it cannot go on: with a problem that people can act on."""

from backend.domain.problems import Problem


class StepFailure(Exception):  # noqa: N818 - the name says what it is, the problem says what went wrong
    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found
