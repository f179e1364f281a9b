"""What is published already of the news that leads bring."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from pledges.actions.lead_evidence import day_of
from pledges.models import Article, Lead
from pledges.queries.told_already import AlreadyTold, Report, already_told, texts_of

WAITING = (Lead.State.OPEN, Lead.State.SNOOZED)


def add_what_is_told(leads: Collection[Lead]) -> None:
    """Set `told` on each lead: what is published of its event. Three queries, however many leads there are.

    Only leads that wait for a decision are compared. Uses the prefetched articles of their stories.
    """
    waiting = [lead for lead in leads if lead.state in WAITING]
    texts = texts_of(Article.objects.filter(pk__in={lead.article_id for lead in waiting})) if waiting else {}
    reports = {lead.pk: _report(lead, texts[lead.article_id]) for lead in waiting}
    told = already_told(reports)
    for lead in leads:
        lead.told = told.get(lead.pk, AlreadyTold())


def told_in_words(told: AlreadyTold) -> str:
    """What to tell somebody who accepts such a lead; "" if nothing that is published seems to tell the same event, or
    the suggested change."""
    if told.change and not told.same:
        words = _("The pledge has this status already, by the update of %(day)s: compare them before you submit.")
        return words % {"day": told.change.day}
    if not told.same:
        return ""
    day = told.same[0].day
    if told.same[0].same == "address":
        return _("The update of %(day)s has this page as evidence already.") % {"day": day}
    return _("The update of %(day)s seems to tell this already: compare them before you submit.") % {"day": day}


def _report(lead: Lead, text: tuple[str, str]) -> Report:
    """A lead's article, and the addresses of the other articles on its story."""
    story = lead.article.story
    others = {article.url for article in story.articles.all()} if story else set()
    urls = frozenset({lead.article.url, *others})
    return Report(lead.pledge_id, day_of(lead.article), urls, (text,), status=lead.suggested_status)
