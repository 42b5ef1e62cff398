"""Addresses of runs, hosts and to-dos."""

from django.urls import path

from backend.apps.runs.api import hosts, lists, runs, steps

STEP = "runs/<uuid:id>/steps/<str:name>"

urlpatterns = [
    path("workflows/<uuid:id>/runs/", runs.WorkflowRunsView.as_view(), name="workflow-runs"),
    path("workflows/<uuid:id>/plan/", runs.PlanView.as_view(), name="workflow-plan"),
    path("workflows/overview/", lists.OverviewView.as_view(), name="workflow-overview"),
    path("workflows/<uuid:id>/step-runs/", lists.StepRunsView.as_view(), name="workflow-step-runs"),
    path("runs/labels/", lists.LabelsView.as_view(), name="run-labels"),
    path("runs/", runs.RunsView.as_view(), name="runs"),
    path("runs/<uuid:id>/", runs.RunView.as_view(), name="run"),
    path("runs/<uuid:id>/snapshot/", runs.RunSnapshotView.as_view(), name="run-snapshot"),
    path("runs/<uuid:id>/events/", runs.RunEventsView.as_view(), name="run-events"),
    path("runs/<uuid:id>/actions/", runs.RunActionsView.as_view(), name="run-actions"),
    path(f"{STEP}/", steps.StepView.as_view(), name="run-step"),
    path(f"{STEP}/metrics/", steps.StepMetricsView.as_view(), name="run-step-metrics"),
    path(f"{STEP}/figures/", steps.StepFiguresView.as_view(), name="run-step-figures"),
    path(f"{STEP}/logs/", steps.StepLogsView.as_view(), name="run-step-logs"),
    path(f"{STEP}/outputs/", steps.StepOutputsView.as_view(), name="run-step-outputs"),
    path(f"{STEP}/outputs/<str:output>/", steps.StepOutputView.as_view(), name="run-step-output"),
    path(f"{STEP}/actions/", steps.StepActionsView.as_view(), name="run-step-actions"),
    path("hosts/", hosts.HostsView.as_view(), name="hosts"),
    path("pools/", hosts.PoolsView.as_view(), name="pools"),
    path("projects/<uuid:id>/quota/", hosts.QuotaView.as_view(), name="quota"),
    path("todo/", lists.TodoView.as_view(), name="todo"),
]
