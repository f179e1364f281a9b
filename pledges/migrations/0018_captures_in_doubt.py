from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0017_contributors"),
    ]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="in_doubt",
            field=models.BooleanField(
                default=False,
                help_text="Most of the page was absent at once: it is no news until the next look.",
                verbose_name="in doubt",
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_doubt", False), ("article__isnull", True), _connector="OR"),
                name="snapshot_in_doubt_is_no_news",
            ),
        ),
    ]
