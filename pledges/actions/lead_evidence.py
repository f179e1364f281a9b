"""Evidence from a lead, for a draft made from it or an existing draft."""

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
    """The day on which an article appeared, in the newsroom's time zone; today if it is unknown or in the future."""
    today = timezone.localdate()
    return min(timezone.localdate(article.published_at), today) if article.published_at else today


def drafts_alike(*, lead: Lead) -> list[Update]:
    """The drafts of a lead's pledge about the same story or the same day, the oldest first.

    Corrections are left out: they are about what was wrong in a published update.
    """
    stories = joined_stories(lead.article.story_id)
    same = Q(happened_on=day_of(lead.article)) | Q(leads__story__in=stories) | Q(leads__article__story__in=stories)
    drafts = Update.objects.filter(pledge=lead.pledge_id, corrects=None).exclude(state=State.PUBLISHED)
    return list(drafts.filter(same).select_related("author").order_by("pk").distinct())


def lock_for_evidence(*, draft: Update, lead: Lead, by: User) -> Update:
    """Lock a draft to which a lead's evidence is added, or from which it is removed, and record `by` as a contributor.

    Raises `Refused` if the draft is gone, belongs to another pledge, or is not one that `by` may edit.
    """
    rows = Update.objects.select_for_update(of=("self",)).filter(pk=draft.pk, pledge=lead.pledge_id, corrects=None)
    locked = rows.first()
    if locked is None or not visibility.may_edit(by, locked):
        raise Refused(_("This draft cannot be added to: it is published or discarded by now, or somebody else’s."))
    sign(item=locked, by=by)
    return locked


def add_evidence(*, update: Update, articles: Iterable[Article], sentence: str, of: Article) -> None:
    """Add articles to a draft as evidence, each once. `sentence` is from `of`; others get it if they have it."""
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


def remove_evidence(*, lead: Lead, update: Update, by: User) -> None:
    """Remove from a draft the evidence that accepting a lead added to it, and open the lead again; the draft stays.

    Raises `Refused` if somebody has changed that evidence since, or `by` may not edit the draft.
    """
    acceptances = Lead.pgh_event_model.objects.filter(pgh_obj=lead.pk, state=Lead.State.ACCEPTED).order_by("-pgh_id")
    accepted_at = acceptances.values_list("pgh_created_at", flat=True).first()
    # The events of one transaction all have the same time.
    events = Evidence.pgh_event_model.objects.filter(update_id=update.pk)
    added = set(events.filter(pgh_label="insert", pgh_created_at=accepted_at).values_list("pgh_obj_id", flat=True))
    draft = lock_for_evidence(draft=update, lead=lead, by=by)
    if events.filter(pgh_obj_id__in=added, pgh_label="update").exists():
        raise Refused(_("Somebody has worked on this evidence since. Remove it on the draft’s own page."))
    Evidence.objects.filter(update=draft, pk__in=added).delete()
    Lead.objects.filter(pk=lead.pk).update(state=Lead.State.OPEN, decided_by=None, decided_at=None, update=None)
