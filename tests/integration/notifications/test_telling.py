"""From committed facts to inboxes: who is told what, and how often."""

import copy
from typing import Any

import pytest

from backend.apps.accounts.models import Role
from backend.apps.accounts.services import member_remove, member_set
from backend.apps.notifications import selectors, services
from backend.apps.notifications.models import Delivery, Notification
from backend.apps.runs import services as runs
from backend.apps.runs.models import News
from backend.apps.workflows.models import Draft, Workflow, WorkflowVersion
from backend.domain.design.canonical import document_hash
from backend.domain.run.messages import StepReport
from backend.domain.run.part import Wanted
from backend.shared.errors import ConflictError
from tests.harness.notices import asking, deliveries, followed, row, run_of, tell, told
from tests.harness.runs import FakeAgent, chain, document, host, job, person, report, state, states, token_of


def failing(*names: str) -> FakeAgent:
    def outcome(order: Any) -> StepReport:
        return report(order.token, "failed" if order.step in names else "succeeded")

    return FakeAgent(outcome=outcome)


def test_it_tells_a_step_that_waits_one_that_is_done_and_one_that_failed() -> None:
    host()
    version = followed(
        document(*asking("ask")["steps"], job("good"), job("bad"), parameters=asking("ask")["parameters"])
    )
    for step in ("ask", "good", "bad"):
        row(version, step=step)
    run_of(version)
    failing("bad").work()
    tell()

    assert sorted(told()) == [("abnormal", "bad"), ("success", "good"), ("waiting", "ask")]
    assert News.objects.count() == 0


@pytest.mark.parametrize(("wanted", "expected"), [("success", [("success", "s0")]), ("abnormal", []), ("waiting", [])])
def test_s17_it_tells_only_the_events_that_a_row_names(wanted: str, expected: list[Any]) -> None:
    host()
    version = followed(chain(2))
    row(version, wanted, step="s0")
    run_of(version)
    FakeAgent().work()
    tell()

    assert told() == expected


def test_it_tells_of_the_whole_workflow_once_a_run_whatever_its_branches_do() -> None:
    host()
    version = followed(document(job("a"), job("b"), job("c")))
    row(version)
    run = run_of(version)
    failing("a", "b").work()
    tell()

    assert state(run) == "abnormal"
    assert told() == [("abnormal", None)]
    content = Notification.objects.get().content
    assert content["failed"] == ["a", "b"]
    assert content["path"] == f"/runs/{run.pk}?step=a"
    assert content["reason"]["code"] == "step.exit_code"


def test_it_tells_once_that_a_run_waits_although_two_steps_do() -> None:
    host()
    version = followed(asking("one", "two"))
    row(version)
    run = run_of(version)
    tell()

    assert told() == [("waiting", None)]
    runs.step_continue(run_id=run.pk, step="one", values={"value_one": "x"}, by=person())
    FakeAgent().work()
    tell()
    assert told() == [("waiting", None)]


def test_it_tells_one_fact_once_although_two_rows_want_it() -> None:
    host()
    version = followed(asking("ask"))
    topic = services.topic_create(project=version.workflow.project, user=person(), name="team")
    row(version, step="ask")
    row(version)
    row(version, step="ask", topic=topic)
    run_of(version)
    tell()

    assert told() == [("waiting", "ask")]


def test_it_tells_nobody_of_a_persons_own_stop() -> None:
    host()
    version = followed(chain(2))
    row(version)
    row(version, step="s0")
    run = run_of(version)
    services.run_follow(run=run, by=person())
    FakeAgent().claim(token_of(run, "s0"))
    runs.run_stop(run_id=run.pk, by=person())
    FakeAgent().claim(token_of(run, "s0"))
    runs.attempt_finish(token=token_of(run, "s0"), report=report(token_of(run, "s0"), "cancelled"))
    tell()

    assert state(run) == "stopped"
    assert told() == []
    assert Delivery.objects.count() == 0


def test_it_tells_of_a_lost_step_only_after_its_last_attempt() -> None:
    host()
    version = followed(chain(1))
    row(version, "abnormal", step="s0")
    run = run_of(version)
    for _ in range(3):
        tell()
        assert told() == []
        token = token_of(run, "s0")
        FakeAgent().claim(token)
        runs.attempt_lost(token=token, reason="order.lease_over")
    tell()

    assert states(run) == {"s0": "failed"}
    assert told() == [("abnormal", "s0")]


def test_it_tells_again_after_a_retry_and_of_another_run() -> None:
    host()
    version = followed(chain(1))
    row(version)
    row(version, step="s0")
    run = run_of(version)
    failing("s0").work()
    runs.step_retry(run_id=run.pk, step="s0", values={}, by=person())
    failing("s0").work()
    runs.step_retry(run_id=run.pk, step="s0", values={}, by=person())
    FakeAgent().work()
    tell()
    bad, good = ("abnormal", "s0"), ("success", "s0")
    assert sorted(told(), key=str) == sorted([bad, bad, good, (bad[0], None), (bad[0], None), (good[0], None)], key=str)

    runs.run_rerun(run=run, by=person())
    FakeAgent().work()
    tell()
    assert len(told()) == 8


def test_it_tells_of_an_earlier_result_that_is_kept_as_of_any_other() -> None:
    """The step is completed, by whatever road: who follows it waits for exactly that."""
    host()
    version = followed(chain(1))
    run_of(version)
    FakeAgent().work()
    tell()
    row(version, step="s0")
    from_earlier = runs.run_create(version=version, values={}, by=person(), wanted=Wanted(("s0",), "to_here", True))
    FakeAgent().work()
    tell()
    assert states(from_earlier)["s0"] == "completed"
    assert told() == [("success", "s0")]


def test_it_follows_one_run_to_its_end_and_no_other() -> None:
    host()
    version = followed(chain(1))
    mine = run_of(version)
    services.run_follow(run=mine, by=person())
    services.run_follow(run=mine, by=person())
    run_of(version)
    FakeAgent().work()
    tell()

    assert told() == [("success", None)]
    assert Notification.objects.get().run_id == mine.pk


def test_it_tells_at_once_who_asks_after_the_end() -> None:
    host()
    version = followed(chain(1))
    run = run_of(version)
    FakeAgent().work()
    tell()
    services.run_follow(run=run, by=person())
    services.run_follow(run=run, by=person())
    tell()

    assert told() == [("success", None)]


def test_it_tells_nothing_while_the_switch_is_off_but_of_the_run_that_was_asked_for() -> None:
    host()
    version = followed(chain(1))
    row(version)
    services.switch_set(workflow=version.workflow, enabled=False)
    run = run_of(version)
    FakeAgent().work()
    tell()
    assert told() == []

    services.run_follow(run=run, by=person())
    services.switch_set(workflow=version.workflow, enabled=True)
    tell()
    assert told() == [("success", None)]


def test_it_tells_nobody_who_has_left_the_project() -> None:
    host()
    version = followed(chain(1))
    project = version.workflow.project
    member_set(project=project, user=person("bob"), role=Role.VIEWER)
    topic = services.topic_create(project=project, user=person(), name="team")
    services.channel_add(topic=topic, kind="member", username="bob")
    row(version, topic=topic)
    row(version, by=person("bob"))
    member_remove(project=project, user=person("bob"))
    run_of(version)
    FakeAgent().work()
    tell()

    assert told(person("bob")) == []
    assert told() == [("success", None)]
    assert [each.kind for each in Delivery.objects.all()] == ["inbox"]


def test_it_says_who_answered_to_those_who_still_thought_they_had_to() -> None:
    host()
    version = followed(asking("ask"))
    member_set(project=version.workflow.project, user=person("bob"), role=Role.OPERATOR)
    row(version, step="ask")
    row(version, step="ask", by=person("bob"))
    run = run_of(version)
    tell()
    before = {each.user_id: each.seq for each in Notification.objects.all()}

    runs.step_continue(run_id=run.pk, step="ask", values={"value_ask": "x"}, by=person("bob"))
    tell()

    mine, theirs = Notification.objects.get(user=person()), Notification.objects.get(user=person("bob"))
    assert (mine.settled_by, mine.done_at) == ("bob", None)
    assert theirs.settled_at is not None
    assert theirs.done_at is not None, "who has answered knows it"
    assert mine.seq > before[mine.user_id]


def test_it_writes_a_delivery_for_every_channel_of_a_topic() -> None:
    host()
    version = followed(chain(1))
    topic = services.topic_create(project=version.workflow.project, user=person(), name="team")
    services.channel_add(topic=topic, kind="mail", address="list@example.org", language="zh-Hans")
    services.channel_add(topic=topic, kind="webhook", address="https://hooks.example.org/x")
    services.settings_save(user=person(), mail="ada@example.org", language="en")
    row(version, "success", topic=topic)
    run_of(version)
    FakeAgent().work()
    tell()

    assert [(each.address, each.language) for each in deliveries("mail")] != []
    assert {each.address for each in deliveries("mail")} == {"list@example.org", "ada@example.org"}
    assert [each.address for each in deliveries("webhook")] == ["https://hooks.example.org/x"]
    assert [each.state for each in deliveries("inbox")] == ["sent"]


def test_it_follows_a_step_through_its_renaming() -> None:
    host()
    version = followed(chain(1))
    kept = row(version, step="s0")
    renamed, newer = changed(version, "s0", name="trained"), changed(version, "s0", id="another")
    for later in (renamed, newer):
        Draft.objects.filter(workflow=version.workflow).update(document=later.document)
        run_of(later)
    run_of(version)
    FakeAgent().work()
    tell()

    # As it was called in each run; a step that took the place of a removed one inherits what was told about it.
    assert sorted(told(), key=str) == [("success", "s0"), ("success", "s0"), ("success", "trained")]
    Draft.objects.filter(workflow=version.workflow).update(document=renamed.document)
    workflow = Workflow.objects.select_related("draft").get(pk=version.workflow_id)
    assert [each.step for each in selectors.named_now(workflow, [kept])] == ["trained"]
    with pytest.raises(ConflictError):
        services.subscription_create(workflow=workflow, by=person(), events=["waiting"], step="trained")


def changed(version: WorkflowVersion, step: str, **fields: str) -> WorkflowVersion:
    """A later version in which the step is another, or is called otherwise."""
    document = copy.deepcopy(version.document)
    (found,) = [each for each in document["steps"] if each["name"] == step]
    found.update(fields)
    number = WorkflowVersion.objects.filter(workflow=version.workflow).count() + 1
    return WorkflowVersion.objects.create(
        workflow=version.workflow, number=number, document=document, hash=document_hash(document)
    )
