"""Scheduled publication: an editor decides now, a task publishes at that time, and the rules are checked both times."""

from collections.abc import Iterable
from datetime import datetime

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pledges.actions.drafts import LONGEST_COMMENT, comment
from pledges.actions.errors import Refused
from pledges.actions.locks import lock_pledges, pledges_of
from pledges.actions.publishing import check_version, publication_problems, publish
from pledges.models import (
    Draftable,
    Edition,
    PledgeCorrection,
    Retraction,
    State,
    Update,
    User,
    Withdrawal,
    Wording,
)
from pledges.queries import visibility

KINDS: dict[str, type[Draftable]] = {  # in the order of publication
    "wording": Wording,
    "update": Update,
    "pledgecorrection": PledgeCorrection,
    "retraction": Retraction,
    "withdrawal": Withdrawal,
}


@transaction.atomic
def schedule(*, item: Draftable, by: User, at: datetime, seen: datetime | None = None) -> None:
    """Schedule an item for publication at a time (aware) by `by`; it waits in review until then.

    An earlier schedule is replaced. Raises `Refused` with every reason why it could not be published now, and for a
    time in the past; `seen` is as in `publish`.
    """
    item = type(item).objects.select_for_update(of=("self",)).select_related("pledge").get(pk=item.pk)
    check_version(item, seen)
    problems = publication_problems(item, by=by)
    if at <= timezone.now():
        problems.append(_("Choose a time that is still to come."))
    if problems:
        raise Refused(problems)
    if item.state == State.DRAFT:
        item.state, item.submitted_at, item.review_note = State.REVIEW, timezone.now(), ""
    item.publish_at, item.scheduled_by = at, by
    item.save(update_fields=["state", "submitted_at", "review_note", "publish_at", "scheduled_by", "updated_at"])


def unschedule(*, item: Draftable) -> None:
    """Remove the schedule of an item, which goes on waiting for review.

    Raises `Refused` if it has none (any more: it may just have been published).
    """
    waiting = type(item).objects.filter(pk=item.pk, state=State.REVIEW, publish_at__isnull=False)
    if not waiting.update(publish_at=None, scheduled_by=None, updated_at=timezone.now()):
        raise Refused(_("This is not scheduled any more."))


def due_for_publication(*, now: datetime) -> Iterable[tuple[str, int]]:
    """The items whose scheduled time has come, as (kind, id): by kind, then by time."""
    for kind, model in KINDS.items():
        due = model.objects.filter(state=State.REVIEW, publish_at__lte=now).order_by("publish_at", "pk")
        yield from ((kind, pk) for pk in list(due.values_list("pk", flat=True)))


def publication_due_since(*, now: datetime) -> datetime | None:
    """The earliest scheduled time that has passed without publication; None if there is none."""
    due = (model.objects.filter(state=State.REVIEW, publish_at__lte=now) for model in KINDS.values())
    return min(filter(None, (rows.aggregate(first=Min("publish_at"))["first"] for rows in due)), default=None)


@transaction.atomic
def publish_if_due(*, kind: str, pk: int, now: datetime) -> Edition | None:
    """Publish an item whose scheduled time has come, as the person who scheduled it. None if there is nothing to do.

    If the rules refuse it by now, its schedule is removed, it waits for review again, and a comment says why.
    """
    model = KINDS[kind]
    rows = model.objects.filter(pk=pk, state=State.REVIEW, publish_at__lte=now)
    # The pledge first, as in `publish`. A concurrent worker blocks here, and then finds nothing left to do.
    lock_pledges(pledges_of(rows))
    item = rows.select_for_update(of=("self",), skip_locked=True).select_related("pledge", "scheduled_by").first()
    if item is None or item.scheduled_by is None or item.publish_at is None:
        return None
    by, at = item.scheduled_by, item.publish_at
    with pghistory.context(user=by.pk):
        try:
            if not (by.is_active and by.is_staff and visibility.may_publish(by, item)):
                raise Refused(_("%(who)s may not publish any more.") % {"who": by.public_name})
            with transaction.atomic():
                return publish(item, by=by)
        except Refused as error:
            reasons = error.messages
        except IntegrityError as error:  # a rule that only the database enforces, or that was broken just now
            reasons = [_("The database refused this: %(message)s") % {"message": str(error).splitlines()[0]}]
        unschedule(item=item)
        when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        heading = _("This was to be published at %(when)s, and was not:") % {"when": when}
        comment(item=item, by=by, text="\n".join([heading, *reasons])[:LONGEST_COMMENT])
    return None
