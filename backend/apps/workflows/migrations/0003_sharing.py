import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import backend.shared.clock
import backend.shared.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_people"),
        ("workflows", "0002_versions_never_change"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GalleryAsset",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=backend.shared.clock.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=64)),
                (
                    "sharing",
                    models.CharField(
                        choices=[("private", "Private"), ("group", "Group"), ("public", "Public")],
                        default="private",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="gallery_assets",
                        to="accounts.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "asset of the gallery",
            },
        ),
        migrations.CreateModel(
            name="GalleryVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=backend.shared.clock.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("place", models.PositiveIntegerField()),
                ("description", models.TextField(blank=True, default="")),
                ("document", backend.shared.db.JsonTextField()),
                ("users", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="workflows.galleryasset",
                    ),
                ),
            ],
            options={
                "verbose_name": "version in the gallery",
            },
        ),
        migrations.AddConstraint(
            model_name="galleryasset",
            constraint=models.CheckConstraint(
                condition=models.Q(("sharing__in", ["private", "group", "public"])), name="gallery_sharing"
            ),
        ),
        migrations.AddConstraint(
            model_name="galleryversion",
            constraint=models.UniqueConstraint(fields=("asset", "number"), name="gallery_number_once"),
        ),
        migrations.AddConstraint(
            model_name="galleryversion",
            constraint=models.UniqueConstraint(fields=("asset", "place"), name="gallery_place_once"),
        ),
    ]
