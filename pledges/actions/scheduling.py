"""Publication at a set time: decided by a person now, carried out by the clock, by the same rules both times."""

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
from pledges.actions.locks import lock_pledges
from pledges.actions.publishing import check_version, publication_problems, publish
from pledges.models import Edition, Retraction, State, Update, User, Wording
from pledges.queries import visibility

KINDS = {model._meta.model_name: model for model in (Wording, Update, Retraction)}  # in this order


@transaction.atomic
def schedule(*, item: Wording | Update | Retraction, by: User, at: datetime, seen: datetime | None = None) -> None:
    """Have the item published at a time (aware) that is to come, in the name of `by`; it waits in review until then.

    A time set before is replaced. Raises `Refused` with every reason why it could not be published now, and for a time
    that has passed; `seen` is as in `publish`.
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


def unschedule(*, item: Wording | Update | Retraction) -> None:
    """Take back the time at which the item would go out; it goes on waiting for review.

    Raises `Refused` when it has no such time (any more: it may just have gone out).
    """
    waiting = type(item).objects.filter(pk=item.pk, state=State.REVIEW, publish_at__isnull=False)
    if not waiting.update(publish_at=None, scheduled_by=None, updated_at=timezone.now()):
        raise Refused(_("This is not scheduled any more."))


def due_for_publication(*, now: datetime) -> Iterable[tuple[str, int]]:
    """What is to go out by now, as (kind, id), in the order of the times that were set."""
    for kind, model in KINDS.items():
        due = model.objects.filter(state=State.REVIEW, publish_at__lte=now).order_by("publish_at", "pk")
        yield from ((kind, pk) for pk in list(due.values_list("pk", flat=True)))


def publication_due_since(*, now: datetime) -> datetime | None:
    """The earliest time that was set for what has not gone out by now."""
    due = (model.objects.filter(state=State.REVIEW, publish_at__lte=now) for model in KINDS.values())
    return min(filter(None, (rows.aggregate(first=Min("publish_at"))["first"] for rows in due)), default=None)


@transaction.atomic
def publish_if_due(*, kind: str, pk: int, now: datetime) -> Edition | None:
    """Publish an item whose time has come, in the name of who set it. None when there is nothing (left) to do.

    What the rules refuse by now is not scheduled any more and waits for review again; a comment says why.
    """
    model = KINDS[kind]
    rows = model.objects.filter(pk=pk, state=State.REVIEW, publish_at__lte=now)
    # The pledge first, as in `publish`. Who comes second waits here, and then finds nothing left to do.
    lock_pledges(set(rows.values_list("pledge", flat=True)))
    item = rows.select_for_update(of=("self",), skip_locked=True).select_related("pledge", "scheduled_by").first()
    if item is None:
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
        except IntegrityError as error:  # a rule that only the database holds, or that was just broken
            reasons = [_("The database refused this: %(message)s") % {"message": str(error).splitlines()[0]}]
        unschedule(item=item)
        when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        told = _("This was to be published at %(when)s, and was not:") % {"when": when}
        comment(item=item, by=by, text="\n".join([told, *reasons])[:LONGEST_COMMENT])
    return None
