"""One of everything, in one project: what a stranger must not see and a member may."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.apps.accounts.services import invitation_create, sign_in_link_create, token_make
from backend.apps.assets.services import (
    algorithm_register,
    dataset_commit,
    dataset_stage,
    dataset_version_commit,
    dataset_version_stage,
    flavor_declare,
    image_register,
    model_version_commit,
    model_version_stage,
    storage_roots,
    upload_begin,
)
from backend.apps.notifications.models import Delivery, Inbox, Notification
from backend.apps.notifications.services import channel_add, subscription_create, topic_create, topic_test
from backend.apps.runs.services import run_create
from backend.apps.schedules.models import Fire
from backend.apps.schedules.services import schedule_create
from backend.apps.workflows.models import Workflow
from backend.apps.workflows.services import asset_publish, version_release, workflow_create
from backend.shared.clock import now, uuid7
from tests.harness.people import People, people_create
from tests.integration.workflows.conftest import MINIMAL

CANARY = "canary7f3a"


@dataclass(frozen=True)
class World:
    people: People
    workflow: Workflow
    ids: dict[str, str]

    def put_file_back(self) -> None:
        """The database undoes a request by itself; the disk does not."""
        storage_roots(project=self.people.project).write("/default/a.txt", [b"hello"], max_bytes=10)

    @property
    def project(self) -> str:
        return str(self.people.project.pk)


def world_create(home: Path, prefix: str = "") -> World:
    """With a prefix: a second world beside the first, in whose every text the prefix can be found."""
    people = people_create(prefix)
    flavor_declare(flavor_id="cpu.1", title="One CPU", cpu=1, memory_mb=512)
    workflow = workflow_create(
        project=people.project, user=people.author, name=f"greet {prefix}", document=_marked(prefix)
    )
    version = version_release(workflow=workflow, user=people.author)
    run = run_create(version=version, values={}, by=people.operator)
    sign_in = sign_in_link_create(user=people.author).split("/")[2]
    upload = upload_begin(
        user=people.author, project=people.project, path=f"/default/{prefix}begun", size=3, overwrite=False
    )
    ids = {
        "storage": str(upload.pk),
        "project": str(people.project.pk),
        "workflow": str(workflow.pk),
        "run": str(run.pk),
        "token": str(token_make(user=people.author, name="theirs")[0].pk),
        "sign_in": sign_in,
        **_notices(people, workflow, prefix),
        "schedule": _schedule(people, workflow, prefix),
        "user": str(people.viewer.pk),
        "invitation": str(invitation_create(project=people.project, role="viewer", by=people.manager)[0].pk),
        **_dataset(people, home, prefix),
        **_model(people, home, prefix),
        "algorithm": _algorithm(people, prefix),
        "image": str(image_register(project=people.project, user=people.author, name=f"team/box{prefix}:1").pk),
        "asset": _asset(people, prefix),
    }
    world = World(people, workflow, ids)
    world.put_file_back()
    return world


def _notices(people: People, workflow: Workflow, prefix: str) -> dict[str, str]:
    topic = topic_create(project=people.project, user=people.operator, name=f"team{prefix}")
    channel, _ = channel_add(topic=topic, kind="webhook", address=f"https://hooks.example.org/{prefix}")
    row = subscription_create(workflow=workflow, by=people.operator, events=["success"], topic=topic)
    (sent,) = topic_test(topic=topic, by=people.operator, channel=channel)
    Delivery.objects.filter(pk=sent.pk).update(state="given_up")
    letter = Notification.objects.create(
        user=people.author,
        project=people.project,
        occasion="test",
        event=f"test:{sent.pk}",
        content={"occasion": "test", "topic": f"team{prefix}", "by": "operator", "path": "/topics"},
        seq=1,
        created_at=sent.created_at,
    )
    Inbox.objects.create(user=people.author, seq=1)
    return {
        "topic": str(topic.pk),
        "channel": str(channel.pk),
        "delivery": str(sent.pk),
        "subscription": str(row.pk),
        "notification": str(letter.pk),
    }


def _schedule(people: People, workflow: Workflow, prefix: str) -> str:
    row = schedule_create(workflow=workflow, by=people.operator, now=now(), name=f"nightly{prefix}", cron="0 0 3 * * ?")
    Fire.objects.create(schedule=row, at=now(), outcome="refused", problem={"code": "schedule.owner"})
    return str(row.pk)


def _marked(prefix: str) -> dict[str, Any]:
    return {**MINIMAL, "description": prefix}


def _folder(home: Path, *parts: str) -> Path:
    folder = home.joinpath(*parts)
    folder.mkdir(parents=True)
    (folder / "file").write_text(f"content of {folder.name}")
    return folder


def _dataset(people: People, home: Path, prefix: str) -> dict[str, str]:
    samples: list[dict[str, Any]] = [{"path": "/default/a.txt", "size": 5, "sha256": "ab" * 32, "labels": ["a"]}]
    staged = dataset_stage(project=people.project, token=uuid7(), name=f"letters{prefix}", samples=samples)
    dataset = dataset_commit(staged=staged)
    folder = _folder(home, "datasets", str(dataset.pk))
    dataset_version_commit(staged=dataset_version_stage(dataset_id=dataset.pk, token=uuid7(), folder=folder))
    return {"dataset": str(dataset.pk)}


def _asset(people: People, prefix: str) -> str:
    made = asset_publish(
        project=people.project,
        user=people.author,
        document=_marked(prefix),
        title=f"offered {prefix}",
        sharing="group",
        users=[f"nobody{prefix}"],
    )
    return str(made.asset_id)


def _algorithm(people: People, prefix: str) -> str:
    row, _ = algorithm_register(
        project=people.project,
        user=people.author,
        algorithm_id=f"sorter{prefix}",
        definition={"command": ["true"], "environments": {"MARK": prefix}},
    )
    return str(row.pk)


def _model(people: People, home: Path, prefix: str) -> dict[str, str]:
    staged = model_version_stage(
        project=people.project,
        token=uuid7(),
        name=f"reader{prefix}",
        model_type="Custom",
        folder=_folder(home, "models", f"m{prefix}"),
        files=[{"path": "file", "size": 7, "sha256": "ab" * 32}],
    )
    return {"model": str(model_version_commit(staged=staged).model_id)}
