"""Indexes only: the record reads each table of events from its newest row on, and the desk's lists their order."""

from django.db import migrations

EVENTS = (
    *("candidate", "comment", "evidence", "indicator", "institution", "intake", "lead", "mandate", "newsroom"),
    *("observation", "pledgecarried", "pledge", "pledgeinstitution", "pledgetopic", "retraction", "source"),
    *("sourcedocument", "topic", "update", "user", "userfactor", "usergroup", "userpermission", "watchterm", "wording"),
)
INDEXES = {
    # by whom; jsonb, as Django's `metadata__user` asks
    "record_context_user": "pghistory_context ((metadata -> 'user'))",
    # the order of the lists
    "lead_newest": "pledges_lead (raised_at DESC, id DESC)",
    "update_last_edited": "pledges_update (updated_at DESC, id DESC)",
    "update_state_last_edited": "pledges_update (state, updated_at DESC)",
    # the words of what is searched, exactly as admin/searching.py asks for them
    "lead_words": "pledges_lead USING gin (to_tsvector('simple'::regconfig, sentence))",
    "article_words": "pledges_article USING gin (to_tsvector('simple'::regconfig, title || ' ' || publisher))",
    "evidence_words": "pledges_evidence USING gin (to_tsvector('simple'::regconfig, publisher || ' ' || title))",
    "update_words": "pledges_update USING gin (to_tsvector('simple'::regconfig, text_en || ' ' || text_es))",
}
INDEXES |= {f"record_{name}": f"pledges_{name}event (pgh_created_at DESC, pgh_id DESC)" for name in EVENTS}


class Migration(migrations.Migration):
    dependencies = [("pledges", "0005_accounts"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}") for name, what in INDEXES.items()
    ]
