"""Second opinions on leads, from the endpoint that the operator names; asked after a lead is stored, never before."""

from celery import shared_task
from django.conf import settings
from django.db import transaction

from pledges.actions import learning
from pledges.jobs import profiles
from pledges.models import Article, Lead
from pledges.watch.matching import second_opinion


def ask_for(article: Article) -> None:
    """Have the leads of an article looked at once more, when they are stored; nothing where no endpoint is named."""
    if not settings.OPINION_URL:
        return
    for lead in article.leads.filter(opinion="", state=Lead.State.OPEN).values_list("pk", flat=True):
        transaction.on_commit(lambda lead=lead: ask_opinion.delay(lead), robust=True)


@shared_task(name="pledges.tasks.ask_opinion")
def ask_opinion(lead_id: int) -> None:
    """Ask for an opinion on one lead and note it; without an answer the lead stays as it is."""
    lead = Lead.objects.select_related("article", "pledge").prefetch_related("pledge__wordings").get(pk=lead_id)
    if lead.opinion or not settings.OPINION_URL:
        return
    texts = profiles.own_texts(lead.pledge)
    language = lead.article.language
    if not texts.get(language, "").strip():
        language = max(texts, key=lambda one: len(texts[one]))
    asked = second_opinion.LeadCandidate(texts[language], lead.article.title, lead.sentence, language)
    endpoint = second_opinion.Endpoint(settings.OPINION_URL, settings.OPINION_MODEL, settings.OPINION_KEY)
    if opinion := endpoint.opinion(asked):
        learning.record_opinion(lead=lead.pk, score=opinion.score, words=opinion.words or "—")
