"""The HTTP side: schedules are made, changed, listed, looked ahead with and looked back at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.apps.schedules import services
from backend.apps.schedules.models import Fire, Schedule
from backend.apps.workflows.models import Workflow
from backend.apps.workflows.services import version_release, workflow_create
from backend.shared.db import db_now
from tests.harness.people import People, people_create
from tests.harness.runs import document, job

NOON = "0 0 12 * * ?"
ASKING: dict[str, Any] = document(
    job("s0", properties={"algorithm": {"command": ["true"], "parameters": [
        {"name": "given", "value": {"$parameter": "epochs"}}]}}),
    parameters=[{"id": "p", "name": "epochs", "type": "INT", "required": True}],
    scenes=[{"id": "fast", "name": "fast", "steps": ["s0"]}],
)  # fmt: skip


@pytest.fixture
def people(sound_runs: None) -> People:
    return people_create()


def workflow_of(people: People, name: str = "greet", *, release: bool = True) -> Workflow:
    made = workflow_create(project=people.project, user=people.author, name=name, document=ASKING)
    if release:
        version_release(workflow=made, user=people.author)
    return made


def made(people: People, workflow: Workflow, status: int = 201, **more: Any) -> Any:
    body = {"cron": NOON, "values": {"epochs": 3}, **more}
    answer = people.api("operator").post(f"/api/workflows/{workflow.pk}/schedules/", body)
    assert answer.status_code == status, answer.json()
    return answer.json()


def test_it_shows_what_was_made_and_what_came_of_it(people: People) -> None:
    workflow = workflow_of(people)
    shown = made(people, workflow, name="nightly", timezone="Asia/Shanghai", scene="fast", on_failure="retry")

    assert {**shown, "id": None, "created_at": None, "next_at": None} == {
        "id": None,
        "workflow": str(workflow.pk),
        "workflow_name": "greet",
        "project": str(people.project.pk),
        "name": "nightly",
        "cron": NOON,
        "timezone": "Asia/Shanghai",
        "enabled": True,
        "on_running": "cancel",
        "on_failure": "retry",
        "values": {"epochs": 3},
        "scene": "fast",
        "created_by": "operator",
        "owner": "operator",
        "created_at": None,
        "next_at": None,
        "last_fire": None,
    }
    due = datetime.fromisoformat(shown["next_at"])
    assert due.astimezone(UTC).hour == 4
    assert services.schedule_fire(shown["id"], now=due)
    again = people.api("viewer").get(f"/api/schedules/{shown['id']}/").json()
    fire = again["last_fire"]
    assert (fire["outcome"], fire["run_number"], fire["problem"], fire["retried"]) == ("started", 1, None, False)
    assert people.api("viewer").get(f"/api/runs/{fire['run']}/").json()["part"]["scene"] == "fast"
    assert people.api("viewer").get(f"/api/schedules/{shown['id']}/fires/").json() == {"items": [fire], "next": None}


def test_it_takes_the_new_times_and_leaves_the_rest(people: People) -> None:
    shown = made(people, workflow_of(people), name="nightly")
    path, api = f"/api/schedules/{shown['id']}/", people.api("operator")

    off = api.patch(path, {"enabled": False}).json()
    assert (off["enabled"], off["next_at"]) == (False, None)
    assert api.patch(path, {"cron": "0 0 1 1 1 ?"}).json()["next_at"] is None
    on = api.patch(path, {"enabled": True, "scene": None, "values": {"epochs": 4}}).json()
    assert on["next_at"].endswith("-01-01T01:00:00Z")
    assert (on["name"], on["values"], on["scene"]) == ("nightly", {"epochs": 4}, None)
    moved = api.patch(path, {"timezone": "Asia/Tokyo"}).json()
    assert moved["next_at"].endswith("-12-31T16:00:00Z")
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({"cron": "0 0 99 * * ?"}, "schedule.cron", "/cron"),
        ({"cron": "* * * * * ?"}, "schedule.too_often", "/cron"),
        ({"timezone": "Mars/Olympus"}, "schedule.timezone", "/timezone"),
        ({"values": {}}, "value.missing", "/values/epochs"),
        ({"values": {"epochs": "many"}}, "value.wrong_type", "/values/epochs"),
        ({"values": {"epochs": 1, "else": 2}}, "value.unknown", "/values/else"),
        ({"scene": "slow"}, "run.unknown_scene", "/scene"),
        ({"on_running": "wait"}, "request.invalid", "/on_running"),
        ({"next_at": "2030-01-01"}, "request.unknown_field", "/next_at"),
    ],
)
def test_it_refuses_at_its_place_what_could_not_be_run(people: People, body: Any, code: str, path: str) -> None:
    workflow = workflow_of(people)
    told = made(people, workflow, 422, **body)["problems"]
    assert (code, path) in {(each["code"], each["path"]) for each in told}
    assert Schedule.objects.count() == 0

    kept = made(people, workflow)
    answer = people.api("operator").patch(f"/api/schedules/{kept['id']}/", body)
    assert answer.status_code == 422
    assert people.api("operator").get(f"/api/schedules/{kept['id']}/").json() == kept


def test_it_needs_a_release_and_knows_an_end(people: People) -> None:
    bare = workflow_of(people, "bare", release=False)
    assert made(people, bare, 422)["code"] == "schedule.no_release"

    workflow = workflow_of(people)
    for _ in range(20):
        made(people, workflow)
    assert made(people, workflow, 409)["code"] == "schedule.too_many"


def test_it_lists_by_next_time_and_filters(people: People) -> None:
    one, two = workflow_of(people), workflow_of(people, "second")
    off = made(people, one, enabled=False)["id"]
    late = made(people, one, cron="0 0 0 1 1 ?", timezone="Etc/GMT+12")["id"]
    soon = made(people, two, cron="0 * * * * ?")["id"]
    viewer = people.api("viewer")

    def ids(query: str) -> list[str]:
        return [each["id"] for each in viewer.get(f"/api/schedules/?{query}").json()["items"]]

    assert ids("") == [soon, late, off]
    assert ids("order=-created_at") == [soon, late, off]
    assert ids("enabled=true") == [soon, late]
    assert ids("enabled=false") == [off]
    assert ids(f"workflow={two.pk}") == [soon]
    assert ids(f"project={people.project.pk}&order=created_at") == [off, late, soon]
    first = viewer.get("/api/schedules/?limit=2").json()
    assert [each["id"] for each in first["items"]] == [soon, late]
    assert ids(f"limit=2&cursor={first['next']}") == [off]
    listed = viewer.get(f"/api/workflows/{one.pk}/schedules/").json()["items"]
    assert [each["id"] for each in listed] == [late, off]
    one.deleted_at = db_now()
    one.save()
    assert ids("") == [soon]


def test_it_pages_through_what_came_of_it(people: People) -> None:
    row = made(people, workflow_of(people))
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    for day in range(5):
        outcome = "skipped" if day % 2 else "refused"
        Fire.objects.create(schedule_id=row["id"], at=begin + timedelta(days=day), outcome=outcome)
    viewer = people.api("viewer")

    def days(query: str) -> list[str]:
        listed = viewer.get(f"/api/schedules/{row['id']}/fires/?{query}").json()["items"]
        return [each["at"][8:10] for each in listed]

    assert days("") == ["05", "04", "03", "02", "01"]
    assert days("outcome=skipped") == ["04", "02"]
    first = viewer.get(f"/api/schedules/{row['id']}/fires/?limit=3").json()
    assert days(f"limit=3&cursor={first['next']}") == ["02", "01"]
    assert viewer.get(f"/api/schedules/{row['id']}/").json()["last_fire"]["at"].startswith("2026-01-05")


def test_it_says_the_next_five_times(people: People) -> None:
    answer = people.api("viewer").post("/api/schedules/preview/", {"cron": "0 0 8 * * ?", "timezone": "Asia/Tokyo"})
    found = [datetime.fromisoformat(each) for each in answer.json()["next"]]

    assert len(found) == 5
    assert {each.astimezone(UTC).hour for each in found} == {23}
    assert found[0] > db_now()
    wrong = people.api("viewer").post("/api/schedules/preview/", {"cron": "0 0 8 * * X"})
    assert (wrong.status_code, wrong.json()["problems"][0]["path"]) == (422, "/cron")
