"""What becomes of leads: raised by the watch, decided by people."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges import access
from pledges.models import Article, Evidence, Lead, Update, User
from pledges.rules import FAILED, Status, standing

from .errors import Refused


class Found(Protocol):
    """What the matcher says of an article and a pledge (see monitor.matching.Match)."""

    pledge: int
    score: float
    sentence: str
    words: tuple[str, ...]
    suggested_status: str
    cue: str


def raise_leads(*, article: Article, matches: Iterable[Found], now: datetime) -> int:
    """Store the matches as leads, one an article and pledge, and return how many are new; twice is harmless."""
    leads = [
        Lead(
            article=article,
            pledge_id=match.pledge,
            raised_at=now,
            sentence=match.sentence,
            words=[word[:100] for word in match.words],
            score=match.score,
            suggested_status=match.suggested_status,
            cue=match.cue[:200],
        )
        for match in matches
    ]
    before = article.leads.count()
    Lead.objects.bulk_create(leads, ignore_conflicts=True)
    return article.leads.count() - before


def _decide(lead: Lead, *, by: User, **decision) -> None:
    """Write a decision on a lead that nobody has decided yet; raises `Refused` when somebody was quicker."""
    changed = Lead.objects.filter(pk=lead.pk, state__in=[Lead.State.OPEN, Lead.State.SNOOZED]).update(
        **{"dismiss_reason": "", "dismiss_note": "", "snoozed_until": None}
        | decision
        | {"decided_by": by, "decided_at": timezone.now()}
    )
    if not changed:
        lead.refresh_from_db()
        raise Refused(
            _("%(who)s has already decided this lead: %(decision)s.")
            % {"who": lead.decided_by.public_name, "decision": lead.get_state_display()}
        )


@transaction.atomic
def accept_lead(*, lead: Lead, by: User) -> Update:
    """Make a draft update of a lead, filled in with its evidence, and return it. It says nothing to the public yet.

    The status is the suggested one or, without one, where the pledge stands; the text quotes the sentence with its
    publisher, for the editor to put into the newsroom's own words. Raises `Refused` when the lead is decided already.
    """
    _decide(lead, by=by, state=Lead.State.ACCEPTED)
    article = Article.objects.select_related("source").get(pk=lead.article_id)
    day = timezone.localdate(article.published_at) if article.published_at else timezone.localdate()
    published = access.in_order(access.public_updates().filter(pledge=lead.pledge_id))
    changes = [(update.happened_on, update) for update in published]
    current, _since = standing([(when, update.status) for when, update in changes], day)
    status = lead.suggested_status or (current if current != Status.NOT_RATED else Status.NOT_STARTED)
    same = next((update for _when, update in reversed(changes) if update.status == status and status in FAILED), None)
    language = article.language or article.source.language
    quoted = {"en": "{} reported: “{}”", "es": "{} informó: «{}»"}[language].format(article.publisher, lead.sentence)
    update = Update.objects.create(
        pledge_id=lead.pledge_id,
        author=by,
        happened_on=min(day, timezone.localdate()),
        status=status,
        failure_reason=same.failure_reason if same else "",
        **{f"text_{language}": quoted},
    )
    Evidence.objects.create(
        update=update,
        url=article.url,
        publisher=article.publisher,
        title=article.title[:400],
        published_on=day if article.published_at else None,
        language=article.language,
        sentence=lead.sentence,
        capture_id=article.capture_id,
    )
    Lead.objects.filter(pk=lead.pk).update(update=update)
    return update


@transaction.atomic
def dismiss_lead(*, lead: Lead, by: User, reason: str, note: str = "") -> None:
    """Decide that a lead leads nowhere, and why. Raises `Refused` without a reason or when it is decided already."""
    if reason not in Lead.DismissReason.values:
        raise Refused(_("Choose a reason for dismissing this lead."))
    _decide(lead, by=by, state=Lead.State.DISMISSED, dismiss_reason=reason, dismiss_note=note.strip()[:300])


@transaction.atomic
def snooze_lead(*, lead: Lead, by: User, until: date) -> None:
    """Put a lead away until a day, when it is in the inbox again. Raises `Refused` for a day that is not to come."""
    if until <= timezone.localdate():
        raise Refused(_("Choose a day that is still to come."))
    _decide(lead, by=by, state=Lead.State.SNOOZED, snoozed_until=until)


@transaction.atomic
def reopen_lead(*, lead: Lead, by: User) -> None:
    """Undo a dismissal or a snooze. Raises `Refused` when there is nothing to undo."""
    if not _reopen(Lead.objects.filter(pk=lead.pk, state__in=[Lead.State.DISMISSED, Lead.State.SNOOZED])):
        raise Refused(_("Only a dismissed or snoozed lead can be opened again."))


def wake_leads(*, today: date) -> int:
    """Put the snoozed leads whose day has come back into the inbox; how many."""
    return _reopen(Lead.objects.filter(state=Lead.State.SNOOZED, snoozed_until__lte=today))


def _reopen(leads) -> int:
    return leads.update(
        state=Lead.State.OPEN, dismiss_reason="", dismiss_note="", snoozed_until=None, decided_by=None, decided_at=None
    )
