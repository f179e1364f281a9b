"""One language is enough, in every text that demanded both; which one is the newsroom's main language.

And the language in which the source of a figure is named. The constraints are not compared with rows that an edition
has sealed.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from pledges.migrations._render_once import RenderOnce


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0016_data_licence'),
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
            pgtrigger.migrations.RemoveTrigger(
                model_name='observation',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='observation',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='observation',
                name='delete_delete',
            ),
            migrations.AddField(
                model_name='newsroom',
                name='language',
                field=models.CharField(blank=True, choices=[('en', 'English'), ('es', 'Spanish')], db_default='', default='', help_text='For readers whose browser asks for neither language. Empty: that of the server’s settings.', max_length=2, verbose_name='main language'),
            ),
            migrations.AddField(
                model_name='newsroom',
                name='one_language',
                field=models.BooleanField(db_default=False, default=False, help_text='Only the main language is written: forms show its fields alone, and the site has no other.', verbose_name='written in one language'),
            ),
            migrations.AddField(
                model_name='newsroomevent',
                name='language',
                field=models.CharField(blank=True, choices=[('en', 'English'), ('es', 'Spanish')], db_default='', default='', help_text='For readers whose browser asks for neither language. Empty: that of the server’s settings.', max_length=2, verbose_name='main language'),
            ),
            migrations.AddField(
                model_name='newsroomevent',
                name='one_language',
                field=models.BooleanField(db_default=False, default=False, help_text='Only the main language is written: forms show its fields alone, and the site has no other.', verbose_name='written in one language'),
            ),
            migrations.AddField(
                model_name='observation',
                name='source_language',
                field=models.CharField(blank=True, choices=[('en', 'English'), ('es', 'Spanish')], db_default='', default='', help_text='In which it is written above, for readers who listen to the page. Empty for a mere name.', max_length=2, verbose_name='language of the source’s name'),
            ),
            migrations.AddField(
                model_name='observationevent',
                name='source_language',
                field=models.CharField(blank=True, choices=[('en', 'English'), ('es', 'Spanish')], db_default='', default='', help_text='In which it is written above, for readers who listen to the page. Empty for a mere name.', max_length=2, verbose_name='language of the source’s name'),
            ),
            migrations.AlterField(
                model_name='indicator',
                name='name_en',
                field=models.CharField(blank=True, help_text='What is measured, as readers say it: homicides a year, adequate employment.', max_length=160, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='indicator',
                name='name_es',
                field=models.CharField(blank=True, max_length=160, verbose_name='name (Spanish)'),
            ),
            migrations.AlterField(
                model_name='indicator',
                name='unit_en',
                field=models.CharField(blank=True, help_text='What one stands for: cases, per cent of workers, millions of dollars.', max_length=80, verbose_name='unit (English)'),
            ),
            migrations.AlterField(
                model_name='indicator',
                name='unit_es',
                field=models.CharField(blank=True, max_length=80, verbose_name='unit (Spanish)'),
            ),
            migrations.AlterField(
                model_name='indicatorevent',
                name='name_en',
                field=models.CharField(blank=True, help_text='What is measured, as readers say it: homicides a year, adequate employment.', max_length=160, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='indicatorevent',
                name='name_es',
                field=models.CharField(blank=True, max_length=160, verbose_name='name (Spanish)'),
            ),
            migrations.AlterField(
                model_name='indicatorevent',
                name='unit_en',
                field=models.CharField(blank=True, help_text='What one stands for: cases, per cent of workers, millions of dollars.', max_length=80, verbose_name='unit (English)'),
            ),
            migrations.AlterField(
                model_name='indicatorevent',
                name='unit_es',
                field=models.CharField(blank=True, max_length=80, verbose_name='unit (Spanish)'),
            ),
            migrations.AlterField(
                model_name='institution',
                name='name_en',
                field=models.CharField(blank=True, help_text='The official name, in the language of the page.', max_length=160, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='institution',
                name='name_es',
                field=models.CharField(blank=True, max_length=160, verbose_name='name (Spanish)'),
            ),
            migrations.AlterField(
                model_name='institutionevent',
                name='name_en',
                field=models.CharField(blank=True, help_text='The official name, in the language of the page.', max_length=160, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='institutionevent',
                name='name_es',
                field=models.CharField(blank=True, max_length=160, verbose_name='name (Spanish)'),
            ),
            migrations.AlterField(
                model_name='mandate',
                name='office_en',
                field=models.CharField(blank=True, help_text='The office in full, as in President of the Republic.', max_length=160, verbose_name='office (English)'),
            ),
            migrations.AlterField(
                model_name='mandate',
                name='office_es',
                field=models.CharField(blank=True, max_length=160, verbose_name='office (Spanish)'),
            ),
            migrations.AlterField(
                model_name='mandateevent',
                name='office_en',
                field=models.CharField(blank=True, help_text='The office in full, as in President of the Republic.', max_length=160, verbose_name='office (English)'),
            ),
            migrations.AlterField(
                model_name='mandateevent',
                name='office_es',
                field=models.CharField(blank=True, max_length=160, verbose_name='office (Spanish)'),
            ),
            migrations.AlterField(
                model_name='newsroom',
                name='name_en',
                field=models.CharField(blank=True, help_text='The name at the top of every page and in citations.', max_length=120, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='newsroom',
                name='name_es',
                field=models.CharField(blank=True, max_length=120, verbose_name='name (Spanish)'),
            ),
            migrations.AlterField(
                model_name='newsroomevent',
                name='name_en',
                field=models.CharField(blank=True, help_text='The name at the top of every page and in citations.', max_length=120, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='newsroomevent',
                name='name_es',
                field=models.CharField(blank=True, max_length=120, verbose_name='name (Spanish)'),
            ),
            migrations.AlterField(
                model_name='series',
                name='name_en',
                field=models.CharField(blank=True, help_text='What readers see beside the line: who counts, or what is counted, as in National Police.', max_length=120, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='seriesevent',
                name='name_en',
                field=models.CharField(blank=True, help_text='What readers see beside the line: who counts, or what is counted, as in National Police.', max_length=120, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='sourcedocument',
                name='title_en',
                field=models.CharField(blank=True, help_text='As published, or our description where the title is not known.', max_length=300, verbose_name='title (English)'),
            ),
            migrations.AlterField(
                model_name='sourcedocument',
                name='title_es',
                field=models.CharField(blank=True, max_length=300, verbose_name='title (Spanish)'),
            ),
            migrations.AlterField(
                model_name='sourcedocumentevent',
                name='title_en',
                field=models.CharField(blank=True, help_text='As published, or our description where the title is not known.', max_length=300, verbose_name='title (English)'),
            ),
            migrations.AlterField(
                model_name='sourcedocumentevent',
                name='title_es',
                field=models.CharField(blank=True, max_length=300, verbose_name='title (Spanish)'),
            ),
            migrations.AlterField(
                model_name='topic',
                name='name_en',
                field=models.CharField(blank=True, help_text='One word or two that readers would look for: prisons, taxes, water.', max_length=120, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='topic',
                name='name_es',
                field=models.CharField(blank=True, max_length=120, verbose_name='name (Spanish)'),
            ),
            migrations.AlterField(
                model_name='topicevent',
                name='name_en',
                field=models.CharField(blank=True, help_text='One word or two that readers would look for: prisons, taxes, water.', max_length=120, verbose_name='name (English)'),
            ),
            migrations.AlterField(
                model_name='topicevent',
                name='name_es',
                field=models.CharField(blank=True, max_length=120, verbose_name='name (Spanish)'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='newsroom',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_newsroomevent" ("about_en", "about_es", "closed_on", "closing_note_en", "closing_note_es", "contact_email", "country", "data_licence", "data_licence_url", "id", "language", "name_en", "name_es", "one_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_person_rule") VALUES (NEW."about_en", NEW."about_es", NEW."closed_on", NEW."closing_note_en", NEW."closing_note_es", NEW."contact_email", NEW."country", NEW."data_licence", NEW."data_licence_url", NEW."id", NEW."language", NEW."name_en", NEW."name_es", NEW."one_language", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."two_person_rule"); RETURN NULL;', hash='3511aceb81ce40e4b9688161607bc2aa9134dcbb', operation='INSERT', pgid='pgtrigger_insert_insert_f7b1d', table='pledges_newsroom', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='newsroom',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pledges_newsroomevent" ("about_en", "about_es", "closed_on", "closing_note_en", "closing_note_es", "contact_email", "country", "data_licence", "data_licence_url", "id", "language", "name_en", "name_es", "one_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_person_rule") VALUES (NEW."about_en", NEW."about_es", NEW."closed_on", NEW."closing_note_en", NEW."closing_note_es", NEW."contact_email", NEW."country", NEW."data_licence", NEW."data_licence_url", NEW."id", NEW."language", NEW."name_en", NEW."name_es", NEW."one_language", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."two_person_rule"); RETURN NULL;', hash='a2447e96dfbf063849294566a6f58c10d2d07be6', operation='UPDATE', pgid='pgtrigger_update_update_79935', table='pledges_newsroom', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='newsroom',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_newsroomevent" ("about_en", "about_es", "closed_on", "closing_note_en", "closing_note_es", "contact_email", "country", "data_licence", "data_licence_url", "id", "language", "name_en", "name_es", "one_language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_person_rule") VALUES (OLD."about_en", OLD."about_es", OLD."closed_on", OLD."closing_note_en", OLD."closing_note_es", OLD."contact_email", OLD."country", OLD."data_licence", OLD."data_licence_url", OLD."id", OLD."language", OLD."name_en", OLD."name_es", OLD."one_language", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."two_person_rule"); RETURN NULL;', hash='32652329521fa6b05b1de5bd01c4a2814a6b9078', operation='DELETE', pgid='pgtrigger_delete_delete_95004', table='pledges_newsroom', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_observationevent" ("edition_id", "ends_on", "id", "imported_from_id", "indicator_id", "note_en", "note_es", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series", "source", "source_language", "starts_on", "url", "value") VALUES (NEW."edition_id", NEW."ends_on", NEW."id", NEW."imported_from_id", NEW."indicator_id", NEW."note_en", NEW."note_es", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."series", NEW."source", NEW."source_language", NEW."starts_on", NEW."url", NEW."value"); RETURN NULL;', hash='957055a78a6d4ee87f0da238a572748e85f3d6a1', operation='INSERT', pgid='pgtrigger_insert_insert_3eb96', table='pledges_observation', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pledges_observationevent" ("edition_id", "ends_on", "id", "imported_from_id", "indicator_id", "note_en", "note_es", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series", "source", "source_language", "starts_on", "url", "value") VALUES (NEW."edition_id", NEW."ends_on", NEW."id", NEW."imported_from_id", NEW."indicator_id", NEW."note_en", NEW."note_es", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."series", NEW."source", NEW."source_language", NEW."starts_on", NEW."url", NEW."value"); RETURN NULL;', hash='9fafe76f292cdca261a16b5bc31be68f24fe3452', operation='UPDATE', pgid='pgtrigger_update_update_5d6c4', table='pledges_observation', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_observationevent" ("edition_id", "ends_on", "id", "imported_from_id", "indicator_id", "note_en", "note_es", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series", "source", "source_language", "starts_on", "url", "value") VALUES (OLD."edition_id", OLD."ends_on", OLD."id", OLD."imported_from_id", OLD."indicator_id", OLD."note_en", OLD."note_es", OLD."period", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."series", OLD."source", OLD."source_language", OLD."starts_on", OLD."url", OLD."value"); RETURN NULL;', hash='616cbaa1c8b6c0bf4109c37e21316c4c7bb8c5d7', operation='DELETE', pgid='pgtrigger_delete_delete_daaf2', table='pledges_observation', when='AFTER')),
            ),
            AddConstraintNotValid(
                model_name='indicator',
                constraint=models.CheckConstraint(condition=models.Q(('name_en', ''), ('name_es', ''), _negated=True), name='indicator_name_in_one_language', violation_error_code='in_one_language', violation_error_message='Write it in at least one language.'),
            ),
            AddConstraintNotValid(
                model_name='indicator',
                constraint=models.CheckConstraint(condition=models.Q(('unit_en', ''), ('unit_es', ''), _negated=True), name='indicator_unit_in_one_language', violation_error_code='in_one_language', violation_error_message='Write it in at least one language.'),
            ),
            AddConstraintNotValid(
                model_name='institution',
                constraint=models.CheckConstraint(condition=models.Q(('name_en', ''), ('name_es', ''), _negated=True), name='institution_name_in_one_language', violation_error_code='in_one_language', violation_error_message='Write it in at least one language.'),
            ),
            AddConstraintNotValid(
                model_name='mandate',
                constraint=models.CheckConstraint(condition=models.Q(('office_en', ''), ('office_es', ''), _negated=True), name='mandate_office_in_one_language', violation_error_code='in_one_language', violation_error_message='Write it in at least one language.'),
            ),
            migrations.AddConstraint(
                model_name='newsroom',
                constraint=models.CheckConstraint(condition=models.Q(('language__in', ['', 'en', 'es'])), name='newsroom_language_is_known'),
            ),
            AddConstraintNotValid(
                model_name='newsroom',
                constraint=models.CheckConstraint(condition=models.Q(('name_en', ''), ('name_es', ''), _negated=True), name='newsroom_name_in_one_language', violation_error_code='in_one_language', violation_error_message='Write it in at least one language.'),
            ),
            migrations.AddConstraint(
                model_name='newsroom',
                constraint=models.CheckConstraint(condition=models.Q(('one_language', False), models.Q(('language', ''), _negated=True), _connector='OR'), name='newsroom_one_language_is_named', violation_error_message='Choose the main language: it is the one that is written.'),
            ),
            migrations.AddConstraint(
                model_name='observation',
                constraint=models.CheckConstraint(condition=models.Q(('source_language__in', ['', 'en', 'es'])), name='observation_source_language_is_known'),
            ),
            AddConstraintNotValid(
                model_name='series',
                constraint=models.CheckConstraint(condition=models.Q(('name_en', ''), ('name_es', ''), _negated=True), name='series_name_in_one_language', violation_error_code='in_one_language', violation_error_message='Write it in at least one language.'),
            ),
            AddConstraintNotValid(
                model_name='sourcedocument',
                constraint=models.CheckConstraint(condition=models.Q(('title_en', ''), ('title_es', ''), _negated=True), name='document_title_in_one_language', violation_error_code='in_one_language', violation_error_message='Write it in at least one language.'),
            ),
            AddConstraintNotValid(
                model_name='topic',
                constraint=models.CheckConstraint(condition=models.Q(('name_en', ''), ('name_es', ''), _negated=True), name='topic_name_in_one_language', violation_error_code='in_one_language', violation_error_message='Write it in at least one language.'),
            ),
        ]),
    ]
