"""Accounts: who may do what in which project."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "backend.apps.accounts"
    label = "accounts"
