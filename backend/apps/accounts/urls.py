"""Addresses of accounts."""

from django.urls import path

from backend.apps.accounts import api

urlpatterns = [
    path("me/", api.MeView.as_view(), name="me"),
    path("tokens/", api.TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:id>/", api.TokenView.as_view(), name="token"),
]
