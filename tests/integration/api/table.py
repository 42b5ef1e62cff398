"""Who may do what: one row for every address and method. An address without a row fails the test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.api.world import World

Body = Callable[[World], Any]


@dataclass(frozen=True)
class Row:
    """`role`: the least role in the thing's project; "anyone" needs no sign-in, "signed in" no role, "owner" is
    for things of one person. `answers`: what those who may are answered."""

    role: str
    answers: tuple[int, ...] = (200,)
    query: str = ""
    body: Body | bytes | None = None


def _draft(world: World) -> dict[str, Any]:
    return {"document": {"schema": 1, "name": "x", "steps": []}, "revision": 1}


def _subscription(world: World) -> dict[str, Any]:
    """For a topic; for oneself a viewer may, which is tested beside the matrix."""
    return {"workflow": world.ids["workflow"], "topic": world.ids["topic"], "step": "hello", "events": ["abnormal"]}


IN_PROJECT = "project={project}"
FILE = "project={project}&path=/default/a.txt"
NEW = "project={project}&path=/default/new.txt"
MADE, GONE = (201,), (204,)

TABLE: dict[str, Row] = {
    # Pages. They answer for programs and people who are not signed in, and show nothing of anybody.
    "GET /": Row("anyone"),
    "POST /": Row("anyone", (403, 405)),
    "PUT /": Row("anyone", (403, 405)),
    "PATCH /": Row("anyone", (403, 405)),
    "DELETE /": Row("anyone", (403, 405)),
    "GET /{place}": Row("anyone"),
    "POST /{place}": Row("anyone", (403, 405)),
    "PUT /{place}": Row("anyone", (403, 405)),
    "PATCH /{place}": Row("anyone", (403, 405)),
    "DELETE /{place}": Row("anyone", (403, 405)),
    "GET /healthz": Row("anyone"),
    "POST /healthz": Row("anyone", (403, 405)),
    "PUT /healthz": Row("anyone", (403, 405)),
    "PATCH /healthz": Row("anyone", (403, 405)),
    "DELETE /healthz": Row("anyone", (403, 405)),
    # The figures: to whoever holds their token or asks from this machine, as the tests do; no person is asked for.
    "GET /metrics": Row("anyone"),
    "POST /metrics": Row("anyone", (403, 405)),
    "PUT /metrics": Row("anyone", (403, 405)),
    "PATCH /metrics": Row("anyone", (403, 405)),
    "DELETE /metrics": Row("anyone", (403, 405)),
    "GET /sign-in/": Row("anyone", (200, 302)),
    "POST /sign-in/": Row("anyone", (403,)),
    "PUT /sign-in/": Row("anyone", (403, 405)),
    "PATCH /sign-in/": Row("anyone", (403, 405)),
    "DELETE /sign-in/": Row("anyone", (403, 405)),
    "GET /join/{token}/": Row("anyone", (200, 404)),
    "POST /join/{token}/": Row("anyone", (403,)),
    "PUT /join/{token}/": Row("anyone", (403, 405)),
    "PATCH /join/{token}/": Row("anyone", (403, 405)),
    "DELETE /join/{token}/": Row("anyone", (403, 405)),
    "GET /sign-in/{token}/": Row("anyone"),
    "POST /sign-in/{token}/": Row("anyone", (403,)),
    "PUT /sign-in/{token}/": Row("anyone", (403, 405)),
    "PATCH /sign-in/{token}/": Row("anyone", (403, 405)),
    "DELETE /sign-in/{token}/": Row("anyone", (403, 405)),
    "GET /sign-out/": Row("anyone", (405,)),
    "POST /sign-out/": Row("anyone", (403,)),
    "PUT /sign-out/": Row("anyone", (403, 405)),
    "PATCH /sign-out/": Row("anyone", (403, 405)),
    "DELETE /sign-out/": Row("anyone", (403, 405)),
    "GET /api/schema/": Row("anyone"),
    "GET /api/docs/": Row("anyone"),
    # Of the asker alone.
    "GET /api/me/": Row("signed in"),
    "PATCH /api/me/": Row("signed in", body=lambda _: {"display_name": "Ada"}),
    # For browsers: the matrix comes with tokens.
    "POST /api/me/password/": Row("signed in", (403,), body=lambda _: {"new": "a long enough one"}),
    "GET /api/tokens/": Row("signed in"),
    "POST /api/tokens/": Row("signed in", MADE, body=lambda _: {"name": "new"}),
    "DELETE /api/tokens/{id}/": Row("owner", GONE),
    # The same for everybody who is signed in.
    "GET /api/step-kinds/": Row("signed in"),
    "GET /api/gallery/": Row("signed in", query="language=zh-Hans"),
    "GET /api/gallery/assets/": Row("signed in"),
    "POST /api/gallery/assets/": Row(
        "author", MADE, body=lambda world: {"project": world.project, "document": _draft(world)["document"]}
    ),
    "GET /api/gallery/assets/{id}/": Row("viewer"),
    "DELETE /api/gallery/assets/{id}/": Row("author", GONE),
    "GET /api/gallery/assets/{id}/versions/": Row("viewer"),
    "POST /api/gallery/assets/{id}/versions/": Row(
        "author", MADE, body=lambda world: {"document": _draft(world)["document"]}
    ),
    "PATCH /api/gallery/assets/{id}/versions/{version}/users/": Row("author", body=lambda _: {"add": ["other"]}),
    # Into the asker's own project, whatever the role where it comes from.
    "POST /api/gallery/assets/{id}/subscribe/": Row("viewer", MADE, body=lambda _: {}),
    "GET /api/engines/": Row("signed in"),
    "GET /api/flavors/": Row("signed in"),
    "GET /api/hosts/": Row("signed in"),
    "GET /api/pools/": Row("signed in"),
    "POST /api/workflows/check/": Row("signed in", body=lambda _: {}),
    # Lists: each sees their own. That they show nothing else is tested beside the matrix.
    "GET /api/workflows/": Row("signed in"),
    "GET /api/datasets/": Row("signed in"),
    "GET /api/models/": Row("signed in"),
    "GET /api/algorithms/": Row("signed in"),
    "GET /api/images/": Row("signed in"),
    "GET /api/runs/": Row("signed in"),
    "GET /api/runs/labels/": Row("signed in"),
    "GET /api/workflows/overview/": Row("signed in"),
    "GET /api/todo/": Row("signed in"),
    # Projects and who belongs to them.
    "GET /api/projects/": Row("signed in"),
    "POST /api/projects/": Row("signed in", MADE, body=lambda _: {"name": "new"}),
    "GET /api/projects/{id}/": Row("viewer"),
    "PATCH /api/projects/{id}/": Row("manager", body=lambda _: {"name": "renamed"}),
    "GET /api/projects/{id}/members/": Row("viewer"),
    "PATCH /api/projects/{id}/members/{user}/": Row("manager", GONE, body=lambda _: {"role": "author"}),
    "DELETE /api/projects/{id}/members/{user}/": Row("manager", GONE),
    # The fixture's only manager cannot leave; the others can, each for themselves.
    "POST /api/projects/{id}/leave/": Row("viewer", (204, 409), body=lambda _: {}),
    "GET /api/projects/{id}/invitations/": Row("manager"),
    "POST /api/projects/{id}/invitations/": Row("manager", MADE, body=lambda _: {"role": "viewer"}),
    "DELETE /api/projects/{id}/invitations/{invitation}/": Row("manager", GONE),
    "GET /api/projects/{id}/history/": Row("manager"),
    # Workflows.
    "POST /api/workflows/": Row("author", MADE, body=lambda world: {"name": "new", "project": world.project}),
    "POST /api/workflows/import/": Row("author", MADE, query=IN_PROJECT, body=lambda world: _draft(world)["document"]),
    "POST /api/workflows/convert/": Row("signed in", body=lambda world: _draft(world)["document"]),
    "POST /api/workflows/publish/": Row(
        "author",
        MADE,
        body=lambda world: {"name": "new", "project": world.project, "document": _draft(world)["document"]},
    ),
    "GET /api/workflows/{id}/": Row("viewer"),
    "PATCH /api/workflows/{id}/": Row("author", body=lambda _: {"name": "renamed"}),
    "DELETE /api/workflows/{id}/": Row("author", GONE),
    "POST /api/workflows/{id}/copy/": Row("author", MADE, body=lambda _: {}),
    "GET /api/workflows/{id}/draft/": Row("viewer"),
    "PUT /api/workflows/{id}/draft/": Row("author", body=_draft),
    "POST /api/workflows/{id}/release/": Row("author", MADE, body=lambda _: {}),
    "GET /api/workflows/{id}/versions/": Row("viewer"),
    "GET /api/workflows/{id}/step-runs/": Row("viewer"),
    "GET /api/workflows/{id}/versions/{number}/": Row("viewer"),
    "GET /api/workflows/{id}/export/": Row("viewer"),
    "GET /api/workflows/{id}/changes/": Row("viewer", query="before=1"),
    "POST /api/workflows/{id}/merge/": Row(
        "viewer", body=lambda world: {"base": _draft(world)["document"], "mine": _draft(world)["document"]}
    ),
    "POST /api/workflows/{id}/restore/": Row("author", (200, 409), body=lambda world: {"version": 1, "revision": 1}),
    "POST /api/workflows/{id}/plan/": Row("viewer", body=lambda _: {}),
    "GET /api/workflows/{id}/runs/": Row("viewer"),
    "POST /api/workflows/{id}/runs/": Row("operator", MADE, body=lambda _: {"version": 1}),
    # Runs.
    "GET /api/runs/{id}/": Row("viewer"),
    "PATCH /api/runs/{id}/": Row("operator", body=lambda _: {"name": "the good one"}),
    "DELETE /api/runs/{id}/": Row("author", (204, 409, 422)),
    "GET /api/runs/{id}/snapshot/": Row("viewer"),
    "GET /api/runs/{id}/events/": Row("viewer"),
    "POST /api/runs/{id}/actions/": Row("operator", body=lambda _: {"action": "stop"}),
    "GET /api/runs/{id}/steps/{name}/": Row("viewer"),
    "GET /api/runs/{id}/steps/{name}/metrics/": Row("viewer"),
    "GET /api/runs/{id}/steps/{name}/figures/": Row("viewer"),
    "GET /api/runs/{id}/steps/{name}/logs/": Row("viewer", (200, 404, 409, 422)),
    "GET /api/runs/{id}/steps/{name}/outputs/": Row("viewer"),
    "GET /api/runs/{id}/steps/{name}/outputs/{output}/": Row("viewer", (200, 404, 409, 422), query="path=file"),
    "POST /api/runs/{id}/steps/{name}/actions/": Row("operator", (200, 409, 422), body=lambda _: {"action": "stop"}),
    # Topics, subscriptions, notifications.
    "GET /api/topics/": Row("signed in"),
    "POST /api/topics/": Row("operator", MADE, body=lambda world: {"name": "new", "project": world.project}),
    "GET /api/topics/{id}/": Row("viewer"),
    "PATCH /api/topics/{id}/": Row("operator", body=lambda _: {"name": "renamed"}),
    "DELETE /api/topics/{id}/": Row("operator", GONE),
    "GET /api/topics/{id}/people/": Row("viewer"),
    "POST /api/topics/{id}/channels/": Row("operator", MADE, body=lambda _: {"kind": "mail", "address": "a@b.example"}),
    "PATCH /api/topics/{id}/channels/{channel}/": Row("operator", body=lambda _: {"renew": True}),
    "DELETE /api/topics/{id}/channels/{channel}/": Row("operator", GONE),
    "POST /api/topics/{id}/test/": Row("operator", (202,), body=lambda _: {}),
    "GET /api/topics/{id}/deliveries/": Row("viewer"),
    "POST /api/topics/{id}/deliveries/{delivery}/": Row("operator", (202,), body=lambda _: {"action": "redeliver"}),
    "GET /api/subscriptions/": Row("signed in"),
    "POST /api/subscriptions/": Row("operator", MADE, body=_subscription),
    "PATCH /api/subscriptions/{id}/": Row("operator", body=lambda _: {"events": ["success"]}),
    "DELETE /api/subscriptions/{id}/": Row("operator", GONE),
    "GET /api/workflows/{id}/subscriptions/": Row("viewer"),
    "PATCH /api/workflows/{id}/subscriptions/": Row("operator", body=lambda _: {"enabled": False}),
    # Schedules.
    "GET /api/workflows/{id}/schedules/": Row("viewer"),
    "POST /api/workflows/{id}/schedules/": Row("operator", MADE, body=lambda _: {"cron": "0 0 12 * * ?"}),
    "GET /api/schedules/": Row("signed in"),
    "POST /api/schedules/preview/": Row("signed in", body=lambda _: {"cron": "0 0 12 * * ?"}),
    "GET /api/schedules/{id}/": Row("viewer"),
    "PATCH /api/schedules/{id}/": Row("operator", body=lambda _: {"enabled": False}),
    "DELETE /api/schedules/{id}/": Row("operator", GONE),
    "GET /api/schedules/{id}/fires/": Row("viewer"),
    "GET /api/notifications/": Row("signed in"),
    "POST /api/notifications/": Row("signed in", body=lambda _: {"done": True}),
    "GET /api/notifications/changes/": Row("signed in"),
    "GET /api/notifications/settings/": Row("signed in"),
    "PATCH /api/notifications/settings/": Row("signed in", body=lambda _: {"language": "zh-Hans"}),
    "PATCH /api/notifications/{id}/": Row("owner", body=lambda _: {"done": True}),
    # How much of the hosts a project may use at once.
    "GET /api/projects/{id}/quota/": Row("viewer"),
    "PUT /api/projects/{id}/quota/": Row("manager", body=lambda _: {"max_jobs": 3, "max_gpus": None}),
    # Storage.
    "GET /api/storage/": Row("viewer", query=IN_PROJECT),
    "GET /api/storage/entries/": Row("viewer", query="project={project}&path=/default/"),
    "DELETE /api/storage/entries/": Row("author", GONE, query=FILE),
    "GET /api/storage/entry/": Row("viewer", query=FILE),
    "PATCH /api/storage/entry/": Row("author", (200, 409), query=FILE, body=lambda _: {"path": "/default/moved"}),
    "POST /api/storage/folders/": Row("author", MADE, query=IN_PROJECT, body=lambda _: {"path": "/default/new/"}),
    "GET /api/storage/file/": Row("viewer", query=FILE),
    "PUT /api/storage/file/": Row("author", MADE, query=NEW, body=b"content"),
    "POST /api/storage/uploads/": Row(
        "author", query=IN_PROJECT, body=lambda _: {"path": "/default/big.bin", "size": 3}
    ),
    "GET /api/storage/uploads/{id}/": Row("owner"),
    "PATCH /api/storage/uploads/{id}/": Row("owner", query="offset=0", body=b"abc"),
    "DELETE /api/storage/uploads/{id}/": Row("owner", GONE),
    # Datasets and models.
    "GET /api/datasets/{id}/": Row("viewer"),
    "GET /api/datasets/{id}/samples/": Row("viewer"),
    "GET /api/datasets/{id}/versions/": Row("viewer"),
    "GET /api/datasets/{id}/versions/{name}/": Row("viewer"),
    "GET /api/datasets/{id}/versions/{name}/file/": Row("viewer", query="path=file"),
    "POST /api/algorithms/": Row(
        "author",
        MADE,
        body=lambda world: {"algorithm_id": "new", "project": world.project, "definition": {"command": ["true"]}},
    ),
    "GET /api/algorithms/{id}/": Row("viewer"),
    "DELETE /api/algorithms/{id}/": Row("author", GONE),
    "POST /api/images/": Row("author", MADE, body=lambda world: {"name": "team/new:1", "project": world.project}),
    "GET /api/images/{id}/": Row("viewer"),
    "PATCH /api/images/{id}/": Row("author", body=lambda _: {"description": "changed"}),
    "DELETE /api/images/{id}/": Row("author", GONE),
    "GET /api/models/{id}/": Row("viewer"),
    "GET /api/models/{id}/versions/": Row("viewer"),
    "GET /api/models/{id}/versions/{version}/": Row("viewer"),
    "GET /api/models/{id}/versions/{version}/file/": Row("viewer", query="path=file"),
}

# Sockets: who is sent frames.
SOCKETS: dict[str, str] = {"ws/runs/<uuid:id>/": "viewer", "ws/me/": "signed in"}

FILLED = {"place": "storage/default", "number": "1", "version": "0.0.1", "name": "hello", "output": "out"}


def address(path: str, row: Row, world: World) -> str:
    """The route's path with the ids of the world in it."""
    kind = path.split("/")[2].removesuffix("s") if path.startswith("/api/") else ""
    values = {**FILLED, "id": world.ids.get(kind, ""), "token": world.ids["sign_in"]}
    values |= {"channel": world.ids["channel"], "delivery": world.ids["delivery"]}
    values |= {"user": world.ids["user"], "invitation": world.ids["invitation"]}
    if kind == "gallery":
        values |= {"id": world.ids["asset"], "version": "1.0.0"}
    if kind == "dataset":
        values["name"] = "V001"
    filled = path.format(**values)
    return filled + ("?" + row.query.format(project=world.project) if row.query else "")
