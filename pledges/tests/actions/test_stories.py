"""One lead a story and pledge, whoever tells it and how often; nothing new is missed for that."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import leads
from pledges.actions import stories as storie_actions
from pledges.models import Article, Capture, Lead, Story
from pledges.tests.support import factories
from pledges.watch.matching import stories

BEGUN = (
    "Work begins on new prison in Santa Elena",
    "Construction of a maximum-security prison for 800 inmates began on Friday in Juntas del Pacifico, in the province "
    "of Santa Elena.\nPresident Carlos Rueda laid the first stone and said that it would be ready in 300 days "
    "at a cost of 52 million dollars.\nResidents of the nearby commune protested at the gates.",
)
RETOLD = (
    "Rueda lays first stone of 800-bed jail on the coast",
    "Diggers moved in on Friday at Juntas del Pacifico, where the government wants to hold 800 dangerous inmates.\nThe "
    "maximum-security complex in Santa Elena province is to cost 52 million dollars and, according to President Carlos "
    "Rueda, will take 300 days to build.\nOutside, villagers of the commune complained.",
)
SUSPENDED = (
    "Court suspends works on Santa Elena prison",
    "A judge ordered on Tuesday that construction of the maximum-security prison in Juntas del Pacifico, Santa Elena, "
    "be suspended until the commune has been consulted.\nThe government of President Carlos Rueda said that it would "
    "appeal within three days against the ruling, which stops the 52 million dollar project.",
)


@dataclass(frozen=True)
class Match:
    """What the matcher says."""

    pledge: int
    score: float = 0.8
    sentence: str = "Construction began."
    words: tuple[str, ...] = ("prison",)
    suggested_status: str = ""
    cue: str = ""
    suggestion: str = ""


BEGUN_ES = (
    "Primera piedra de la cárcel de Santa Elena",
    "El viernes empezó en Juntas del Pacífico la construcción de una cárcel de máxima seguridad para 800 reclusos, que "
    "costará 52 millones de dólares.\nEl presidente Carlos Rueda colocó la primera piedra.",
)


@pytest.fixture
def pledge(db):
    return factories.PublishedPledgeFactory()


@transaction.atomic
def tell(told, *matches, publisher="The Daily Example", hours=0, alike_across=True, **fields):
    """An article that was just read, put into its story, its leads raised. `alike_across` is what the comparison with
    articles in the other language says."""
    title, text = told
    article = factories.ArticleFactory(
        title=title,
        text=text,
        publisher=publisher,
        found_at=timezone.now() + timedelta(hours=hours),
        published_at=timezone.now() + timedelta(hours=hours),
        **fields,
    )
    now = timezone.now()
    alike = storie_actions.place_in_story(
        article=article,
        text=f"{title}\n{text}",
        fingerprint=stories.fingerprint(title, text),
        same_story=stories.same_story,
        across=lambda: dict.fromkeys(across(article, *matches), alike_across),
        opens=bool(matches),
        now=now,
    )
    leads.raise_leads(article=article, matches=matches, alike=alike, now=now)
    return article


def across(article, *matches):
    """What an article is compared with in the other language."""
    pledges = [match.pledge for match in matches]
    return storie_actions.articles_across(article=article, language=article.language, pledges=pledges)


pytestmark = pytest.mark.django_db


def test_one_lead_a_story_and_pledge(pledge):
    other = factories.PublishedPledgeFactory()
    first = tell(BEGUN, Match(pledge.pk))
    tell(BEGUN, Match(pledge.pk), publisher="El Matutino", hours=1)
    tell(RETOLD, Match(pledge.pk), Match(other.pk), publisher="Gazette", hours=2)
    assert Story.objects.count() == 1
    assert sorted(Lead.objects.values_list("pledge", "article__publisher")) == sorted(
        [(pledge.pk, "The Daily Example"), (other.pk, "Gazette")]
    )
    assert Lead.objects.get(pledge=pledge).article == first


def test_another_turn_of_the_same_affair_is_another_story(pledge):
    tell(BEGUN, Match(pledge.pk))
    tell(SUSPENDED, Match(pledge.pk), hours=96)
    assert (Story.objects.count(), Lead.objects.count()) == (2, 2)


def test_the_same_words_a_fortnight_later_are_another_story(pledge):
    tell(BEGUN, Match(pledge.pk), hours=-15 * 24)
    tell(BEGUN, Match(pledge.pk))
    assert Lead.objects.count() == 2


def test_who_tells_it_without_a_match_counts_among_the_outlets(pledge):
    early = tell(RETOLD, publisher="Gazette", hours=-1)  # nothing was found in it, and no story opened for it
    assert early.story is None
    first = tell(BEGUN, Match(pledge.pk))
    late = tell(RETOLD, publisher="El Matutino", hours=1)
    early.refresh_from_db()
    assert early.story == first.story == late.story
    assert Lead.objects.count() == 1


def test_read_twice_it_stays_in_its_story(pledge):
    article = tell(BEGUN, Match(pledge.pk))
    story = article.story
    told = {
        "text": "\n".join(BEGUN),
        "fingerprint": article.fingerprint,
        "same_story": stories.same_story,
        "opens": True,
    }
    storie_actions.place_in_story(article=article, now=timezone.now(), **told)
    assert leads.raise_leads(article=article, matches=[Match(pledge.pk)], now=timezone.now()) == 0
    assert (article.story, Story.objects.count(), Lead.objects.count()) == (story, 1, 1)


def four_at_once(work):
    """`work(0)` to `work(3)`, each in a thread and a session of its own, at the same moment."""
    together = threading.Barrier(4)

    def run(number):
        try:
            together.wait()
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))  # raises what one of them raised


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_two_copies_open_one_story():
    pledge = factories.PublishedPledgeFactory()
    done = []

    def work(number):
        tell(BEGUN, Match(pledge.pk), publisher=f"Outlet {number}")
        done.append(number)

    four_at_once(work)
    assert sorted(done) == [0, 1, 2, 3]
    assert (Story.objects.count(), Lead.objects.count()) == (1, 1)


def test_stories_that_an_editor_joined_raise_one_lead_on_a_third_pledge(pledge):
    third, editor = factories.PublishedPledgeFactory(), factories.EditorFactory()
    tell(BEGUN, Match(pledge.pk), Match(third.pk))
    other = tell(SUSPENDED, Match(pledge.pk), publisher="Gazette", hours=96)
    kept, late = Lead.objects.filter(pledge=pledge).order_by("pk")
    assert late.article == other
    leads.merge_lead(lead=late, into=kept, by=editor)
    copy = factories.ArticleFactory(story=late.story)  # told like the second, whose story it joins
    assert leads.raise_leads(article=copy, matches=[Match(third.pk), Match(pledge.pk)], now=timezone.now()) == 0
    assert Lead.objects.filter(pledge=third).count() == 1
    leads.undo_lead(lead=late, by=editor)  # apart again, it is another story
    assert leads.raise_leads(article=copy, matches=[Match(third.pk)], now=timezone.now()) == 1


def test_a_story_opened_apart_for_one_pledge_raises_no_second_lead_on_another(pledge):
    other = factories.PublishedPledgeFactory()
    tell(BEGUN, Match(pledge.pk), Match(other.pk))
    leads.dismiss_lead(lead=Lead.objects.get(pledge=pledge), by=factories.EditorFactory(), reason="unreliable")
    tell(RETOLD, Match(pledge.pk), Match(other.pk), publisher="Gazette", hours=1)
    assert Lead.objects.filter(pledge=pledge).count() == 2
    assert Lead.objects.filter(pledge=other).count() == 1


# --- two languages --------------------------------------------------------------------------------------------------


def test_one_lead_for_an_event_in_two_languages_and_their_copies_join_it(pledge):
    tell(BEGUN, Match(pledge.pk))
    tell(BEGUN_ES, Match(pledge.pk), language="es", hours=5)
    tell(BEGUN_ES, Match(pledge.pk), language="es", hours=6, alike_across=False)  # its own language decides
    assert (Story.objects.count(), Lead.objects.count()) == (1, 1)
    tell(BEGUN_ES, Match(pledge.pk), language="es", hours=60, alike_across=False)
    tell(SUSPENDED, Match(pledge.pk), hours=61, alike_across=False)
    assert (Story.objects.count(), Lead.objects.count()) == (2, 2)


def test_what_an_article_is_compared_with_in_the_other_language(pledge):
    elsewhere = factories.PublishedPledgeFactory()
    tell(BEGUN, Match(elsewhere.pk))
    tell(BEGUN, Match(pledge.pk), hours=-4 * 24)
    tell(RETOLD, hours=1)  # no lead
    tell(BEGUN_ES, Match(pledge.pk), language="es", alike_across=False)
    unknown = factories.ArticleFactory(
        source__language="en", language="", published_at=None, found_at=timezone.now(), story=None
    )
    factories.LeadFactory(article=unknown, pledge=pledge)
    spanish = factories.ArticleFactory(language="es", published_at=timezone.now())
    assert across(spanish, Match(pledge.pk)) == [unknown]
    for hours in range(12):
        article = factories.ArticleFactory(published_at=timezone.now() + timedelta(hours=hours))
        factories.LeadFactory(article=article, pledge=pledge)
    assert len(across(spanish, Match(pledge.pk))) == 8


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_event_in_two_languages_open_one_story():
    pledge = factories.PublishedPledgeFactory()

    def work(number):
        told, language = ((BEGUN, "en"), (BEGUN_ES, "es"))[number % 2]
        tell(told, Match(pledge.pk), publisher=f"Outlet {number}", language=language)

    four_at_once(work)
    assert (Article.objects.count(), Story.objects.count(), Lead.objects.count()) == (4, 1, 1)


def test_after_the_decision_the_other_language_is_no_news_unless_it_suggests_another_status(pledge):
    tell(BEGUN_ES, Match(pledge.pk, suggested_status="in_progress"), language="es")
    leads.accept_lead(lead=Lead.objects.get(), by=factories.ReporterFactory())
    tell(BEGUN, Match(pledge.pk), hours=1)
    tell(BEGUN, Match(pledge.pk, suggested_status="in_progress"), hours=2)
    assert Lead.objects.count() == 1
    tell(BEGUN, Match(pledge.pk, suggested_status="stalled"), hours=3)
    tell(BEGUN_ES, Match(pledge.pk, suggested_status="stalled"), hours=4, language="es")
    assert sorted(Lead.objects.values_list("suggested_status", flat=True)) == ["in_progress", "stalled"]


def test_a_lead_that_suggests_a_status_does_not_turn_to_the_other_language(pledge):
    tell(BEGUN_ES, Match(pledge.pk), language="es")
    english = tell(BEGUN, Match(pledge.pk, suggested_status="in_progress"), hours=1)
    assert Lead.objects.get().article == english  # it said nothing of a status
    tell(BEGUN_ES, Match(pledge.pk, suggested_status="stalled"), language="es", hours=2)
    assert Lead.objects.get().article == english


# --- what a further article of a story brings -----------------------------------------------------------------------


def test_an_open_lead_turns_to_the_article_that_suggests_a_status(pledge):
    tell(BEGUN, Match(pledge.pk))
    better = tell(
        RETOLD, Match(pledge.pk, sentence="Diggers moved in on Friday.", suggested_status="in_progress", cue="moved in")
    )
    lead = Lead.objects.get()
    assert (lead.article, lead.sentence, lead.suggested_status) == (
        better,
        "Diggers moved in on Friday.",
        "in_progress",
    )
    tell(BEGUN, Match(pledge.pk), publisher="Gazette")  # says nothing of a status: the lead stays as it is
    lead.refresh_from_db()
    assert lead.article == better


def test_an_older_report_that_is_read_late_does_not_take_a_suggestion_back(pledge):
    tell(BEGUN, Match(pledge.pk, suggested_status="in_progress"))
    tell(RETOLD, Match(pledge.pk, suggested_status="stalled"), hours=-5)
    assert Lead.objects.get().suggested_status == "in_progress"
    tell(RETOLD, Match(pledge.pk, suggested_status="stalled"), hours=5)
    assert Lead.objects.get().suggested_status == "stalled"


@pytest.mark.parametrize("decide", ["accept", "snooze"])
def test_after_the_decision_another_status_is_a_lead_of_its_own_once(pledge, decide):
    tell(BEGUN, Match(pledge.pk, suggested_status="in_progress"))
    reporter = factories.ReporterFactory()
    if decide == "accept":
        leads.accept_lead(lead=Lead.objects.get(), by=reporter)
    else:
        leads.snooze_lead(lead=Lead.objects.get(), by=reporter, until=timezone.localdate() + timedelta(days=9))
    tell(RETOLD, Match(pledge.pk, suggested_status="in_progress"), hours=1)
    tell(RETOLD, Match(pledge.pk), hours=1)
    assert Lead.objects.count() == 1
    for hours in (2, 3):
        tell(BEGUN, Match(pledge.pk, suggested_status="stalled"), hours=hours)
    assert sorted(Lead.objects.values_list("suggested_status", flat=True)) == ["in_progress", "stalled"]


def test_what_an_unreliable_outlet_told_is_raised_once_more_by_the_next(pledge):
    tell(BEGUN, Match(pledge.pk))
    leads.dismiss_lead(lead=Lead.objects.get(), by=factories.ReporterFactory(), reason="unreliable")
    for hours in (1, 2, 3):
        tell(RETOLD, Match(pledge.pk), hours=hours)
    assert Lead.objects.filter(state="open").count() == 1


def test_more_of_the_same_does_not_bring_a_decided_story_back(pledge):
    tell(BEGUN, Match(pledge.pk, suggestion="as_before"))
    assert Lead.objects.get().suggestion == "as_before"
    leads.dismiss_lead(lead=Lead.objects.get(), by=factories.ReporterFactory(), reason="unreliable")
    tell(RETOLD, Match(pledge.pk, suggestion="as_before"), hours=1)
    assert Lead.objects.count() == 1
    tell(RETOLD, Match(pledge.pk, suggested_status="in_progress"), hours=2)
    assert Lead.objects.filter(state="open").count() == 1


def test_a_story_that_is_not_about_the_pledge_stays_decided_whatever_a_copy_suggests(pledge):
    tell(BEGUN, Match(pledge.pk))
    leads.dismiss_lead(lead=Lead.objects.get(), by=factories.ReporterFactory(), reason="not_about")
    tell(RETOLD, Match(pledge.pk, suggested_status="in_progress"), hours=1)
    assert Lead.objects.count() == 1
    leads.undo_lead(lead=Lead.objects.get(), by=factories.ReporterFactory())
    leads.dismiss_lead(lead=Lead.objects.get(), by=factories.ReporterFactory(), reason="nothing_new")
    tell(
        RETOLD, Match(pledge.pk, suggested_status="in_progress"), hours=2
    )  # a change is news, more of the same was not
    assert Lead.objects.filter(state="open").count() == 1


def test_a_lead_keeps_what_the_latest_reading_says(pledge):
    tell(BEGUN, Match(pledge.pk, suggestion="as_before"))
    tell(RETOLD, Match(pledge.pk, suggested_status="in_progress"), hours=1)  # turns to a change
    lead = Lead.objects.get()
    assert (lead.suggestion, lead.suggested_status) == ("change", "in_progress")
    other = factories.PublishedPledgeFactory()
    moved = leads.move_lead(lead=lead, pledge=other, by=factories.ReporterFactory())
    assert (moved.suggestion, moved.suggested_status) == ("change", "in_progress")
    article = moved.article
    article.times_changed = 1
    leads.raise_leads(article=article, matches=[Match(other.pk, suggestion="as_before")], now=timezone.now())
    moved.refresh_from_db()
    assert (moved.suggestion, moved.suggested_status) == ("as_before", "")


# --- the desk -------------------------------------------------------------------------------------------------------


@pytest.fixture
def reporter(client):
    user = factories.ReporterFactory()
    client.force_login(user)
    return user


def test_the_inbox_the_lead_and_the_draft_say_who_else_tells_it(client, reporter, pledge):
    tell(BEGUN, Match(pledge.pk))
    tell(BEGUN, Match(pledge.pk), publisher="the daily example")  # the same publisher again
    one = tell(RETOLD, Match(pledge.pk), publisher="Gazette <b>")
    tell(RETOLD, Match(pledge.pk), publisher="El Matutino")
    lead = Lead.objects.get()
    inbox = client.get(reverse("admin:pledges_lead_changelist")).content.decode()
    own = client.get(reverse("admin:pledges_lead_change", args=[lead.pk])).content.decode()
    client.post(reverse("admin:pledges_lead_accept", args=[lead.pk]))
    lead.refresh_from_db()
    draft = client.get(reverse("admin:pledges_update_change", args=[lead.update_id])).content.decode()
    for html in (inbox, own, draft):
        assert "also in 2 outlets" in html
        assert one.url in html
        assert "Gazette &lt;b&gt;" in html


def test_accepting_takes_the_ticked_articles_of_the_story_as_evidence_too(client, reporter, pledge):
    capture = factories.CaptureFactory()
    first = tell(BEGUN, Match(pledge.pk, sentence="Residents of the nearby commune protested at the gates."))
    copy = tell(BEGUN, Match(pledge.pk), publisher="Gazette", capture=capture)
    told = tell(RETOLD, Match(pledge.pk), publisher="El Matutino")
    tell(RETOLD, Match(pledge.pk), publisher="Not ticked")
    stranger = factories.ArticleFactory()
    lead = Lead.objects.get()
    ticked = [copy.pk, told.pk, stranger.pk, first.pk, "x", 10**30]
    client.post(reverse("admin:pledges_lead_accept", args=[lead.pk]), {"also": ticked})
    lead.refresh_from_db()
    pieces = list(lead.update.evidence.order_by("pk"))
    assert [(piece.url, piece.sentence, piece.capture) for piece in pieces] == [
        (first.url, lead.sentence, None),
        (copy.url, lead.sentence, capture),
        (told.url, "", None),
    ]


def test_as_many_queries_for_many_leads_with_stories_as_for_one(client, reporter):
    def costs():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:pledges_lead_changelist"))
        return len(queries)

    def add(count):
        pledge = factories.PublishedPledgeFactory()
        for _ in range(count):
            story = Story.objects.create(opened_at=timezone.now())
            factories.LeadFactory(pledge=pledge, story=story, article__story=story)
            factories.ArticleFactory(story=story, publisher="Gazette")

    add(1)
    costs()
    one = costs()
    add(20)
    assert costs() == one


# --- what is kept of articles that nobody needs ---------------------------------------------------------------------


def test_the_texts_of_old_articles_that_concerned_no_pledge_are_dropped(pledge, settings):
    settings.KEEP_UNUSED_DAYS = 30
    old = {"found_at": timezone.now() - timedelta(days=31), "fingerprint": [1], "summary": "A summary."}
    unused = factories.ArticleFactory(**old)
    young = factories.ArticleFactory(found_at=timezone.now() - timedelta(days=29))
    waiting = factories.ArticleFactory(state="new", **old)
    in_lead = factories.LeadFactory(article=factories.ArticleFactory(**old)).article
    in_story = factories.ArticleFactory(story=Story.objects.create(opened_at=timezone.now()), **old)
    captured = factories.ArticleFactory(capture=factories.CaptureFactory(), **old)
    jobs.drop_unused()
    unused.refresh_from_db()
    assert (unused.text, unused.summary, unused.fingerprint, unused.state) == ("", "", [], "read")
    for article in (young, waiting, in_lead, in_story, captured):
        article.refresh_from_db()
        assert article.text
    assert Capture.objects.count() == 1
    settings.KEEP_UNUSED_DAYS = 0
    Article.objects.update(found_at=timezone.now() - timedelta(days=9999))
    jobs.drop_unused()
    assert Article.objects.get(pk=young.pk).text
