"""`wf.resource`: what jobs run on. Not documented by the source; the names are those of `wf.steps`."""

from pipeloom.workflow.steps.jobs import JobResource, JobSpec, LogExportPath

__all__ = ["JobResource", "JobSpec", "LogExportPath"]
