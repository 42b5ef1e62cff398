"""What was changed of a step before it was tried again."""

from django.db import migrations

import backend.shared.db


class Migration(migrations.Migration):
    dependencies = [("runs", "0008_nested_runs")]

    operations = [
        migrations.AddField(model_name="steprun", name="edited", field=backend.shared.db.JsonTextField(null=True)),
    ]
