"""Leads: raised by the watch, decided by editors."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.actions.lead_evidence import add_evidence, day_of, hold_draft, take_out
from pledges.actions.locks import hold, lock_pledges
from pledges.actions.publishing import discard_draft
from pledges.actions.retraction import refuse_retracted
from pledges.actions.stories import join_story, joined_stories, leave_story, open_story_apart
from pledges.domain.rules import FAILED, Status, standing
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
        known = Lead.objects.select_for_update().filter(pledge=match.pledge)  # nothing joined: see `_held`
        lead = known.filter(article=article).first()
        if lead and article.times_changed and lead.state in (Lead.State.OPEN, Lead.State.SNOOZED):
            # The article was read again: the lead shows what it says now.
            Lead.objects.filter(pk=lead.pk).update(**_fields(match))
        if lead is None and stories:
            same = known.filter(story__in=stories).order_by("-pk")
            lead = min(
                same, key=lambda row: (row.state != Lead.State.OPEN, row.story_id != article.story_id), default=None
            )
            while lead and lead.merged_into_id:  # an editor said that another lead stands for both
                lead = known.get(pk=lead.merged_into_id)
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
            new += known.filter(article=article).exists()
    return new


def _fields(match: PledgeMatch) -> dict[str, Any]:
    return {
        "sentence": match.sentence,
        "words": [word[:100] for word in match.words],
        "score": match.score,
        "suggested_status": match.suggested_status,
        "cue": match.cue[:200],
    }


def _show_later_article(lead: Lead, article: Article, match: PledgeMatch) -> None:
    """Change an open lead to a later article, if that suggests a status that the lead does not suggest."""
    if not match.suggested_status or match.suggested_status == lead.suggested_status:
        return
    ours, theirs = lead.article.published_at, article.published_at
    if lead.suggested_status and ours and theirs and theirs < ours:
        return  # an older report that was read late
    Lead.objects.filter(pk=lead.pk).update(article=article, **_fields(match))


def _is_news(lead: Lead, match: PledgeMatch, alike: Collection[int]) -> bool:
    """Whether a new article of a decided lead's story is to be decided as well.

    True if the earlier report was dismissed as unreliable, so that the question is still open, or if the article
    suggests a status that neither the lead nor its update has; and no other lead on a similar article says so already.
    """
    others = Lead.objects.filter(pledge=match.pledge, article__in=alike).exclude(pk=lead.pk)
    if lead.dismiss_reason in (Lead.DismissReason.UNRELIABLE, Lead.DismissReason.OTHER):
        return not others.exclude(dismiss_reason=lead.dismiss_reason).exists()
    if not match.suggested_status or match.suggested_status == lead.suggested_status:
        return False
    if lead.update and lead.update.status == match.suggested_status:
        return False
    return not others.filter(suggested_status=match.suggested_status).exists()


def _decide(lead: Lead, *, by: User, now: datetime | None = None, **decision) -> None:
    """Write a decision on a lead that nobody has decided yet; raises `Refused` when somebody was quicker."""
    changed = Lead.objects.filter(pk=lead.pk, state__in=[Lead.State.OPEN, Lead.State.SNOOZED]).update(
        **{"dismiss_reason": "", "dismiss_note": "", "snoozed_until": None}
        | decision
        | {"decided_by": by, "decided_at": now or timezone.now()}
    )
    if not changed:
        _not_there_any_more(lead)
        lead.refresh_from_db()
        if lead.decided_by is None:  # decided, and opened again, between our write and our look
            raise Refused(_("Somebody has just worked on this lead. Look at it once more."))
        raise Refused(
            _("%(who)s has already decided this lead: %(decision)s.")
            % {"who": lead.decided_by.public_name, "decision": lead.get_state_display()}
        )


def _not_there_any_more(lead: Lead) -> None:
    if not Lead.objects.filter(pk=lead.pk).exists():
        raise Refused(_("This lead is not there any more: somebody had moved it here, and has taken that back."))


def _held(lead: Lead) -> Lead:
    """The lead as it is now, held until the transaction ends.

    Nothing is joined to it: of a row that it had to wait for, PostgreSQL reads only that row anew.
    """
    held = Lead.objects.select_for_update().filter(pk=lead.pk).first()
    if held is None:
        _not_there_any_more(lead)
    return held


@transaction.atomic
def accept_lead(*, lead: Lead, by: User, also: Collection[int] = (), to: Update | None = None) -> Update:
    """Make a draft update of a lead, filled in with its evidence, and return it. It says nothing to the public yet.

    With `to`, a draft of its pledge, it becomes further evidence there instead. `also` are ids of other articles of its
    story that are to be evidence as well; others among them count for nothing.

    The status is the suggested one or, without one, where the pledge stands; the text quotes the sentence with its
    publisher, for the editor to put into the newsroom's own words. Raises `Refused` when the lead is decided already,
    and when `to` is not for `by` to edit.
    """
    refuse_retracted(lead.pledge_id)
    _decide(lead, by=by, state=Lead.State.ACCEPTED)
    article = Article.objects.select_related("source").get(pk=lead.article_id)
    update = _begin_draft(lead, article, by) if to is None else hold_draft(draft=to, lead=lead, by=by)
    told_alike = Q(story__isnull=False, story=article.story_id) | Q(story__leads__merged_into=lead.pk)
    others = Article.objects.filter(told_alike, pk__in=also).exclude(pk=article.pk).order_by("pk").distinct()
    add_evidence(update=update, articles=[article, *others], sentence=lead.sentence, of=article)
    Lead.objects.filter(pk=lead.pk).update(update=update)
    return update


def _begin_draft(lead: Lead, article: Article, by: User) -> Update:
    day = timezone.localdate(article.published_at) if article.published_at else timezone.localdate()
    published = visibility.in_order(visibility.public_updates().filter(pledge=lead.pledge_id))
    changes = [(update.happened_on, update) for update in published]
    current, _since = standing([(when, update.status) for when, update in changes], day)
    status = lead.suggested_status or (current if current != Status.NOT_RATED else Status.NOT_STARTED)
    same = next((update for _when, update in reversed(changes) if update.status == status), None)
    language = article.language or article.source.language
    quoted = {"en": "{} reported: “{}”", "es": "{} informó: «{}»"}[language].format(article.publisher, lead.sentence)
    return Update.objects.create(
        pledge_id=lead.pledge_id,
        author=by,
        happened_on=day_of(article),
        status=status,
        failure_reason=same.failure_reason if same and status in FAILED else "",
        reason_detail_en=same.reason_detail_en if same else "",
        reason_detail_es=same.reason_detail_es if same else "",
        **{f"text_{language}": quoted},
    )


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
    """Undo a dismissal or a snooze. Raises `Refused` when there is nothing to undo, or the pledge was retracted.

    What was merged is taken apart again; what was moved to another pledge is taken back, unless it is decided there.
    """
    before = _held(lead)
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
        # Held first: what somebody decides at this moment, or merges into it, stays.
        held = _moved(before).filter(state=Lead.State.OPEN).select_for_update(of=("self",)).values_list("pk", flat=True)
        Lead.objects.filter(pk__in=list(held), merged=None).delete()


def wake_leads(*, today: date) -> int:
    """Put the snoozed leads whose day has come back into the inbox; how many."""
    return _reopen(Lead.objects.filter(state=Lead.State.SNOOZED, snoozed_until__lte=today))


def _reopen(leads) -> int:
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
    """Say that a lead tells the same story as another one of its pledge, which then stands for both.

    Its article joins the other's story, and it is dismissed as a duplicate, which teaches the watch that it was about
    the pledge. Raises `Refused` when the other is not of this pledge or neither open nor accepted, or when somebody was
    quicker.
    """
    refuse_retracted(lead.pledge_id)
    rows = Lead.objects.select_for_update().order_by("pk")  # nothing joined: see `_held`
    both = {one.pk: one for one in rows.filter(pk__in=[lead.pk, into.pk])}
    other = both.get(into.pk)
    if other is None or other.pk == lead.pk or other.pledge_id != lead.pledge_id:
        raise Refused(_("Choose another lead on the same pledge to merge this one with."))
    if other.state not in (Lead.State.OPEN, Lead.State.ACCEPTED):
        words = _("That lead is not open any more: “%(title)s” (%(decision)s, %(who)s).")
        decided = {"decision": other.get_state_display(), "who": other.decided_by.public_name}
        raise Refused(words % {"title": other.article.title, **decided})
    _decide(lead, by=by, state=Lead.State.DISMISSED, dismiss_reason=Lead.DismissReason.DUPLICATE, merged_into=other)
    join_story(article=both[lead.pk].article, of=other)


@transaction.atomic
def move_lead(*, lead: Lead, pledge: Pledge, by: User) -> Lead:
    """Say that a lead is about another pledge, and return the open lead there: raised now, or there already.

    Here it is dismissed as not about the pledge; both teach the watch (see `profiles.moved_here`). Raises `Refused` for
    the same pledge, where this story was already dismissed there, or when somebody was quicker.
    """
    if pledge.pk == lead.pledge_id:
        raise Refused(_("Choose another pledge than the one that this lead is about."))
    # One after the other: two who move a story's leads each to the other's pledge would leave it open at neither.
    lock_pledges({lead.pledge_id, pledge.pk})
    refuse_retracted(pledge.pk)
    now = timezone.now()
    _decide(lead, by=by, now=now, state=Lead.State.DISMISSED, dismiss_reason=Lead.DismissReason.NOT_ABOUT)
    article = Article.objects.get(pk=lead.article_id)
    same = Q(article=article) | Q(story__isnull=False, story=article.story_id)
    told = {name: getattr(lead, name) for name in ("sentence", "words", "score", "suggested_status", "cue")}
    # Whoever raises it at the same moment may be quicker: then that one is the lead there.
    Lead.objects.bulk_create(
        [Lead(article=article, pledge=pledge, story_id=article.story_id, raised_at=now, raised_by=by, **told)]
        if not pledge.leads.filter(same).exists()
        else [],
        ignore_conflicts=True,
    )
    there = pledge.leads.select_related("article", "decided_by").filter(same).order_by("-raised_at").first()
    if there is None:  # it was there, and has been taken back at this moment
        raise Refused(_("Somebody has just worked on this lead. Look at it once more."))
    if there.state == Lead.State.DISMISSED:
        words = _("%(who)s has already dismissed this story for that pledge (%(reason)s). Open it again there.")
        raise Refused(words % {"who": there.decided_by.public_name, "reason": there.get_dismiss_reason_display()})
    return there


def _moved(lead: Lead):
    """What was raised when this lead was moved to another pledge."""
    return Lead.objects.filter(
        article=lead.article_id, raised_by=lead.decided_by_id, raised_at=lead.decided_at, raised_by__isnull=False
    ).exclude(pledge=lead.pledge_id)


@transaction.atomic
def undo_lead(*, lead: Lead, by: User) -> None:
    """Undo whatever was decided of a lead, and open it again.

    An acceptance is undone while nobody has worked on the draft that it made; that is then discarded. Where it brought
    further evidence to a draft, that evidence is taken out again. Raises `Refused` otherwise, and when there is nothing
    to undo.
    """
    refuse_retracted(lead.pledge_id)
    lock_pledges({lead.pledge_id})  # as everybody does before they hold a draft
    lead = _held(lead)
    if lead.state != Lead.State.ACCEPTED:
        reopen_lead(lead=lead, by=by)
        return
    update = hold(Update, lead.update_id)
    if update is None:
        raise Refused(_("The draft of this lead is not there any more."))
    if not visibility.may_edit(by, update):
        raise Refused(
            _("%(who)s has accepted this lead, and works on its draft.") % {"who": lead.decided_by.public_name}
        )
    if lead.decided_at > update.created_at:
        take_out(lead=lead, update=update, by=by)
        return
    if _was_worked_on(update):
        raise Refused(
            _("The draft of this lead has been worked on since. Discard it on its own page if it is not wanted.")
        )
    discard_draft(item=update, by=by)


def _was_worked_on(update: Update) -> bool:
    """Whether anybody saved, handed over, talked about or typed into a draft since it was made."""
    saved = Update.pgh_event_models["update"].objects.filter(pgh_obj=update.pk, pgh_label="update")
    typed = Autosave.objects.filter(kind="update", key=str(update.pk))
    return update.state != State.DRAFT or saved.exists() or update.comments.exists() or typed.exists()
