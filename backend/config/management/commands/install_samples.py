"""Put the sample workflow, its code and its real data in place, once.

What ships is read as data files; the images are written by the sample's own engine in a process of its own. A marker
in the home says which edition was installed, so that a second call costs one small read, and so that a sample that
somebody changed or deleted stays changed or deleted.
"""

import json
import shutil
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from backend.apps.accounts.models import Project
from backend.apps.accounts.services import user_ensure_first
from backend.apps.assets.selectors import engine_get
from backend.apps.assets.services import storage_roots
from backend.apps.workflows.models import Workflow
from backend.apps.workflows.services import workflow_create
from backend.shared.db import advisory_lock

SHIPPED = Path(__file__).resolve().parents[4] / "workers" / "samples" / "digits"
EDITION = 1
FOLDER = "/default/samples/digits/"


class Command(BaseCommand):
    help = "Install the sample “Handwritten digits”: images, code, workflow. Does nothing when it was installed before."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="also when it was installed before")

    def handle(self, *args: Any, **options: Any) -> None:
        marker = Path(settings.PIPELOOM_HOME) / "samples" / "digits.json"
        if options["again"] or _edition(marker) != EDITION:
            with transaction.atomic():
                # Two starts at once: the second waits here, and then finds the marker.
                advisory_lock("samples")
                if options["again"] or _edition(marker) != EDITION:
                    _install()
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.write_text(json.dumps({"edition": EDITION}))


def _edition(marker: Path) -> object:
    try:
        return json.loads(marker.read_text())["edition"]
    except (OSError, ValueError, KeyError):
        return None


def _install() -> None:
    user = user_ensure_first()
    project = Project.objects.get(personal_of=user)
    document = json.loads((SHIPPED / "workflow.json").read_text(encoding="utf-8"))
    folder = storage_roots(project=project).local(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    _images(folder / "images", document)
    shutil.copytree(SHIPPED / "code", folder / "code", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    if not Workflow.objects.filter(project=project, name=document["name"], deleted_at=None).exists():
        workflow_create(
            project=project,
            user=user,
            name=document["name"],
            description=document["description"],
            document=document,
        )


def _images(folder: Path, document: dict[str, Any]) -> None:
    """The document says which engine the sample runs on; the data comes out of the same libraries."""
    if folder.exists():
        return
    wanted = next(step for step in document["steps"] if step["name"] == "train")["properties"]["algorithm"]["engine"]
    engine = engine_get(name=wanted["engine_name"], version=wanted["engine_version"])
    done = subprocess.run(
        [engine.interpreter, "-I", str(SHIPPED / "make_data.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        raise CommandError(f"The sample's images could not be written to {folder}: {said}")
