"""Articles are fetched, matched and become leads, once each, whatever fails on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pledges import jobs
from pledges.actions import leads, leases, publishing
from pledges.jobs import reading
from pledges.models import Article, Capture, Host, Lead, Pledge, Wording
from pledges.queries import pulse
from pledges.tests.support import factories
from pledges.tests.support.watched import page
from pledges.tests.watch import isolated
from pledges.watch import isolation
from pledges.watch.sources import articles

pytestmark = pytest.mark.django_db
TOLD = "President Romero ordered the army to occupy the lighthouse of Puerto Azul in Ecuador and repair it."
REST = "The work will take two months, an official of the harbour office said on Monday, and is paid by the state."
OTHERWISE = (
    "Romero's order sends soldiers to Puerto Azul in Ecuador: the lighthouse there is to be repaired by the army.",
    "An official of the harbour office spoke of two months of work, which the state pays for, on Monday.",
)


@pytest.fixture
def lighthouse(db):
    """A public pledge that the articles here are about."""
    return factories.PublishedPledgeFactory(
        slug="lighthouse",
        mandate__person="Ana Romero",
        also_called_en=["lighthouse of Puerto Azul", "Puerto Azul lighthouse"],
        wording__title_en="Repair the lighthouse of Puerto Azul",
        wording__title_es="Reparar el faro de Puerto Azul",
        wording__statement_en="The army repairs the lighthouse of Puerto Azul.",
        wording__statement_es="El ejército repara el faro de Puerto Azul.",
    )


@pytest.fixture
def article(web):
    """Makes an article that is still to be read, at /<slug> of the small site."""

    def make(slug="one", **fields):
        fields = {"title": "Army to repair lighthouse", "text": "", "state": Article.State.NEW} | fields
        return factories.ArticleFactory(url=f"{web.origin}/{slug}", **fields)

    return make


def read(article):
    """As a worker does when it is told to look."""
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    return article


def test_an_article_about_a_pledge_becomes_a_lead_with_its_reasons(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", REST, TOLD), **{"Content-Type": "text/html; charset=utf-8"})
    found = read(article())
    assert (found.state, found.failure, found.claimed_until) == ("read", "", None)
    assert TOLD in found.text
    lead = Lead.objects.get()
    assert lead.pledge == lighthouse
    assert lead.sentence == TOLD
    assert {"lighthouse", "Puerto", "Azul"} <= set(lead.words)
    assert 0.5 <= lead.score <= 1
    assert lead.state == "open"
    capture = Capture.objects.get()
    assert found.capture == capture
    assert capture.size == len(web.pages["/one"][1])


def test_reading_it_twice_makes_one_lead_and_one_request(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    read(read(article()))
    assert Lead.objects.count() == 1
    assert len(web.requests) == 1
    # A worker that was killed after its work was stored and before it said so:
    Article.objects.update(state=Article.State.NEW)
    read(Article.objects.get())
    assert (Lead.objects.count(), Capture.objects.count()) == (1, 1)


def test_an_article_about_something_else_makes_no_lead(web, article, lighthouse):
    web.serve("/one", page("Bakers' fair", "The bakers of Portsmouth held their fair on Monday. " * 4))
    found = read(article(title="Bakers' fair"))
    assert Lead.objects.count() == 0
    assert (found.capture, found.story) == (None, None)  # its text is enough to learn from; its bytes are of no use


def test_a_lead_is_never_a_status(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    read(article())
    assert lighthouse.updates.count() == 0


def test_a_page_that_fails_is_tried_again_and_at_last_matched_by_its_summary(web, article, lighthouse):
    web.serve("/one", b"", status=503)
    waiting = article(summary=TOLD)
    for attempt in (1, 2):
        read(waiting)
        assert (waiting.state, waiting.attempts) == ("new", attempt)
        assert "(503)" in str(waiting.failure)
        assert waiting.claimed_until > timezone.now() + timedelta(minutes=4)
        assert leases.claim_unread_articles(now=timezone.now()) == []
        [claim] = leases.claim_unread_articles(now=timezone.now() + timedelta(minutes=11))
        assert claim.row == waiting
        Host.objects.update(next_request_at=None)
        assert Lead.objects.count() == 0
    read(waiting)
    assert (waiting.state, waiting.attempts, waiting.text) == ("failed", 3, "")
    assert Lead.objects.get().sentence == TOLD
    read(waiting)
    assert len(web.requests) == 3


def test_a_page_that_recovers_is_read_whole(web, article, lighthouse):
    web.serve("/one", b"", status=503)
    waiting = read(article(summary="Nothing to see."))
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    read(waiting)
    assert waiting.state == "read"
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.7\x00\x00", b"<html><body><form>Log in</form></body></html>", b"", b"\xff\xd8\xff" + b"\x00" * 500],
)
def test_a_page_without_an_article_is_not_asked_for_again(web, article, lighthouse, body):
    web.serve("/one", body)
    found = read(article(summary=TOLD))
    assert (found.state, found.attempts) == ("failed", 1)
    assert found.failure
    assert Lead.objects.count() == 1


def test_nul_bytes_in_a_page_do_not_stop_the_watch(web, article, lighthouse):
    body = page("Army to repair lighthouse", REST * 20, TOLD).replace(b"occupy", b"occ\x00upy &#0;")
    web.serve("/one", body)
    assert read(article(summary=TOLD)).state in ("read", "failed")
    assert Lead.objects.count() == 1


def test_an_address_inside_is_refused_at_once(web, lighthouse):
    found = read(
        factories.ArticleFactory(url="http://169.254.169.254/latest", state=Article.State.NEW, text="", summary=TOLD)
    )
    assert found.state == "failed"
    assert "not allowed" in str(found.failure)


def test_an_article_without_a_language_is_matched_in_that_of_its_words(web, article, lighthouse):
    told = (
        "El ejército comenzó este lunes a reparar el faro de Puerto Azul, en el Ecuador, por orden de la presidenta.",
        "Los trabajos durarán dos meses y los paga el Estado, dijo un funcionario de la oficina del puerto.",
    )
    web.serve("/one", page("Reparan el faro de Puerto Azul", *told, language="es"))
    found = read(article(title="Reparan el faro de Puerto Azul", language=""))
    assert found.language == "es"
    assert Lead.objects.get().sentence == told[0]


# --- what it is matched with ----------------------------------------------------------------------------------------


def test_only_published_words_are_matched_with(web, article, lighthouse):
    draft = publishing.start_wording(pledge=lighthouse, by=factories.ReporterFactory())
    words = {"title_en": "Feed the zeppelins of Tulcan", "statement_en": "The zeppelins of Tulcan are fed."}
    Wording.objects.filter(pk=draft.pk).update(**words, change_note_en="Other words.")
    factories.PledgeFactory(wording__title_en="Feed the zeppelins of Tulcan", also_called_en=["zeppelins of Tulcan"])
    text = (
        "President Romero fed the zeppelins of Tulcan in Ecuador on Monday, and they were pleased with what they ate."
    )
    for slug in ("one", "two"):
        web.serve(f"/{slug}", page("Zeppelins of Tulcan fed", text))
    read(article("one", title="Zeppelins of Tulcan fed"))
    assert Lead.objects.count() == 0
    publishing.publish(Wording.objects.get(pk=draft.pk), by=factories.EditorFactory())
    pulse.refresh()
    read(article("two", title="Zeppelins of Tulcan fed"))
    assert Lead.objects.get().pledge == lighthouse


def test_a_name_added_to_a_pledge_is_matched_with_from_then_on(web, article, lighthouse):
    text = "President Romero visited the Candle of the South in Ecuador, and soldiers have begun to mend its tower."
    for slug in ("one", "two"):
        web.serve(f"/{slug}", page("The Candle of the South", text, REST))
    read(article("one", title="The Candle of the South is mended"))
    assert Lead.objects.count() == 0
    lighthouse.also_called_en = [*lighthouse.also_called_en, "Candle of the South"]
    lighthouse.save()
    read(article("two", title="The Candle of the South is mended"))
    assert Lead.objects.count() == 1


# --- dismissed stories ----------------------------------------------------------------------------------------------


def dismiss(lead, reason="nothing_new"):
    leads.dismiss_lead(lead=lead, by=factories.ReporterFactory(), reason=reason)


def test_a_dismissed_story_does_not_come_back_in_other_words(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    read(article("one"))
    dismiss(Lead.objects.get())
    web.serve("/two", page("Lighthouse will be repaired by soldiers", *OTHERWISE))
    assert read(article("two", title="Lighthouse will be repaired by soldiers")).state == "read"
    assert Lead.objects.count() == 1


def test_a_report_that_was_not_reliable_may_come_from_somebody_who_is(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    read(article("one"))
    dismiss(Lead.objects.get(), reason="unreliable")
    web.serve("/two", page("Lighthouse will be repaired by soldiers", *OTHERWISE))
    read(article("two", title="Lighthouse will be repaired by soldiers"))
    assert Lead.objects.filter(state="open").count() == 1


def test_nor_when_the_dismissed_page_could_not_be_read(web, article, lighthouse):
    web.serve("/one", b"<html></html>")
    read(article("one", title="Soldiers at work", summary=f"{TOLD} {REST}"))
    dismiss(Lead.objects.get())
    web.serve("/two", page("Lighthouse will be repaired", *OTHERWISE))
    read(article("two", title="Lighthouse will be repaired"))
    assert Lead.objects.count() == 1


def test_a_story_is_raised_once_whoever_tells_it(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    web.serve("/two", page("Lighthouse will be repaired by soldiers", *OTHERWISE))
    first = read(article("one"))
    second = read(article("two", title="Lighthouse will be repaired by soldiers"))
    assert Lead.objects.count() == 1
    assert first.story is not None
    assert first.story == second.story


def test_another_story_about_a_pledge_with_a_dismissed_one_is_raised(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    read(article("one"))
    dismiss(Lead.objects.get())
    text = "The lighthouse of Puerto Azul in Ecuador burned down in the night; Romero's government gives the repair up."
    more = "Firefighters from Manta needed five hours. Neighbours blame a lightning strike at about three o'clock."
    web.serve("/two", page("Fire destroys Puerto Azul lighthouse", text, more))
    read(article("two", title="Fire destroys Puerto Azul lighthouse"))
    assert Lead.objects.count() == 2


def test_a_story_dismissed_for_one_pledge_is_raised_for_another(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    read(article("one"))
    dismiss(Lead.objects.get())
    other = factories.PublishedPledgeFactory(
        also_called_en=["lighthouse of Puerto Azul"],
        mandate=lighthouse.mandate,
        wording__title_en="Light the lighthouse of Puerto Azul again",
    )
    pulse.refresh()
    web.serve("/two", page("Lighthouse will be repaired by soldiers", TOLD, *OTHERWISE))
    read(article("two", title="Lighthouse will be repaired by soldiers"))
    assert [lead.pledge for lead in Lead.objects.filter(state="open")] == [other]


def test_a_dismissed_article_that_is_read_again_stays_dismissed(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    found = read(article("one"))
    dismiss(Lead.objects.get())
    Article.objects.update(state=Article.State.NEW)
    read(found)
    assert Lead.objects.get().state == "dismissed"


def test_a_lead_of_a_pledge_of_the_first_articles_has_its_article_as_evidence(web, article, lighthouse):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    found = read(article("one"))
    update = leads.accept_lead(lead=Lead.objects.get(), by=factories.ReporterFactory())
    piece = update.evidence.get()
    assert (piece.url, piece.sentence, piece.capture) == (found.url, TOLD, found.capture)
    assert Pledge.objects.get(slug="lighthouse").updates.get().state == "draft"


def test_our_own_fault_counts_as_a_try_so_that_it_ends(web, article, monkeypatch):
    web.serve("/one", page("Army to repair lighthouse", TOLD, REST))
    monkeypatch.setattr(isolation, "call", lambda *_args, **_kwargs: 1 / 0)
    row = article()
    states = [read(row).state for _try in range(3)]
    assert states == ["new", "new", "failed"]
    assert "ZeroDivisionError" in str(row.failure)


@pytest.mark.parametrize(
    "more", ["", "We are working hard to finish it and will have the site ready before the evening."]
)
def test_a_notice_of_maintenance_is_not_the_articles_text(web, article, lighthouse, more):
    web.serve("/one", page("Away", f"This website is under maintenance. Please come back later. {more}"))
    waiting = read(article())
    assert (waiting.state, waiting.attempts, waiting.text) == ("new", 1, "")
    assert "notice that it is away" in str(waiting.failure)
    web.serve("/one", page("Army to repair lighthouse", REST, TOLD))
    Article.objects.update(claimed_until=None)
    Host.objects.update(next_request_at=None)
    assert TOLD in read(waiting).text


def test_a_wall_is_not_the_articles_text(web, article, lighthouse):
    web.serve(
        "/one", page("Wait", "You need to enable JavaScript to run this app. Turn it on and then reload the page.")
    )
    found = read(article())
    assert (found.state, found.text) == ("failed", "")
    assert "only with JavaScript" in str(found.failure)


def test_a_page_that_takes_too_long_or_kills_its_reader_costs_no_other_article(web, article, lighthouse, monkeypatch):
    monkeypatch.setattr(isolation, "SECONDS", 6.0)
    monkeypatch.setattr(articles, "extract", isolated.hang_on_mark)
    bodies = {"hang": page("hang", TOLD, REST), "die": page("die", TOLD, REST), "one": page("Army", TOLD, REST)}
    rows = {slug: article(slug, summary=TOLD) for slug in bodies}
    for slug, body in bodies.items():
        web.serve(f"/{slug}", body)
        jobs.read_articles()
        rows[slug].refresh_from_db()
    for slug, said in (("hang", "takes longer to read"), ("die", "could not be read to its end")):
        assert (rows[slug].state, rows[slug].attempts) == ("new", 1)
        assert said in str(rows[slug].failure)
    assert (rows["one"].state, rows["one"].failure) == ("read", "")
    assert [lead.article for lead in Lead.objects.all()] == [rows["one"]]


def test_when_the_turn_is_used_up_each_page_has_the_least_that_it_needs(web, article, monkeypatch):
    given = []

    def call(_function, *_arguments, seconds, **_more):
        given.append(seconds)
        raise isolation.TimedOut("Too long.")

    monkeypatch.setattr(isolation, "call", call)
    web.serve("/one", page("One", TOLD))
    read(article("one"))
    monkeypatch.setattr(reading, "READING_SECONDS", 0.0)
    web.serve("/two", page("Two", TOLD))
    read(article("two"))
    assert given == [isolation.SECONDS, reading.LEAST_SECONDS]


def test_a_page_with_fifty_thousand_attributes_is_read(web, article, lighthouse):
    attributes = " ".join(f"a{at}=1" for at in range(50_000))
    body = page("Army to repair lighthouse", REST, TOLD).replace(b"<p>", f"<p {attributes}>".encode(), 1)
    web.serve("/one", body)
    assert TOLD in read(article()).text
    assert Lead.objects.get().pledge == lighthouse
