"""Snapshots of editions, and the history of which pledges an indicator is shown with."""

import django.db.models.deletion
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('pledges', '0021_lead_suggestion'),
    ]

    operations = [
        migrations.CreateModel(
            name='IndicatorPledgeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IndicatorPledge',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('pledges.indicator_pledges',),
        ),
        migrations.CreateModel(
            name='EditionSnapshot',
            fields=[
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='snapshot', serialize=False, to='pledges.edition', verbose_name='edition')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the file')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('body', models.BinaryField(verbose_name='file')),
            ],
            options={
                'verbose_name': 'snapshot of an edition',
                'verbose_name_plural': 'snapshots of editions',
                'ordering': ['-edition'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(models.F('sha256'), models.Func(models.Func(models.F('body'), function='sha256'), models.Value('hex'), function='encode', output_field=models.CharField())), name='edition_snapshot_is_its_hash'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.F('size'), models.Func(models.F('body'), function='octet_length', output_field=models.IntegerField())), name='edition_snapshot_has_its_size')],
            },
        ),
        # A ZIP is compressed already, and its parts can be read without the rest.
        migrations.RunSQL(
            "ALTER TABLE pledges_editionsnapshot ALTER COLUMN body SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='editionsnapshot',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6e34a5e8d2898f8ffeefed3a229af8daac687e0c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_625fb', table='pledges_editionsnapshot', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='indicatorpledgeevent',
            name='indicator',
            field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.indicator'),
        ),
        migrations.AddField(
            model_name='indicatorpledgeevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='indicatorpledgeevent',
            name='pledge',
            field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicatorpledge',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_indicatorpledgeevent" ("id", "indicator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pledge_id") VALUES (NEW."id", NEW."indicator_id", _pgh_attach_context(), NOW(), \'insert\', NEW."pledge_id"); RETURN NULL;', hash='e06fa858025a650dd3837862a32b118d9b1d3d59', operation='INSERT', pgid='pgtrigger_insert_insert_5a58e', table='pledges_indicator_pledges', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicatorpledge',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_indicatorpledgeevent" ("id", "indicator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pledge_id") VALUES (OLD."id", OLD."indicator_id", _pgh_attach_context(), NOW(), \'delete\', OLD."pledge_id"); RETURN NULL;', hash='0de988c64e4ca93adafe1caadd9f8587b242ac41', operation='DELETE', pgid='pgtrigger_delete_delete_c93d1', table='pledges_indicator_pledges', when='AFTER')),
        ),
        migrations.RunSQL(
            "CREATE INDEX record_indicatorpledge ON pledges_indicatorpledgeevent (pgh_created_at DESC, pgh_id DESC)",
            "DROP INDEX record_indicatorpledge",
        ),
    ]
