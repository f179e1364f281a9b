"""Days that can be true, countries that there are, languages that we have.

Rows that break the new rules stay as they are where they are public, and so sealed by an edition: the constraints hold
for what is written from now on. What strangers gave as an article's time is mended.
"""

import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("pledges", "0014_elected_on"),
    ]

    operations = [
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='update',
            name='not_in_the_future',
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
    ]
