"""Assets: storage roots, datasets, models, engines and flavors."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "backend.apps.assets"
    label = "assets"
