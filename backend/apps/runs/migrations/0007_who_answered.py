"""Who gave a waiting step its values: the others who were asked want to know."""

from django.db import migrations

import backend.shared.db


class Migration(migrations.Migration):
    dependencies = [("runs", "0006_news")]

    operations = [
        migrations.AddField(model_name="steprun", name="answered", field=backend.shared.db.JsonTextField(null=True)),
    ]
