"""Events of accounts that no row shows: password links, ended sessions, refused log-ins, changed passwords."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.newsroom import User


class Act(models.TextChoices):
    LINK = "link", _("a link to set the password was made")
    ASKED = "asked", _("a link to set the password was asked for and sent by e-mail")
    PASSWORD = "password", _("the password changed")
    SESSIONS = "sessions", _("sessions were ended")
    REFUSED = "refused", _("a wrong password or code was refused")
    LOCKED = "locked", _("after too many attempts, logging in was stopped for some minutes")
    RECOVERY = "recovery", _("a recovery code was used")


# How somebody logs in, and from where, is for that person and the publishers; everybody who may read the audit log sees
# the other acts, so that what a publisher does to an account is seen by more than publishers.
GUARDED_ACTS = (Act.ASKED, Act.REFUSED, Act.LOCKED, Act.RECOVERY)


# A trigger records a changed password, whoever sets it and by whatever means; `people.note_act` writes the rest.
# Second factors that are added or removed are in UserFactor's history.
@pghistory.track(
    pghistory.UpdateEvent(Act.PASSWORD.value, condition=pghistory.AnyChange("password")),
    *(pghistory.ManualEvent(act.value) for act in Act if act != Act.PASSWORD),
    fields=["id"],
    obj_field=None,
    append_only=True,
    model_name="AccountAct",
    attrs={
        "count": models.PositiveIntegerField(_("number"), null=True),
        "address": models.GenericIPAddressField(_("network address"), null=True),
    },
    meta={
        "indexes": [
            models.Index(fields=["-pgh_created_at", "-pgh_id"], name="record_accountact"),
            models.Index(fields=["id", "-pgh_created_at"], name="accountact_of_person"),
        ],
        "constraints": [
            models.CheckConstraint(name="accountact_is_known", condition=models.Q(pgh_label__in=Act.values))
        ],
    },
)
class Account(User):
    """A user as the object of acts; the `id` of the events is that of the user."""

    pgh_event_model: ClassVar[Any]  # from pghistory

    pgh_event_models: dict[str, Any] = {}  # its own, not those of User

    class Meta:
        proxy = True
        verbose_name = _("account")
        default_permissions = ()
