"""One shape for everything that goes wrong: {code, message, problems: [{code, path, params, message, hint}]}."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from backend.domain.problems import Problem


class ProductError(Exception):
    """A refusal that a person can act on. Services raise it; the API, the socket and commands translate it."""

    default_status = 422

    def __init__(
        self,
        code: str,
        message: str,
        problems: Iterable[Problem] = (),
        *,
        status: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = tuple(problems)
        self.status = status or self.default_status
        self.extra = dict(extra or {})

    def body(self) -> dict[str, Any]:
        listed = [problem_body(each) for each in self.problems]
        return {"code": self.code, "message": self.message, "problems": listed, **self.extra}


class NotFoundError(ProductError):
    """Also the answer for things of others: their existence is none of the asker's business."""

    default_status = 404

    def __init__(self, what: str) -> None:
        super().__init__(
            "not_found", f"There is no such {what}, or it is not yours. Check the id, or list what you can see."
        )


class ForbiddenError(ProductError):
    """The thing is visible, but the person's role in its project is too small."""

    default_status = 403

    def __init__(self, needed: str) -> None:
        super().__init__(
            "forbidden", f"This needs the role {needed} in the project. Ask a manager of the project for it."
        )


class ConflictError(ProductError):
    """The thing has changed meanwhile, or the name is taken; `current` shows what is there now."""

    default_status = 409

    def __init__(self, code: str, message: str, *, current: Any = None, problems: Iterable[Problem] = ()) -> None:
        super().__init__(code, message, problems, extra={"current": current})


def problem_body(problem: Problem) -> dict[str, Any]:
    return asdict(problem)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise when the list holds an error; the headline is the first one."""
    errors = [each for each in problems if each.severity == "error"]
    if errors:
        raise ProductError(errors[0].code, errors[0].message, problems)
