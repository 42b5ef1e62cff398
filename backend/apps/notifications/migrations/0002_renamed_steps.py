"""A row belongs to a step, whatever its name becomes. Rows from before go by the name, as they did."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="step_id",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.RemoveConstraint(model_name="subscription", name="subscription_once"),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=Q(step_id=""),
                fields=("workflow", "run", "step", "topic", "user"),
                name="subscription_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=~Q(step_id=""),
                fields=("workflow", "run", "step_id", "topic", "user"),
                name="subscription_of_step_once",
                nulls_distinct=False,
            ),
        ),
    ]
