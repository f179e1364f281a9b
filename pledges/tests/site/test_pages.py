"""Every public page, over the first data set: what it must show in both languages, and what it must never show."""

import html
import json
import re
from datetime import date

import pytest
from django.utils import timezone, translation

from pledges.actions import publishing
from pledges.domain import rules
from pledges.models import (
    COUNTED_LABELS,
    STATUS_LABELS,
    Edition,
    Mandate,
    Newsroom,
    Pledge,
    Source,
    State,
    Update,
    Wording,
)
from pledges.queries import pulse
from pledges.queries.standings import standings
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]

PAGES = [
    ("home",),
    ("pledges",),
    ("pledge", "new-prisons"),
    ("pledge", "prison-barges"),
    ("mandates",),
    ("compare",),
    ("methodology",),
    ("watch",),
    ("data",),
    ("accessibility",),
    ("contact",),
    ("corrections",),
    ("editions",),
    ("edition", 1),
]
BOTH = pytest.mark.parametrize("language", ["en", "es"])
HOSTILE = """<script>alert("x")</script><img src=x onerror='alert(1)'> {{ 7|add:7 }} {% now "Y" %} %(count)s & 'q'"""
# The rows of a mandate's picture, with what is said of one that was carried over.
PICTURED = re.compile(
    r'<li><p><a href="[^"]*">[^<]*(?:<[^/][^>]*>[^<]*</span>)?</a>(?: <span class="meta">([^<]*)</span>)? ?</p>'
)


@pytest.fixture
def data(first_edition, db):
    """The data set, for every test here."""


@pytest.fixture
def page(client, address):
    """The HTML of a page that answers with 200, entities resolved."""

    def get(name, *args, language="en", query=""):
        response = client.get(address(name, *args, language=language) + query)
        assert response.status_code == 200
        return html.unescape(response.content.decode())

    return get


def slugs():
    return list(Pledge.objects.values_list("slug", flat=True))


@BOTH
def test_the_front_page_tells_the_tally_and_what_changed_last(page, language):
    text = page("home", language=language)
    found = standings(1, date.today())
    assert len(found) == 12
    for standing in found:
        assert f'pledges/{standing.pledge.slug}/"' in text or f'promesas/{standing.pledge.slug}/"' in text
    with translation.override(language):
        for status, count in rules.tally(s.status for s in found).items():
            label = COUNTED_LABELS[status] % count
            assert re.search(rf"<b>{count}</b> {label}</a>", text)
        latest = max(found, key=lambda s: (s.changed_on, s.pledge.slug))
        assert str(latest.wording.title) in text
    rows = re.findall(r'<article class="row">', text)
    assert len(rows) == 6


@BOTH
def test_the_list_holds_every_pledge(page, language):
    text = page("pledges", language=language)
    assert len(re.findall(r'<article class="row">', text)) == 12
    with translation.override(language):
        assert all(str(wording.title) in text for wording in Wording.objects.all())


@BOTH
@pytest.mark.parametrize("slug", ["new-prisons", "prison-barges", "reduce-violence", "name-judges-prosecutors"])
def test_a_pledge_page_has_words_criteria_deadline_and_every_update_with_its_evidence(page, language, slug):
    text = page("pledge", slug, language=language)
    pledge = Pledge.objects.get(slug=slug)
    wording = pledge.wordings.get()
    with translation.override(language):
        assert str(wording.title) in text
        assert str(wording.statement) in text
        assert wording.quote in text
        assert all(str(words) in text for _name, words in wording.criteria)
        assert str(pledge.source_document.title) in text
        assert all(str(topic.name) in text for topic in pledge.topics.all())
        assert all(str(institution.name) in text for institution in pledge.institutions.all())
        for update in pledge.updates.all():
            assert str(update.text) in text
            assert f'id="u{update.pk}"' in text
            for piece in update.evidence.all():
                assert f'href="{piece.url}"' in text
                assert piece.publisher in text
        for indicator in pledge.indicators.all():
            assert str(indicator.name) in text
            assert all(observation.url in text for observation in indicator.observations.all())
    days = re.findall(r'<p class="when"><time datetime="([\d-]+)"', text)
    assert days == sorted(days, reverse=True)
    assert len(days) == pledge.updates.count()


def test_a_pledge_page_names_the_sources_that_are_watched_and_no_others(page):
    text = page("pledge", "new-prisons")
    watched = Source.objects.filter(active=True)
    assert watched
    assert all(source.name in text for source in watched)
    section = text[text.index('id="watched"') : text.index('id="related"')]
    others = Source.objects.filter(active=False)
    assert others
    named = [name.strip(" .") for name in section.partition("all day:")[2].partition("<a")[0].split(",")]
    assert sorted(named) == sorted(source.name for source in watched)


def test_a_source_that_cannot_be_reached_is_not_said_to_be_read(page):
    lost, *others = Source.objects.filter(active=True).order_by("name")
    lost_since = {"failing_since": timezone.now(), "failure": "HTTP 403", "failures": 3}
    Source.objects.filter(pk=lost.pk).update(**lost_since)
    text = page("pledge", "new-prisons")
    assert f"{len(others)} sources are read for it, all day:" in text
    assert lost.name not in text[text.index("all day:") : text.index('id="related"')]
    Source.objects.update(**lost_since)
    empty_caches()
    assert "cannot be reached at the moment" in page("pledge", "new-prisons")


def test_a_newsroom_of_one_does_not_say_that_two_decide(page):
    assert "two of them for each change" in page("home")
    newsroom = Newsroom.get()
    newsroom.two_person_rule = False
    newsroom.save()
    publishing.record_change(newsroom, by=factories.EditorFactory())
    pulse.refresh()
    text = page("home")
    assert "two of them" not in text
    assert "the rule that a second person publishes is turned off" in text


def test_what_an_edition_said_does_not_mix_with_what_is_done_today(page):
    pledge = Pledge.objects.get(slug="new-prisons")
    publishing.mark_reviewed(pledge=pledge, by=factories.EditorFactory())
    assert "by a person on" in page("pledge", "new-prisons")
    cited = page("pledge", "new-prisons", query="?edition=1")
    for words in ("by a person on", "Last checked", "What is watched"):
        assert words not in cited
    assert 'content="noindex, nofollow"' in cited  # search engines lead to what is said now
    assert "noindex" not in page("pledge", "new-prisons")


@BOTH
def test_a_mandate_page_has_what_was_made_in_it_and_what_was_carried_into_it(page, language):
    first, second = Mandate.objects.order_by("starts_on")
    text = page("mandate", first.slug, language=language)
    assert PICTURED.findall(text) == [""] * 12
    text = page("mandate", second.slug, language=language)
    carried = Pledge.objects.filter(carried_into=second).count()
    assert carried > 0
    assert PICTURED.findall(text) == [""] * carried
    factories.PublishedPledgeFactory(mandate=second)
    empty_caches()
    # From now on each says that it was carried over
    assert (
        sorted(map(bool, PICTURED.findall(page("mandate", second.slug, language=language))))
        == [False] + [True] * carried
    )
    both = page("mandates", language=language)
    assert both.index(f"m-{second.slug}") < both.index(f"m-{first.slug}")


@BOTH
def test_the_methodology_explains_each_status_and_the_watch_names_each_source(page, language):
    text = page("methodology", language=language)
    with translation.override(language):
        assert all(str(label) in text for label in STATUS_LABELS.values())
    text = page("watch", language=language)
    assert all(source.name in text for source in Source.objects.all())


@BOTH
def test_an_edition_lists_everything_it_published_with_its_hash(page, language):
    edition = Edition.objects.get()
    pages = [page("edition", 1, language=language, query=f"?page={number}") for number in (1, 2, 3)]
    assert all(edition.hash in text and edition.publisher in text for text in pages)
    assert sum(text.count("<tr><td>") for text in pages) == edition.items.count()
    assert edition.hash in page("editions", language=language)


def test_an_editions_json_is_what_its_hash_covers(client, address):
    response = client.get(address("edition_json", 1))
    assert response["Content-Type"] == "application/json"
    again = client.get(address("edition_json", 1))
    assert (again["Content-Type"], again.content) == (response["Content-Type"], response.content)
    sent = json.loads(response.content)
    assert rules.digest(sent["sealed"]) == sent["hash"] == Edition.objects.get().hash


def test_the_corrections_page_says_that_there_are_none(page):
    assert "There have been none so far." in page("corrections")


@pytest.mark.parametrize("name", PAGES, ids=str)
def test_the_language_link_leads_to_the_same_page_in_the_other_language_and_back(client, address, name):
    for language, other in (("en", "es"), ("es", "en")):
        text = client.get(address(*name, language=language)).content.decode()
        assert f'<html lang="{language}"' in text
        link = re.search(rf'<a class="language" href="([^"]+)" hreflang="{other}"', text).group(1)
        assert link == address(*name, language=other)
        assert f'rel="alternate" hreflang="{other}" href="http://testserver{link}"' in text


def test_the_language_link_keeps_what_was_asked(client, address):
    text = client.get(address("pledges") + "?q=c%C3%A1rcel+%26+x&status=broken&status=stalled").content.decode()
    link = html.unescape(re.search(r'<a class="language" href="([^"]+)"', text).group(1))
    assert link == address("pledges", language="es") + "?q=c%C3%A1rcel+%26+x&status=broken&status=stalled"


def test_the_bare_address_leads_to_the_readers_language(client):
    assert client.get("/", headers={"Accept-Language": "es-EC,es"})["Location"] == "/es/"
    assert client.get("/", headers={"Accept-Language": "de"})["Location"] == "/en/"


@pytest.mark.parametrize("name", PAGES, ids=str)
def test_pages_are_read_only(client, address, name):
    where = address(*name)
    for verb in (client.post, client.put, client.patch, client.delete):
        assert verb(where).status_code == 405
    head = client.head(where)
    assert (head.status_code, head.content) == (200, b"")
    assert len(client.get(where).content) > 3000


@pytest.mark.parametrize(
    "path",
    [
        "/en/pledges/no-such-pledge/",
        "/en/mandates/no-such-mandate/",
        "/en/editions/0/",
        "/en/editions/2/",
        "/en/editions/-1/",
        "/en/editions/1.0/",
        "/en/editions/99999999999999999999/",
        "/en/editions/" + "9" * 5000 + "/",
        "/en/editions/²/",
        "/en/pledges/%00/",
        "/en/pledges/new-prisons%00/",
        "/en/pledges/New-Prisons/",
        "/en/pledges/<script>alert(1)</script>/",
        "/en/nothing/here",
        "/fr/",
        "/newswire/",
        "/newswire/feed.atom",
    ],
)
def test_what_is_not_there_is_a_404_that_helps(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert b"There is nothing at this address." in response.content
    assert b"<script>alert" not in response.content
    assert b'href="/en/pledges/"' in response.content


def test_an_edition_can_be_asked_for_in_digits_of_another_script_or_not_at_all(client):
    assert client.get("/en/editions/٣/").status_code == 404  # Arabic 3
    assert client.get("/en/editions/١/").status_code in (200, 404)  # Arabic 1: whatever, but no 500


# --- what is not published ----------------------------------------------------------------------------------------


@pytest.fixture
def secrets():
    """Unpublished writing of every kind, on a public pledge and on one that is not; all of it has the word SECRET."""
    pledge = Pledge.objects.get(slug="new-prisons")
    reporter, editor = factories.ReporterFactory(), factories.EditorFactory()
    factories.PledgeFactory(
        slug="secret-draft", wording__title_en="SECRET title", wording__title_es="SECRET título", mandate=pledge.mandate
    )
    for state in (State.DRAFT, State.REVIEW):
        factories.UpdateFactory(
            pledge=pledge,
            author=reporter,
            state=state,
            status="kept",
            text_en="SECRET text",
            text_es="SECRET texto",
            evidence__url=f"https://secret.example/{state}/SECRET",
            evidence__title="SECRET headline",
            evidence__sentence="SECRET sentence",
        )
    wording = publishing.start_wording(pledge=pledge, by=reporter)
    Wording.objects.filter(pk=wording.pk).update(title_en="SECRET new title", title_es="SECRET título nuevo")
    correction = publishing.start_correction(update=pledge.updates.filter(state="published").first(), by=reporter)
    Update.objects.filter(pk=correction.pk).update(text_en="SECRET correction", text_es="SECRET corrección")
    # Acts on the same pledge that do reach the public, so that everything that is made of it is made anew.
    corrected = publishing.start_correction(update=pledge.updates.filter(state="published").last(), by=reporter)
    Update.objects.filter(pk=corrected.pk).update(correction_note_en="A slip.", text_en="Mended.")
    publishing.publish(Update.objects.get(pk=corrected.pk), by=editor)
    publishing.record_change(pledge, by=editor)
    return pledge


@BOTH
def test_nothing_unpublished_is_on_any_page(client, address, secrets, language):
    latest = Edition.objects.count()
    pages = [*PAGES, *(("pledge", slug) for slug in slugs()), *(("edition", n) for n in range(1, latest + 1))]
    pages += [("mandate", slug) for slug in Mandate.objects.values_list("slug", flat=True)]
    pages += [("edition_json", n) for n in range(1, latest + 1)]
    for name in pages:
        response = client.get(address(*name, language=language))
        expected = 404 if name == ("pledge", "secret-draft") else 200
        assert response.status_code == expected, name
        assert b"SECRET" not in response.content, name
        assert b"secret.example" not in response.content, name
        assert expected == 404 or b"secret-draft" not in response.content, name
    assert 'class="s s-kept large"' not in client.get(address("pledge", "new-prisons")).content.decode()


def test_search_does_not_find_what_is_not_published(client, address, secrets):
    text = client.get(address("pledges") + "?q=secret").content.decode()
    assert '<article class="row">' not in text


def test_a_draft_pledge_makes_no_facet_and_no_count(client, address, secrets):
    text = client.get(address("pledges")).content.decode()
    assert "12 pledges" in text
    topic = Pledge.objects.get(slug="secret-draft").topics.get()
    assert topic.slug not in text


# --- hostile words ------------------------------------------------------------------------------------------------


@BOTH
def test_hostile_words_are_shown_and_never_run(client, address, language):
    topic = factories.TopicFactory(slug="hostile", name_en=HOSTILE[:120], name_es=HOSTILE[:120])
    pledge = factories.PublishedPledgeFactory(
        slug="hostile",
        topics=[topic],
        mandate__person=HOSTILE,
        mandate__office_en=HOSTILE,
        mandate__note_en=HOSTILE,
        source_document__publisher=HOSTILE,
        source_document__title_en=HOSTILE,
        source_document__note_en=HOSTILE,
        wording__title_en=HOSTILE,
        wording__title_es="",
        wording__statement_en=HOSTILE * 5,
        wording__statement_es="",
        wording__kept_en=HOSTILE,
        wording__kept_es="",
        wording__quote=HOSTILE,
        wording__quote_language="en",
    )
    update = factories.PublishedUpdateFactory(
        pledge=pledge,
        happened_on=date.today(),
        status="unclear",
        reason_detail_en=HOSTILE,
        text_en=HOSTILE * 5,
        text_es="",
        evidence__publisher=HOSTILE,
        evidence__title=HOSTILE,
        evidence__sentence=HOSTILE,
        evidence__url='https://daily.example/"><script>alert("x")</script>',
    )
    indicator = factories.IndicatorFactory(
        slug="hostile", name_en=HOSTILE, unit_en=HOSTILE[:80], unit_es=HOSTILE[:80], caveat_en=HOSTILE
    )
    indicator.pledges.add(pledge)
    for year in (2023, 2024):
        factories.ObservationFactory(
            indicator=indicator,
            period=f"<b>&{year}</b>"[:20],
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            source=HOSTILE,
            note_en=HOSTILE,
        )
    editor = factories.EditorFactory(byline=HOSTILE[:120])
    publishing.record_change(indicator, by=editor)
    correction = publishing.start_correction(update=update, by=factories.ReporterFactory())
    correction.correction_note_en = HOSTILE
    correction.save()
    edition = publishing.publish(correction, by=editor)
    pages = [("home",), ("pledges",), ("pledge", "hostile"), ("mandates",), ("mandate", pledge.mandate.slug)]
    pages += [("corrections",), ("editions",), ("edition", edition.number)]
    for name in pages:
        response = client.get(address(*name, language=language))
        assert response.status_code == 200
        text = response.content.decode()
        assert "<script>alert" not in text, name
        assert "<img" not in text, name
        assert "&lt;script&gt;" in text, name
        assert "14" not in re.findall(r"&#x27;&gt; (\S+)", text), name
        assert text.count("<span") == text.count("</span>"), name


def test_words_in_the_other_language_say_so_even_where_they_are_cut_short(page):
    newest = Mandate.objects.latest("starts_on")
    pledge = factories.PublishedPledgeFactory(
        slug="only-english", mandate=newest, wording__title_es="", wording__statement_es=""
    )
    words = " ".join(f"word{n}" for n in range(60))
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=date.today(), text_en=words, text_es="")
    text = page("home", language="es")
    cut = re.search(r'<span lang="en">(word0 [^<]*)</span>', text).group(1)
    assert cut.endswith("word33 …")


@pytest.fixture
def closed_newsroom():
    newsroom = Newsroom.get()
    newsroom.closed_on = date(2026, 1, 31)
    newsroom.save()
    publishing.record_change(newsroom, by=factories.EditorFactory())
    return newsroom


def test_a_closed_tracker_says_so_on_every_page(client, address, closed_newsroom):
    for name in [*PAGES, ("mandate", Mandate.objects.first().slug)]:
        assert "This tracker was closed on 31 January 2026." in client.get(address(*name)).content.decode()


def test_a_closed_tracker_does_not_say_that_the_news_is_read(client, page, address, closed_newsroom):
    assert "How this worked" in page("home")
    for name in PAGES:
        text = client.get(address(*name)).content.decode()
        assert ("all day" in text, "is read for it" in text, "are read for it" in text) == (False,) * 3, name


def test_pages_carry_a_policy_that_forbids_scripts_of_others(client, address):
    policy = client.get(address("home"))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    for name in PAGES:
        text = client.get(address(*name)).content.decode()
        # JSON-LD is data: no browser runs it.
        assert re.findall(r'<script(?![^>]*\bsrc=| type="application/ld\+json">)', text) == []
        assert re.findall(r'\sstyle="|\son[a-z]+="', text) == []
