"""Every refusal has one form, and no request, however odd, makes the server fail."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from backend.domain.problems import CATALOGUE
from backend.shared.errors import ProductError
from backend.shared.http.refusals import refusal_of
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db
SOME_ID = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def api(people: People) -> Api:
    return people.api("author")


def assert_refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The one form: known code, same headline as the first problem, a pointer, and what to do next."""
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert body["message"] == body["problems"][0]["message"]
    for each in body["problems"]:
        assert set(each) == {"code", "path", "params", "message", "hint", "severity"}
        assert each["code"] in CATALOGUE
        assert each["path"] == "" or each["path"].startswith("/")
        assert each["hint"]
    return dict(body)


def test_it_answers_unknown_addresses(api: Api) -> None:
    assert_refused(api.get("/api/nothing/"), 404, "request.no_route")
    assert_refused(Client().get("/api/workflows/not-an-id/"), 404, "request.no_route")


def test_it_says_which_methods_there_are(api: Api) -> None:
    answer = api.delete("/api/workflows/")

    body = assert_refused(answer, 405, "request.method")
    assert body["problems"][0]["params"] == {"method": "DELETE", "allowed": answer["Allow"]}
    assert "POST" in answer["Allow"]


def test_it_asks_to_sign_in() -> None:
    answer = Client().get("/api/workflows/")

    assert_refused(answer, 401, "auth.needed")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_it_reads_json_only(api: Api) -> None:
    answer = api.call("POST", "/api/workflows/", data=b"name=x", content_type="application/x-www-form-urlencoded")

    assert_refused(answer, 415, "request.media_type")


def test_it_answers_json_only(api: Api) -> None:
    assert_refused(api.get("/api/workflows/", headers={"Accept": "text/csv"}), 406, "request.not_acceptable")


@pytest.mark.parametrize(
    ("text", "path", "where"),
    [(b'{"name": "x",\n "a" 1}', "", {"line": 2, "column": 6}), (b'{"name": [NaN]}', "/name/0", {})],
)
def test_it_points_into_text_that_is_not_json(api: Api, text: bytes, path: str, where: dict[str, int]) -> None:
    answer = api.post("/api/workflows/", data=text)

    found = answer.json()["problems"][0]
    assert (answer.status_code, found["path"]) == (400, path)
    assert found["params"].items() >= where.items()


def test_it_stops_reading_at_the_cap(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    answer = api.post("/api/workflows/check/", data=b'"' + b"x" * 1_000 + b'"')

    assert_refused(answer, 413, "request.too_large")


def test_it_tells_all_that_is_wrong_at_once(api: Api) -> None:
    body = api.post("/api/workflows/", {"name": "1", "project": "x", "document": []}).json()

    assert [each["path"] for each in body["problems"]] == ["/name", "/project", "/document"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=1e3",
        "limit=" + "9" * 5_000,
        "limit=%00",
        "order=password",
        "order=",
        "search=%00",
        "search=" + "x" * 201,
        "project=x",
        "project=" + "9" * 40,
        "nonsense=1",
        "cursor=x",
        "cursor=%F0%9F%98%80",
        "cursor=bnVsbA",
        "cursor=W10",
        "cursor=" + "A" * 3_000,
        "cursor=eyJhIjogMX0",
    ],
)
def test_it_refuses_odd_parameters(api: Api, query: str) -> None:
    answer = api.get(f"/api/workflows/?{query}")

    name = query.partition("=")[0]
    assert answer.status_code == 422
    assert_refused(answer, 422, answer.json()["code"])
    assert answer.json()["problems"][0]["path"] in {f"/{name}", ""}


def test_it_names_the_parameters_there_are(api: Api) -> None:
    body = assert_refused(api.get("/api/workflows/?serch=x"), 422, "request.unknown_field")

    assert "search" in body["problems"][0]["hint"]


@pytest.mark.parametrize(
    "query", ["name=%ff", "search=%ed%a0%80", "search=%C0%AF", "%00=1", "a=1&a=2", "=", "&&&", "%"]
)
def test_it_survives_bytes_that_are_no_text(api: Api, query: str) -> None:
    assert api.get(f"/api/workflows/?{query}").status_code in {200, 422}


@pytest.mark.parametrize(
    "path",
    ["/api/%00", "/%00", "/api/workflows/%00/", "/api/runs/%ff/", f"/api/datasets/{SOME_ID}/versions/%00/", "/..%2f"],
)
def test_it_survives_addresses_that_are_no_text(api: Api, path: str) -> None:
    assert api.get(path).status_code in {404, 422}


def _cursor(*parts: Any) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "parts",
    [
        ("name", "x", SOME_ID),
        ("-updated_at", "x", SOME_ID),
        ("-updated_at", "2026-01-01T00:00:00Z", "x"),
        ("-updated_at", 5, SOME_ID),
        ("-updated_at", None, SOME_ID),
        ("-updated_at", {"a": 1}, SOME_ID),
        ("-updated_at", "2026-13-45", SOME_ID),
        ("-updated_at", "99999-01-01T00:00:00Z", SOME_ID),
        ("-updated_at", "2026-01-01T00:00:00Z", 2**300),
        ("-updated_at", "2026-01-01T00:00:00Z"),
    ],
)
def test_it_refuses_cursors_that_it_did_not_make(api: Api, parts: tuple[Any, ...]) -> None:
    assert_refused(api.get(f"/api/workflows/?cursor={_cursor(*parts)}"), 422, "request.cursor")


def test_it_takes_a_cursor_for_its_own_order_only(api: Api) -> None:
    for name in "abc":
        api.post("/api/workflows/", {"name": name})
    cursor = api.get("/api/workflows/?order=name&limit=1").json()["next"]

    assert api.get(f"/api/workflows/?order=name&cursor={cursor}").status_code == 200
    assert_refused(api.get(f"/api/workflows/?order=-name&cursor={cursor}"), 422, "request.cursor")


def test_it_says_that_the_database_is_away() -> None:
    refused = refusal_of(OperationalError("connection refused at 10.0.0.1"), allowed=[])

    assert refused is not None
    assert (refused.status, refused.code) == (503, "request.unavailable")
    assert "10.0.0.1" not in json.dumps(refused.body())


def test_it_leaves_errors_of_ours_to_the_log(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected error is a 500 in the one form, and its text stays in the log."""

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("backend.apps.workflows.api.workflows_of", broken)

    answer = api.get("/api/workflows/")

    assert_refused(answer, 500, "request.failed")
    assert b"hunter2" not in answer.content


def test_it_adds_what_is_there_now_to_conflicts() -> None:
    error = ProductError("a.code", "Words.", extra={"current": 5}, status=409)

    assert error.body() == {"code": "a.code", "message": "Words.", "problems": [], "current": 5}
