"""The sample is put in place once, whole, and stays as people leave it."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from backend.apps.accounts.models import Project
from backend.apps.accounts.services import user_ensure_first
from backend.apps.assets.services import engine_register, storage_roots
from backend.apps.workflows.models import Draft, Workflow
from backend.apps.workflows.services import workflow_delete
from backend.config.engine_build import BuiltEngine
from backend.domain.design.check import check
from tests.harness.live_stack import REPOSITORY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> Path:
    settings.PIPELOOM_HOME = tmp_path
    return tmp_path


@pytest.fixture
def registered(sample_engine: BuiltEngine) -> None:
    engine_register(name="digits", version="1", interpreter=sample_engine.interpreter)


def default_folder() -> Path:
    project = Project.objects.get(personal_of=user_ensure_first())
    return storage_roots(project=project).local("/default/samples/digits/")


@pytest.mark.usefixtures("registered")
def test_it_installs_images_code_and_a_workflow_that_can_be_run() -> None:
    call_command("install_samples")
    folder = default_folder()
    assert len(list((folder / "images").glob("*/*.png"))) == 1797
    shipped = REPOSITORY / "workers" / "samples" / "digits" / "code"
    for path in shipped.glob("*.py"):
        assert (folder / "code" / path.name).read_bytes() == path.read_bytes()
    document = Draft.objects.get(workflow__name="Handwritten digits").document
    assert [found for found in check(document) if found.severity == "error"] == []


@pytest.mark.usefixtures("registered")
def test_it_leaves_alone_what_people_changed_or_deleted(home: Path) -> None:
    call_command("install_samples")
    script = default_folder() / "code" / "train.py"
    script.write_text("print('mine')")
    workflow_delete(workflow=Workflow.objects.get(name="Handwritten digits"))
    call_command("install_samples")
    assert script.read_text() == "print('mine')"
    assert not Workflow.objects.filter(deleted_at=None).exists()
    call_command("install_samples", "--again")
    assert "MLPClassifier" in script.read_text()
    assert Workflow.objects.filter(name="Handwritten digits", deleted_at=None).count() == 1
    assert json.loads((home / "samples" / "digits.json").read_text()) == {"edition": 1}


def test_it_says_why_and_stays_uninstalled_when_the_images_cannot_be_made(home: Path) -> None:
    engine_register(name="digits", version="1", interpreter="/bin/false")
    with pytest.raises(CommandError, match="images could not be written"):
        call_command("install_samples")
    assert not (home / "samples").exists()
    assert not Workflow.objects.exists()
