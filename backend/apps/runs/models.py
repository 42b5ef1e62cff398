"""Columns and constraints of runs. No behaviour lives here: services write, selectors read.

The constraints carry the promises that must hold even when the code above is wrong: one live attempt a
task, one holder a device, one event a number.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.apps.accounts.models import Scoped, scoped
from backend.shared.clock import uuid7
from backend.shared.db import JsonTextField

LIVE_ATTEMPT_STATES = ("dispatched", "running")


class Run(models.Model):
    """One execution of one immutable workflow version."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="runs")
    workflow = models.ForeignKey("workflows.Workflow", on_delete=models.CASCADE, related_name="runs")
    version = models.ForeignKey("workflows.WorkflowVersion", on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=16, default="init")
    seq = models.PositiveBigIntegerField(default=0)
    values = JsonTextField(default=dict)
    # What the plan was made from; `values` moves on when delayed values arrive or a step is retried.
    first_values = JsonTextField(default=dict)
    flavors = JsonTextField(default=dict)
    # The steps whose algorithm, named by an id, has a container image.
    boxed = models.JSONField(default=list)
    # Null: the whole workflow. Otherwise which steps take part, and what those that are not run again take over.
    part = JsonTextField(null=True)
    labels = models.JSONField(default=list)
    priority = models.SmallIntegerField(default=0)
    stop_requested = models.BooleanField(default=False)
    origin = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reruns")
    # Of a run that is a step of another run: which step, and which attempt of it. One attempt has one run.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="nested")
    parent_step = models.CharField(max_length=128, blank=True, default="")
    parent_attempt = models.UUIDField(null=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    quarantine_trace = models.TextField(blank=True, default="")

    objects = Scoped.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["workflow", "number"], name="run_number_per_workflow"),)
        indexes = (
            models.Index(fields=["project", "-created_at"], name="run_by_project"),
            models.Index(fields=["workflow", "-created_at"], name="run_by_workflow"),
            models.Index(fields=["created_at"], name="run_open", condition=Q(state__in=["init", "running"])),
        )


class RunCounter(models.Model):
    """The last run number of a workflow; numbers are never given twice, even after a run was deleted."""

    workflow = models.OneToOneField("workflows.Workflow", primary_key=True, on_delete=models.CASCADE, related_name="+")
    last = models.PositiveIntegerField(default=0)


class StepRun(models.Model):
    """One step of one run: the stored form of the domain's StepSnapshot."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=128)
    kind = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=16, default="init")
    reason = JsonTextField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    token = models.UUIDField(null=True)
    host = models.CharField(max_length=128, blank=True, default="")
    outputs = JsonTextField(default=dict)
    floats = JsonTextField(default=dict)
    devices = models.JSONField(default=list)
    branch = models.BooleanField(null=True)
    chosen = JsonTextField(default=dict)
    awaits = models.JSONField(default=list)
    stop_requested = models.BooleanField(default=False)
    reused = JsonTextField(null=True)
    answered = JsonTextField(null=True)
    edited = JsonTextField(null=True)
    waiting_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    resources = models.JSONField(null=True)
    demand = models.CharField(max_length=128, blank=True, default="")

    objects = scoped("run__project")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "name"], name="step_name_per_run"),)
        indexes = (
            models.Index(fields=["ready_at", "id"], name="step_queue", condition=Q(state="pending")),
            models.Index(fields=["run"], name="step_waiting", condition=Q(state__in=["wait_inputs", "hold"])),
            models.Index(fields=["run"], name="step_stopping", condition=Q(state="stopping")),
        )


class Task(models.Model):
    """One of a step's 1…n parallel parts; today every step has exactly one."""

    id = models.BigAutoField(primary_key=True)
    step = models.ForeignKey(StepRun, on_delete=models.CASCADE, related_name="tasks")
    index = models.PositiveIntegerField(default=0)

    objects = scoped("step__run__project")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["step", "index"], name="task_index_per_step"),)


class Attempt(models.Model):
    """One try at one task. Its id is the token that every later message must carry."""

    id = models.UUIDField(primary_key=True, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="attempts")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="attempts")
    step = models.CharField(max_length=128)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, default="dispatched")
    host = models.CharField(max_length=128)
    devices = models.JSONField(default=list)
    boot_id = models.CharField(max_length=64, blank=True, default="")
    pid = models.BigIntegerField(null=True)
    pid_start = models.BigIntegerField(null=True)
    order = JsonTextField(null=True)
    report = JsonTextField(null=True)
    reason = JsonTextField(null=True)
    dispatched_at = models.DateTimeField()
    published_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    log_size = models.PositiveBigIntegerField(default=0)

    objects = scoped("run__project")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["task"], condition=Q(state__in=LIVE_ATTEMPT_STATES), name="one_live_attempt_per_task"
            ),
            models.UniqueConstraint(fields=["task", "number"], name="attempt_number_per_task"),
        )
        indexes = (
            models.Index(fields=["host"], name="attempt_live_by_host", condition=Q(state__in=LIVE_ATTEMPT_STATES)),
            models.Index(fields=["run", "step"], name="attempt_by_step"),
        )


class Event(models.Model):
    """One fact of one run, numbered densely from 1 by the run's own counter."""

    pk = models.CompositePrimaryKey("run_id", "seq")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    type = models.CharField(max_length=32)
    at = models.DateTimeField()
    step = models.CharField(max_length=128, blank=True, default="")
    data = JsonTextField(default=dict)

    objects = scoped("run__project")


class Metric(models.Model):
    """The latest good value of one metrics file of one attempt; rev counts its changes densely."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="metrics")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="metrics")
    step = models.CharField(max_length=128)
    output = models.CharField(max_length=128)
    path = models.CharField(max_length=1024)
    rev = models.PositiveBigIntegerField(default=0)
    value = JsonTextField(null=True)
    problem = JsonTextField(null=True)
    at = models.DateTimeField()

    objects = scoped("run__project")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["attempt", "output", "path"], name="metric_file"),)
        indexes = (models.Index(fields=["run", "at"], name="metric_by_run_and_time"),)


class MetricDelta(models.Model):
    """What one revision changed, kept so that a client that is a few behind needs no whole value."""

    pk = models.CompositePrimaryKey("metric_id", "rev")
    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="deltas")
    rev = models.PositiveBigIntegerField()
    delta = JsonTextField(null=True)
    problem = JsonTextField(null=True)
    at = models.DateTimeField()

    objects = scoped("metric__run__project")


class Outbox(models.Model):
    """Messages that a committed transaction owes to the outside; deleted once they are delivered."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=96)
    payload = JsonTextField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=["due_at", "id"], name="outbox_due"),
            models.Index(fields=["key"], name="outbox_key"),
        )


class News(models.Model):
    """A fact that somebody may want to be told, until it has been looked at. Written with the fact, in the same
    transaction; deleted in the one that notes who is told."""

    pk = models.CompositePrimaryKey("run_id", "seq")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="news", db_index=False)
    seq = models.PositiveBigIntegerField()

    objects = scoped("run__project")


class WorkerHost(models.Model):
    """One machine that runs attempts, with what it has to give."""

    name = models.CharField(primary_key=True, max_length=128)
    boot_id = models.CharField(max_length=64)
    queue = models.CharField(max_length=160)
    cpu = models.FloatField()
    memory_mb = models.PositiveIntegerField()
    gpus = models.JSONField(default=list)
    pools = models.JSONField(default=list)
    isolation = models.CharField(max_length=64, blank=True, default="")
    # Beside the level: how processes, disk and network of a step are limited there.
    fences = models.JSONField(default=dict)
    # Which container engine it has, as people call it; empty without one.
    containers = models.CharField(max_length=100, blank=True, default="")
    version = models.CharField(max_length=64, blank=True, default="")
    online = models.BooleanField(default=True)
    # Set while its disk is so full that nothing new may start there: how much is free.
    disk_short_mb = models.PositiveIntegerField(null=True)
    registered_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()


class Quota(models.Model):
    """What a project may use at once. No row, or null: no limit."""

    project = models.OneToOneField("accounts.Project", primary_key=True, on_delete=models.CASCADE, related_name="quota")
    max_jobs = models.PositiveIntegerField(null=True)
    max_gpus = models.PositiveIntegerField(null=True)

    objects = Scoped.as_manager()


class Lease(models.Model):
    """Cores and memory that an attempt holds on a host, from dispatch until its end."""

    attempt = models.OneToOneField(Attempt, primary_key=True, on_delete=models.CASCADE, related_name="lease")
    host = models.ForeignKey(WorkerHost, on_delete=models.CASCADE, related_name="leases")
    cpu = models.FloatField()
    memory_mb = models.PositiveIntegerField()


class DeviceLease(models.Model):
    """One device held by one attempt: two steps never share a card."""

    id = models.BigAutoField(primary_key=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="device_leases")
    host = models.ForeignKey(WorkerHost, on_delete=models.CASCADE, related_name="device_leases")
    device = models.CharField(max_length=128)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["host", "device"], name="one_holder_per_device"),)


class WorkItem(models.Model):
    """A piece of a data-parallel task that whichever task is free may claim; empty until such kinds exist."""

    id = models.BigAutoField(primary_key=True)
    step = models.ForeignKey(StepRun, on_delete=models.CASCADE, related_name="work_items")
    index = models.PositiveIntegerField()
    state = models.CharField(max_length=16, default="waiting")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.SET_NULL, related_name="work_items")
    payload = JsonTextField(default=dict)
    result = JsonTextField(null=True)
    lease_until = models.DateTimeField(null=True)

    objects = scoped("step__run__project")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["step", "index"], name="work_item_index_per_step"),)
