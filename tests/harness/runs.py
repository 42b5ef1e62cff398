"""Runs without processes: documents, versions, hosts, and an agent that does what a test tells it to.

The agent calls the same services as the real one, in the same order; only the step process is missing.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections

from backend.apps.accounts.models import User
from backend.apps.accounts.services import user_create
from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Run, StepRun
from backend.apps.workflows.models import Workflow, WorkflowVersion
from backend.domain.design.canonical import document_hash
from backend.domain.run.messages import ReasonMessage, StepOrder, StepReport
from backend.shared.clock import uuid7

FAILED = ReasonMessage(code="step.exit_code", params={"code": 1}, message="The program ended with exit code 1.")


def job(name: str, after: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """A step that runs a command and has neither inputs nor outputs, unless told otherwise."""
    step = {
        "id": f"id-{name}",
        "name": name,
        "kind": "job",
        "properties": {"algorithm": {"command": ["true"]}},
        "depends_on": list(after),
    }
    flavor = more.pop("flavor", None)
    if flavor is not None:
        step["properties"]["spec"] = {"resource": {"flavor": {"flavor_id": flavor}}}
    return {**step, **more}


def document(*steps: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"schema": 1, "name": "test", "steps": list(steps), **more}


def chain(length: int) -> dict[str, Any]:
    return document(*(job(f"s{number}", [f"s{number - 1}"] if number else []) for number in range(length)))


def fan(width: int) -> dict[str, Any]:
    """first → width steps → last."""
    middle = [f"m{number}" for number in range(width)]
    return document(job("first"), *(job(name, ["first"]) for name in middle), job("last", middle))


def person(name: str = "ada") -> User:
    return User.objects.filter(username=name).first() or user_create(username=name)


def version_of(raw: Mapping[str, Any], user: User | None = None) -> WorkflowVersion:
    """A frozen version of the document in the user's own project."""
    user = user or person()
    name = f"{raw['name']} {uuid7().hex}"
    workflow = Workflow.objects.create(project=user.personal_project, name=name, created_by=user)
    return WorkflowVersion.objects.create(
        workflow=workflow, number=1, document=raw, hash=document_hash(raw), created_by=user
    )


def host(
    name: str = "alpha",
    *,
    cpu: float = 4,
    gpus: int = 0,
    boot_id: str = "boot-1",
    pools: Sequence[str] = (),
    containers: str = "",
) -> str:
    cards = [{"uuid": f"GPU-{name}-{number}", "type": "H200"} for number in range(gpus)]
    services.host_register(
        name=name,
        boot_id=boot_id,
        queue=f"host.{name}",
        cpu=cpu,
        memory_mb=int(cpu * 4096),
        gpus=cards,
        isolation="none",
        version="test",
        pools=pools,
        containers=containers,
    )
    return name


def start(raw: Mapping[str, Any], values: Mapping[str, Any] | None = None, user: User | None = None) -> Run:
    user = user or person()
    return services.run_create(version=version_of(raw, user), values=values or {}, by=user)


def report(token: str, outcome: str = "succeeded", **more: Any) -> StepReport:
    if outcome == "failed":
        more.setdefault("reason", FAILED)
    return StepReport(token=token, outcome=outcome, **more)


@dataclass
class FakeAgent:
    """Works off what is dispatched to its host. `outcome` says how each step ends; default: well."""

    name: str = "alpha"
    boot_id: str = "boot-1"
    outcome: Callable[[StepOrder], StepReport] = lambda order: report(order.token)
    done: list[tuple[UUID, str]] = field(default_factory=list)

    def claim(self, token: Any) -> StepOrder | None:
        return services.attempt_claim(token=str(token), host=self.name, boot_id=self.boot_id, pid=4242, pid_start=1)

    def waiting(self) -> list[str]:
        rows = Attempt.objects.filter(host=self.name, state="dispatched").order_by("dispatched_at", "pk")
        return [str(pk) for pk in rows.values_list("pk", flat=True)]

    def one(self, token: str) -> bool:
        """Claim and finish one attempt; False when there was nothing to do."""
        order = self.claim(token)
        if order is None:
            return False
        finished = services.attempt_finish(token=token, report=self.outcome(order))
        if finished:
            self.done.append((UUID(order.run), order.step))
        return finished

    def work(self, limit: int = 10_000) -> int:
        """Until nothing is dispatched to this host any more."""
        count = 0
        while count < limit and (tokens := self.waiting()):
            for token in tokens:
                count += self.one(token)
        return count


def token_of(run: Run, step: str) -> str:
    """Of the step's live attempt."""
    found = StepRun.objects.get(run=run, name=step).token
    assert found is not None, f"step {step} has no live attempt"
    return str(found)


def states(run: Run) -> dict[str, str]:
    return dict(StepRun.objects.filter(run=run).values_list("name", "state"))


def state(run: Run) -> str:
    run.refresh_from_db()
    return run.state


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, each in a thread with a connection of its own. Exceptions are results."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(20)
            return call()
        except Exception as error:  # noqa: BLE001 - the test judges it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [each.result(60) for each in [threads.submit(one, call) for call in calls]]
