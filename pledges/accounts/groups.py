"""The groups Reporter, Editor and Publisher: what each may do in the admin, and nothing more."""

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS

VIEWED_BY_ALL = (
    *("mandate", "topic", "institution", "sourcedocument", "pledge", "wording", "update", "evidence", "edition"),
    *("editionitem", "source", "article", "lead", "indicator", "observation", "series", "newsroom"),
    *("preservation", "watchterm", "watchquality"),
    "digest",
    *("intake", "candidate"),
    *("retraction", "withdrawal", "pledgecorrection"),
)
REPORTER = {
    *(f"view_{model}" for model in VIEWED_BY_ALL),
    *("decide_lead", "add_update", "change_update", "delete_update", "submit_update"),
    *("add_evidence", "change_evidence", "delete_evidence"),
    *("view_comment", "add_comment"),
}
MANAGED_BY_EDITORS = (
    *("mandate", "topic", "institution", "sourcedocument", "pledge", "source"),
    *("indicator", "observation", "series"),
)
EDITOR = {
    *REPORTER,
    *("publish_update", "correct_update", "publish_wording", "add_wording", "change_wording", "delete_wording"),
    *(f"{verb}_{model}" for verb in ("add", "change") for model in MANAGED_BY_EDITORS),
    *("add_intake", "decide_candidate"),
    *(f"{verb}_watchterm" for verb in ("add", "change", "delete")),
    "view_pledgeevent",  # reads the record
    "count_alert",  # how many readers; who they are, only publishers see
}
EDITOR |= {"add_retraction", "change_retraction", "delete_retraction"}
EDITOR |= {
    f"{verb}_{model}" for model in ("withdrawal", "pledgecorrection") for verb in ("add", "change", "delete", "publish")
}
# Publishers manage accounts as well, but can give no permission beyond these groups (pledges/desk/people/accounts.py).
PUBLISHER = {
    *EDITOR,
    *("add_newsroom", "change_newsroom"),
    *("view_user", "add_user", "change_user"),
    *("publish_retraction", "close_mandate", "view_userevent"),
    *("view_alert", "delete_alert"),
    *(f"{verb}_destination" for verb in ("view", "add", "change", "delete")),
    *("view_delivery", "change_delivery"),
}
GROUPS = {"Reporter": REPORTER, "Editor": EDITOR, "Publisher": PUBLISHER}


def set_up_groups(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_signal) -> None:
    """Give the groups exactly the permissions above; run after every migration."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    create_permissions(sender, verbosity=0, using=using)  # Django's own receiver may come only after this one
    for name, wanted in GROUPS.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        permissions = Permission.objects.using(using).filter(content_type__app_label="pledges", codename__in=wanted)
        missing = wanted - {permission.codename for permission in permissions}
        if missing:
            raise RuntimeError(f"Group {name} names permissions that do not exist: {', '.join(sorted(missing))}")
        group.permissions.set(permissions)
