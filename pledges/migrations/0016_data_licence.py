"""The licence of the newsroom's data."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from pledges.migrations._render_once import RenderOnce


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0015_dates_revisions_contributors'),
    ]

    operations = [
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
                name='data_licence',
                field=models.CharField(blank=True, help_text='Under which others may use what is published here, such as CC BY 4.0. Every download names it.', max_length=120, verbose_name='data licence'),
            ),
            migrations.AddField(
                model_name='newsroom',
                name='data_licence_url',
                field=models.URLField(blank=True, help_text='Where its text can be read.', max_length=500, verbose_name='address of the licence'),
            ),
            migrations.AddField(
                model_name='newsroomevent',
                name='data_licence',
                field=models.CharField(blank=True, help_text='Under which others may use what is published here, such as CC BY 4.0. Every download names it.', max_length=120, verbose_name='data licence'),
            ),
            migrations.AddField(
                model_name='newsroomevent',
                name='data_licence_url',
                field=models.URLField(blank=True, help_text='Where its text can be read.', max_length=500, verbose_name='address of the licence'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='newsroom',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_newsroomevent" ("about_en", "about_es", "closed_on", "closing_note_en", "closing_note_es", "contact_email", "country", "data_licence", "data_licence_url", "id", "name_en", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_person_rule") VALUES (NEW."about_en", NEW."about_es", NEW."closed_on", NEW."closing_note_en", NEW."closing_note_es", NEW."contact_email", NEW."country", NEW."data_licence", NEW."data_licence_url", NEW."id", NEW."name_en", NEW."name_es", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."two_person_rule"); RETURN NULL;', hash='12b24e973b0e0133da85beabe764cef50f62d37e', operation='INSERT', pgid='pgtrigger_insert_insert_f7b1d', table='pledges_newsroom', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='newsroom',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pledges_newsroomevent" ("about_en", "about_es", "closed_on", "closing_note_en", "closing_note_es", "contact_email", "country", "data_licence", "data_licence_url", "id", "name_en", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_person_rule") VALUES (NEW."about_en", NEW."about_es", NEW."closed_on", NEW."closing_note_en", NEW."closing_note_es", NEW."contact_email", NEW."country", NEW."data_licence", NEW."data_licence_url", NEW."id", NEW."name_en", NEW."name_es", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."two_person_rule"); RETURN NULL;', hash='9336c66f97a7a2e6ab6c1a3bc4dfb9f8271d97e2', operation='UPDATE', pgid='pgtrigger_update_update_79935', table='pledges_newsroom', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='newsroom',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_newsroomevent" ("about_en", "about_es", "closed_on", "closing_note_en", "closing_note_es", "contact_email", "country", "data_licence", "data_licence_url", "id", "name_en", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_person_rule") VALUES (OLD."about_en", OLD."about_es", OLD."closed_on", OLD."closing_note_en", OLD."closing_note_es", OLD."contact_email", OLD."country", OLD."data_licence", OLD."data_licence_url", OLD."id", OLD."name_en", OLD."name_es", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."two_person_rule"); RETURN NULL;', hash='7168524db53a57043c65d2e3f2f7ef4bb0641b46', operation='DELETE', pgid='pgtrigger_delete_delete_95004', table='pledges_newsroom', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='newsroom',
                constraint=models.CheckConstraint(condition=models.Q(('data_licence_url', ''), models.Q(('data_licence', ''), _negated=True), _connector='OR'), name='newsroom_licence_is_named', violation_error_message='Name the licence that this address is of.'),
            ),
        ]),
    ]
