"""The end: of a mandate, once each of its pledges had a last decision, and of the tracker. Both can be undone."""

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


def _over(mandate: Mandate) -> None:
    if mandate.ends_on is None:
        raise Refused(_("This mandate has no last day yet: enter it first."))
    if mandate.ends_on > timezone.localdate():
        raise Refused(_("This mandate is not over: its last day is %(day)s.") % {"day": written(mandate.ends_on)})


@transaction.atomic
def start_final_update(*, pledge: Pledge, mandate: Mandate, by: User) -> Update:
    """A draft that tells how a pledge stood on the mandate's last day; one begun for then or later is given again.

    It begins with the status that the pledge has, for the editor to change, and without text or evidence. Raises
    `Refused` while the mandate is not over, or when the pledge was retracted or is not the mandate's.
    """
    _over(mandate)
    refuse_retracted(pledge.pk)
    Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    _of(pledge, mandate)
    begun = Update.objects.filter(pledge=pledge, happened_on__gte=mandate.ends_on).exclude(state=State.PUBLISHED)
    if draft := begun.order_by("pk").first():
        return draft
    published = visibility.in_order(visibility.public_updates().filter(pledge=pledge).select_related("corrects"))
    status, _since = standing([(update.happened_on, update.status) for update in published], timezone.localdate())
    last = published[-1] if published else None
    kept = ("failure_reason", "reason_detail_en", "reason_detail_es") if last and status in FAILED else ()
    return Update.objects.create(
        pledge=pledge,
        author=by,
        happened_on=mandate.ends_on,
        status=Status.NOT_STARTED if status == Status.NOT_RATED else status,
        **{name: getattr(last, name) for name in kept},
    )


@transaction.atomic
def carry_pledge(*, pledge: Pledge, mandate: Mandate, into: Mandate, reason: str, by: User) -> Edition | None:
    """Follow a pledge of `mandate` in a later one too, as an edition. The reason stands in the pledge's history.

    Raises `Refused` without a reason, while the mandate is not over, for another that is not later or that was closed,
    and for a pledge that is carried into it already, was retracted or is not the mandate's.
    """
    _over(mandate)
    refuse_retracted(pledge.pk)
    if not reason.strip():
        raise Refused(_("Say why the pledge is followed in the other mandate."))
    if into.starts_on <= mandate.starts_on or into.pk == pledge.mandate_id:
        raise Refused(_("A pledge is carried into a later mandate."))
    if into.closed_on:
        raise Refused(_("That mandate was closed: open it again first, or choose another."))
    Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    _of(pledge, mandate)
    if pledge.carried_into.filter(pk=into.pk).exists():
        raise Refused(_("The pledge is followed in that mandate already."))
    with pghistory.context(reason=reason.strip()[:300]):
        pledge.carried_into.add(into)
    return record_change(Pledge.objects.get(pk=pledge.pk), by=by)


@transaction.atomic
def leave_pledge(*, pledge: Pledge, mandate: Mandate, by: User) -> None:
    """Decide that a pledge of a mandate that is over stays as it stands: it counts as reviewed today.

    Raises `Refused` while the mandate is not over, or when the pledge was retracted or is not the mandate's.
    """
    _over(mandate)
    refuse_retracted(pledge.pk)
    _of(pledge, mandate)
    mark_reviewed(pledge=pledge, by=by)


def _of(pledge: Pledge, mandate: Mandate) -> None:
    if pledge.mandate_id != mandate.pk and not pledge.carried_into.filter(pk=mandate.pk).exists():
        raise Refused(_("The pledge was not made in this mandate, nor carried into it."))


@transaction.atomic
def close_mandate(*, mandate: Mandate, by: User) -> Edition | None:
    """Close a mandate whose pledges all have a last decision, today, as an edition.

    Raises `Refused` while it is not over, while a pledge waits (the refusal names them), or when it is closed already.
    """
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    _over(mandate)
    if mandate.closed_on:
        raise Refused(_("This mandate is closed already."))
    if waiting := undecided(last_decisions(mandate, timezone.localdate())):
        words = ngettext(
            "%(count)d pledge waits for a last decision: %(titles)s.",
            "%(count)d pledges wait for a last decision: %(titles)s.",
            len(waiting),
        )
        titles = "; ".join(str(one.pledge) for one in waiting[:10]) + ("; …" if len(waiting) > 10 else "")
        raise Refused(words % {"count": len(waiting), "titles": titles})
    mandate.closed_on = timezone.localdate()
    mandate.save(update_fields=["closed_on"])
    return record_change(mandate, by=by)


@transaction.atomic
def reopen_mandate(*, mandate: Mandate, by: User) -> Edition | None:
    """Take back that a mandate was closed, as an edition. Raises `Refused` when it is not closed."""
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    if not mandate.closed_on:
        raise Refused(_("This mandate is not closed."))
    mandate.closed_on = None
    mandate.save(update_fields=["closed_on"])
    return record_change(mandate, by=by)


@transaction.atomic
def close_tracker(*, day: date, note_en: str, note_es: str, by: User) -> Edition | None:
    """Close the tracker from `day` on (of the newsroom's calendar), with what readers should know, as an edition.

    From then on every page says so, no source is read and no lead raised. What is published stays; it can still be
    corrected. Raises `Refused` without a note, for a day that has passed, or when it is to be closed already.
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
    """Open a closed tracker again, as an edition; the watch reads on from where it was. Raises `Refused` otherwise."""
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
