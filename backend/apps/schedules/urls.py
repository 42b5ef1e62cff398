"""Addresses of schedules."""

from django.urls import path

from backend.apps.schedules import api

urlpatterns = [
    path("workflows/<uuid:id>/schedules/", api.WorkflowSchedulesView.as_view(), name="workflow-schedules"),
    path("schedules/", api.SchedulesView.as_view(), name="schedules"),
    path("schedules/preview/", api.SchedulePreviewView.as_view(), name="schedule-preview"),
    path("schedules/<uuid:id>/", api.ScheduleView.as_view(), name="schedule"),
    path("schedules/<uuid:id>/fires/", api.ScheduleFiresView.as_view(), name="schedule-fires"),
]
