"""`from modelarts.workflow.client.job_client import JobClient`."""

from pipeloom.resources import JobClient

__all__ = ["JobClient"]
