"""Second opinions in the watch: off by default; an endpoint is asked after a lead is stored, and decides nothing."""

import json
from datetime import date

import pytest
from django.urls import reverse

from pledges import jobs
from pledges.actions import learning
from pledges.models import Article, Lead
from pledges.tests.support import factories
from pledges.tests.support.endpoints import completion, endpoint
from pledges.tests.support.watched import page

pytestmark = pytest.mark.django_db
TOLD = "President Romero ordered the army to occupy the lighthouse of Puerto Azul in Ecuador and repair it."
REST = "The work will take two months, an official of the harbour office said on Monday, and is paid by the state."


@pytest.fixture
def asked(monkeypatch):
    """The leads that workers are told to ask about."""
    leads = []
    monkeypatch.setattr(jobs.ask_opinion, "delay", leads.append)
    return leads


def read(web):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    article = factories.ArticleFactory(
        url=f"{web.origin}/one", title="Army to repair lighthouse", text="", state=Article.State.NEW
    )
    jobs.read_article.apply(args=[article.pk], throw=True)
    return Lead.objects.filter(article=article)


def test_nobody_is_asked_by_default(web, lighthouse, asked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert read(web).count() == 1
    assert asked == []
    jobs.ask_opinion.apply(args=[Lead.objects.get().pk], throw=True)
    assert Lead.objects.get().opinion == ""


def test_an_endpoint_is_asked_only_when_the_lead_is_stored(
    web, lighthouse, asked, settings, client, django_capture_on_commit_callbacks
):
    answer = {"about": 0.9, "suggestion": "change", "status": "in_progress", "cue": "occupy the lighthouse"}
    answer["why"] = "It tells of <b>the</b> repair."
    with endpoint(completion(json.dumps(answer))) as (url, questions):
        settings.OPINION_URL, settings.OPINION_MODEL = url, "small"
        with django_capture_on_commit_callbacks(execute=True):
            lead = read(web).get()
            assert asked == []
        assert asked == [lead.pk]
        for _twice in range(2):
            jobs.ask_opinion.apply(args=asked, throw=True)
    assert len(questions) == 1
    asked_about = json.loads(json.loads(questions[0][2])["messages"][1]["content"])
    assert asked_about["pledge"]["title"] == "Repair the lighthouse of Puerto Azul"
    assert asked_about["pledge"]["status"] == "not_started"
    assert asked_about["pledge"]["criteria"]["kept"] == lighthouse.public_wording.kept_en
    assert asked_about["article"]["sentences"] == [TOLD, REST]
    before = lead.score
    lead.refresh_from_db()
    words = "Change to in progress (‘occupy the lighthouse’): It tells of <b>the</b> repair."
    assert (lead.opinion, lead.opinion_score, lead.score) == (words, 0.9, before)
    client.force_login(factories.ReporterFactory())
    for address in (reverse("admin:pledges_lead_changelist"), reverse("admin:pledges_lead_change", args=[lead.pk])):
        html = client.get(address).content.decode()
        assert "90 · “Change to in progress" in html
        assert "It tells of &lt;b&gt;the&lt;/b&gt; repair.”" in html
        assert "A model&#x27;s opinion, not evidence." in html or "A model's opinion, not evidence." in html


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            {"suggestion": "as_before", "status": None, "cue": "", "why": "More of it."},
            "The status stays as it was: More of it.",
        ),
        ({"suggestion": "nothing", "status": None, "cue": "", "why": ""}, "Nothing bears on the status"),
        ({"suggestion": "change", "status": "kept", "cue": "never said", "why": "Lit."}, "Change to kept: Lit."),
    ],
)
def test_an_opinion_is_stored_in_words(lighthouse, settings, answer, words):
    lead = factories.LeadFactory(pledge=lighthouse)
    suggested = lead.suggested_status
    with endpoint(completion(json.dumps({"about": 0.5} | answer))) as (url, _questions):
        settings.OPINION_URL = url
        jobs.ask_opinion.apply(args=[lead.pk], throw=True)
    lead.refresh_from_db()
    assert (lead.opinion, lead.opinion_score, lead.suggested_status) == (words, 0.5, suggested)


def test_the_status_is_that_of_the_articles_day_and_the_words_are_in_its_language(lighthouse, settings):
    for day, status in ((date(2024, 1, 10), "in_progress"), (date(2024, 7, 2), "kept")):
        factories.PublishedUpdateFactory(pledge=lighthouse, happened_on=day, status=status)
    told = "El ejército ocupó el faro. Lo repara."
    lead = factories.LeadFactory(pledge=lighthouse, article__language="es", article__text=told)
    answer = {"about": 1, "suggestion": "change", "status": "stalled", "cue": "ocupó el faro", "why": "Parado."}
    with endpoint(completion(json.dumps(answer))) as (url, questions):
        settings.OPINION_URL = url
        jobs.ask_opinion.apply(args=[lead.pk], throw=True)
    ((_path, _headers, body),) = questions
    asked_about = json.loads(json.loads(body)["messages"][1]["content"])
    wording = lighthouse.public_wording
    assert asked_about["pledge"] == {
        "title": "Reparar el faro de Puerto Azul",
        "statement": wording.statement_es,
        "criteria": {name: getattr(wording, f"{name}_es") for name in asked_about["pledge"]["criteria"]},
        "status": "in_progress",
    }
    assert asked_about["article"]["day"] == "2024-07-01"
    assert asked_about["article"]["sentences"] == ["El ejército ocupó el faro.", "Lo repara."]


@pytest.mark.parametrize("answer", [b"", completion("no"), completion('{"about": 3}')])
def test_a_bad_answer_leaves_the_lead_as_it_is(lighthouse, settings, answer):
    lead = factories.LeadFactory(pledge=lighthouse)
    with endpoint(answer) as (url, _questions):
        settings.OPINION_URL = url
        jobs.ask_opinion.apply(args=[lead.pk], throw=True)
    lead.refresh_from_db()
    assert (lead.opinion, lead.opinion_score, lead.state) == ("", None, "open")


def test_a_broker_that_is_gone_costs_no_lead(
    web, lighthouse, settings, monkeypatch, django_capture_on_commit_callbacks
):
    def gone(_lead):
        raise ConnectionError("no broker")

    settings.OPINION_URL = "http://127.0.0.1:9/v1"
    monkeypatch.setattr(jobs.ask_opinion, "delay", gone)
    with django_capture_on_commit_callbacks(execute=True):
        leads = read(web)
    assert leads.count() == 1


def test_an_opinion_decides_nothing(lighthouse):
    lead = factories.LeadFactory(pledge=lighthouse)
    assert learning.record_opinion(lead=lead.pk, score=0.0, words="Certainly not.")
    assert not learning.record_opinion(lead=lead.pk, score=1.0, words="Certainly.")
    lead.refresh_from_db()
    assert (lead.state, lead.opinion) == ("open", "Certainly not.")
