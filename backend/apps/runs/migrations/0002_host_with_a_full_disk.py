"""A host says that its disk is nearly full, and gets nothing new meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runs", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="workerhost",
            name="disk_short_mb",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
