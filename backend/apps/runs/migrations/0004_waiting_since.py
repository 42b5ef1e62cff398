"""Since when a step waits for values: what a person left waiting is part of how long a run took."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runs", "0003_some_steps")]

    operations = [
        migrations.AddField(model_name="steprun", name="waiting_at", field=models.DateTimeField(null=True)),
    ]
