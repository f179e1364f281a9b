"""Closing a mandate, once each of its pledges had a last decision, and closing the tracker. Both can be undone."""

from datetime import date

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.actions.errors import Refused
from pledges.actions.publishing import mark_reviewed, record_change
from pledges.actions.retraction import refuse_retracted
from pledges.domain.dates import written
from pledges.domain.rules import FAILED, Status, standing
from pledges.models import Edition, Mandate, Newsroom, Pledge, State, Update, User
from pledges.queries import visibility
from pledges.queries.mandate_closing import last_decisions, undecided


def _last_day(mandate: Mandate) -> date:
    """The last day of a mandate that is over; raises `Refused` if it is not."""
    if mandate.ends_on is None:
        raise Refused(_("This mandate has no last day yet: enter it first."))
    if mandate.ends_on > timezone.localdate():
        raise Refused(_("This mandate is not over: its last day is %(day)s.") % {"day": written(mandate.ends_on)})
    return mandate.ends_on


@transaction.atomic
def start_final_update(*, pledge: Pledge, mandate: Mandate, by: User) -> Update:
    """A draft update on how a pledge stood on the mandate's last day; an existing draft of that day or later is reused.

    It has the pledge's current status, for the editor to change, and neither text nor evidence. Raises `Refused` while
    the mandate is not over, or if the pledge was retracted or does not belong to the mandate.
    """
    last_day = _last_day(mandate)
    refuse_retracted(pledge.pk)
    Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    _check_belongs(pledge, mandate)
    drafts = Update.objects.filter(pledge=pledge, happened_on__gte=last_day).exclude(state=State.PUBLISHED)
    if draft := drafts.order_by("pk").first():
        return draft
    published = visibility.in_order(visibility.public_updates().filter(pledge=pledge).select_related("corrects"))
    status, _since = standing([(update.happened_on, update.status) for update in published], timezone.localdate())
    last = published[-1] if published else None
    copied = ("failure_reason", "reason_detail_en", "reason_detail_es") if last and status in FAILED else ()
    return Update.objects.create(
        pledge=pledge,
        author=by,
        happened_on=last_day,
        status=Status.NOT_STARTED if status == Status.NOT_RATED else status,
        **{name: getattr(last, name) for name in copied},
    )


@transaction.atomic
def carry_pledge(*, pledge: Pledge, mandate: Mandate, into: Mandate, reason: str, by: User) -> Edition | None:
    """Follow a pledge of `mandate` in a later one too, as an edition. The reason is kept in the pledge's history.

    Raises `Refused` without a reason, while the mandate is not over, if `into` is not later or is closed, and if the
    pledge was carried into it already, was retracted or does not belong to `mandate`.
    """
    _last_day(mandate)
    refuse_retracted(pledge.pk)
    if not reason.strip():
        raise Refused(_("Say why the pledge is followed in the other mandate."))
    if into.starts_on <= mandate.starts_on or into.pk == pledge.mandate_id:
        raise Refused(_("A pledge is carried into a later mandate."))
    if into.closed_on:
        raise Refused(_("That mandate was closed: open it again first, or choose another."))
    Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    _check_belongs(pledge, mandate)
    if pledge.carried_into.filter(pk=into.pk).exists():
        raise Refused(_("The pledge is followed in that mandate already."))
    with pghistory.context(reason=reason.strip()[:300]):
        pledge.carried_into.add(into)
    return record_change(Pledge.objects.get(pk=pledge.pk), by=by)


@transaction.atomic
def leave_pledge(*, pledge: Pledge, mandate: Mandate, by: User) -> None:
    """Decide that a pledge of a mandate that is over keeps its status: it counts as reviewed today.

    Raises `Refused` while the mandate is not over, or if the pledge was retracted or does not belong to the mandate.
    """
    _last_day(mandate)
    refuse_retracted(pledge.pk)
    _check_belongs(pledge, mandate)
    mark_reviewed(pledge=pledge, by=by)


def _check_belongs(pledge: Pledge, mandate: Mandate) -> None:
    if pledge.mandate_id != mandate.pk and not pledge.carried_into.filter(pk=mandate.pk).exists():
        raise Refused(_("The pledge was not made in this mandate, nor carried into it."))


@transaction.atomic
def close_mandate(*, mandate: Mandate, by: User) -> Edition | None:
    """Close a mandate today, as an edition.

    Raises `Refused` if it is not over, if it is closed already, or if pledges lack a last decision (it names them).
    """
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    _last_day(mandate)
    if mandate.closed_on:
        raise Refused(_("This mandate is closed already."))
    if open_pledges := undecided(last_decisions(mandate, timezone.localdate())):
        words = ngettext(
            "%(count)d pledge waits for a last decision: %(titles)s.",
            "%(count)d pledges wait for a last decision: %(titles)s.",
            len(open_pledges),
        )
        titles = "; ".join(str(row.pledge) for row in open_pledges[:10]) + ("; …" if len(open_pledges) > 10 else "")
        raise Refused(words % {"count": len(open_pledges), "titles": titles})
    mandate.closed_on = timezone.localdate()
    mandate.save(update_fields=["closed_on"])
    return record_change(mandate, by=by)


@transaction.atomic
def reopen_mandate(*, mandate: Mandate, by: User) -> Edition | None:
    """Reopen a closed mandate, as an edition. Raises `Refused` if it is not closed."""
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    if not mandate.closed_on:
        raise Refused(_("This mandate is not closed."))
    mandate.closed_on = None
    mandate.save(update_fields=["closed_on"])
    return record_change(mandate, by=by)


@transaction.atomic
def close_tracker(*, day: date, note_en: str, note_es: str, by: User) -> Edition | None:
    """Close the tracker from `day` on (a day of the newsroom's calendar), with a note to readers, as an edition.

    From then on every page says so, no source is read and no lead raised. What is published stays and can still be
    corrected. Raises `Refused` without a note, for a day in the past, or if the tracker has a closing day already.
    """
    newsroom = _newsroom()
    if newsroom.closed_on:
        raise Refused(_("The tracker is closed already, or will be: open it again first."))
    if not note_en.strip() and not note_es.strip():
        raise Refused(_("Say what readers should know."))
    if day < timezone.localdate():
        raise Refused(_("Choose today or a day that is still to come."))
    newsroom.closed_on, newsroom.closing_note_en, newsroom.closing_note_es = day, note_en.strip(), note_es.strip()
    newsroom.save(update_fields=["closed_on", "closing_note_en", "closing_note_es"])
    return record_change(newsroom, by=by)


@transaction.atomic
def reopen_tracker(*, by: User) -> Edition | None:
    """Reopen the tracker, as an edition; the watch goes on from where it was. Raises `Refused` if it is not closed."""
    newsroom = _newsroom()
    if not newsroom.closed_on:
        raise Refused(_("The tracker is not closed."))
    newsroom.closed_on, newsroom.closing_note_en, newsroom.closing_note_es = None, "", ""
    newsroom.save(update_fields=["closed_on", "closing_note_en", "closing_note_es"])
    return record_change(newsroom, by=by)


def _newsroom() -> Newsroom:
    newsroom = Newsroom.objects.select_for_update(no_key=True).filter(pk=1).first()
    if newsroom is None:
        raise Refused(_("Enter the newsroom's name first."))
    return newsroom
