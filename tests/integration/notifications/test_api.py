"""The HTTP side: rows and switch, topics and their log, and a person's inbox."""

import threading
from typing import Any

import pytest
from django.db import connections

from backend.apps.notifications import services
from backend.apps.notifications.models import Delivery, Subscription
from backend.apps.notifications.reconcile import Messenger
from tests.harness.notices import asking, followed, row, run_of, tell, told
from tests.harness.people import Api, People, people_create
from tests.harness.runs import FakeAgent, chain, host, person


@pytest.fixture
def people(sound_runs: None) -> People:
    return people_create()


def shared(people: People, raw: dict[str, Any]) -> Any:
    version = followed(raw, people.author)
    version.workflow.project = people.project
    version.workflow.save()
    return version


def test_it_lets_a_viewer_follow_for_themselves_and_an_operator_for_a_topic(people: People) -> None:
    version = shared(people, chain(2))
    workflow = str(version.workflow_id)
    own = people.api("viewer").post("/api/subscriptions/", {"workflow": workflow, "step": "s0", "events": ["abnormal"]})
    assert (own.status_code, own.json()["topic"], own.json()["events"]) == (201, None, ["abnormal"])
    topic = people.api("operator").post("/api/topics/", {"name": "team", "project": str(people.project.pk)}).json()
    body = {"workflow": workflow, "topic": topic["id"], "events": ["waiting", "success"]}
    assert people.api("viewer").post("/api/subscriptions/", body).status_code == 403
    assert people.api("operator").post("/api/subscriptions/", body).status_code == 201
    twice = people.api("operator").post("/api/subscriptions/", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "notice.row_twice")

    def seen(name: str) -> list[Any]:
        listed = people.api(name).get(f"/api/workflows/{workflow}/subscriptions/").json()["items"]
        return [(each["step"], each["topic"] and each["topic"]["name"]) for each in listed]

    assert seen("operator") == [(None, "team")], "a row for oneself is nobody else's to see"
    assert sorted(seen("viewer"), key=str) == sorted([("s0", None), (None, "team")], key=str)
    path = f"/api/subscriptions/{own.json()['id']}/"
    assert people.api("manager").delete(path).status_code == 404
    assert people.api("viewer").patch(path, {"events": ["success", "waiting"]}).json()["events"] == [
        "waiting",
        "success",
    ]
    assert people.api("viewer").delete(path).status_code == 204


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"events": []}, "notice.no_events"),
        ({"events": ["success"], "step": "nowhere"}, "notice.unknown_step"),
        ({"events": ["else"]}, "request.invalid"),
        ({"run": "00000000-0000-7000-8000-000000000000"}, "notice.run_and_step"),
    ],
)
def test_it_refuses_rows_that_mean_nothing(people: People, body: dict[str, Any], code: str) -> None:
    workflow = str(shared(people, chain(1)).workflow_id)
    answer = people.api("manager").post("/api/subscriptions/", {"workflow": workflow, **body})
    assert answer.status_code == 422
    assert code in {answer.json()["code"], *(each["code"] for each in answer.json()["problems"])}


def test_it_refuses_a_topic_of_another_project(people: People) -> None:
    workflow = str(shared(people, chain(1)).workflow_id)
    topic = people.api("manager").post("/api/topics/", {"name": "mine"}).json()["id"]
    answer = people.api("manager").post(
        "/api/subscriptions/", {"workflow": workflow, "topic": topic, "events": ["success"]}
    )
    assert answer.json()["code"] == "notice.other_project"


def test_it_shows_a_secret_once_and_only_to_who_made_it(people: People) -> None:
    api = people.api("operator")
    topic = api.post("/api/topics/", {"name": "team", "project": str(people.project.pk)}).json()["id"]
    path = f"/api/topics/{topic}/channels/"
    made = api.post(path, {"kind": "webhook", "address": "https://hooks.example.org/x"}).json()
    assert made["secret"].startswith("whsec_")
    renewed = api.patch(f"{path}{made['id']}/", {"renew": True}).json()["secret"]
    assert renewed.startswith("whsec_")
    assert renewed != made["secret"]
    for address in (f"/api/topics/{topic}/", "/api/topics/", f"/api/topics/{topic}/deliveries/"):
        assert "whsec" not in str(people.api("manager").get(address).json())
    language = api.patch(f"{path}{made['id']}/", {"language": "zh-Hans"}).json()
    assert (language["language"], language["secret"]) == ("zh-Hans", None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "mail", "address": "nobody"}, "notice.mail_address"),
        ({"kind": "mail"}, "notice.channel_needs"),
        ({"kind": "webhook", "address": "file:///etc/passwd"}, "notice.url"),
        ({"kind": "webhook", "address": "http://user@example.org/"}, "notice.url"),
        ({"kind": "member", "username": "other"}, "notice.no_member"),
        ({"kind": "member"}, "notice.no_member"),
    ],
)
def test_it_refuses_channels_that_lead_nowhere(people: People, body: dict[str, Any], code: str) -> None:
    api = people.api("operator")
    topic = api.post("/api/topics/", {"name": "team", "project": str(people.project.pk)}).json()["id"]
    answer = api.post(f"/api/topics/{topic}/channels/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_it_logs_what_a_topic_sent_and_sends_it_again(people: People) -> None:
    api = people.api("operator")
    topic = api.post("/api/topics/", {"name": "team", "project": str(people.project.pk)}).json()
    api.post(f"/api/topics/{topic['id']}/channels/", {"kind": "mail", "address": "list@example.org"})
    assert [each["username"] for each in topic["channels"]] == ["operator"]
    sent = api.post(f"/api/topics/{topic['id']}/test/", {}).json()["items"]
    assert {each["state"] for each in sent} == {"waiting"}
    path = f"/api/topics/{topic['id']}/deliveries/"
    busy = api.post(f"{path}{sent[0]['id']}/", {"action": "redeliver"})
    assert (busy.status_code, busy.json()["code"]) == (409, "notice.under_way")

    Messenger().send_once()
    log = {each["kind"]: each for each in api.get(path).json()["items"]}
    assert (log["inbox"]["state"], log["inbox"]["address"]) == ("sent", "operator")
    assert (log["mail"]["state"], log["mail"]["problem"]["code"]) == ("given_up", "notice.mail_not_set_up")
    shown = api.get(f"/api/topics/{topic['id']}/").json()["channels"]
    assert {each["last"]["state"] for each in shown} == {"sent", "given_up"}

    again = api.post(f"{path}{log['inbox']['id']}/", {"action": "redeliver"})
    assert (again.status_code, again.json()["id"]) == (202, log["inbox"]["id"])
    Messenger().send_once()
    listed = api.get("/api/notifications/").json()["items"]
    assert [(each["occasion"], each["content"]["topic"]) for each in listed] == [("test", "team")]


def test_it_keeps_the_inbox_in_order(people: People) -> None:
    host()
    version = shared(people, chain(3))
    for step in ("s0", "s1", "s2"):
        row(version, "success", step=step, by=people.viewer)
    run_of(version, people.operator)
    FakeAgent().work()
    tell()
    api = people.api("viewer")
    page = api.get("/api/notifications/?state=open&limit=2").json()
    assert (page["unread"], page["seq"], len(page["items"]), page["next"] is None) == (3, 3, 2, False)
    rest = api.get(f"/api/notifications/?state=open&limit=2&cursor={page['next']}").json()
    assert len(rest["items"]) == 1
    first = page["items"][0]
    ticked = api.patch(f"/api/notifications/{first['id']}/", {"done": True}).json()
    assert (ticked["done"], ticked["seq"]) == (True, 4)
    assert [each["id"] for each in api.get("/api/notifications/?state=done").json()["items"]] == [first["id"]]
    back = api.patch(f"/api/notifications/{first['id']}/", {"done": False}).json()
    assert (back["done"], back["seq"]) == (False, 5)
    assert api.post("/api/notifications/", {"done": True}).json() == {"changed": 3}
    assert api.get("/api/notifications/").json()["unread"] == 0
    assert {each["seq"] for each in api.get("/api/notifications/changes/?after=5").json()["items"]} == {6}
    assert people.api("operator").patch(f"/api/notifications/{first['id']}/", {"done": True}).status_code == 404


def test_it_answers_a_long_poll_as_soon_as_there_is_news(people: People) -> None:
    host()
    version = shared(people, asking("ask"))
    row(version, step="ask", by=people.viewer)
    answers: list[Any] = []

    def ask() -> None:
        try:
            answers.append(Api(people.viewer).get("/api/notifications/changes/?after=0&wait=30").json())
        finally:
            connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    run = run_of(version, people.operator)
    tell()
    thread.join(20)
    assert not thread.is_alive(), "it waited although there was news"
    first = answers[0]
    if not first["items"]:
        # The list of what waits may have changed a moment before the notification was written.
        assert first["waits"] == 1
        first = people.api("viewer").get(f"/api/notifications/changes/?after={first['seq']}&wait=30").json()
    assert [each["step"] for each in first["items"]] == ["ask"]
    assert first["seq"] == 1
    stop_and_settle(run, people)


def stop_and_settle(run: Any, people: People) -> None:
    answer = people.api("operator").post(f"/api/runs/{run.pk}/actions/", {"action": "stop"})
    assert answer.status_code == 200
    tell()
    settled = people.api("viewer").get("/api/notifications/").json()["items"]
    assert [(each["settled_at"] is not None, each["settled_by"]) for each in settled] == [(True, "")]


def test_it_remembers_how_a_person_wants_to_be_addressed(people: People) -> None:
    api = people.api("viewer")
    path = "/api/notifications/settings/"
    assert api.get(path).json() == {"language": "en", "mail": "", "mail_available": False}
    assert api.patch(path, {"mail": "me@example.org"}).json()["mail"] == "me@example.org"
    assert api.patch(path, {"language": "zh-Hans"}).json()["mail"] == "me@example.org"
    assert api.patch(path, {"mail": "nonsense"}).status_code == 422
    assert api.patch(path, {"mail": ""}).json() == {"language": "zh-Hans", "mail": "", "mail_available": False}


def test_it_drops_what_is_old_and_keeps_what_is_open(settings: Any) -> None:
    host()
    version = followed(chain(1))
    row(version, "success")
    for _ in range(2):
        run_of(version)
    FakeAgent().work()
    tell()
    settings.PIPELOOM_NOTICE_KEEP_DAYS = -1
    services.notification_done(notification=person().notifications.first(), done=True)
    services.old_drop()
    assert Delivery.objects.count() == 0
    assert len(told()) == 1
    assert Subscription.objects.count() == 1
