"""Names for the series of figures, in both languages; each series that has figures already gets a row."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.db import migrations, models


# What the first data set calls its series (pledges/data/noboa.json), for trackers that loaded it before.
NAMES = {
    ("homicides-per-year", "interior-ministry-early"): ("Interior Ministry, early count", "Ministerio del Interior, primer conteo"),
    ("homicides-per-year", "official-via-OECO"): ("Official figure quoted by OECO", "Cifra oficial citada por OECO"),
    ("homicides-per-year", "national-police"): ("National Police", "Policía Nacional"),
    ("homicides-per-year", "interior-ministry"): ("Interior Ministry", "Ministerio del Interior"),
    ("homicide-rate", "national-police"): ("National Police", "Policía Nacional"),
    ("homicide-rate", "OECO"): ("OECO", "OECO"),
    ("homicide-rate", "interior-ministry"): ("Interior Ministry", "Ministerio del Interior"),
    ("homicides-first-half", "OECO-2024"): ("OECO, bulletin of 2024", "OECO, boletín de 2024"),
    ("homicides-first-half", "OECO-2025"): ("OECO, bulletin of 2025", "OECO, boletín de 2025"),
    ("homicides-first-half", "interior-ministry"): ("Interior Ministry, open data", "Ministerio del Interior, datos abiertos"),
    ("homicides-monthly-2025", "interior-ministry"): ("Interior Ministry, open data", "Ministerio del Interior, datos abiertos"),
    ("homicide-target", "development-plan"): ("National Development Plan", "Plan Nacional de Desarrollo"),
    ("adequate-employment", "INEC"): ("INEC", "INEC"),
    ("unemployment", "INEC"): ("INEC", "INEC"),
    ("underemployment", "INEC"): ("INEC", "INEC"),
    ("prison-population", "population"): ("People in prison", "Personas privadas de libertad"),
    ("prison-population", "capacity"): ("Places in prisons", "Plazas en las cárceles"),
    ("litoral-deaths", "IACHR"): ("Inter-American Commission on Human Rights", "Comisión Interamericana de Derechos Humanos"),
    ("litoral-deaths", "CDH"): ("CDH, a human-rights group", "CDH, un grupo de derechos humanos"),
    ("port-seizures-2025", "found-in-ecuador"): ("Seized in Ecuador", "Decomisadas en Ecuador"),
    ("port-seizures-2025", "found-abroad"): ("Seized abroad", "Decomisadas en el exterior"),
}


def name_series(apps, _schema_editor):
    """A row for each series that has figures: as the first data set calls it, else the slug made readable."""
    observations = apps.get_model("pledges", "Observation").objects.order_by("indicator", "series")
    found = observations.values_list("indicator", "indicator__slug", "series").distinct()
    model = apps.get_model("pledges", "Series")
    rows = []
    for indicator, slug, series in found:
        words = series.replace("-", " ")
        name_en, name_es = NAMES.get((slug, series), (words[:1].upper() + words[1:], ""))
        rows.append(model(indicator_id=indicator, slug=series, name_en=name_en, name_es=name_es))
    model.objects.bulk_create(rows)


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('pledges', '0012_alerts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='As it stands beside the figures, as in national-police. It stays once it was given.', max_length=60, verbose_name='series')),
                ('name_en', models.CharField(help_text='What readers see beside the line: who counts, or what is counted, as in National Police.', max_length=120, verbose_name='name (English)')),
                ('name_es', models.CharField(blank=True, max_length=120, verbose_name='name (Spanish)')),
                ('source', models.CharField(blank=True, help_text='Who measures it and in which publication, if all its figures come from there.', max_length=200, verbose_name='measured by')),
                ('note_en', models.TextField(blank=True, help_text='What is counted, and how it differs from the other series: why they are not one line.', verbose_name='definition (English)')),
                ('note_es', models.TextField(blank=True, verbose_name='definition (Spanish)')),
            ],
            options={
                'verbose_name': 'series',
                'verbose_name_plural': 'series',
                'ordering': ['indicator', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='SeriesEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, help_text='As it stands beside the figures, as in national-police. It stays once it was given.', max_length=60, verbose_name='series')),
                ('name_en', models.CharField(help_text='What readers see beside the line: who counts, or what is counted, as in National Police.', max_length=120, verbose_name='name (English)')),
                ('name_es', models.CharField(blank=True, max_length=120, verbose_name='name (Spanish)')),
                ('source', models.CharField(blank=True, help_text='Who measures it and in which publication, if all its figures come from there.', max_length=200, verbose_name='measured by')),
                ('note_en', models.TextField(blank=True, help_text='What is counted, and how it differs from the other series: why they are not one line.', verbose_name='definition (English)')),
                ('note_es', models.TextField(blank=True, verbose_name='definition (Spanish)')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('value__lt', Decimal('1000000000000'))), name='observation_is_a_number', violation_error_message='The value is not a number.'),
        ),
        migrations.AddField(
            model_name='series',
            name='indicator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='pledges.indicator', verbose_name='indicator'),
        ),
        migrations.AddField(
            model_name='seriesevent',
            name='indicator',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.indicator', verbose_name='indicator'),
        ),
        migrations.AddField(
            model_name='seriesevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='seriesevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pledges.series'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.UniqueConstraint(fields=('indicator', 'slug'), name='series_once_an_indicator'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='published_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM pledges_editionitem WHERE kind = 'series' AND key = OLD.id::text\n            ) THEN\n                RAISE EXCEPTION 'an edition has published this, so it stays'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_is_kept';\n            END IF;\n            RETURN OLD;\n            ", hash='59feb769bf085a2582be3292bb39f3cf41dbdc54', operation='DELETE', pgid='pgtrigger_published_is_kept_1b20f', table='pledges_series', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_seriesevent" ("id", "indicator_id", "name_en", "name_es", "note_en", "note_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source") VALUES (NEW."id", NEW."indicator_id", NEW."name_en", NEW."name_es", NEW."note_en", NEW."note_es", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."source"); RETURN NULL;', hash='44425abf40bb6e09607a90fad3831ed278256f9f', operation='INSERT', pgid='pgtrigger_insert_insert_4213e', table='pledges_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pledges_seriesevent" ("id", "indicator_id", "name_en", "name_es", "note_en", "note_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source") VALUES (NEW."id", NEW."indicator_id", NEW."name_en", NEW."name_es", NEW."note_en", NEW."note_es", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."source"); RETURN NULL;', hash='4b8a3d7d1379751e1a3f042d3a217668330679e9', operation='UPDATE', pgid='pgtrigger_update_update_502e6', table='pledges_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_seriesevent" ("id", "indicator_id", "name_en", "name_es", "note_en", "note_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source") VALUES (OLD."id", OLD."indicator_id", OLD."name_en", OLD."name_es", OLD."note_en", OLD."note_es", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug", OLD."source"); RETURN NULL;', hash='736d0390044150464189753b4ecb880cad028e77', operation='DELETE', pgid='pgtrigger_delete_delete_69d0a', table='pledges_series', when='AFTER')),
        ),
        migrations.RunSQL(
            'CREATE INDEX record_series ON pledges_seriesevent (pgh_created_at DESC, pgh_id DESC)',
            'DROP INDEX record_series',
        ),
        migrations.RunPython(name_series, migrations.RunPython.noop),
    ]
