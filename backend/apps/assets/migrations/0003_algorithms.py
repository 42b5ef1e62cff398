import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import backend.shared.clock
import backend.shared.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_people"),
        ("assets", "0002_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Algorithm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=backend.shared.clock.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("algorithm_id", models.CharField(max_length=128)),
                ("version", models.CharField(blank=True, default="", max_length=128)),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("description", models.TextField(blank=True, default="")),
                ("definition", backend.shared.db.JsonTextField()),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="algorithms", to="accounts.project"
                    ),
                ),
            ],
            options={
                "verbose_name": "algorithm",
                "constraints": [
                    models.UniqueConstraint(fields=("project", "algorithm_id", "version"), name="algorithm_once")
                ],
            },
        ),
    ]
