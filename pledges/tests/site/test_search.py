"""The page of a search says where it found the words: in which update or evidence, marked, of which day."""

import html
import re
from datetime import date

import pytest

from pledges.actions import publishing
from pledges.models import Update
from pledges.queries.search import highlights
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ports():
    """A pledge with an update of March 2024 that rests on evidence of Radio Faro, and one of May 2026 (edition 2)."""
    mandate = factories.MandateFactory(slug="m", starts_on=date(2023, 11, 23))
    pledge = factories.PledgeFactory(
        slug="ports", mandate=mandate, wording__title_en="Open the ports", wording__statement_en="All of them, at once."
    )
    writer = pledge.wordings.get().author
    first = factories.UpdateFactory(
        pledge=pledge,
        author=writer,
        happened_on=date(2024, 3, 1),
        text_en="Scanners were bought.",
        text_es="Se compraron escáneres.",
        evidence=None,
    )
    factories.EvidenceFactory(
        update=first,
        publisher="Radio Faro",
        title="Escáneres para Guayaquil",
        sentence="Llegaron cuatro escáneres.",
        language="es",
    )
    publishing.publish(pledge.wordings.get(), first, by=factories.EditorFactory())
    last = factories.UpdateFactory(
        pledge=pledge, author=writer, status="kept", happened_on=date(2026, 5, 1), text_en="The scanners run."
    )
    publishing.publish(last, by=factories.EditorFactory())
    return pledge


@pytest.fixture
def told(client, address):
    """The passages that the list shows for a query string, each as (where its link leads, its words with the marks)."""

    def get(query, language="en"):
        text = client.get(address("pledges", language=language) + query).content.decode()
        found = re.findall(r'<p class="passage">(.*?)</p>', text, re.S)
        links = [re.search(r'href="([^"]+)"', passage) for passage in found]
        words = [" ".join(html.unescape(re.sub(r"<(?!/?mark)[^>]+>", "", passage)).split()) for passage in found]
        return [(link.group(1) if link else "", told) for link, told in zip(links, words, strict=True)]

    return get


def anchor(pledge, **update):
    return f"#u{pledge.updates.get(**update).pk}"


def test_the_update_that_has_the_words_is_quoted_with_its_day_and_leads_to_it(ports, told, address):
    ((link, words),) = told("?q=scanner")
    assert link == address("pledge", "ports") + anchor(ports, status="kept")
    assert words == "Update of 1 May 2026: The <mark>scanners</mark> run."


def test_the_anchor_is_on_the_page_that_it_leads_to(ports, told, client, address):
    link = told("?q=scanner")[0][0]
    page, _mark, name = link.partition("#")
    assert f'id="{name}"' in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("guayaquil", "Radio Faro: Escáneres para <mark>Guayaquil</mark>"),
        ("faro", "Radio <mark>Faro</mark>: Escáneres para Guayaquil"),
        ("llegar cuatro", "<mark>Llegaron</mark> <mark>cuatro</mark> escáneres. (Radio Faro)"),
    ],
)
def test_so_is_the_evidence_of_an_update(ports, told, q, words):
    link, passage = told(f"?q={q}")[0]
    assert link.endswith(anchor(ports, happened_on=date(2024, 3, 1)))
    assert passage == f"Evidence of the update of 1 Mar 2024: {words}"


def test_what_is_in_the_other_language_says_so(ports, client, address):
    text = client.get(address("pledges") + "?q=escaner").content.decode()
    assert '<span lang="es">Se compraron <mark>escáneres</mark>.</span>' in text


def test_a_second_passage_has_what_the_first_and_the_title_have_not(ports, told):
    found = [words for _link, words in told("?q=scanners+guayaquil")]
    assert len(found) == 2
    assert "<mark>Guayaquil</mark>" in found[1] or "<mark>Guayaquil</mark>" in found[0]
    assert len(told("?q=scanners+ports")) == 1


def test_the_words_are_marked_in_the_title_and_other_names_are_told_of(ports, told, client, address):
    assert "Open the <mark>ports</mark>" in client.get(address("pledges") + "?q=port").content.decode()
    topic = ports.topics.get()
    assert told(f"?q={topic.name_en.replace(' ', '+')}")[0][1].startswith("Topic: <mark>Topic</mark>")


def test_what_was_mended_is_marked_as_it_stands_there(ports, told, client, address):
    assert told("?q=scannres")[0][1] == "Update of 1 May 2026: The <mark>scanners</mark> run."
    text = html.unescape(client.get(address("pledges") + "?q=scannres").content.decode())
    assert "Nothing here has “scannres”; this is what “scanners” finds." in text
    assert 'href="?q=scanners"' in text


def test_what_may_have_been_meant_is_offered_where_nothing_is_found(ports, client, address):
    factories.PublishedUpdateFactory(text_en="A ship came.")
    text = html.unescape(client.get(address("pledges") + "?q=shap").content.decode())
    assert "Did you mean:" in text
    assert 'href="?q=ship"' in text


def test_the_page_of_an_earlier_time_quotes_only_what_was_there_then(ports, told):
    for query in ("?q=scanners&on=2024-06-01", "?q=scanners&edition=1"):
        assert [words for _link, words in told(query)] == ["Update of 1 Mar 2024: <mark>Scanners</mark> were bought."]
    link = told("?q=scanners&on=2024-06-01")[0][0]
    assert "?on=2024-06-01#u" in link
    assert told("?q=scanners&on=2023-01-01") == []


def test_what_was_corrected_is_not_quoted(ports, told):
    draft = publishing.start_correction(update=ports.updates.get(status="kept"), by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(text_en="The scanners stand idle.", correction_note_en="Misread.")
    publishing.publish(Update.objects.get(pk=draft.pk), by=factories.EditorFactory())
    assert "stand idle" in told("?q=scanners")[0][1]


def test_a_long_text_is_cut_around_the_words(ports, told):
    long = " ".join(["before"] * 60 + ["zeppelin"] + ["after"] * 60)
    factories.PublishedUpdateFactory(pledge=ports, happened_on=date(2026, 6, 1), text_en=long)
    words = told("?q=zeppelin")[0][1]
    assert words.count("before") == highlights.AROUND
    assert len(re.findall(r"\w+", words.partition(": ")[2].replace("mark", ""))) == highlights.WINDOW
    assert "… before" in words and words.endswith("after …")


def test_published_words_are_shown_and_never_run(ports, client, address):
    factories.PublishedUpdateFactory(
        pledge=ports, happened_on=date(2026, 6, 1), text_en="<script>alert(1)</script> & zeppelin <mark>x</mark>"
    )
    text = client.get(address("pledges") + "?q=zeppelin+script").content.decode()
    assert "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; <mark>zeppelin</mark>" in text
    assert "&lt;mark&gt;x" in text
    assert "<script>alert" not in text


def test_without_a_search_nothing_is_marked(ports, client, address):
    text = client.get(address("pledges")).content.decode()
    assert "<mark>" not in text and 'class="passage"' not in text
    assert "The scanners run." in text
