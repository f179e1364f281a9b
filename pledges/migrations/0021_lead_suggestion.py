"""What the watch says of the status at each lead: a change, as before, or nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0020_withdrawals_and_corrections'),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='suggestion',
            field=models.CharField(blank=True, choices=[('change', 'Change'), ('as_before', 'As before'), ('', 'Nothing said about the status')], default='', help_text='Whether the article says that the status changed, that all is as before, or neither.', max_length=9, verbose_name='suggestion'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='suggested_status',
            field=models.CharField(blank=True, choices=[('kept', 'Kept'), ('partly_kept', 'Partly kept'), ('in_progress', 'In progress'), ('stalled', 'Stalled'), ('broken', 'Broken'), ('not_started', 'Not started'), ('unclear', 'Unclear')], help_text='The status after the change; empty where none is suggested.', max_length=12, verbose_name='suggested status'),
        ),
        migrations.RunSQL(  # until now a lead suggested a change or nothing
            "UPDATE pledges_lead SET suggestion = 'change' WHERE suggested_status <> ''", migrations.RunSQL.noop
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['state', '-suggestion', '-score', '-raised_at', '-id'], name='lead_inbox'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('suggestion', 'change'), models.Q(('suggested_status', ''), _negated=True)), models.Q(('suggested_status', ''), ('suggestion__in', ['as_before', ''])), _connector='OR'), name='lead_change_has_status'),
        ),
    ]
