"""Days that can be true, countries that there are, languages that we have; revisions of articles; who wrote in a draft;
captures in doubt; look-ups of an address in the inbox; what was left out of a source's file.

Rows that break the new rules stay as they are where they are public, and so sealed by an edition: the constraints hold
for what is written from now on. What strangers gave as an article's time is mended.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from pledges.migrations._render_once import RenderOnce


# The history of leads had another table name once, and what belongs to it kept that in an upgraded database.
OLD_TABLE = 'pledges_leadstatedismissre'
NAMED_FOR_THE_OLD_TABLE = [
    f'ALTER INDEX IF EXISTS {OLD_TABLE}_decided_by_id_53791be5 RENAME TO pledges_leadevent_decided_by_id_c51da4ea',
    f'ALTER INDEX IF EXISTS {OLD_TABLE}_pgh_context_id_c46082c5 RENAME TO pledges_leadevent_pgh_context_id_0dbcf83f',
    f'ALTER INDEX IF EXISTS {OLD_TABLE}_pgh_obj_id_1ee476a2 RENAME TO pledges_leadevent_pgh_obj_id_23f41fea',
    f'ALTER INDEX IF EXISTS {OLD_TABLE}_update_id_a0a58436 RENAME TO pledges_leadevent_update_id_925cb4cd',
    f'ALTER INDEX IF EXISTS {OLD_TABLE}asondismissnotesnoozeduntildecid_pkey RENAME TO pledges_leadevent_pkey',
    f'ALTER SEQUENCE IF EXISTS {OLD_TABLE}asondismissnotesnoozedunti_pgh_id_seq RENAME TO pledges_leadevent_pgh_id_seq',
    f"""
    DO $$ DECLARE former RECORD; BEGIN
        FOR former IN
            SELECT conname, attname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE conrelid = 'pledges_leadevent'::regclass AND contype = 'n' AND starts_with(conname, '{OLD_TABLE}')
        LOOP
            EXECUTE format('ALTER TABLE pledges_leadevent RENAME CONSTRAINT %I TO %I',
                           former.conname, 'pledges_leadevent_' || former.attname || '_not_null');
        END LOOP;
    END $$
    """,
]

# Who wrote in what is there already: its author and editors, as the rows and their history name them, and whoever made
# a request that changed its words or its evidence.
BOOKKEEPING = [
    *('pgh_id', 'pgh_label', 'pgh_created_at', 'pgh_context_id', 'created_at', 'updated_at', 'author_id'),
    *('edited_by_id', 'state', 'submitted_at', 'review_note', 'publish_at', 'scheduled_by_id', 'published_by_id'),
    *('edition_id', 'capture_id'),
]
CHANGED_WORDS = """
    SELECT item, (metadata->>'user')::bigint, at FROM (
        SELECT item, metadata, at, words, LAG(words) OVER (PARTITION BY row ORDER BY pgh_id) AS before, label
        FROM (
            SELECT event.{item} AS item, event.pgh_obj_id AS row, event.pgh_id, event.pgh_label AS label,
                   event.pgh_created_at AS at, context.metadata, to_jsonb(event) - '{{{bookkeeping}}}'::text[] AS words
            FROM {table} event LEFT JOIN pghistory_context context ON context.id = event.pgh_context_id
        ) AS events
    ) AS changes
    WHERE (words IS DISTINCT FROM before OR label = 'delete') AND metadata->>'user' ~ '^[0-9]{{1,18}}$'
"""
FILL = """
    INSERT INTO pledges_contributor ({kind}_id, person_id, since)
    SELECT item.id, person.id, MIN(told.at)
    FROM (
        SELECT id AS item, author_id AS person, created_at AS at FROM pledges_{kind}
        UNION ALL SELECT id, edited_by_id, updated_at FROM pledges_{kind}
        UNION ALL SELECT pgh_obj_id, author_id, pgh_created_at FROM pledges_{kind}event
        UNION ALL SELECT pgh_obj_id, edited_by_id, pgh_created_at FROM pledges_{kind}event
        UNION ALL {changed}
    ) AS told
    JOIN pledges_{kind} item ON item.id = told.item
    JOIN pledges_user person ON person.id = told.person
    GROUP BY item.id, person.id
    ON CONFLICT DO NOTHING
"""


def fill(kind, **also):
    tables = {f'pledges_{kind}event': 'pgh_obj_id', **also}
    changed = [
        CHANGED_WORDS.format(table=table, item=item, bookkeeping=','.join(BOOKKEEPING))
        for table, item in tables.items()
    ]
    return FILL.format(kind=kind, changed=' UNION ALL '.join(changed))


class Migration(migrations.Migration):

    dependencies = [
        ("pledges", "0002_squashed_0014"),
    ]

    operations = [
        migrations.RunSQL(NAMED_FOR_THE_OLD_TABLE),
        migrations.RunSQL(
            """
            UPDATE pledges_article SET published_at = NULL
            WHERE NOT published_at BETWEEN '1989-12-31 00:00+00' AND found_at + INTERVAL '2 days';
            UPDATE pledges_story story SET opened_at = LEAST(CURRENT_TIMESTAMP, (
                SELECT MIN(found_at) FROM pledges_article WHERE story_id = story.id
            ))
            WHERE NOT opened_at BETWEEN '1989-12-31 00:00+00' AND CURRENT_TIMESTAMP + INTERVAL '2 days';
            """,
            migrations.RunSQL.noop,
        ),
        RenderOnce([
            migrations.CreateModel(
                name='Revision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('found_at', models.DateTimeField(verbose_name='found')),
                    ('title_before', models.CharField(max_length=500, verbose_name='title before')),
                    ('title', models.CharField(max_length=500, verbose_name='title')),
                    ('summary_before', models.TextField(blank=True, verbose_name='summary before')),
                    ('summary', models.TextField(blank=True, verbose_name='summary')),
                    ('text_before', models.TextField(blank=True, verbose_name='text before')),
                    ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='pledges.article', verbose_name='article')),
                ],
                options={
                    'verbose_name': 'revision of an article',
                    'verbose_name_plural': 'revisions of articles',
                    'ordering': ['article', 'found_at', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title', models.F('title_before')), _negated=True), models.Q(('summary', models.F('summary_before')), _negated=True), _connector='OR'), name='revision_changes_something')],
                },
            ),
            migrations.CreateModel(
                name='Contributor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='since')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('retraction', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='contributors', to='pledges.retraction', verbose_name='retraction')),
                    ('update', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='contributors', to='pledges.update', verbose_name='update')),
                    ('wording', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='contributors', to='pledges.wording', verbose_name='wording')),
                ],
                options={
                    'verbose_name': 'contributor',
                    'verbose_name_plural': 'contributors',
                    'ordering': ['since', 'id'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('retraction__isnull', True), ('update__isnull', False), ('wording__isnull', True)), models.Q(('retraction__isnull', True), ('update__isnull', True), ('wording__isnull', False)), models.Q(('retraction__isnull', False), ('update__isnull', True), ('wording__isnull', True)), _connector='OR'), name='contributor_to_one_draft'),
                        models.UniqueConstraint(fields=('update', 'person'), name='contributor_once_update'),
                        models.UniqueConstraint(fields=('wording', 'person'), name='contributor_once_wording'),
                        models.UniqueConstraint(fields=('retraction', 'person'), name='contributor_once_retraction'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='AddressLookup',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('address', models.CharField(max_length=1000)),
                    ('asked_at', models.DateTimeField(db_index=True)),
                    ('claimed_until', models.DateTimeField(null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('progress', models.TextField(blank=True)),
                    ('found', models.JSONField(null=True)),
                    ('done_at', models.DateTimeField(null=True)),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pledge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='pledges.pledge')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('found__isnull', True)), models.Q(('claimed_until__isnull', True), ('done_at__isnull', False), ('found__isnull', False)), _connector='OR'), name='lookup_done_says_what')],
                },
            ),
            migrations.AddField(
                model_name='article',
                name='times_changed',
                field=models.PositiveSmallIntegerField(default=0, editable=False, help_text='How often its source has said something else of it since it was found.', verbose_name='times changed'),
            ),
            migrations.AddField(
                model_name='source',
                name='left_out',
                field=models.TextField(blank=True, editable=False, help_text='Of the last answer: items that could not be stored, and why.', verbose_name='left out'),
            ),
            migrations.AlterField(
                model_name='source',
                name='note_en',
                field=models.TextField(blank=True, help_text='For the desk only: readers do not see it. For instance why it is not watched.', verbose_name='note (English)'),
            ),
            migrations.AlterField(
                model_name='sourceevent',
                name='note_en',
                field=models.TextField(blank=True, help_text='For the desk only: readers do not see it. For instance why it is not watched.', verbose_name='note (English)'),
            ),
            migrations.AddField(
                model_name="snapshot",
                name="in_doubt",
                field=models.BooleanField(
                    default=False,
                    help_text="Most of the page was absent at once: it is no news until the next look.",
                    verbose_name="in doubt",
                ),
            ),
            migrations.AddField(
                model_name="source",
                name="notice",
                field=models.TextField(blank=True, editable=False, verbose_name="left out of the file"),
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='update',
                name='not_in_the_future',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='retraction',
                name='published_by_the_rules',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='update',
                name='published_by_the_rules',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='wording',
                name='published_by_the_rules',
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='article',
                trigger=pgtrigger.compiler.Trigger(name='implausible_time_is_none', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT NEW.published_at BETWEEN '1989-12-31 00:00+00' AND CURRENT_TIMESTAMP + INTERVAL '2 days' THEN\n                        NEW.published_at := NULL;\n                    END IF;\n                    RETURN NEW;\n                ", hash='fadd688bca73913f88130b8d7abfec36d6aba214', operation='INSERT OR UPDATE OF "published_at"', pgid='pgtrigger_implausible_time_is_none_fda45', table='pledges_article', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='evidence',
                trigger=pgtrigger.compiler.Trigger(name='not_in_the_future', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.published_on > CURRENT_DATE + 2 THEN\n                RAISE EXCEPTION 'evidence has appeared: its day is in the future'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_not_in_the_future';\n            END IF;\n            RETURN NEW;\n        ", hash='7d932f1d854ce4340db90fd05195f447429c5916', operation='INSERT OR UPDATE OF "published_on"', pgid='pgtrigger_not_in_the_future_bfaf4', table='pledges_evidence', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pledge',
                trigger=pgtrigger.compiler.Trigger(name='day_can_be_true', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE document_day DATE;', func="\n            IF NEW.made_on > CURRENT_DATE + 1 THEN\n                \n    RAISE EXCEPTION 'a pledge was said: its day is in the future'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_not_in_the_future';\n\n            END IF;\n            SELECT published_on INTO document_day FROM pledges_sourcedocument\n            WHERE id = NEW.source_document_id FOR SHARE;\n            IF document_day < NEW.made_on THEN\n                \n    RAISE EXCEPTION 'the source document is older than the day on which the pledge was said'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_not_after_its_document';\n\n            END IF;\n            RETURN NEW;\n        ", hash='4679163be5a2a62d41eaaf42cff337aebc268f46', operation='INSERT OR UPDATE OF "made_on", "source_document_id"', pgid='pgtrigger_day_can_be_true_0cbab', table='pledges_pledge', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='sourcedocument',
                trigger=pgtrigger.compiler.Trigger(name='day_can_be_true', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.published_on > CURRENT_DATE + 2 THEN\n                RAISE EXCEPTION 'a document has appeared: its day is in the future'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'document_not_in_the_future';\n            END IF;\n            IF EXISTS (\n                SELECT 1 FROM pledges_pledge WHERE source_document_id = NEW.id AND made_on > NEW.published_on\n            ) THEN\n                RAISE EXCEPTION 'a pledge of this document was said after the day of the document'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'document_not_before_its_pledges';\n            END IF;\n            RETURN NEW;\n        ", hash='fd3c577491a8ee93fd6aef7760f9e656abfb6c6d', operation='INSERT OR UPDATE OF "published_on"', pgid='pgtrigger_day_can_be_true_24b6b', table='pledges_sourcedocument', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='update',
                trigger=pgtrigger.compiler.Trigger(name='not_in_the_future', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\n            IF NEW.happened_on > CURRENT_DATE + 1 THEN\n                RAISE EXCEPTION 'an update tells what has happened: its day is in the future'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'update_not_in_the_future';\n            END IF;\n            IF NEW.happened_precision <> 'approx' AND EXISTS (\n                SELECT 1 FROM pledges_pledge WHERE id = NEW.pledge_id AND made_on_precision = 'day'\n                AND made_on > (CASE NEW.happened_precision WHEN 'year' THEN make_date(EXTRACT(YEAR FROM NEW.happened_on)::int, 12, 31) WHEN 'month' THEN (date_trunc('month', NEW.happened_on::timestamp) + INTERVAL '1 month - 1 day')::date ELSE NEW.happened_on END)\n            ) THEN\n                RAISE EXCEPTION 'an update tells what came of a pledge: its day is before the pledge was said'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'update_not_before_the_pledge';\n            END IF;\n            RETURN NEW;\n        ", hash='0fb75b618938bb2360e0bf9e53addecc994fd7b2', operation='INSERT OR UPDATE', pgid='pgtrigger_not_in_the_future_79b85', table='pledges_update', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='wording',
                trigger=pgtrigger.compiler.Trigger(name='days_can_be_true', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE pledge RECORD;', func="\n            SELECT made.made_on, document.published_on INTO pledge\n            FROM pledges_pledge made JOIN pledges_sourcedocument document ON document.id = source_document_id\n            WHERE made.id = NEW.pledge_id;\n            IF (CASE NEW.deadline_precision WHEN 'year' THEN make_date(EXTRACT(YEAR FROM NEW.deadline)::int, 12, 31) WHEN 'month' THEN (date_trunc('month', NEW.deadline::timestamp) + INTERVAL '1 month - 1 day')::date ELSE NEW.deadline END) < pledge.made_on THEN\n                RAISE EXCEPTION 'the deadline comes before the day on which the pledge was said'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'deadline_not_before_the_pledge';\n            END IF;\n            IF NEW.state = 'published' AND NEW.number = 1 THEN\n                IF pledge.made_on > CURRENT_DATE + 1 THEN\n                    \n    RAISE EXCEPTION 'a pledge was said: its day is in the future'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_not_in_the_future';\n\n                END IF;\n                IF pledge.published_on < pledge.made_on THEN\n                    \n    RAISE EXCEPTION 'the source document is older than the day on which the pledge was said'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_not_after_its_document';\n\n                END IF;\n            END IF;\n            RETURN NEW;\n        ", hash='4813997b469ea988eb7f4ee95f81279377783563', operation='INSERT OR UPDATE OF "deadline", "deadline_precision", "pledge_id", "state"', pgid='pgtrigger_days_can_be_true_2b560', table='pledges_wording', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='revision',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a466a6278ab80a4e2f0f65a93f5d777387298f54', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_75f38', table='pledges_revision', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='retraction',
                trigger=pgtrigger.compiler.Trigger(name='published_by_the_rules', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\n    IF TG_OP = 'UPDATE' AND (NEW.author_id, NEW.edited_by_id) IS DISTINCT FROM (OLD.author_id, OLD.edited_by_id) THEN\n        RAISE EXCEPTION 'who wrote this does not change with its publication'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_keeps_author';\n    END IF;\n    IF (NEW.published_by_id IN (NEW.author_id, NEW.edited_by_id)\n        OR EXISTS (SELECT 1 FROM pledges_contributor WHERE retraction_id = NEW.id AND person_id = NEW.published_by_id))\n       AND COALESCE((SELECT two_person_rule FROM pledges_newsroom), TRUE) THEN\n        RAISE EXCEPTION 'two pairs of eyes: who wrote this does not publish it'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'two_person_rule';\n    END IF;\n\n    IF NOT EXISTS (SELECT 1 FROM pledges_wording WHERE pledge_id = NEW.pledge_id AND state = 'published') THEN\n        RAISE EXCEPTION 'only a published pledge can be retracted'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'retraction_needs_published_pledge';\n    END IF;\n\n    IF NOT EXISTS (\n        SELECT 1 FROM pledges_editionitem item JOIN pledges_edition edition ON edition.number = item.edition_id\n        WHERE item.kind = 'retraction' AND item.key = NEW.id::text AND edition.number = NEW.edition_id AND edition.published_by_id = NEW.published_by_id\n          AND edition.number = (SELECT MAX(number) FROM pledges_edition)\n    ) THEN\n        RAISE EXCEPTION 'what is published is named by the newest edition, and by its publisher'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_in_newest_edition';\n    END IF;\nRETURN NEW;", hash='de8ea65e5c27b77e22398d30a544dac9f362721c', operation='INSERT OR UPDATE', pgid='pgtrigger_published_by_the_rules_25296', table='pledges_retraction', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='retraction',
                trigger=pgtrigger.compiler.Trigger(name='contributors_are_remembered', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                INSERT INTO pledges_contributor (retraction_id, person_id, since)\n                SELECT DISTINCT NEW.id, person, NOW() FROM unnest(ARRAY[NEW.author_id, NEW.edited_by_id]) AS person\n                WHERE person IS NOT NULL\n                ON CONFLICT DO NOTHING;\n                RETURN NULL;\n            ', hash='e1c7bf76bbe81e4d80eaac48eb2d6bf3b01af998', operation='INSERT OR UPDATE OF "author_id", "edited_by_id"', pgid='pgtrigger_contributors_are_remembered_f23d1', table='pledges_retraction', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='retraction',
                trigger=pgtrigger.compiler.Trigger(name='contributors_go_with_the_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM pledges_contributor WHERE retraction_id = OLD.id; RETURN NULL;', hash='b69bb84309502e8a7f9b7b3048106f89e59d9c0f', operation='DELETE', pgid='pgtrigger_contributors_go_with_the_draft_f3e88', table='pledges_retraction', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='update',
                trigger=pgtrigger.compiler.Trigger(name='published_by_the_rules', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\n    IF TG_OP = 'UPDATE' AND (NEW.author_id, NEW.edited_by_id) IS DISTINCT FROM (OLD.author_id, OLD.edited_by_id) THEN\n        RAISE EXCEPTION 'who wrote this does not change with its publication'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_keeps_author';\n    END IF;\n    IF (NEW.published_by_id IN (NEW.author_id, NEW.edited_by_id)\n        OR EXISTS (SELECT 1 FROM pledges_contributor WHERE update_id = NEW.id AND person_id = NEW.published_by_id))\n       AND COALESCE((SELECT two_person_rule FROM pledges_newsroom), TRUE) THEN\n        RAISE EXCEPTION 'two pairs of eyes: who wrote this does not publish it'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'two_person_rule';\n    END IF;\n\n    IF NOT EXISTS (SELECT 1 FROM pledges_evidence WHERE update_id = NEW.id) THEN\n        RAISE EXCEPTION 'an update cannot be published without evidence'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'update_needs_evidence';\n    END IF;\n    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (\n        SELECT 1 FROM pledges_update WHERE id = NEW.corrects_id AND state = 'published' AND pledge_id = NEW.pledge_id\n    ) THEN\n        RAISE EXCEPTION 'a correction corrects a published update of the same pledge'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'update_corrects_published';\n    END IF;\n    IF NOT EXISTS (SELECT 1 FROM pledges_wording WHERE pledge_id = NEW.pledge_id AND state = 'published') THEN\n        RAISE EXCEPTION 'the pledge itself is not published: its criteria come before its rating'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'update_needs_published_pledge';\n    END IF;\n\n    IF NOT EXISTS (\n        SELECT 1 FROM pledges_editionitem item JOIN pledges_edition edition ON edition.number = item.edition_id\n        WHERE item.kind = 'update' AND item.key = NEW.id::text AND edition.number = NEW.edition_id AND edition.published_by_id = NEW.published_by_id\n          AND edition.number = (SELECT MAX(number) FROM pledges_edition)\n    ) THEN\n        RAISE EXCEPTION 'what is published is named by the newest edition, and by its publisher'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_in_newest_edition';\n    END IF;\nRETURN NEW;", hash='2cb5208ced4b5d1ad656d8c49f02a13327cce4c3', operation='INSERT OR UPDATE', pgid='pgtrigger_published_by_the_rules_3b2ec', table='pledges_update', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='update',
                trigger=pgtrigger.compiler.Trigger(name='contributors_are_remembered', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                INSERT INTO pledges_contributor (update_id, person_id, since)\n                SELECT DISTINCT NEW.id, person, NOW() FROM unnest(ARRAY[NEW.author_id, NEW.edited_by_id]) AS person\n                WHERE person IS NOT NULL\n                ON CONFLICT DO NOTHING;\n                RETURN NULL;\n            ', hash='f3b92553ce3225142e8640cef174ae12ac1417fe', operation='INSERT OR UPDATE OF "author_id", "edited_by_id"', pgid='pgtrigger_contributors_are_remembered_6c49c', table='pledges_update', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='update',
                trigger=pgtrigger.compiler.Trigger(name='contributors_go_with_the_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM pledges_contributor WHERE update_id = OLD.id; RETURN NULL;', hash='ecb9fe4831937a89e073fabd8a37e05bfdb38b28', operation='DELETE', pgid='pgtrigger_contributors_go_with_the_draft_88b06', table='pledges_update', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='wording',
                trigger=pgtrigger.compiler.Trigger(name='published_by_the_rules', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\n    IF TG_OP = 'UPDATE' AND (NEW.author_id, NEW.edited_by_id) IS DISTINCT FROM (OLD.author_id, OLD.edited_by_id) THEN\n        RAISE EXCEPTION 'who wrote this does not change with its publication'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_keeps_author';\n    END IF;\n    IF (NEW.published_by_id IN (NEW.author_id, NEW.edited_by_id)\n        OR EXISTS (SELECT 1 FROM pledges_contributor WHERE wording_id = NEW.id AND person_id = NEW.published_by_id))\n       AND COALESCE((SELECT two_person_rule FROM pledges_newsroom), TRUE) THEN\n        RAISE EXCEPTION 'two pairs of eyes: who wrote this does not publish it'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'two_person_rule';\n    END IF;\n\n    IF NOT EXISTS (\n        SELECT 1 FROM pledges_editionitem item JOIN pledges_edition edition ON edition.number = item.edition_id\n        WHERE item.kind = 'wording' AND item.key = NEW.id::text AND edition.number = NEW.edition_id AND edition.published_by_id = NEW.published_by_id\n          AND edition.number = (SELECT MAX(number) FROM pledges_edition)\n    ) THEN\n        RAISE EXCEPTION 'what is published is named by the newest edition, and by its publisher'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_in_newest_edition';\n    END IF;\nRETURN NEW;", hash='f3e0e5969e3a7505045d2f2060bbb7b40c050d92', operation='INSERT OR UPDATE', pgid='pgtrigger_published_by_the_rules_b3093', table='pledges_wording', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='wording',
                trigger=pgtrigger.compiler.Trigger(name='contributors_are_remembered', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                INSERT INTO pledges_contributor (wording_id, person_id, since)\n                SELECT DISTINCT NEW.id, person, NOW() FROM unnest(ARRAY[NEW.author_id, NEW.edited_by_id]) AS person\n                WHERE person IS NOT NULL\n                ON CONFLICT DO NOTHING;\n                RETURN NULL;\n            ', hash='2348e59c9a4fe481200769181f741cc5dbc119d4', operation='INSERT OR UPDATE OF "author_id", "edited_by_id"', pgid='pgtrigger_contributors_are_remembered_eb4c9', table='pledges_wording', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='wording',
                trigger=pgtrigger.compiler.Trigger(name='contributors_go_with_the_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM pledges_contributor WHERE wording_id = OLD.id; RETURN NULL;', hash='8b7af4b3de6a306308b92a95860519a9014eef78', operation='DELETE', pgid='pgtrigger_contributors_go_with_the_draft_c79f8', table='pledges_wording', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='contributor',
                trigger=pgtrigger.compiler.Trigger(name='contributor_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='60262467835940832ab0afbfa4746624591f0432', operation='UPDATE', pgid='pgtrigger_contributor_is_final_83d91', table='pledges_contributor', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='contributor',
                trigger=pgtrigger.compiler.Trigger(name='contributor_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (SELECT 1 FROM pledges_update WHERE id = OLD.update_id)\n                       OR EXISTS (SELECT 1 FROM pledges_wording WHERE id = OLD.wording_id)\n                       OR EXISTS (SELECT 1 FROM pledges_retraction WHERE id = OLD.retraction_id) THEN\n                        RAISE EXCEPTION 'who put words into a draft is remembered as long as the draft is there'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'contributor_is_kept';\n                    END IF;\n                    RETURN OLD;\n                ", hash='8a1c1d4d9140b1ea9c8cb7c033cd2c8bccd3ea39', operation='DELETE', pgid='pgtrigger_contributor_is_kept_afb67', table='pledges_contributor', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='retraction',
                trigger=pgtrigger.compiler.Trigger(name='keeps_its_number', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id"))', func="\n                RAISE EXCEPTION 'a draft keeps its number'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'keeps_its_number';\n            ", hash='cf25d5fe2d6eb5587735bf528185699f27fccc48', operation='UPDATE OF "id"', pgid='pgtrigger_keeps_its_number_5c5e7', table='pledges_retraction', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='update',
                trigger=pgtrigger.compiler.Trigger(name='keeps_its_number', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id"))', func="\n                RAISE EXCEPTION 'a draft keeps its number'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'keeps_its_number';\n            ", hash='9d5748d0ac86644a1fc08a4eb6bab8f4329b069b', operation='UPDATE OF "id"', pgid='pgtrigger_keeps_its_number_e2047', table='pledges_update', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='wording',
                trigger=pgtrigger.compiler.Trigger(name='keeps_its_number', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id"))', func="\n                RAISE EXCEPTION 'a draft keeps its number'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'keeps_its_number';\n            ", hash='b1a34bd843034f19abbf4ef3773c7aa2511ec39a', operation='UPDATE OF "id"', pgid='pgtrigger_keeps_its_number_30ae8', table='pledges_wording', when='BEFORE')),
            ),
            AddConstraintNotValid(
                model_name='article',
                constraint=models.CheckConstraint(condition=models.Q(('language__in', ['', 'en', 'es'])), name='article_language_is_known'),
            ),
            AddConstraintNotValid(
                model_name='evidence',
                constraint=models.CheckConstraint(condition=models.Q(('language__in', ['', 'en', 'es'])), name='evidence_language_is_known'),
            ),
            AddConstraintNotValid(
                model_name='intake',
                constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es'])), name='intake_language_is_known'),
            ),
            AddConstraintNotValid(
                model_name='mandate',
                constraint=models.CheckConstraint(condition=django.db.models.lookups.In(django.db.models.functions.text.Upper('country'), ['AD', 'AE', 'AF', 'AG', 'AI', 'AL', 'AM', 'AO', 'AQ', 'AR', 'AS', 'AT', 'AU', 'AW', 'AX', 'AZ', 'BA', 'BB', 'BD', 'BE', 'BF', 'BG', 'BH', 'BI', 'BJ', 'BL', 'BM', 'BN', 'BO', 'BQ', 'BR', 'BS', 'BT', 'BV', 'BW', 'BY', 'BZ', 'CA', 'CC', 'CD', 'CF', 'CG', 'CH', 'CI', 'CK', 'CL', 'CM', 'CN', 'CO', 'CR', 'CU', 'CV', 'CW', 'CX', 'CY', 'CZ', 'DE', 'DJ', 'DK', 'DM', 'DO', 'DZ', 'EC', 'EE', 'EG', 'EH', 'ER', 'ES', 'ET', 'FI', 'FJ', 'FK', 'FM', 'FO', 'FR', 'GA', 'GB', 'GD', 'GE', 'GF', 'GG', 'GH', 'GI', 'GL', 'GM', 'GN', 'GP', 'GQ', 'GR', 'GS', 'GT', 'GU', 'GW', 'GY', 'HK', 'HM', 'HN', 'HR', 'HT', 'HU', 'ID', 'IE', 'IL', 'IM', 'IN', 'IO', 'IQ', 'IR', 'IS', 'IT', 'JE', 'JM', 'JO', 'JP', 'KE', 'KG', 'KH', 'KI', 'KM', 'KN', 'KP', 'KR', 'KW', 'KY', 'KZ', 'LA', 'LB', 'LC', 'LI', 'LK', 'LR', 'LS', 'LT', 'LU', 'LV', 'LY', 'MA', 'MC', 'MD', 'ME', 'MF', 'MG', 'MH', 'MK', 'ML', 'MM', 'MN', 'MO', 'MP', 'MQ', 'MR', 'MS', 'MT', 'MU', 'MV', 'MW', 'MX', 'MY', 'MZ', 'NA', 'NC', 'NE', 'NF', 'NG', 'NI', 'NL', 'NO', 'NP', 'NR', 'NU', 'NZ', 'OM', 'PA', 'PE', 'PF', 'PG', 'PH', 'PK', 'PL', 'PM', 'PN', 'PR', 'PS', 'PT', 'PW', 'PY', 'QA', 'RE', 'RO', 'RS', 'RU', 'RW', 'SA', 'SB', 'SC', 'SD', 'SE', 'SG', 'SH', 'SI', 'SJ', 'SK', 'SL', 'SM', 'SN', 'SO', 'SR', 'SS', 'ST', 'SV', 'SX', 'SY', 'SZ', 'TC', 'TD', 'TF', 'TG', 'TH', 'TJ', 'TK', 'TL', 'TM', 'TN', 'TO', 'TR', 'TT', 'TV', 'TW', 'TZ', 'UA', 'UG', 'UM', 'US', 'UY', 'UZ', 'VA', 'VC', 'VE', 'VG', 'VI', 'VN', 'VU', 'WF', 'WS', 'XK', 'YE', 'YT', 'ZA', 'ZM', 'ZW']), name='mandate_country_is_known'),
            ),
            AddConstraintNotValid(
                model_name='newsroom',
                constraint=models.CheckConstraint(condition=django.db.models.lookups.In(django.db.models.functions.text.Upper('country'), ['', 'AD', 'AE', 'AF', 'AG', 'AI', 'AL', 'AM', 'AO', 'AQ', 'AR', 'AS', 'AT', 'AU', 'AW', 'AX', 'AZ', 'BA', 'BB', 'BD', 'BE', 'BF', 'BG', 'BH', 'BI', 'BJ', 'BL', 'BM', 'BN', 'BO', 'BQ', 'BR', 'BS', 'BT', 'BV', 'BW', 'BY', 'BZ', 'CA', 'CC', 'CD', 'CF', 'CG', 'CH', 'CI', 'CK', 'CL', 'CM', 'CN', 'CO', 'CR', 'CU', 'CV', 'CW', 'CX', 'CY', 'CZ', 'DE', 'DJ', 'DK', 'DM', 'DO', 'DZ', 'EC', 'EE', 'EG', 'EH', 'ER', 'ES', 'ET', 'FI', 'FJ', 'FK', 'FM', 'FO', 'FR', 'GA', 'GB', 'GD', 'GE', 'GF', 'GG', 'GH', 'GI', 'GL', 'GM', 'GN', 'GP', 'GQ', 'GR', 'GS', 'GT', 'GU', 'GW', 'GY', 'HK', 'HM', 'HN', 'HR', 'HT', 'HU', 'ID', 'IE', 'IL', 'IM', 'IN', 'IO', 'IQ', 'IR', 'IS', 'IT', 'JE', 'JM', 'JO', 'JP', 'KE', 'KG', 'KH', 'KI', 'KM', 'KN', 'KP', 'KR', 'KW', 'KY', 'KZ', 'LA', 'LB', 'LC', 'LI', 'LK', 'LR', 'LS', 'LT', 'LU', 'LV', 'LY', 'MA', 'MC', 'MD', 'ME', 'MF', 'MG', 'MH', 'MK', 'ML', 'MM', 'MN', 'MO', 'MP', 'MQ', 'MR', 'MS', 'MT', 'MU', 'MV', 'MW', 'MX', 'MY', 'MZ', 'NA', 'NC', 'NE', 'NF', 'NG', 'NI', 'NL', 'NO', 'NP', 'NR', 'NU', 'NZ', 'OM', 'PA', 'PE', 'PF', 'PG', 'PH', 'PK', 'PL', 'PM', 'PN', 'PR', 'PS', 'PT', 'PW', 'PY', 'QA', 'RE', 'RO', 'RS', 'RU', 'RW', 'SA', 'SB', 'SC', 'SD', 'SE', 'SG', 'SH', 'SI', 'SJ', 'SK', 'SL', 'SM', 'SN', 'SO', 'SR', 'SS', 'ST', 'SV', 'SX', 'SY', 'SZ', 'TC', 'TD', 'TF', 'TG', 'TH', 'TJ', 'TK', 'TL', 'TM', 'TN', 'TO', 'TR', 'TT', 'TV', 'TW', 'TZ', 'UA', 'UG', 'UM', 'US', 'UY', 'UZ', 'VA', 'VC', 'VE', 'VG', 'VI', 'VN', 'VU', 'WF', 'WS', 'XK', 'YE', 'YT', 'ZA', 'ZM', 'ZW']), name='newsroom_country_is_known'),
            ),
            AddConstraintNotValid(
                model_name='source',
                constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es'])), name='source_language_is_known'),
            ),
            AddConstraintNotValid(
                model_name='sourcedocument',
                constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es'])), name='document_language_is_known'),
            ),
            AddConstraintNotValid(
                model_name='wording',
                constraint=models.CheckConstraint(condition=models.Q(('quote_language__in', ['', 'en', 'es'])), name='wording_quote_language_is_known'),
            ),
            migrations.AddConstraint(
                model_name="snapshot",
                constraint=models.CheckConstraint(
                    condition=models.Q(("in_doubt", False), ("article__isnull", True), _connector="OR"),
                    name="snapshot_in_doubt_is_no_news",
                ),
            ),
        ]),
        migrations.RunSQL(
            [fill('update', pledges_evidenceevent='update_id'), fill('wording'), fill('retraction')],
            migrations.RunSQL.noop,
        ),
    ]
