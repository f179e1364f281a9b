"""The newsroom's colour and logo."""

import django.core.validators
import django.db.models.deletion
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
import re
from django.db import migrations, models

from pledges.migrations._render_once import RenderOnce


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0017_one_language_is_enough'),
    ]

    operations = [
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='SHA-256 of the file')),
                ('kind', models.CharField(choices=[('png', 'PNG'), ('jpeg', 'JPEG'), ('webp', 'WEBP')], max_length=4, verbose_name='kind')),
                ('width', models.PositiveSmallIntegerField(verbose_name='width in pixels')),
                ('height', models.PositiveSmallIntegerField(verbose_name='height in pixels')),
                ('body', models.BinaryField(verbose_name='file')),
            ],
            options={
                'verbose_name': 'logo',
                'verbose_name_plural': 'logos',
                'default_permissions': (),
                'constraints': [
                    models.CheckConstraint(condition=django.db.models.lookups.Exact(models.F('sha256'), models.Func(models.Func(models.F('body'), function='sha256'), models.Value('hex'), function='encode', output_field=models.CharField())), name='logo_is_its_hash'),
                    models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(models.Func(models.F('body'), function='octet_length', output_field=models.IntegerField()), models.Value(100000)), name='logo_is_small'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['png', 'jpeg', 'webp'])), name='logo_kind_is_known'),
                    models.CheckConstraint(condition=models.Q(('height__gte', 16), ('height__lte', 2000), ('width__gte', 16), ('width__lte', 2000)), name='logo_sides_are_sane'),
                ],
            },
        ),
        RenderOnce([
            pgtrigger.migrations.RemoveTrigger(
                model_name='newsroom',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='newsroom',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='newsroom',
                name='delete_delete',
            ),
            migrations.AddField(
                model_name='newsroom',
                name='accent',
                field=models.CharField(blank=True, db_default='', default='', help_text='Of the band at the top and of links, such as #0a4f8f. Links get a darker or lighter shade where it could not be read. Empty: the tracker’s own blue.', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}\\Z', 'Write a colour as # and six digits, such as #0a4f8f.', flags=re.RegexFlag['IGNORECASE'])], verbose_name='colour'),
            ),
            migrations.AddField(
                model_name='newsroomevent',
                name='accent',
                field=models.CharField(blank=True, db_default='', default='', help_text='Of the band at the top and of links, such as #0a4f8f. Links get a darker or lighter shade where it could not be read. Empty: the tracker’s own blue.', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}\\Z', 'Write a colour as # and six digits, such as #0a4f8f.', flags=re.RegexFlag['IGNORECASE'])], verbose_name='colour'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='newsroom',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_newsroomevent" ("about_en", "about_es", "accent", "closed_on", "closing_note_en", "closing_note_es", "contact_email", "country", "data_licence", "data_licence_url", "id", "language", "logo_id", "name_en", "name_es", "one_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_person_rule") VALUES (NEW."about_en", NEW."about_es", NEW."accent", NEW."closed_on", NEW."closing_note_en", NEW."closing_note_es", NEW."contact_email", NEW."country", NEW."data_licence", NEW."data_licence_url", NEW."id", NEW."language", NEW."logo_id", NEW."name_en", NEW."name_es", NEW."one_language", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."two_person_rule"); RETURN NULL;', hash='db80812d67272926e75ee2e27d9af8ccb9a8f8fd', operation='INSERT', pgid='pgtrigger_insert_insert_f7b1d', table='pledges_newsroom', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='newsroom',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pledges_newsroomevent" ("about_en", "about_es", "accent", "closed_on", "closing_note_en", "closing_note_es", "contact_email", "country", "data_licence", "data_licence_url", "id", "language", "logo_id", "name_en", "name_es", "one_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_person_rule") VALUES (NEW."about_en", NEW."about_es", NEW."accent", NEW."closed_on", NEW."closing_note_en", NEW."closing_note_es", NEW."contact_email", NEW."country", NEW."data_licence", NEW."data_licence_url", NEW."id", NEW."language", NEW."logo_id", NEW."name_en", NEW."name_es", NEW."one_language", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."two_person_rule"); RETURN NULL;', hash='89124bdafb75cd5cf923deb86b50b88feea3d7fa', operation='UPDATE', pgid='pgtrigger_update_update_79935', table='pledges_newsroom', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='newsroom',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_newsroomevent" ("about_en", "about_es", "accent", "closed_on", "closing_note_en", "closing_note_es", "contact_email", "country", "data_licence", "data_licence_url", "id", "language", "logo_id", "name_en", "name_es", "one_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_person_rule") VALUES (OLD."about_en", OLD."about_es", OLD."accent", OLD."closed_on", OLD."closing_note_en", OLD."closing_note_es", OLD."contact_email", OLD."country", OLD."data_licence", OLD."data_licence_url", OLD."id", OLD."language", OLD."logo_id", OLD."name_en", OLD."name_es", OLD."one_language", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."two_person_rule"); RETURN NULL;', hash='671e7d3b76ae1eb602cac3fd7f0593093d3a6300', operation='DELETE', pgid='pgtrigger_delete_delete_95004', table='pledges_newsroom', when='AFTER')),
            ),
            migrations.AddField(
                model_name='newsroom',
                name='logo',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pledges.logo', verbose_name='logo'),
            ),
            migrations.AddField(
                model_name='newsroomevent',
                name='logo',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.logo', verbose_name='logo'),
            ),
            migrations.AddConstraint(
                model_name='newsroom',
                constraint=models.CheckConstraint(condition=models.Q(('accent', ''), ('accent__regex', '^#[0-9a-f]{6}$'), _connector='OR'), name='newsroom_accent_is_a_colour', violation_error_message='Write a colour as # and six digits, such as #0a4f8f.'),
            ),
        ]),
    ]
