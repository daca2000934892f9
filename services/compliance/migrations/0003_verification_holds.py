from django.db import migrations, models


def approved_hold(apps, schema_editor):
    """Of those that are edited again nobody knows whether they were approved before: the next decision tells."""
    rows = apps.get_model("compliance", "TollfreeVerification").objects
    rows.filter(status="TWILIO_APPROVED").update(holds=True)


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0002_vetting_pending"),
    ]

    operations = [
        migrations.AddField(
            model_name="tollfreeverification",
            name="holds",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(approved_hold, migrations.RunPython.noop),
    ]
