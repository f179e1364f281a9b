"""Figures are searched with any separators: the search vectors are written again, by `manage.py prepare_database`."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0018_newsroom_look'),
    ]

    operations = [
        migrations.RunSQL(
            'UPDATE pledges_pledge SET search_en = NULL, search_es = NULL WHERE search_en IS NOT NULL',
            migrations.RunSQL.noop,
        ),
    ]
