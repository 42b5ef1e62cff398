from django.db import migrations

import backend.shared.db


class Migration(migrations.Migration):
    dependencies = [("runs", "0002_host_with_a_full_disk")]
    operations = [
        migrations.AddField("run", "part", backend.shared.db.JsonTextField(null=True)),
        migrations.AddField("steprun", "reused", backend.shared.db.JsonTextField(null=True)),
    ]
