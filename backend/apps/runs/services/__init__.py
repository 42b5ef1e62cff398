"""Everything that may be done to a run. Views, the agent and commands come in here and nowhere else.

apply(*, run_id, input) -> Applied                                  the one write path
run_create(*, version, values, by, origin=None, name="", labels=()) -> Run
run_stop(*, run_id, by) / run_rerun(*, run_id, by, values=None) -> Run / run_delete(*, run)
step_retry / step_continue(*, run_id, step, values, by) -> Applied  step_stop(*, run_id, step, by) -> Applied
attempt_claim(*, token, host, boot_id, pid, pid_start) -> StepOrder | None      None: quiet acknowledge
attempt_heartbeat(*, token, host) -> Beat                           alive False: fenced
attempt_watch(*, token) -> Beat                                     the same without extending the lease (cheap)
attempt_metrics(*, token, updates: list[MetricsUpdate]) -> None
attempt_log_grew(*, token, size) -> None
attempt_finish(*, token, report: StepReport) -> bool                False: stale, nothing was kept
attempt_lost(*, token, reason: str) -> bool
host_register(*, name, boot_id, queue, cpu, memory_mb, gpus, isolation, version, pools=()) -> None
host_heartbeat(*, name) -> bool                                     False: register again
host_attempts(*, name) -> list[HostAttempt]
publishing_start() / publishing_stop()                              the agent: publish own commits at once
"""
