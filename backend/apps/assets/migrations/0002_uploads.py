import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import backend.shared.clock

PERSON, PROJECT = settings.AUTH_USER_MODEL, "accounts.project"
OWN = {"on_delete": django.db.models.deletion.CASCADE, "related_name": "uploads"}


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=backend.shared.clock.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=4096)),
                ("size", models.PositiveBigIntegerField()),
                ("offset", models.PositiveBigIntegerField(default=0)),
                ("overwrite", models.BooleanField(default=True)),
                ("mark", models.CharField(blank=True, default="", max_length=200)),
                ("touched_at", models.DateTimeField(db_index=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("project", models.ForeignKey(to=PROJECT, **OWN)),
                ("user", models.ForeignKey(to=PERSON, **OWN)),
            ],
        )
    ]
