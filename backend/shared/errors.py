"""One shape for everything that goes wrong: {code, message, problems: [{code, path, params, message, hint}]}."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from backend.domain.problems import Problem, problem


class ProductError(Exception):
    """A refusal that a person can act on. Services raise it; the API, the socket and commands translate it."""

    def __init__(
        self,
        code: str,
        message: str,
        problems: Iterable[Problem] = (),
        *,
        status: int = 422,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = tuple(problems)
        self.status = status
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    @classmethod
    def of(cls, found: Problem, *others: Problem, status: int = 422, **more: Mapping[str, Any]) -> Self:
        """The first problem is the headline."""
        error = cls.__new__(cls)
        ProductError.__init__(error, found.code, found.message, (found, *others), status=status, **more)
        return error

    def body(self) -> dict[str, Any]:
        listed = [each.as_json() for each in self.problems]
        return {"code": self.code, "message": self.message, "problems": listed, **self.extra}


class NotFoundError(ProductError):
    """Also the answer for things of others: their existence is none of the asker's business."""

    def __init__(self, what: str) -> None:
        found = problem("request.not_found", what=what)
        super().__init__(found.code, found.message, [found], status=404)


class ForbiddenError(ProductError):
    """The thing is visible, but the person's role in its project is too small."""

    def __init__(self, needed: str) -> None:
        found = problem("auth.role", needed=needed)
        super().__init__(found.code, found.message, [found], status=403)


class ConflictError(ProductError):
    """The thing has changed meanwhile, or the name is taken; `current` shows what is there now."""

    def __init__(self, found: Problem, *, current: Any = None) -> None:
        super().__init__(found.code, found.message, [found], status=409, extra={"current": current})


def refuse(problems: Iterable[Problem]) -> None:
    """Raise when the list holds an error; the headline is the first one."""
    listed = list(problems)
    errors = [each for each in listed if each.severity == "error"]
    if errors:
        raise ProductError(errors[0].code, errors[0].message, listed)
