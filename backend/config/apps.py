"""Lets Django find the management commands; there are no models here."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "backend.config"
    label = "config"
