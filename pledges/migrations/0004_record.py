"""Indexes only: the record reads each table of events from its newest row on, and the desk's lists their order."""

from django.db import migrations

EVENTS = (
    *("candidate", "comment", "evidence", "indicator", "institution", "intake", "lead", "mandate", "newsroom"),
    *("observation", "pledgecarried", "pledge", "pledgeinstitution", "pledgetopic", "retraction", "source"),
    *("sourcedocument", "topic", "update", "user", "usergroup", "userpermission", "watchterm", "wording"),
)
INDEXES = {
    # by whom; jsonb, as Django's `metadata__user` asks
    "record_context_user": "pghistory_context ((metadata -> 'user'))",
}
INDEXES |= {f"record_{name}": f"pledges_{name}event (pgh_created_at DESC, pgh_id DESC)" for name in EVENTS}


class Migration(migrations.Migration):
    dependencies = [("pledges", "0003_desk"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}") for name, what in INDEXES.items()
    ]
