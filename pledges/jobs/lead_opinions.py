"""Second opinions on leads, from the endpoint that the operator has set; only on leads that are stored already."""

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pledges.actions import lead_evidence, learning
from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.jobs import encoders, profiles
from pledges.models import STATUS_LABELS, Article, Lead, Newsroom
from pledges.watch.matching import lead_opinion, matcher, second_opinion
from pledges.watch.text.language import sentences


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
    lead = Lead.objects.select_related("article__source", "pledge").prefetch_related("pledge__wordings").get(pk=lead_id)
    if lead.opinion or not settings.OPINION_URL:
        return
    endpoint = second_opinion.Endpoint(settings.OPINION_URL, settings.OPINION_MODEL, settings.OPINION_KEY)
    if opinion := lead_opinion.ask(endpoint, _question(lead)):
        with translation.override(Newsroom.get().main_language):
            learning.record_opinion(lead=lead.pk, score=opinion.about, words=_in_words(opinion))


def _question(lead: Lead) -> lead_opinion.Question:
    """The lead as a reader would get it, in the article's language where the pledge is written in it."""
    pledge, article = lead.pledge, lead.article
    wording = pledge.public_wording or pledge.latest_wording
    titles = {code: getattr(wording, f"title_{code}", "") for code in LANGUAGES}
    language = article.language or article.source.language
    if not titles.get(language):
        language = max(titles, key=lambda code: len(titles[code]))
    statement = getattr(wording, f"statement_{language}", "")
    day = lead_evidence.day_of(article)
    history = profiles.histories(pledge.pk).get(pledge.pk, ())
    told = [sentence for sentence in sentences(article.text or article.summary) if sentence != article.title]
    near = lead_opinion.nearest(
        told,
        f"{titles[language]}. {statement}",
        language,
        encoders.current(),
    )
    return lead_opinion.Question(
        pledge=titles[language],
        statement=statement,
        criteria=profiles.own_criteria(pledge)[language],
        status=matcher.Profile(pledge.pk, {}, history=history).status_before(day),
        title=article.title,
        day=day,
        sentences=near or (lead.sentence,),
    )


def _in_words(opinion: lead_opinion.LeadOpinion) -> str:
    """What the desk shows: what is suggested, the words behind it, and why."""
    if opinion.suggestion == "change":
        said = _("Change to %(status)s") % {"status": str(STATUS_LABELS[Status(opinion.status)]).lower()}
    elif opinion.suggestion == "as_before":
        said = _("The status stays as it was")
    else:
        said = _("Nothing bears on the status")
    quoted = f" (‘{opinion.cue}’)" if opinion.cue else ""
    return f"{said}{quoted}: {opinion.why}" if opinion.why else f"{said}{quoted}"
