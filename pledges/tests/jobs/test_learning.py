"""The watch learns: it counts the words it reads, heeds editors' words, and learns from what they decide."""

import random
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pledges import jobs
from pledges.actions import leads as lead_actions
from pledges.actions import learning as learning_actions
from pledges.actions import watch as watch_actions
from pledges.jobs import profiles
from pledges.models import Article, Lead, TermCount, WatchTerm
from pledges.tests.support import factories
from pledges.tests.support.watched import page
from pledges.watch.matching import learning, matcher

pytestmark = pytest.mark.django_db
TOLD = "President Romero ordered the army to occupy the lighthouse of Puerto Azul in Ecuador and repair it."
REST = "The work will take two months, an official of the harbour office said on Monday, and is paid by the state."


def new_article(web, slug, title, *told, language="en"):
    web.serve(f"/{slug}", page(title, *told, language=language))
    return factories.ArticleFactory(
        url=f"{web.origin}/{slug}", title=title, text="", state=Article.State.NEW, language=language
    )


def read(article):
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    return article


def decide(lead, reason=""):
    """Accept a lead, or dismiss it for a reason."""
    if reason:
        lead_actions.dismiss_lead(lead=lead, by=factories.ReporterFactory(), reason=reason)
    else:
        lead_actions.accept_lead(lead=lead, by=factories.ReporterFactory())


def learned(pledge):
    """What the watch has learned of a pledge, as word to weight."""
    decided = profiles.decisions().get(pledge.pk, ())
    lessons = profiles.lessons(pledge, decided, profiles.vocabulary())
    return {lesson.word.casefold(): lesson.weight for found in lessons.values() for lesson in found}


# --- the vocabulary -------------------------------------------------------------------------------------------------


def counted(term="", language="en"):
    return TermCount.objects.filter(language=language, term=term).values_list("documents", flat=True).first() or 0


def test_an_article_that_is_read_counts_its_terms_once(web):
    article = read(new_article(web, "one", "Army to repair lighthouse", TOLD, REST))
    terms = matcher.document_terms(article.title, article.text, "en")
    assert counted() == 1
    assert {term for term in terms if len(term) <= 60} == set(
        TermCount.objects.exclude(term="").values_list("term", flat=True)
    )
    read(new_article(web, "two", "Army again", TOLD, REST))
    assert counted() == 2
    (key,) = {learning.key_of("lighthouse", "en")}
    assert counted(key) == 2


def test_a_task_that_runs_twice_counts_once(web, monkeypatch):
    article = new_article(web, "one", "Army to repair lighthouse", TOLD, REST)

    def quicker(**_fields):  # another worker with the same message, between our fetch and our writing
        monkeypatch.undo()
        Article.objects.filter(pk=article.pk).update(state=Article.State.READ)
        return False

    monkeypatch.setattr(watch_actions, "lock_unread", quicker)
    read(article)
    assert counted() == 0
    Article.objects.filter(pk=article.pk).update(state=Article.State.NEW)
    read(Article.objects.get())
    read(Article.objects.get())
    assert counted() == 1


def test_what_cannot_be_stored_counts_nothing(web, monkeypatch):
    article = new_article(web, "one", "Army to repair lighthouse", TOLD, REST)

    def broken(**_fields):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(learning_actions, "count_terms", broken)
    read(article)
    assert (article.state, counted()) == ("new", 0)


def test_endless_words_are_left_out_and_an_unknown_language_too():
    learning_actions.count_terms(language="en", terms=["x" * 61, "y" * 60])
    learning_actions.count_terms(language="", terms=["z"])
    assert set(TermCount.objects.values_list("term", flat=True)) == {"", "y" * 60}


def test_a_vocabulary_counts_from_two_hundred_articles_on_and_leaves_single_ones_out_when_there_are_many():
    TermCount.objects.bulk_create(
        [
            TermCount(language=language, term=term, documents=documents)
            for language, rows in {"en": {"": 199, "a": 5}, "es": {"": 5000, "b": 1, "c": 2}}.items()
            for term, documents in rows.items()
        ]
    )
    seen = profiles.vocabulary()
    assert seen.documents == {"es": 5000}
    assert seen.counts == {"es": {"c": 2}}


@pytest.mark.django_db(transaction=True)
def test_workers_that_count_at_once_lose_nothing_and_never_wait_in_a_circle():
    terms = [f"term-{number}" for number in range(150)]

    def work(seed):
        mixed = random.Random(seed)
        try:
            for _article in range(10):
                learning_actions.count_terms(language="en", terms=mixed.sample(terms, len(terms)))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, seed) for seed in range(4)]:
            done.result()
    assert set(TermCount.objects.values_list("documents", flat=True)) == {40}


# --- when the watch is made anew ------------------------------------------------------------------------------------


def test_knowing_that_nothing_changed_takes_few_queries(lighthouse):
    before = profiles.watch()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert profiles.watch() is before
    assert len(asked) <= 6


def test_it_is_made_anew_for_words_decisions_and_growth_and_not_for_a_lead(lighthouse):
    seen = [profiles.watch()]

    def changed():
        seen.append(profiles.watch())
        return seen[-1] is not seen[-2]

    lead = factories.LeadFactory(pledge=lighthouse)
    assert not changed()
    term = WatchTerm.objects.create(pledge=lighthouse, language="en", phrase="beacon")
    assert changed()
    WatchTerm.objects.filter(pk=term.pk).update(phrase="beacons")
    assert changed()
    term.delete()
    assert changed()
    decide(lead, "not_about")
    assert changed()
    lead_actions.reopen_lead(lead=lead, by=factories.ReporterFactory())
    assert changed()
    lighthouse.save()
    assert changed()
    learning_actions.count_terms(language="en", terms=["a"])
    assert changed()
    TermCount.objects.filter(term="").update(documents=1000)
    assert changed()
    TermCount.objects.filter(term="").update(documents=1001)
    assert not changed()


# --- editors' words -------------------------------------------------------------------------------------------------


def test_words_of_editors_reach_the_matcher_in_their_language(lighthouse):
    lighthouse.also_called_en = ["the Candle"]
    for language, rule, phrase in (
        ("en", "any", "beacon"),
        ("en", "must", "Puerto Azul"),
        ("es", "never", "farola"),
        ("es", "struck", "lunes"),
    ):
        WatchTerm.objects.create(pledge=lighthouse, language=language, rule=rule, phrase=phrase)
    made = profiles.profile(lighthouse, {})
    assert made.aliases == {"en": ("the Candle", "beacon"), "es": ()}
    assert made.must == {"en": ("Puerto Azul",), "es": ()}
    assert made.never == {"en": (), "es": ("farola",)}


def test_a_word_that_must_not_be_there_keeps_articles_away(web, lighthouse):
    read(new_article(web, "one", "Army to repair lighthouse", TOLD, REST))
    assert Lead.objects.count() == 1
    WatchTerm.objects.create(pledge=lighthouse, language="en", rule="never", phrase="harbour office")
    read(new_article(web, "two", "Soldiers repair a lighthouse", TOLD, REST))
    assert Lead.objects.count() == 1


# --- what decisions teach -------------------------------------------------------------------------------------------


def leads_on(pledge, text, count, **fields):
    return [factories.LeadFactory(pledge=pledge, article__text=text, sentence=text, **fields) for _ in range(count)]


def test_accepting_teaches_words_and_undoing_takes_the_lesson_back(lighthouse):
    (lead,) = leads_on(lighthouse, "Soldiers mend the lamp of the beacon.", 1)
    assert learned(lighthouse) == {}
    decide(lead, "not_about")
    assert learned(lighthouse)["beacon"] < 0
    lead_actions.reopen_lead(lead=lead, by=factories.ReporterFactory())
    assert learned(lighthouse) == {}
    decide(Lead.objects.get(), "nothing_new")
    assert learned(lighthouse)["beacon"] > 0


def test_unreliable_and_other_teach_nothing(lighthouse):
    for lead, reason in zip(leads_on(lighthouse, "Soldiers mend the beacon.", 2), ("unreliable", "other"), strict=True):
        decide(lead, reason)
    assert learned(lighthouse) == {}


def test_what_was_learned_moves_the_score_of_the_next_article(lighthouse):
    def score():
        found = profiles.watch().match("", TOLD + " The picture gallery opened.", "en", threshold=0)
        return next(match.score for match in found if match.pledge == lighthouse.pk)

    before = score()
    for lead in leads_on(lighthouse, "The picture gallery opened with photographs of a lighthouse.", 10):
        decide(lead, "not_about")
    assert score() < before - 0.02


def test_a_struck_word_is_not_learned(lighthouse):
    for lead in leads_on(lighthouse, "Soldiers mend the beacon.", 3):
        decide(lead)
    assert learned(lighthouse)["beacon"] > 0
    editor = factories.EditorFactory()
    learning_actions.strike_word(pledge=lighthouse, language="en", word=" Beacon ", by=editor)
    assert "beacon" not in learned(lighthouse)
    assert WatchTerm.objects.get().added_by == editor


# --- at the desk ----------------------------------------------------------------------------------------------------


def knowledge_url(pledge):
    return reverse("admin:pledges_pledge_knowledge", args=[pledge.pk])


def shown(response):
    """The page's words, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_page_says_what_the_watch_knows_and_who_taught_it(client, lighthouse):
    leads = leads_on(lighthouse, "Soldiers mend the beacon.", 5)
    for lead in leads:
        decide(lead)
    decide(leads_on(lighthouse, "A gallery opens.", 1)[0], "not_about")
    WatchTerm.objects.create(pledge=lighthouse, language="es", rule="must", phrase="Puerto Azul")
    client.force_login(factories.ReporterFactory())
    response = client.get(knowledge_url(lighthouse))
    words = shown(response)
    assert "Editors accepted 5 of its leads, dismissed 1 as not about it" in words
    assert "beacon" in words
    assert "Repair" in words
    assert "must be there" in words
    assert "too few decisions to tell" in words
    assert reverse("admin:pledges_lead_change", args=[leads[-1].pk]) in response.content.decode()
    assert "5 leads" in words
    assert "Strike" not in words


def test_an_editor_strikes_a_word_and_takes_it_back(client, lighthouse):
    for lead in leads_on(lighthouse, "Soldiers mend the beacon.", 3):
        decide(lead)
    client.force_login(factories.EditorFactory())
    strike = reverse("admin:pledges_pledge_strike", args=[lighthouse.pk])
    response = client.post(strike, {"language": "en", "word": "beacon"}, follow=True)
    assert "“beacon” is struck" in shown(response)
    term = WatchTerm.objects.get(rule="struck")
    client.post(strike, {"language": "en", "word": "beacon"})
    assert WatchTerm.objects.count() == 1
    unstrike = reverse("admin:pledges_pledge_unstrike", args=[lighthouse.pk])
    response = client.post(unstrike, {"term": term.pk}, follow=True)
    assert "“beacon” may be learned again" in shown(response)
    assert not WatchTerm.objects.exists()
    assert client.post(unstrike, {"term": "x" * 40}).status_code == 302


@pytest.mark.parametrize("data", [{}, {"language": "fr", "word": "mot"}, {"language": "en", "word": "…"}])
def test_what_is_no_word_cannot_be_struck(client, lighthouse, data):
    client.force_login(factories.EditorFactory())
    response = client.post(reverse("admin:pledges_pledge_strike", args=[lighthouse.pk]), data, follow=True)
    assert "Choose one of the learned words" in shown(response)
    assert not WatchTerm.objects.exists()


def test_a_word_that_editors_keep_is_not_struck_behind_their_back(client, lighthouse):
    WatchTerm.objects.create(pledge=lighthouse, language="en", rule="any", phrase="Beacon")
    client.force_login(factories.EditorFactory())
    url = reverse("admin:pledges_pledge_strike", args=[lighthouse.pk])
    response = client.post(url, {"language": "en", "word": "beacon"}, follow=True)
    assert "is one of the editors" in shown(response)
    assert WatchTerm.objects.get().rule == "any"


def form_of(client, pledge):
    """What the browser would send of a pledge's page."""
    response = client.get(reverse("admin:pledges_pledge_change", args=[pledge.pk]))
    data = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is None or value is False:
                continue
            if field.name in ("also_called_en", "also_called_es") and not isinstance(value, str):
                value = ",".join(value)
            data[field.html_name] = value
    return data


def save_words(client, pledge, *rows):
    """Save the pledge's page with these new words, each (language, rule, phrase)."""
    data = form_of(client, pledge)
    start = int(data["watch_terms-INITIAL_FORMS"])
    data["watch_terms-TOTAL_FORMS"] = start + len(rows)
    for number, (language, rule, phrase) in enumerate(rows, start):
        data |= {
            f"watch_terms-{number}-language": language,
            f"watch_terms-{number}-rule": rule,
            f"watch_terms-{number}-phrase": phrase,
            f"watch_terms-{number}-pledge": pledge.pk,
        }
    return client.post(reverse("admin:pledges_pledge_change", args=[pledge.pk]), data)


def test_editors_keep_words_on_the_pledges_page(client, lighthouse):
    editor = factories.EditorFactory()
    client.force_login(editor)
    response = save_words(client, lighthouse, ("en", "must", "  Puerto   Azul "), ("es", "any", "faro"))
    assert response.status_code == 302
    kept = WatchTerm.objects.values_list("language", "rule", "phrase", "added_by")
    assert list(kept) == [("en", "must", "Puerto Azul", editor.pk), ("es", "any", "faro", editor.pk)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("en", "any", "beacon"), ("en", "never", "Beacon")], "“Beacon” stands here already"),
        ([("en", "any", "?!")], "Write a word or a few"),
        ([("en", "any", "x" * 81)], "at most 80 characters"),
    ],
)
def test_doubles_and_empty_words_are_refused_where_they_stand(client, lighthouse, rows, said):
    client.force_login(factories.EditorFactory())
    response = save_words(client, lighthouse, *rows)
    assert response.status_code == 200
    assert said in shown(response)
    assert not WatchTerm.objects.exists()


def test_a_double_of_a_stored_word_is_refused(client, lighthouse):
    WatchTerm.objects.create(pledge=lighthouse, language="en", phrase="beacon")
    client.force_login(factories.EditorFactory())
    assert "stands here already" in shown(save_words(client, lighthouse, ("en", "never", "beacon")))
    assert WatchTerm.objects.get().rule == "any"


def test_the_page_takes_as_many_queries_with_many_decisions(client, lighthouse):
    client.force_login(factories.EditorFactory())

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(knowledge_url(lighthouse)).status_code == 200
        return len(queries)

    for lead in leads_on(lighthouse, "Soldiers mend the beacon.", 2):
        decide(lead)
    asked()
    few = asked()
    for lead in leads_on(lighthouse, "Soldiers mend the lantern.", 20):
        decide(lead)
    assert asked() <= few
