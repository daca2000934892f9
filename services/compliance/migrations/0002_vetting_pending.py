from django.db import migrations, models


def to_pending(apps, schema_editor):
    """A vetting on its way is called PENDING, as the original's text calls it."""
    apps.get_model("compliance", "BrandVetting").objects.filter(status="IN_PROGRESS").update(status="PENDING")


def to_in_progress(apps, schema_editor):
    apps.get_model("compliance", "BrandVetting").objects.filter(status="PENDING").update(status="IN_PROGRESS")


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="brandvetting",
            name="status",
            field=models.CharField(
                choices=[("PENDING", "In progress"), ("SUCCESS", "Succeeded"), ("FAILED", "Failed")],
                default="PENDING",
                editable=False,
                max_length=11,
            ),
        ),
        migrations.RunPython(to_pending, to_in_progress),
    ]
