"""Everything that may be done to a run. Views, the agent and commands come in here and by no other door."""

from backend.apps.runs.outbox import publishing_start, publishing_stop
from backend.apps.runs.services.apply import (
    apply,
    run_create,
    run_delete,
    run_label,
    run_release,
    run_rerun,
    run_stop,
)
from backend.apps.runs.services.attempts import (
    attempt_claim,
    attempt_heartbeat,
    attempt_log_grew,
    attempt_lost,
    attempt_watch,
)
from backend.apps.runs.services.finishing import attempt_finish
from backend.apps.runs.services.hosts import (
    attempts_known,
    host_attempts,
    host_heartbeat,
    host_leaves,
    host_register,
    hosts_listed,
    pools_listed,
)
from backend.apps.runs.services.metrics import attempt_metrics
from backend.apps.runs.services.nested import (
    nested_begin,
    nested_end,
    nested_ended,
    nested_stop,
    nested_unwanted,
    nested_waiting,
)
from backend.apps.runs.services.orders import attempt_folder
from backend.apps.runs.services.placing import leases_release, queue_key, queue_reasons, runs_with_a_place
from backend.apps.runs.services.planning import Place, run_plan
from backend.apps.runs.services.quotas import quota_set, quota_shown
from backend.apps.runs.services.replaced import replaced_sweep
from backend.apps.runs.services.restoring import world_ended
from backend.apps.runs.services.steps import step_continue, step_retry, step_stop
from backend.apps.runs.services.types import Applied, Beat, HostAttempt, MetricsUpdate
from backend.apps.runs.services.work import run_place

__all__ = [
    "Applied",
    "Beat",
    "HostAttempt",
    "MetricsUpdate",
    "Place",
    "apply",
    "attempt_claim",
    "attempt_finish",
    "attempt_folder",
    "attempt_heartbeat",
    "attempt_log_grew",
    "attempt_lost",
    "attempt_metrics",
    "attempt_watch",
    "attempts_known",
    "host_attempts",
    "host_heartbeat",
    "host_leaves",
    "host_register",
    "hosts_listed",
    "leases_release",
    "nested_begin",
    "nested_end",
    "nested_ended",
    "nested_stop",
    "nested_unwanted",
    "nested_waiting",
    "pools_listed",
    "publishing_start",
    "publishing_stop",
    "queue_key",
    "queue_reasons",
    "quota_set",
    "quota_shown",
    "replaced_sweep",
    "run_create",
    "run_delete",
    "run_label",
    "run_place",
    "run_plan",
    "run_release",
    "run_rerun",
    "run_stop",
    "runs_with_a_place",
    "step_continue",
    "step_retry",
    "step_stop",
    "world_ended",
]
