"""People of different standing around one project, each with an API client of their own."""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.test.client import MULTIPART_CONTENT

from backend.apps.accounts.models import Project, Role, User
from backend.apps.accounts.services import member_set, token_create, user_create

JSON = "application/json"


class Api:
    """A client that signs its requests with a bearer token and speaks JSON."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {} if user is None else {"Authorization": f"Bearer {token_create(user=user, name='test')}"}

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        if "data" not in more and body is not None:
            more.update(data=body, content_type=JSON)
        more.setdefault("content_type", JSON if method != "GET" else MULTIPART_CONTENT)
        return self.client.generic(method, path, headers=headers, **_raw(more))

    def get(self, path: str, **more: Any) -> Any:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("POST", path, {} if body is None and "data" not in more else body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("PUT", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> Any:
        return self.call("DELETE", path, **more)


def _raw(more: dict[str, Any]) -> dict[str, Any]:
    data = more.pop("data", b"")
    if more["content_type"] == JSON and not isinstance(data, bytes | str):
        data = Client()._encode_json(data, JSON)
    return {"data": data, **more}


@dataclass(frozen=True)
class People:
    """One shared project, and everybody who could knock at its door."""

    project: Project
    manager: User
    author: User
    operator: User
    viewer: User
    other: User

    def named(self, name: str) -> User | None:
        return None if name == "anonymous" else getattr(self, name)

    def api(self, name: str) -> Api:
        return Api(self.named(name))


def people_create(prefix: str = "") -> People:
    users = {
        name: user_create(username=f"{prefix}{name}") for name in ("manager", "author", "operator", "viewer", "other")
    }
    project = Project.objects.create(name=f"Shared{prefix}")
    for role in Role.values:
        member_set(project=project, user=users[role], role=role)
    return People(project=project, **users)
