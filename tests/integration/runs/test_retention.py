"""R11: what is over goes, and nothing that is registered, running or somebody's own goes with it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.db.models import F
from pytest_django.fixtures import Settings

from backend.apps.accounts.models import SignInLink
from backend.apps.accounts.services import sign_in_link_create
from backend.apps.assets.models import ModelVersion
from backend.apps.assets.services import model_version_commit, model_version_stage, tidying
from backend.apps.runs.models import Attempt, Event, Run, StepRun
from backend.apps.runs.reconcile import RULES, Reconciler
from backend.shared.clock import now, uuid7
from tests.harness.runs import FakeAgent, chain, host, person, start, state


def work_off(name: str) -> int:
    return Reconciler([rule for rule in RULES if rule.name == name]).run_once()


def finished(*, days_ago: int = 0) -> Run:
    run = start(chain(2))
    FakeAgent().work()
    assert state(run) == "completed"
    if days_ago:
        Run.objects.filter(pk=run.pk).update(finished_at=F("finished_at") - timedelta(days=days_ago))
    return run


def test_it_keeps_every_run_unless_somebody_says_for_how_long(settings: Settings) -> None:
    host()
    old, new = finished(days_ago=400), finished()
    assert work_off("old runs") == 0
    settings.PIPELOOM_KEEP_RUNS_DAYS = 30
    going = start(chain(1))
    assert work_off("old runs") == 1
    assert set(Run.objects.values_list("pk", flat=True)) == {new.pk, going.pk}
    for rows in (Event, Attempt, StepRun):
        assert not rows.objects.filter(run_id=old.pk).exists()
    FakeAgent().work()
    assert state(going) == "completed"


def folder_of_a_version(*, registered: bool) -> Path:
    folder = Path(configured.PIPELOOM_HOME) / "models" / str(uuid7()) / str(uuid7())
    folder.mkdir(parents=True)
    (folder / "weights").write_text("w")
    if registered:
        project = person().personal_project
        key = model_version_stage(project=project, token=None, name="kept", model_type="X", folder=folder)
        model_version_commit(staged=key)
    return folder


def test_it_removes_folders_of_versions_that_no_row_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was moved into its place by a process that was killed before it could commit."""
    registered, left = folder_of_a_version(registered=True), folder_of_a_version(registered=False)
    own = Path(configured.PIPELOOM_HOME) / "models" / "notes" / "mine"
    own.mkdir(parents=True)
    assert work_off("unnamed folders") == 0, "it may be in the middle of its commit"
    monkeypatch.setattr(tidying, "KEPT_SECONDS", -1.0)
    assert work_off("unnamed folders") >= 1
    assert (registered.is_dir(), left.exists(), own.is_dir()) == (True, False, True)
    assert ModelVersion.objects.seen().get().path == registered
    assert [each.name for each in registered.iterdir()] == ["weights"]


def test_it_forgets_sessions_and_links_that_are_over() -> None:
    sign_in_link_create(user=person())
    used = SignInLink.objects.get()
    Session.objects.create(session_key="over", session_data="", expire_date=now() - timedelta(seconds=1))
    Session.objects.create(session_key="open", session_data="", expire_date=now() + timedelta(days=1))
    assert work_off("old sign-ins") == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    SignInLink.objects.filter(pk=used.pk).update(expires_at=now() - timedelta(days=2))
    work_off("old sign-ins")
    assert not SignInLink.objects.exists()
