"""Evidence from a lead, for a draft that begins with it or one that is being written already."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.contributors import sign
from pledges.actions.errors import Refused
from pledges.actions.stories import joined_stories
from pledges.models import Article, Evidence, Lead, State, Update, User
from pledges.queries import visibility


def day_of(article: Article) -> date:
    """The newsroom's day on which an article appeared, or today where none is known."""
    today = timezone.localdate()
    return min(timezone.localdate(article.published_at), today) if article.published_at else today


def drafts_alike(*, lead: Lead) -> list[Update]:
    """The drafts on a lead's pledge that are about its story or tell of its day, the oldest first.

    A correction is none of them: it says what was wrong in something else.
    """
    told = joined_stories(lead.article.story_id)
    same = Q(happened_on=day_of(lead.article)) | Q(leads__story__in=told) | Q(leads__article__story__in=told)
    drafts = Update.objects.filter(pledge=lead.pledge_id, corrects=None).exclude(state=State.PUBLISHED)
    return list(drafts.filter(same).select_related("author").order_by("pk").distinct())


def hold_draft(*, draft: Update, lead: Lead, by: User) -> Update:
    """Hold a draft to which a lead's evidence is added, or from which it is taken: in the name of `by`, who therefore
    does not publish it alone, and without the time at which it was to go out.

    Raises `Refused` when it is not there any more, of another pledge, or not for `by` to edit.
    """
    rows = Update.objects.select_for_update(of=("self",)).filter(pk=draft.pk, pledge=lead.pledge_id, corrects=None)
    held = rows.first()
    if held is None or not visibility.may_edit(by, held):
        raise Refused(_("This draft cannot be added to: it is published or discarded by now, or somebody else’s."))
    sign(item=held, by=by)
    return held


def add_evidence(*, update: Update, articles: Iterable[Article], sentence: str, of: Article) -> None:
    """Make articles evidence of a draft, each once. `sentence` is what `of` says; others get it if they say it, too."""
    known = set(update.evidence.values_list("url", flat=True))
    for article in articles:
        if article.url in known:
            continue
        known.add(article.url)
        Evidence.objects.create(
            update=update,
            url=article.url,
            publisher=article.publisher,
            title=article.title[:400],
            published_on=timezone.localdate(article.published_at) if article.published_at else None,
            language=article.language,
            # Another outlet's sentence is only known where it is the same one, word for word.
            sentence=sentence if article.pk == of.pk or sentence in article.text else "",
            capture_id=article.capture_id,
        )


def take_out(*, lead: Lead, update: Update, by: User) -> None:
    """Take out of a draft the evidence that a lead brought to it; the draft stays.

    Raises `Refused` when somebody has worked on that evidence since, or the draft is not for `by` to edit.
    """
    accepted = Lead.pgh_event_model.objects.filter(pgh_obj=lead.pk, state=Lead.State.ACCEPTED).order_by("-pgh_id")
    when = accepted.values_list("pgh_created_at", flat=True).first()
    # The database gives all that one transaction wrote the same time.
    trail = Evidence.pgh_event_model.objects.filter(update_id=update.pk)
    brought = set(trail.filter(pgh_label="insert", pgh_created_at=when).values_list("pgh_obj_id", flat=True))
    held = hold_draft(draft=update, lead=lead, by=by)
    if trail.filter(pgh_obj_id__in=brought, pgh_label="update").exists():
        raise Refused(_("Somebody has worked on this evidence since. Remove it on the draft’s own page."))
    Evidence.objects.filter(update=held, pk__in=brought).delete()
    Lead.objects.filter(pk=lead.pk).update(state=Lead.State.OPEN, decided_by=None, decided_at=None, update=None)
