"""Withdrawals of published updates, and corrections of a public pledge's address, mandate and day."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from pledges.migrations._render_once import RenderOnce


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('pledges', '0019_search_figures'),
    ]

    operations = [
        RenderOnce([
            migrations.CreateModel(
                name='PledgeCorrection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'Waiting for review'), ('published', 'Published')], default='draft', editable=False, max_length=10, verbose_name='state')),
                    ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted for review')),
                    ('review_note', models.TextField(blank=True, editable=False, help_text='What the reviewer asked for when it was sent back.', verbose_name='note from review')),
                    ('publish_at', models.DateTimeField(blank=True, editable=False, help_text='When it is published by itself, as somebody who may publish has decided.', null=True, verbose_name='goes out at')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last edited')),
                    ('slug', models.SlugField(help_text='The old address redirects to the new one for good, and no other pledge gets it.', max_length=80, verbose_name='address')),
                    ('made_on', models.DateField(help_text='The day it was said or published, not the day we entered it.', verbose_name='said on')),
                    ('made_on_precision', models.CharField(choices=[('day', 'on that day'), ('by', 'on or before that day')], max_length=10, verbose_name='how exact')),
                    ('was_slug', models.SlugField(editable=False, max_length=80, verbose_name='address before')),
                    ('was_made_on', models.DateField(editable=False, verbose_name='said on, before')),
                    ('was_made_on_precision', models.CharField(editable=False, max_length=10, verbose_name='how exact, before')),
                    ('note_en', models.TextField(blank=True, help_text='Shown in the corrections log beside the old and the new. One language is enough.', verbose_name='what was wrong (English)')),
                    ('note_es', models.TextField(blank=True, verbose_name='what was wrong (Spanish)')),
                    ('author', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='authored_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                    ('edited_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='edited_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                    ('edition', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='pledges.edition', verbose_name='edition')),
                    ('mandate', models.ForeignKey(help_text='The office in which the speaker made it.', on_delete=django.db.models.deletion.PROTECT, related_name='pledges_corrected_to', to='pledges.mandate', verbose_name='made in mandate')),
                    ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='pledges.pledge', verbose_name='pledge')),
                    ('published_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='published_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                    ('scheduled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scheduled_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='to be published by')),
                    ('was_mandate', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='pledges_corrected_from', to='pledges.mandate', verbose_name='mandate before')),
                ],
                options={
                    'verbose_name': 'correction of a pledge',
                    'verbose_name_plural': 'corrections of pledges',
                    'ordering': ['-updated_at'],
                    'permissions': [('publish_pledgecorrection', 'Can publish correction of a pledge')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('edition__isnull', False), ('published_by__isnull', False), ('state', 'published')), models.Q(models.Q(('state', 'published'), _negated=True), ('edition__isnull', True), ('published_by__isnull', True)), _connector='OR'), name='pledgecorrection_published_has_edition'), models.CheckConstraint(condition=models.Q(models.Q(('publish_at__isnull', False), ('scheduled_by__isnull', False), ('state', 'review')), models.Q(('publish_at__isnull', True), ('scheduled_by__isnull', True)), _connector='OR'), name='pledgecorrection_schedule_is_whole'), models.UniqueConstraint(condition=models.Q(('state', 'published'), _negated=True), fields=('pledge',), name='pledgecorrection_one_open_draft', violation_error_message='A correction of this pledge is being written already.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('made_on', models.F('was_made_on')), ('made_on_precision', models.F('was_made_on_precision')), ('mandate', models.F('was_mandate')), ('slug', models.F('was_slug')), _negated=True), _connector='OR'), name='pledgecorrection_changes_something', violation_error_message='Change the day, the mandate or the address: all are as they were.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('note_en', ''), _negated=True), models.Q(('note_es', ''), _negated=True), _connector='OR'), name='pledgecorrection_has_note', violation_error_message='Say what was wrong, in at least one language.')],
                },
            ),
            migrations.CreateModel(
                name='Withdrawal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'Waiting for review'), ('published', 'Published')], default='draft', editable=False, max_length=10, verbose_name='state')),
                    ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted for review')),
                    ('review_note', models.TextField(blank=True, editable=False, help_text='What the reviewer asked for when it was sent back.', verbose_name='note from review')),
                    ('publish_at', models.DateTimeField(blank=True, editable=False, help_text='When it is published by itself, as somebody who may publish has decided.', null=True, verbose_name='goes out at')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last edited')),
                    ('note_en', models.TextField(blank=True, help_text="Readers see this in the pledge's timeline and in the corrections log, beside the old text.", verbose_name='why it is withdrawn (English)')),
                    ('note_es', models.TextField(blank=True, verbose_name='why it is withdrawn (Spanish)')),
                    ('author', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='authored_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                    ('edited_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='edited_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                    ('edition', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='pledges.edition', verbose_name='edition')),
                    ('moved_to', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moved_by', to='pledges.update', verbose_name='moved to')),
                    ('pledge', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='pledges.pledge', verbose_name='pledge')),
                    ('published_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='published_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                    ('scheduled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scheduled_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='to be published by')),
                    ('update', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='pledges.update', verbose_name='update')),
                ],
                options={
                    'verbose_name': 'withdrawal',
                    'verbose_name_plural': 'withdrawals',
                    'ordering': ['-updated_at'],
                    'permissions': [('publish_withdrawal', 'Can publish withdrawal')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('edition__isnull', False), ('published_by__isnull', False), ('state', 'published')), models.Q(models.Q(('state', 'published'), _negated=True), ('edition__isnull', True), ('published_by__isnull', True)), _connector='OR'), name='withdrawal_published_has_edition'), models.CheckConstraint(condition=models.Q(models.Q(('publish_at__isnull', False), ('scheduled_by__isnull', False), ('state', 'review')), models.Q(('publish_at__isnull', True), ('scheduled_by__isnull', True)), _connector='OR'), name='withdrawal_schedule_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('note_en', ''), _negated=True), models.Q(('note_es', ''), _negated=True), _connector='OR'), name='withdrawal_has_note', violation_error_message='Say why the update is withdrawn.')],
                },
            ),
            migrations.CreateModel(
                name='PledgeCorrectionEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'Waiting for review'), ('published', 'Published')], default='draft', editable=False, max_length=10, verbose_name='state')),
                    ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted for review')),
                    ('review_note', models.TextField(blank=True, editable=False, help_text='What the reviewer asked for when it was sent back.', verbose_name='note from review')),
                    ('publish_at', models.DateTimeField(blank=True, editable=False, help_text='When it is published by itself, as somebody who may publish has decided.', null=True, verbose_name='goes out at')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last edited')),
                    ('slug', models.SlugField(db_index=False, help_text='The old address redirects to the new one for good, and no other pledge gets it.', max_length=80, verbose_name='address')),
                    ('made_on', models.DateField(help_text='The day it was said or published, not the day we entered it.', verbose_name='said on')),
                    ('made_on_precision', models.CharField(choices=[('day', 'on that day'), ('by', 'on or before that day')], max_length=10, verbose_name='how exact')),
                    ('was_slug', models.SlugField(db_index=False, editable=False, max_length=80, verbose_name='address before')),
                    ('was_made_on', models.DateField(editable=False, verbose_name='said on, before')),
                    ('was_made_on_precision', models.CharField(editable=False, max_length=10, verbose_name='how exact, before')),
                    ('note_en', models.TextField(blank=True, help_text='Shown in the corrections log beside the old and the new. One language is enough.', verbose_name='what was wrong (English)')),
                    ('note_es', models.TextField(blank=True, verbose_name='what was wrong (Spanish)')),
                    ('author', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                    ('edited_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                    ('edition', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.edition', verbose_name='edition')),
                    ('mandate', models.ForeignKey(db_constraint=False, help_text='The office in which the speaker made it.', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.mandate', verbose_name='made in mandate')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pledges.pledgecorrection')),
                    ('pledge', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge', verbose_name='pledge')),
                    ('published_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                    ('scheduled_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='to be published by')),
                    ('was_mandate', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.mandate', verbose_name='mandate before')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='WithdrawalEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'Waiting for review'), ('published', 'Published')], default='draft', editable=False, max_length=10, verbose_name='state')),
                    ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted for review')),
                    ('review_note', models.TextField(blank=True, editable=False, help_text='What the reviewer asked for when it was sent back.', verbose_name='note from review')),
                    ('publish_at', models.DateTimeField(blank=True, editable=False, help_text='When it is published by itself, as somebody who may publish has decided.', null=True, verbose_name='goes out at')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last edited')),
                    ('note_en', models.TextField(blank=True, help_text="Readers see this in the pledge's timeline and in the corrections log, beside the old text.", verbose_name='why it is withdrawn (English)')),
                    ('note_es', models.TextField(blank=True, verbose_name='why it is withdrawn (Spanish)')),
                    ('author', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                    ('edited_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                    ('edition', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.edition', verbose_name='edition')),
                    ('moved_to', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.update', verbose_name='moved to')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pledges.withdrawal')),
                    ('pledge', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge', verbose_name='pledge')),
                    ('published_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                    ('scheduled_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='to be published by')),
                    ('update', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.update', verbose_name='update')),
                ],
                options={
                    'abstract': False,
                },
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='comment',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='comment',
                name='delete_delete',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='contributor',
                name='contributor_is_kept',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='pledge',
                name='published_identity_is_final',
            ),
            migrations.RemoveConstraint(
                model_name='comment',
                name='comment_is_about_one_thing',
            ),
            migrations.RemoveConstraint(
                model_name='contributor',
                name='contributor_to_one_draft',
            ),
            migrations.AlterField(
                model_name='editionitem',
                name='action',
                field=models.CharField(choices=[('published', 'published'), ('corrected', 'corrected'), ('changed', 'changed'), ('retracted', 'retracted'), ('withdrawn', 'withdrawn')], max_length=10, verbose_name='act'),
            ),
            migrations.AlterField(
                model_name='pledge',
                name='slug',
                field=models.SlugField(help_text="Part of the page's address; once published, only a correction changes it.", max_length=80, unique=True, verbose_name='address'),
            ),
            migrations.AlterField(
                model_name='pledgeevent',
                name='slug',
                field=models.SlugField(db_index=False, help_text="Part of the page's address; once published, only a correction changes it.", max_length=80, verbose_name='address'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='comment',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_commentevent" ("author_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledgecorrection_id", "retraction_id", "text", "update_id", "withdrawal_id", "wording_id", "written_at") VALUES (NEW."author_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pledgecorrection_id", NEW."retraction_id", NEW."text", NEW."update_id", NEW."withdrawal_id", NEW."wording_id", NEW."written_at"); RETURN NULL;', hash='53bc5b41faedf999d22461a4c80b20502843a74a', operation='INSERT', pgid='pgtrigger_insert_insert_f5544', table='pledges_comment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='comment',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_commentevent" ("author_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledgecorrection_id", "retraction_id", "text", "update_id", "withdrawal_id", "wording_id", "written_at") VALUES (OLD."author_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pledgecorrection_id", OLD."retraction_id", OLD."text", OLD."update_id", OLD."withdrawal_id", OLD."wording_id", OLD."written_at"); RETURN NULL;', hash='2483639f9072a492ad001a84b35d56671f22e5ff', operation='DELETE', pgid='pgtrigger_delete_delete_8e569', table='pledges_comment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='contributor',
                trigger=pgtrigger.compiler.Trigger(name='contributor_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (SELECT 1 FROM pledges_update WHERE id = OLD.update_id)\n                       OR EXISTS (SELECT 1 FROM pledges_wording WHERE id = OLD.wording_id)\n                       OR EXISTS (SELECT 1 FROM pledges_retraction WHERE id = OLD.retraction_id)\n                       OR EXISTS (SELECT 1 FROM pledges_withdrawal WHERE id = OLD.withdrawal_id)\n                       OR EXISTS (SELECT 1 FROM pledges_pledgecorrection WHERE id = OLD.pledgecorrection_id) THEN\n                        RAISE EXCEPTION 'who put words into a draft is remembered as long as the draft is there'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'contributor_is_kept';\n                    END IF;\n                    RETURN OLD;\n                ", hash='961399a651f41f55e160f0ec5e675a1471f21980', operation='DELETE', pgid='pgtrigger_contributor_is_kept_afb67', table='pledges_contributor', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledge',
                trigger=pgtrigger.compiler.Trigger(name='published_identity_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT 1 FROM pledges_wording WHERE pledge_id = OLD.id AND state = 'published')\n               AND (TG_OP = 'DELETE' OR OLD.id <> NEW.id OR\n                    (OLD.slug, OLD.mandate_id, OLD.made_on, OLD.made_on_precision) IS DISTINCT FROM\n                    (NEW.slug, NEW.mandate_id, NEW.made_on, NEW.made_on_precision)\n                    AND NOT EXISTS (\n                        SELECT 1 FROM pledges_pledgecorrection\n                        WHERE pledge_id = OLD.id AND state = 'published'\n                          AND edition_id = (SELECT MAX(number) FROM pledges_edition)\n                          AND (was_slug, was_mandate_id, was_made_on, was_made_on_precision)\n                              = (OLD.slug, OLD.mandate_id, OLD.made_on, OLD.made_on_precision)\n                          AND (slug, mandate_id, made_on, made_on_precision)\n                              = (NEW.slug, NEW.mandate_id, NEW.made_on, NEW.made_on_precision)\n                    )) THEN\n                RAISE EXCEPTION 'a published pledge keeps its address, mandate and day, and is never deleted'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_identity_is_final';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='a93701f94801a55e568df891d5c746c8ee25dca8', operation='UPDATE OR DELETE', pgid='pgtrigger_published_identity_is_final_19543', table='pledges_pledge', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledge',
                trigger=pgtrigger.compiler.Trigger(name='address_is_its_own', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM pledges_pledgecorrection\n                WHERE was_slug = NEW.slug AND pledge_id <> NEW.id AND state = 'published'\n            ) THEN\n                RAISE EXCEPTION 'another pledge had this address: readers are sent on to it from there'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'address_was_of_another_pledge';\n            END IF;\n            RETURN NULL;\n        ", hash='65272018c820ae1111886f94b0d45a569c140a99', operation='INSERT OR UPDATE OF "slug"', pgid='pgtrigger_address_is_its_own_07784', table='pledges_pledge', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='update',
                trigger=pgtrigger.compiler.Trigger(name='not_against_a_withdrawal', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\n            IF EXISTS (\n                SELECT 1 FROM pledges_withdrawal WHERE update_id = NEW.corrects_id AND state = 'published'\n            ) THEN\n                RAISE EXCEPTION 'the update was withdrawn: it is not corrected any more'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'update_was_withdrawn';\n            END IF;\n            IF EXISTS (\n                SELECT 1 FROM pledges_withdrawal withdrawal\n                WHERE withdrawal.moved_to_id = NEW.id AND NOT EXISTS (\n                    SELECT 1 FROM pledges_editionitem item\n                    WHERE item.edition_id = NEW.edition_id AND item.kind = 'withdrawal'\n                      AND item.key = withdrawal.id::text\n                )\n            ) THEN\n                RAISE EXCEPTION 'a moved update is published in the edition that withdraws it at its old pledge'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_in_one_edition';\n            END IF;\n            RETURN NEW;\n        ", hash='2ba2920693dd1befebd06004f95563adabb2d5b7', operation='INSERT OR UPDATE', pgid='pgtrigger_not_against_a_withdrawal_7e717', table='pledges_update', when='BEFORE')),
            ),
            migrations.AddField(
                model_name='comment',
                name='pledgecorrection',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='pledges.pledgecorrection', verbose_name='correction of a pledge'),
            ),
            migrations.AddField(
                model_name='commentevent',
                name='pledgecorrection',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledgecorrection', verbose_name='correction of a pledge'),
            ),
            migrations.AddField(
                model_name='contributor',
                name='pledgecorrection',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='contributors', to='pledges.pledgecorrection', verbose_name='correction of a pledge'),
            ),
            migrations.AddField(
                model_name='comment',
                name='withdrawal',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='pledges.withdrawal', verbose_name='withdrawal'),
            ),
            migrations.AddField(
                model_name='commentevent',
                name='withdrawal',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.withdrawal', verbose_name='withdrawal'),
            ),
            migrations.AddField(
                model_name='contributor',
                name='withdrawal',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='contributors', to='pledges.withdrawal', verbose_name='withdrawal'),
            ),
            migrations.AddConstraint(
                model_name='comment',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('pledgecorrection__isnull', True), ('retraction__isnull', True), ('update__isnull', False), ('withdrawal__isnull', True), ('wording__isnull', True)), models.Q(('pledgecorrection__isnull', True), ('retraction__isnull', True), ('update__isnull', True), ('withdrawal__isnull', True), ('wording__isnull', False)), models.Q(('pledgecorrection__isnull', True), ('retraction__isnull', False), ('update__isnull', True), ('withdrawal__isnull', True), ('wording__isnull', True)), models.Q(('pledgecorrection__isnull', True), ('retraction__isnull', True), ('update__isnull', True), ('withdrawal__isnull', False), ('wording__isnull', True)), models.Q(('pledgecorrection__isnull', False), ('retraction__isnull', True), ('update__isnull', True), ('withdrawal__isnull', True), ('wording__isnull', True)), _connector='OR'), name='comment_is_about_one_thing'),
            ),
            migrations.AddConstraint(
                model_name='contributor',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('pledgecorrection__isnull', True), ('retraction__isnull', True), ('update__isnull', False), ('withdrawal__isnull', True), ('wording__isnull', True)), models.Q(('pledgecorrection__isnull', True), ('retraction__isnull', True), ('update__isnull', True), ('withdrawal__isnull', True), ('wording__isnull', False)), models.Q(('pledgecorrection__isnull', True), ('retraction__isnull', False), ('update__isnull', True), ('withdrawal__isnull', True), ('wording__isnull', True)), models.Q(('pledgecorrection__isnull', True), ('retraction__isnull', True), ('update__isnull', True), ('withdrawal__isnull', False), ('wording__isnull', True)), models.Q(('pledgecorrection__isnull', False), ('retraction__isnull', True), ('update__isnull', True), ('withdrawal__isnull', True), ('wording__isnull', True)), _connector='OR'), name='contributor_to_one_draft'),
            ),
            migrations.AddConstraint(
                model_name='contributor',
                constraint=models.UniqueConstraint(fields=('withdrawal', 'person'), name='contributor_once_withdrawal'),
            ),
            migrations.AddConstraint(
                model_name='contributor',
                constraint=models.UniqueConstraint(fields=('pledgecorrection', 'person'), name='contributor_once_pledgecorrection'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'published\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1d3e4cc326a6c506060063269d509d686bb32e40', operation='UPDATE OR DELETE', pgid='pgtrigger_published_is_final_00b24', table='pledges_pledgecorrection', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='published_by_the_rules', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\n    IF TG_OP = 'UPDATE' AND (NEW.author_id, NEW.edited_by_id) IS DISTINCT FROM (OLD.author_id, OLD.edited_by_id) THEN\n        RAISE EXCEPTION 'who wrote this does not change with its publication'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_keeps_author';\n    END IF;\n    IF (NEW.published_by_id IN (NEW.author_id, NEW.edited_by_id)\n        OR EXISTS (SELECT 1 FROM pledges_contributor WHERE pledgecorrection_id = NEW.id AND person_id = NEW.published_by_id))\n       AND COALESCE((SELECT two_person_rule FROM pledges_newsroom), TRUE) THEN\n        RAISE EXCEPTION 'two pairs of eyes: who wrote this does not publish it'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'two_person_rule';\n    END IF;\n\n    IF NOT EXISTS (SELECT 1 FROM pledges_wording WHERE pledge_id = NEW.pledge_id AND state = 'published') THEN\n        RAISE EXCEPTION 'only a published pledge is corrected'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_needs_published_pledge';\n    END IF;\n    IF NOT EXISTS (\n        SELECT 1 FROM pledges_pledge WHERE id = NEW.pledge_id\n        AND (slug, mandate_id, made_on, made_on_precision)\n            = (NEW.was_slug, NEW.was_mandate_id, NEW.was_made_on, NEW.was_made_on_precision)\n    ) THEN\n        RAISE EXCEPTION 'a correction says what the pledge said until now'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_says_what_was';\n    END IF;\n    IF NEW.mandate_id <> NEW.was_mandate_id AND EXISTS (\n        SELECT 1 FROM pledges_pledge_carried_into WHERE pledge_id = NEW.pledge_id AND mandate_id = NEW.mandate_id\n    ) THEN\n        RAISE EXCEPTION 'the pledge is carried into this mandate: it was not made in it as well'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_not_into_a_carried_mandate';\n    END IF;\n    IF (NEW.made_on, NEW.made_on_precision) IS DISTINCT FROM (NEW.was_made_on, NEW.was_made_on_precision) THEN\n        IF EXISTS (\n            SELECT 1 FROM pledges_wording wording WHERE wording.pledge_id = NEW.pledge_id AND state = 'published'\n            AND number = (\n                SELECT MAX(number) FROM pledges_wording WHERE pledge_id = NEW.pledge_id AND state = 'published'\n            )\n            AND (CASE deadline_precision WHEN 'year' THEN make_date(EXTRACT(YEAR FROM deadline)::int, 12, 31) WHEN 'month' THEN (date_trunc('month', deadline::timestamp) + INTERVAL '1 month - 1 day')::date ELSE deadline END) < NEW.made_on\n        ) THEN\n            RAISE EXCEPTION 'the deadline comes before the day on which the pledge was said'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'deadline_not_before_the_pledge';\n        END IF;\n        IF NEW.made_on_precision = 'day' AND EXISTS (\n            SELECT 1 FROM pledges_update said WHERE said.pledge_id = NEW.pledge_id AND state = 'published'\n            AND NOT EXISTS (SELECT 1 FROM pledges_update WHERE corrects_id = said.id AND state = 'published')\n            AND NOT EXISTS (SELECT 1 FROM pledges_withdrawal WHERE update_id = said.id AND state = 'published')\n            AND happened_precision <> 'approx'\n            AND (CASE happened_precision WHEN 'year' THEN make_date(EXTRACT(YEAR FROM happened_on)::int, 12, 31) WHEN 'month' THEN (date_trunc('month', happened_on::timestamp) + INTERVAL '1 month - 1 day')::date ELSE happened_on END) < NEW.made_on\n        ) THEN\n            RAISE EXCEPTION 'an update tells what came of a pledge: its day is before the pledge was said'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'update_not_before_the_pledge';\n        END IF;\n    END IF;\n\n    IF NOT EXISTS (\n        SELECT 1 FROM pledges_editionitem item JOIN pledges_edition edition ON edition.number = item.edition_id\n        WHERE item.kind = 'pledgecorrection' AND item.key = NEW.id::text AND edition.number = NEW.edition_id AND edition.published_by_id = NEW.published_by_id\n          AND edition.number = (SELECT MAX(number) FROM pledges_edition)\n    ) THEN\n        RAISE EXCEPTION 'what is published is named by the newest edition, and by its publisher'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_in_newest_edition';\n    END IF;\nRETURN NEW;", hash='1eb03116b7c6601db72fce765cac7be128978965', operation='INSERT OR UPDATE', pgid='pgtrigger_published_by_the_rules_10435', table='pledges_pledgecorrection', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='contributors_are_remembered', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                INSERT INTO pledges_contributor (pledgecorrection_id, person_id, since)\n                SELECT DISTINCT NEW.id, person, NOW() FROM unnest(ARRAY[NEW.author_id, NEW.edited_by_id]) AS person\n                WHERE person IS NOT NULL\n                ON CONFLICT DO NOTHING;\n                RETURN NULL;\n            ', hash='f62c1a0a841ad47d88512a0f992d1387025c9c2b', operation='INSERT OR UPDATE OF "author_id", "edited_by_id"', pgid='pgtrigger_contributors_are_remembered_df48b', table='pledges_pledgecorrection', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='contributors_go_with_the_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM pledges_contributor WHERE pledgecorrection_id = OLD.id; RETURN NULL;', hash='27f76bf1e7ea7046d5dad7f7bcf86054d3067956', operation='DELETE', pgid='pgtrigger_contributors_go_with_the_draft_28f18', table='pledges_pledgecorrection', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='keeps_its_number', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id"))', func="\n                RAISE EXCEPTION 'a draft keeps its number'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'keeps_its_number';\n            ", hash='b8f91455b13a5519499fce04d95c51ffd60134bb', operation='UPDATE OF "id"', pgid='pgtrigger_keeps_its_number_73722', table='pledges_pledgecorrection', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='not_of_a_retracted_pledge', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\n            IF EXISTS (\n                SELECT 1 FROM pledges_retraction WHERE pledge_id = NEW.pledge_id AND state = 'published'\n            ) THEN\n                RAISE EXCEPTION 'the pledge was retracted: nothing more is published of it'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_was_retracted';\n            END IF;\n            RETURN NEW;\n        ", hash='93d36ec4530adca4b7f7cc95fb55487687304dff', operation='INSERT OR UPDATE', pgid='pgtrigger_not_of_a_retracted_pledge_773bd', table='pledges_pledgecorrection', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='corrects_the_pledge', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func='\n    UPDATE pledges_pledge\n    SET slug = NEW.slug, mandate_id = NEW.mandate_id, made_on = NEW.made_on,\n        made_on_precision = NEW.made_on_precision, updated_at = NOW()\n    WHERE id = NEW.pledge_id;\n    RETURN NULL;\n', hash='516eeb61193dcba8ea2572628488a916114e0959', operation='INSERT OR UPDATE', pgid='pgtrigger_corrects_the_pledge_35ff4', table='pledges_pledgecorrection', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_pledgecorrectionevent" ("author_id", "created_at", "edited_by_id", "edition_id", "id", "made_on", "made_on_precision", "mandate_id", "note_en", "note_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "publish_at", "published_by_id", "review_note", "scheduled_by_id", "slug", "state", "submitted_at", "updated_at", "was_made_on", "was_made_on_precision", "was_mandate_id", "was_slug") VALUES (NEW."author_id", NEW."created_at", NEW."edited_by_id", NEW."edition_id", NEW."id", NEW."made_on", NEW."made_on_precision", NEW."mandate_id", NEW."note_en", NEW."note_es", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pledge_id", NEW."publish_at", NEW."published_by_id", NEW."review_note", NEW."scheduled_by_id", NEW."slug", NEW."state", NEW."submitted_at", NEW."updated_at", NEW."was_made_on", NEW."was_made_on_precision", NEW."was_mandate_id", NEW."was_slug"); RETURN NULL;', hash='1451aca9c5de59fe9a87edfb982593eb4f8144e1', operation='INSERT', pgid='pgtrigger_insert_insert_0848f', table='pledges_pledgecorrection', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pledges_pledgecorrectionevent" ("author_id", "created_at", "edited_by_id", "edition_id", "id", "made_on", "made_on_precision", "mandate_id", "note_en", "note_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "publish_at", "published_by_id", "review_note", "scheduled_by_id", "slug", "state", "submitted_at", "updated_at", "was_made_on", "was_made_on_precision", "was_mandate_id", "was_slug") VALUES (NEW."author_id", NEW."created_at", NEW."edited_by_id", NEW."edition_id", NEW."id", NEW."made_on", NEW."made_on_precision", NEW."mandate_id", NEW."note_en", NEW."note_es", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pledge_id", NEW."publish_at", NEW."published_by_id", NEW."review_note", NEW."scheduled_by_id", NEW."slug", NEW."state", NEW."submitted_at", NEW."updated_at", NEW."was_made_on", NEW."was_made_on_precision", NEW."was_mandate_id", NEW."was_slug"); RETURN NULL;', hash='5956a8819a0bd31ad7eee36264bda28a72f51bf4', operation='UPDATE', pgid='pgtrigger_update_update_43102', table='pledges_pledgecorrection', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledgecorrection',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_pledgecorrectionevent" ("author_id", "created_at", "edited_by_id", "edition_id", "id", "made_on", "made_on_precision", "mandate_id", "note_en", "note_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "publish_at", "published_by_id", "review_note", "scheduled_by_id", "slug", "state", "submitted_at", "updated_at", "was_made_on", "was_made_on_precision", "was_mandate_id", "was_slug") VALUES (OLD."author_id", OLD."created_at", OLD."edited_by_id", OLD."edition_id", OLD."id", OLD."made_on", OLD."made_on_precision", OLD."mandate_id", OLD."note_en", OLD."note_es", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pledge_id", OLD."publish_at", OLD."published_by_id", OLD."review_note", OLD."scheduled_by_id", OLD."slug", OLD."state", OLD."submitted_at", OLD."updated_at", OLD."was_made_on", OLD."was_made_on_precision", OLD."was_mandate_id", OLD."was_slug"); RETURN NULL;', hash='851a40052b53d8cc53ea6d32f85506695a7208bb', operation='DELETE', pgid='pgtrigger_delete_delete_78741', table='pledges_pledgecorrection', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'published\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d11a730a55dae78437a1f1e06f494542968842ad', operation='UPDATE OR DELETE', pgid='pgtrigger_published_is_final_64e6f', table='pledges_withdrawal', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='published_by_the_rules', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\n    IF TG_OP = 'UPDATE' AND (NEW.author_id, NEW.edited_by_id) IS DISTINCT FROM (OLD.author_id, OLD.edited_by_id) THEN\n        RAISE EXCEPTION 'who wrote this does not change with its publication'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_keeps_author';\n    END IF;\n    IF (NEW.published_by_id IN (NEW.author_id, NEW.edited_by_id)\n        OR EXISTS (SELECT 1 FROM pledges_contributor WHERE withdrawal_id = NEW.id AND person_id = NEW.published_by_id))\n       AND COALESCE((SELECT two_person_rule FROM pledges_newsroom), TRUE) THEN\n        RAISE EXCEPTION 'two pairs of eyes: who wrote this does not publish it'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'two_person_rule';\n    END IF;\n\n    IF NOT EXISTS (SELECT 1 FROM pledges_update WHERE id = NEW.update_id AND state = 'published') THEN\n        RAISE EXCEPTION 'only a published update can be withdrawn'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawal_of_a_published_update';\n    END IF;\n    IF EXISTS (SELECT 1 FROM pledges_update WHERE corrects_id = NEW.update_id AND state = 'published') THEN\n        RAISE EXCEPTION 'the update was corrected: its correction is what can be withdrawn'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawal_of_the_last_correction';\n    END IF;\n    IF NEW.moved_to_id IS NOT NULL AND NOT EXISTS (\n        SELECT 1 FROM pledges_update\n        WHERE id = NEW.moved_to_id AND state = 'published' AND edition_id = NEW.edition_id\n    ) THEN\n        RAISE EXCEPTION 'a moved update is published in the edition that withdraws it at its old pledge'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_in_one_edition';\n    END IF;\n\n    IF NOT EXISTS (\n        SELECT 1 FROM pledges_editionitem item JOIN pledges_edition edition ON edition.number = item.edition_id\n        WHERE item.kind = 'withdrawal' AND item.key = NEW.id::text AND edition.number = NEW.edition_id AND edition.published_by_id = NEW.published_by_id\n          AND edition.number = (SELECT MAX(number) FROM pledges_edition)\n    ) THEN\n        RAISE EXCEPTION 'what is published is named by the newest edition, and by its publisher'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_in_newest_edition';\n    END IF;\nRETURN NEW;", hash='95c9d2b89a2b6933943f5cf70077853c89a950f0', operation='INSERT OR UPDATE', pgid='pgtrigger_published_by_the_rules_664d5', table='pledges_withdrawal', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='contributors_are_remembered', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                INSERT INTO pledges_contributor (withdrawal_id, person_id, since)\n                SELECT DISTINCT NEW.id, person, NOW() FROM unnest(ARRAY[NEW.author_id, NEW.edited_by_id]) AS person\n                WHERE person IS NOT NULL\n                ON CONFLICT DO NOTHING;\n                RETURN NULL;\n            ', hash='8a27396634f42e4c24e0bf6429ea01aea25fbf30', operation='INSERT OR UPDATE OF "author_id", "edited_by_id"', pgid='pgtrigger_contributors_are_remembered_f38ec', table='pledges_withdrawal', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='contributors_go_with_the_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM pledges_contributor WHERE withdrawal_id = OLD.id; RETURN NULL;', hash='6c51f733f990006f7a709ad4a87eeb5a6e074200', operation='DELETE', pgid='pgtrigger_contributors_go_with_the_draft_fab2c', table='pledges_withdrawal', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='keeps_its_number', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id"))', func="\n                RAISE EXCEPTION 'a draft keeps its number'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'keeps_its_number';\n            ", hash='dff3fdf378fcac9db5790aa7b94ab776cb264793', operation='UPDATE OF "id"', pgid='pgtrigger_keeps_its_number_51eb0', table='pledges_withdrawal', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='not_of_a_retracted_pledge', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\n            IF EXISTS (\n                SELECT 1 FROM pledges_retraction WHERE pledge_id = NEW.pledge_id AND state = 'published'\n            ) THEN\n                RAISE EXCEPTION 'the pledge was retracted: nothing more is published of it'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_was_retracted';\n            END IF;\n            RETURN NEW;\n        ", hash='363c415360a7b1a0a4a55fa40e0635849078ac3e', operation='INSERT OR UPDATE', pgid='pgtrigger_not_of_a_retracted_pledge_d9286', table='pledges_withdrawal', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='withdrawal_fits_its_updates', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM pledges_update WHERE id = NEW.update_id AND pledge_id = NEW.pledge_id\n                    ) THEN\n                        RAISE EXCEPTION 'a withdrawal is of the pledge of its update'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawal_of_its_pledge';\n                    END IF;\n                    IF EXISTS (\n                        SELECT 1 FROM pledges_update\n                        WHERE id = NEW.moved_to_id AND (pledge_id = NEW.pledge_id OR corrects_id IS NOT NULL)\n                    ) THEN\n                        RAISE EXCEPTION 'an update moves to another pledge, as a new update there'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_to_another_pledge';\n                    END IF;\n                    RETURN NEW;\n                ", hash='4e7482b7710241c9001bc5376f1ad824a64b69f4', operation='INSERT OR UPDATE', pgid='pgtrigger_withdrawal_fits_its_updates_41195', table='pledges_withdrawal', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_withdrawalevent" ("author_id", "created_at", "edited_by_id", "edition_id", "id", "moved_to_id", "note_en", "note_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "publish_at", "published_by_id", "review_note", "scheduled_by_id", "state", "submitted_at", "update_id", "updated_at") VALUES (NEW."author_id", NEW."created_at", NEW."edited_by_id", NEW."edition_id", NEW."id", NEW."moved_to_id", NEW."note_en", NEW."note_es", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pledge_id", NEW."publish_at", NEW."published_by_id", NEW."review_note", NEW."scheduled_by_id", NEW."state", NEW."submitted_at", NEW."update_id", NEW."updated_at"); RETURN NULL;', hash='fe5eb28af9d42ce14df85afe4bbe18c5a8cf678a', operation='INSERT', pgid='pgtrigger_insert_insert_bc546', table='pledges_withdrawal', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pledges_withdrawalevent" ("author_id", "created_at", "edited_by_id", "edition_id", "id", "moved_to_id", "note_en", "note_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "publish_at", "published_by_id", "review_note", "scheduled_by_id", "state", "submitted_at", "update_id", "updated_at") VALUES (NEW."author_id", NEW."created_at", NEW."edited_by_id", NEW."edition_id", NEW."id", NEW."moved_to_id", NEW."note_en", NEW."note_es", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pledge_id", NEW."publish_at", NEW."published_by_id", NEW."review_note", NEW."scheduled_by_id", NEW."state", NEW."submitted_at", NEW."update_id", NEW."updated_at"); RETURN NULL;', hash='eafbd7edc7d97851f84e3024c2508b6b729911ff', operation='UPDATE', pgid='pgtrigger_update_update_42d0b', table='pledges_withdrawal', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='withdrawal',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_withdrawalevent" ("author_id", "created_at", "edited_by_id", "edition_id", "id", "moved_to_id", "note_en", "note_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "publish_at", "published_by_id", "review_note", "scheduled_by_id", "state", "submitted_at", "update_id", "updated_at") VALUES (OLD."author_id", OLD."created_at", OLD."edited_by_id", OLD."edition_id", OLD."id", OLD."moved_to_id", OLD."note_en", OLD."note_es", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pledge_id", OLD."publish_at", OLD."published_by_id", OLD."review_note", OLD."scheduled_by_id", OLD."state", OLD."submitted_at", OLD."update_id", OLD."updated_at"); RETURN NULL;', hash='000d778aad12b25d2b8ee80d3d959bd3c3320900', operation='DELETE', pgid='pgtrigger_delete_delete_1a3c1', table='pledges_withdrawal', when='AFTER')),
            ),
        ]),
        migrations.RunSQL(  # as of every table of events: the record reads the newest
            [
                'CREATE INDEX record_withdrawal ON pledges_withdrawalevent (pgh_created_at DESC, pgh_id DESC)',
                'CREATE INDEX record_pledgecorrection ON pledges_pledgecorrectionevent (pgh_created_at DESC, pgh_id DESC)',
            ],
            ['DROP INDEX record_withdrawal', 'DROP INDEX record_pledgecorrection'],
        ),
    ]
