"""Keeping the accounts of others: password links, second factors and sessions; the last publisher stays."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Func, Q
from django.utils import timezone
from django.utils.http import int_to_base36
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.models import Account, Act, User

KEEPERS = "Publisher"
LOCK = timedelta(minutes=5)  # as long as ACCOUNT_RATE_LIMITS locks an account


def note_act(*, person: User, act: Act, count: int | None = None, address: str | None = None) -> None:
    """Write into the audit log what was done to an account and leaves no other trace.

    By whom and on which page comes from the request. `address` is the network address of an attempt to log in.
    """
    # The triggers' own function, which links an event to the request.
    context = Func(function="_pgh_attach_context")
    events = Account.pgh_event_model.objects
    events.create(id=person.pk, pgh_label=act.value, count=count, address=address, pgh_context_id=context)


def note_attempt(*, person: User, act: Act, address: str | None) -> None:
    """As `note_act`, for an attempt to log in; that the account was locked is written once in `LOCK`."""
    if act == Act.LOCKED:
        acts = Account.pgh_event_model.objects.filter(id=person.pk, pgh_label=act.value)
        if acts.filter(pgh_created_at__gt=timezone.now() - LOCK).exists():
            return
    note_act(person=person, act=act, address=address)


def make_password_link(*, person: User, act: Act = Act.LINK, address: str | None = None) -> tuple[str, str]:
    """(uid, key) of a link at which the person sets a password: valid for three days, for one use.

    It also becomes invalid when the person logs in or the account's e-mail changes. The audit log shows that it was
    made, as `act`, with the network address of whoever asked for it.
    """
    note_act(person=person, act=act, address=address)
    return int_to_base36(person.pk), default_token_generator.make_token(person)


@transaction.atomic
def end_sessions(*, person: User, but: str = "") -> int:
    """Log a person out everywhere except in the session with the key `but`; returns how many sessions ended.

    Without `but` it is put on record even if none was left: devices are not known any more (`known_devices`).
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=but).iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
            ended += 1
    UserSession.objects.filter(user=person).exclude(session_key=but).delete()
    if ended or not but:
        note_act(person=person, act=Act.SESSIONS, count=ended)
    return ended


@transaction.atomic
def reset_second_factors(*, person: User) -> int:
    """Delete a person's second factors, passkeys and recovery codes, and end the sessions; returns how many rows."""
    removed, _by_model = Authenticator.objects.filter(user=person).delete()
    end_sessions(person=person)
    return removed


def refuse_without_keeper(*, person: User, keeps: bool) -> None:
    """Raise `Refused` if nobody could keep accounts after a change: no active superuser, nobody in the group Publisher.

    `keeps` says whether `person` will be able to. Call it in the transaction of the change: it locks the group's row,
    so that two people cannot remove each other at once.
    """
    Group.objects.select_for_update().get(name=KEEPERS)
    others = User.objects.filter(is_active=True, is_staff=True).exclude(pk=person.pk)
    if not keeps and not others.filter(Q(is_superuser=True) | Q(groups__name=KEEPERS)).exists():
        raise Refused(_("Nobody would be left to keep the accounts. Make another person a publisher first."))
