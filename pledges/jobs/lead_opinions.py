"""Second opinions on leads, from the endpoint that the operator has set; only on leads that are stored already."""

from celery import shared_task
from django.conf import settings
from django.db import transaction

from pledges.actions import learning
from pledges.jobs import profiles
from pledges.models import Article, Lead
from pledges.watch.matching import second_opinion


def ask_for(article: Article) -> None:
    """Enqueue second opinions on an article's open leads for after the commit; does nothing without an endpoint."""
    if not settings.OPINION_URL:
        return
    for pk in article.leads.filter(opinion="", state=Lead.State.OPEN).values_list("pk", flat=True):

        def enqueue(pk: int = pk) -> None:
            ask_opinion.delay(pk)

        transaction.on_commit(enqueue, robust=True)


@shared_task(name="pledges.tasks.ask_opinion")
def ask_opinion(lead_id: int) -> None:
    """Ask for an opinion on one lead and store it; without an answer the lead stays as it is."""
    lead = Lead.objects.select_related("article", "pledge").prefetch_related("pledge__wordings").get(pk=lead_id)
    if lead.opinion or not settings.OPINION_URL:
        return
    texts = profiles.own_texts(lead.pledge)
    language = lead.article.language
    if not texts.get(language, "").strip():
        language = max(texts, key=lambda code: len(texts[code]))
    candidate = second_opinion.LeadCandidate(texts[language], lead.article.title, lead.sentence, language)
    endpoint = second_opinion.Endpoint(settings.OPINION_URL, settings.OPINION_MODEL, settings.OPINION_KEY)
    if opinion := endpoint.opinion(candidate):
        learning.record_opinion(lead=lead.pk, score=opinion.score, words=opinion.words or "—")
