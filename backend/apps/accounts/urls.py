"""Addresses of accounts."""

from django.urls import path

from backend.apps.accounts.api import own, projects

urlpatterns = [
    path("me/", own.MeView.as_view(), name="me"),
    path("me/password/", own.PasswordView.as_view(), name="password"),
    path("tokens/", own.TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:id>/", own.TokenView.as_view(), name="token"),
    path("projects/", projects.ProjectsView.as_view(), name="projects"),
    path("projects/<uuid:id>/", projects.ProjectView.as_view(), name="project"),
    path("projects/<uuid:id>/members/", projects.MembersView.as_view(), name="members"),
    path("projects/<uuid:id>/members/<uuid:user>/", projects.MemberView.as_view(), name="member"),
    path("projects/<uuid:id>/leave/", projects.LeaveView.as_view(), name="leave"),
    path("projects/<uuid:id>/invitations/", projects.InvitationsView.as_view(), name="invitations"),
    path("projects/<uuid:id>/invitations/<uuid:invitation>/", projects.InvitationView.as_view(), name="invitation"),
    path("projects/<uuid:id>/history/", projects.HistoryView.as_view(), name="history"),
]
