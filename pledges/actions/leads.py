"""Leads: raised by the watch, decided by editors."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.actions.lead_evidence import add_evidence, day_of, lock_for_evidence, remove_evidence
from pledges.actions.locks import lock_draft, lock_pledges
from pledges.actions.publishing import discard_draft
from pledges.actions.retraction import refuse_retracted
from pledges.actions.stories import join_story, joined_stories, leave_story, open_story_apart
from pledges.domain.rules import FAILED, Status
from pledges.models import Article, Autosave, Lead, Newsroom, Pledge, State, Update, User
from pledges.queries import visibility
from pledges.queries.diffs import last_saved_by


class PledgeMatch(Protocol):
    """A match of an article and a pledge (see watch.matching.matcher.Match)."""

    @property
    def pledge(self) -> int | str: ...

    @property
    def score(self) -> float: ...

    @property
    def sentence(self) -> str: ...

    @property
    def words(self) -> tuple[str, ...]: ...

    @property
    def suggestion(self) -> str: ...

    @property
    def suggested_status(self) -> str: ...

    @property
    def cue(self) -> str: ...


@transaction.atomic
def raise_leads(*, article: Article, matches: Iterable[PledgeMatch], now: datetime, alike: Collection[int] = ()) -> int:
    """Store the matches as leads, one for each story and pledge, and return how many are new. It is idempotent.

    Further articles of a story are listed at its lead ("also in …"). If one of them suggests a status that the lead
    does not suggest, an open lead changes to that article; if the lead was decided already, the article is news and
    gets a story and a lead of its own. So does a reliable report of what was dismissed as unreliable. `alike` are the
    ids of the articles that report the same.
    """
    new = 0
    matches = list(matches)
    if not matches or Newsroom.get().is_closed(timezone.localdate(now)):
        return 0
    # A worker may still know a pledge that was retracted a moment ago.
    retracted = set(visibility.public_retractions().values_list("pledge", flat=True))
    stories = joined_stories(article.story_id)  # before the loop, which may move the article to a story of its own
    for match in matches:
        if match.pledge in retracted:
            continue
        pledge_leads = Lead.objects.select_for_update().filter(pledge=int(match.pledge))  # no join: see `_lock`
        lead = pledge_leads.filter(article=article).first()
        if lead and article.times_changed and lead.state in (Lead.State.OPEN, Lead.State.SNOOZED):
            # The article was read again: the lead shows what it says now.
            Lead.objects.filter(pk=lead.pk).update(**_fields(match))
        if lead is None and stories:
            same = pledge_leads.filter(story__in=stories).order_by("-pk")
            lead = min(
                same, key=lambda row: (row.state != Lead.State.OPEN, row.story_id != article.story_id), default=None
            )
            while lead and lead.merged_into_id:  # an editor said that another lead stands for both
                lead = pledge_leads.get(pk=lead.merged_into_id)
            if lead and lead.state == Lead.State.OPEN:
                _show_later_article(lead, article, match)
            elif lead and _is_news(lead, match, alike):
                open_story_apart(article=article, now=now)
                lead = None
        if lead is None:
            # A worker that reads a copy at the same moment may be faster: then there is nothing more to raise.
            raised = Lead(
                article=article, pledge_id=match.pledge, story_id=article.story_id, raised_at=now, **_fields(match)
            )
            Lead.objects.bulk_create([raised], ignore_conflicts=True)
            new += pledge_leads.filter(article=article).exists()
    return new


def _fields(match: PledgeMatch) -> dict[str, Any]:
    return {
        "sentence": match.sentence,
        "words": [word[:100] for word in match.words],
        "score": match.score,
        "suggestion": Lead.Suggestion.CHANGE if match.suggested_status else match.suggestion,
        "suggested_status": match.suggested_status,
        "cue": match.cue[:200],
    }


def _show_later_article(lead: Lead, article: Article, match: PledgeMatch) -> None:
    """Change an open lead to a later article, if that suggests a status that the lead does not suggest.

    A lead that suggests one does not change its language: of one event two languages only read differently.
    """
    if not match.suggested_status or match.suggested_status == lead.suggested_status:
        return
    if lead.suggested_status and lead.article.language != article.language:
        return
    ours, theirs = lead.article.published_at, article.published_at
    if lead.suggested_status and ours and theirs and theirs < ours:
        return  # an older report that was read late
    Lead.objects.filter(pk=lead.pk).update(article=article, **_fields(match))


def _is_news(lead: Lead, match: PledgeMatch, alike: Collection[int]) -> bool:
    """Whether a new article of a decided lead's story is to be decided as well.

    True if the article suggests a change to a status that neither the lead nor its update has; or if the earlier report
    was dismissed as unreliable, so that the question is still open, unless the article says that all is as before. Not
    if another lead on a similar article says so already, and never for a story that is not about the pledge.
    """
    if lead.dismiss_reason == Lead.DismissReason.NOT_ABOUT or match.suggestion == Lead.Suggestion.AS_BEFORE:
        return False
    others = Lead.objects.filter(pledge=int(match.pledge), article__in=alike).exclude(pk=lead.pk)
    if lead.dismiss_reason in (Lead.DismissReason.UNRELIABLE, Lead.DismissReason.OTHER):
        return not others.exclude(dismiss_reason=lead.dismiss_reason).exists()
    if not match.suggested_status or match.suggested_status == lead.suggested_status:
        return False
    if lead.update and lead.update.status == match.suggested_status:
        return False
    return not others.filter(suggested_status=match.suggested_status).exists()


def _decide(lead: Lead, *, by: User, now: datetime | None = None, **decision: object) -> None:
    """Write a decision about an open or snoozed lead; raises `Refused` if somebody has decided about it already."""
    changed = Lead.objects.filter(pk=lead.pk, state__in=[Lead.State.OPEN, Lead.State.SNOOZED]).update(
        **{"dismiss_reason": "", "dismiss_note": "", "snoozed_until": None}
        | decision
        | {"decided_by": by, "decided_at": now or timezone.now()}
    )
    if not changed:
        if not Lead.objects.filter(pk=lead.pk).exists():
            raise _gone()
        lead.refresh_from_db()
        if lead.decided_by is None:  # decided and reopened between the two queries
            raise Refused(_("Somebody else has just changed this lead. Look at it again."))
        raise Refused(
            _("%(who)s has already decided this lead: %(decision)s.")
            % {"who": lead.decided_by.public_name, "decision": lead.get_state_display()}
        )


def _gone() -> Refused:
    return Refused(_("This lead does not exist any more: somebody had moved it here and has undone that."))


def _lock(lead: Lead) -> Lead:
    """Lock the lead until the transaction ends, and return its current row.

    The query has no joins: after blocking on a lock, PostgreSQL rereads the locked row only, not the joined ones.
    """
    locked = Lead.objects.select_for_update().filter(pk=lead.pk).first()
    if locked is None:
        raise _gone()
    return locked


def _decider(lead: Lead) -> str:
    """The name of who decided about a lead that is not open (a constraint holds that there is somebody)."""
    return lead.decided_by.public_name if lead.decided_by else ""


@transaction.atomic
def accept_lead(*, lead: Lead, by: User, also: Collection[int] = (), to: Update | None = None) -> Update:
    """Create a draft update with a lead's evidence, and return it.

    With `to`, a draft of the same pledge, the evidence is added to that draft instead. `also` are ids of other articles
    of its story that become evidence as well; ids of articles outside the story are ignored.

    The draft has the suggested status, or else the one that the pledge had on the article's day; its text quotes the
    sentence with the publisher, for the editor to rewrite. Raises `Refused` if the lead is decided already, or `by` may
    not edit `to`.
    """
    refuse_retracted(lead.pledge_id)
    _decide(lead, by=by, state=Lead.State.ACCEPTED)
    article = Article.objects.select_related("source").get(pk=lead.article_id)
    update = _begin_draft(lead, article, by) if to is None else lock_for_evidence(draft=to, lead=lead, by=by)
    same_story = Q(story__isnull=False, story=article.story_id) | Q(story__leads__merged_into=lead.pk)
    others = Article.objects.filter(same_story, pk__in=also).exclude(pk=article.pk).order_by("pk").distinct()
    add_evidence(update=update, articles=[article, *others], sentence=lead.sentence, of=article)
    Lead.objects.filter(pk=lead.pk).update(update=update)
    return update


def _begin_draft(lead: Lead, article: Article, by: User) -> Update:
    day = day_of(article)
    published = visibility.in_order(visibility.public_updates().filter(pledge=lead.pledge_id))
    until_then = [update for update in published if update.happened_on <= day]
    by_then = until_then[-1].status if until_then else Status.NOT_STARTED
    status = lead.suggested_status or by_then
    latest = next((update for update in reversed(until_then) if update.status == status), None)
    language = article.language or article.source.language
    quoted = {"en": "{} reported: “{}”", "es": "{} informó: «{}»"}[language].format(article.publisher, lead.sentence)
    return Update.objects.create(
        pledge_id=lead.pledge_id,
        author=by,
        happened_on=day,
        status=status,
        failure_reason=latest.failure_reason if latest and status in FAILED else "",
        reason_detail_en=latest.reason_detail_en if latest else "",
        reason_detail_es=latest.reason_detail_es if latest else "",
        **{f"text_{language}": quoted},
    )


@transaction.atomic
def dismiss_lead(*, lead: Lead, by: User, reason: str, note: str = "") -> None:
    """Dismiss a lead. Raises `Refused` without a valid reason, or if it is decided already."""
    if reason not in Lead.DismissReason.values:
        raise Refused(_("Choose a reason for dismissing this lead."))
    _decide(lead, by=by, state=Lead.State.DISMISSED, dismiss_reason=reason, dismiss_note=note.strip()[:300])


@transaction.atomic
def snooze_lead(*, lead: Lead, by: User, until: date) -> None:
    """Hide a lead from the inbox until a day. Raises `Refused` unless the day is in the future."""
    if until <= timezone.localdate():
        raise Refused(_("Choose a day that is still to come."))
    _decide(lead, by=by, state=Lead.State.SNOOZED, snoozed_until=until)


@transaction.atomic
def reopen_lead(*, lead: Lead, by: User) -> None:
    """Undo a dismissal or a snooze. Raises `Refused` if there is nothing to undo, or the pledge was retracted.

    A merge is undone too; so is a move to another pledge, unless the lead was decided there.
    """
    before = _lock(lead)
    refuse_retracted(lead.pledge_id)
    if before.state == Lead.State.OPEN:
        last = Lead.pgh_event_model.objects.filter(pgh_obj=lead.pk).order_by("-pgh_id").first()
        if last and last.pgh_label == "update":
            raise Refused(_("%(who)s has already opened this lead again.") % {"who": last_saved_by(before)})
    if not _reopen(Lead.objects.filter(pk=lead.pk, state__in=[Lead.State.DISMISSED, Lead.State.SNOOZED])):
        raise Refused(_("Only a dismissed or snoozed lead can be opened again."))
    if before.merged_into_id:
        leave_story(article=before.article, story=before.story_id)
    if before.dismiss_reason == Lead.DismissReason.NOT_ABOUT:
        # Locked first, so that a lead that somebody decides, or merges into, at this moment stays.
        moved = _moved(before).filter(state=Lead.State.OPEN).select_for_update(of=("self",))
        Lead.objects.filter(pk__in=list(moved.values_list("pk", flat=True)), merged=None).delete()


def wake_leads(*, today: date) -> int:
    """Reopen the snoozed leads whose day has come; returns how many."""
    return _reopen(Lead.objects.filter(state=Lead.State.SNOOZED, snoozed_until__lte=today))


def _reopen(leads: QuerySet[Lead]) -> int:
    return leads.update(
        state=Lead.State.OPEN,
        dismiss_reason="",
        dismiss_note="",
        snoozed_until=None,
        decided_by=None,
        decided_at=None,
        merged_into=None,
    )


@transaction.atomic
def merge_lead(*, lead: Lead, into: Lead, by: User) -> None:
    """Merge a lead into another lead of the same pledge, because both are about the same story.

    Its article joins the other's story, and it is dismissed as a duplicate, from which the watch learns that it was
    about the pledge. Raises `Refused` if the other lead is of another pledge, or neither open nor accepted, or if this
    one is decided already.
    """
    refuse_retracted(lead.pledge_id)
    rows = Lead.objects.select_for_update().order_by("pk")  # no join: see `_lock`
    locked = {row.pk: row for row in rows.filter(pk__in=[lead.pk, into.pk])}
    other = locked.get(into.pk)
    if other is None or other.pk == lead.pk or other.pledge_id != lead.pledge_id:
        raise Refused(_("Choose another lead on the same pledge to merge this one with."))
    if other.state not in (Lead.State.OPEN, Lead.State.ACCEPTED):
        words = _("That lead is not open any more: “%(title)s” (%(decision)s, %(who)s).")
        values = {"title": other.article.title, "decision": other.get_state_display(), "who": _decider(other)}
        raise Refused(words % values)
    _decide(lead, by=by, state=Lead.State.DISMISSED, dismiss_reason=Lead.DismissReason.DUPLICATE, merged_into=other)
    join_story(article=locked[lead.pk].article, of=other)


@transaction.atomic
def move_lead(*, lead: Lead, pledge: Pledge, by: User) -> Lead:
    """Move a lead to another pledge, and return the lead there: a new one, or one of the same story that exists.

    The moved lead is dismissed as not about its pledge; the watch learns from both (see `profiles.moved_here`). Raises
    `Refused` if the pledge is the same, if this story was dismissed there, or if the lead is decided already.
    """
    if pledge.pk == lead.pledge_id:
        raise Refused(_("Choose another pledge than the one that this lead is about."))
    # Both pledges are locked: two concurrent moves of a story's leads to each other's pledge would leave none open.
    lock_pledges({lead.pledge_id, pledge.pk})
    refuse_retracted(pledge.pk)
    now = timezone.now()
    _decide(lead, by=by, now=now, state=Lead.State.DISMISSED, dismiss_reason=Lead.DismissReason.NOT_ABOUT)
    article = Article.objects.get(pk=lead.article_id)
    same = Q(article=article) | Q(story__isnull=False, story=article.story_id)
    fields = ("sentence", "words", "score", "suggestion", "suggested_status", "cue")
    copied = {name: getattr(lead, name) for name in fields}
    # If a worker raises a lead there at the same moment, its lead is used.
    Lead.objects.bulk_create(
        [Lead(article=article, pledge=pledge, story_id=article.story_id, raised_at=now, raised_by=by, **copied)]
        if not pledge.leads.filter(same).exists()
        else [],
        ignore_conflicts=True,
    )
    other = pledge.leads.select_related("article", "decided_by").filter(same).order_by("-raised_at").first()
    if other is None:  # there was one, and its move was undone at this moment
        raise Refused(_("Somebody else has just changed this lead. Look at it again."))
    if other.state == Lead.State.DISMISSED:
        words = _("%(who)s has already dismissed this story for that pledge (%(reason)s). Open it again there.")
        raise Refused(words % {"who": _decider(other), "reason": other.get_dismiss_reason_display()})
    return other


def _moved(lead: Lead) -> QuerySet[Lead]:
    """The lead that was raised when this one was moved to another pledge, if it was."""
    if lead.decided_by_id is None or lead.decided_at is None:
        return Lead.objects.none()
    raised = Lead.objects.filter(article=lead.article_id, raised_by=lead.decided_by_id, raised_at=lead.decided_at)
    return raised.exclude(pledge=lead.pledge_id)


@transaction.atomic
def undo_lead(*, lead: Lead, by: User) -> None:
    """Undo the decision about a lead, and reopen it.

    The draft that an acceptance created is discarded, unless somebody has worked on it; evidence that it added to an
    existing draft is removed from there. Raises `Refused` if that is not possible, or if there is nothing to undo.
    """
    refuse_retracted(lead.pledge_id)
    lock_pledges({lead.pledge_id})  # first, by the order in `locks`
    lead = _lock(lead)
    if lead.state != Lead.State.ACCEPTED:
        reopen_lead(lead=lead, by=by)
        return
    update = lock_draft(Update, lead.update_id) if lead.update_id else None
    if not isinstance(update, Update):
        raise Refused(_("The draft of this lead does not exist any more."))
    if not visibility.may_edit(by, update):
        raise Refused(_("%(who)s has accepted this lead, and works on its draft.") % {"who": _decider(lead)})
    if lead.decided_at and lead.decided_at > update.created_at:
        remove_evidence(lead=lead, update=update, by=by)
        return
    if _was_worked_on(update):
        raise Refused(
            _("The draft of this lead has been worked on since. Discard it on its own page if it is not wanted.")
        )
    discard_draft(item=update, by=by)


def _was_worked_on(update: Update) -> bool:
    """Whether anybody has saved, submitted, commented on or typed into a draft since it was created."""
    saved = Update.pgh_event_models["update"].objects.filter(pgh_obj=update.pk, pgh_label="update")
    typed = Autosave.objects.filter(kind="update", key=str(update.pk))
    return update.state != State.DRAFT or saved.exists() or update.comments.exists() or typed.exists()
