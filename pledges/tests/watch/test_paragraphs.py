"""Words and paragraphs out of lines that were broken to fit a page, and out of signs that stand for letters."""

import pytest

from pledges.watch.extraction import document_reader
from pledges.watch.sources import articles, entries, page_watch
from pledges.watch.sources.documents import text_of
from pledges.watch.text.paragraphs import Line, unwrapped, whole_words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("trata\u00admiento", "tratamiento"),
        ("trata\u00ad\nmiento", "tratamiento"),
        ("trata\u00ad \n  miento", "tratamiento"),
        ("TRATA\u00ad\nMIENTO", "TRATAMIENTO"),
        ("trata\u00ad miento", "tratamiento"),
        ("trata-\nmiento", "tratamiento"),
        ("trata\u2010\nmiento", "tratamiento"),
        ("trata¬\nmiento", "tratamiento"),
        ("centro\u2011derecha, centro\u2010derecha", "centro-derecha, centro-derecha"),
        ("la centro-derecha y la centro-\nderecha", "la centro-derecha y la centro-derecha"),
        ("un año-luz de años-\nluz", "un año-luz de añosluz"),
        ("short-\nand long-term", "short- and long-term"),
        ("pre-\ny postnatal", "pre- y postnatal"),
        ("2025-\naños", "2025-años"),
        ("by the end -\nof the year", "by the end -\nof the year"),
        ("Plan:\n- one\n- two", "Plan:\n- one\n- two"),
        ("a list-\nNew paragraph", "a list-\nNew paragraph"),
        ("e\ufb03cient \ufb01nance of \ufb02ats, sta\ufb00", "efficient finance of flats, staff"),
        ("cons\u200btru\u2060i\ufeffre\u200dmos", "construiremos"),
        ("coopera\u00adtion\u00ad\n\nNext", "cooperationNext"),
        ("a\u00ad", "a"),
        ("½ of 10²", "½ of 10²"),
    ],
)
def test_words_are_whole(written, read):
    assert whole_words(written) == read


def test_lines_become_paragraphs_and_words_are_put_together():
    def made(*lines):
        return list(unwrapped([Line(line) for line in lines]))

    long = "The government will do what it says in this state-"
    assert made(long, "ment, word for word.") == [
        "The government will do what it says in this statement, word for word."
    ]
    assert made(long.replace("state-", "COVID-"), "19 unit.") == [
        "The government will do what it says in this COVID-19 unit."
    ]
    assert made(long.replace("state-", "Castilla-"), "La Mancha plan.") == [
        "The government will do what it says in this Castilla-La Mancha plan."
    ]
    assert made(long.replace("state-", "short-"), "and long-term plan.")[0].endswith("this short- and long-term plan.")
    assert made(long.replace("state-", "MINIS-"), "TERIO")[0].endswith("this MINISTERIO")
    assert made(long.replace("in this state-", "- and this is it -"), "again.")[0].endswith("this is it - again.")
    assert made("A centro-derecha of the right, and the centro-", "derecha of the left.") == [
        "A centro-derecha of the right, and the centro-derecha of the left."
    ]


def test_a_line_that_stands_apart_begins_a_paragraph_unless_it_goes_on_with_a_small_letter():
    lines = [Line("The whole programme of the government"), Line("We will build two prisons in the north", starts=True)]
    assert list(unwrapped(lines)) == [line.text for line in lines]
    assert list(unwrapped([lines[0], Line("for the next four years", starts=True)])) == [
        "The whole programme of the government for the next four years"
    ]


BROKEN = (
    "El gobierno construirá una planta de trata\u00ad\nmiento de agua e\ufb01ciente, cons\u00adtruirá diez en Manta."
)
WHOLE = "El gobierno construirá una planta de tratamiento de agua eficiente, construirá diez en Manta."


def test_it_holds_for_plain_text_and_for_pasted_text():
    assert text_of(BROKEN.encode(), content_type="text/plain; charset=utf-8") == WHOLE
    assert document_reader.clean(BROKEN) == WHOLE


def test_it_holds_for_titles_and_summaries_of_feeds():
    assert entries.plain(f"<p>{BROKEN}</p>") == WHOLE
    assert entries.plain("El go&shy;bierno e&#xfb01;ciente") == "El gobierno eficiente"


@pytest.mark.parametrize("hyphen", ["\u00ad", "&shy;", "&#173;", "&#xAD;", "\u00ad<br>", "&shy;<br />"])
def test_it_holds_for_documents_of_html_articles_and_watched_pages(hyphen):
    broken = BROKEN.replace("\u00ad", hyphen, 1)
    page = f"<html lang=es><body><article><h1>Agua</h1><p>{broken}</p></article></body></html>".encode()
    assert WHOLE in text_of(page, content_type="text/html; charset=utf-8")
    assert WHOLE in articles.extract(page, url="https://news.example/a").text
    assert page_watch.read(page, url="https://news.example/a", content_type="", selector="p") == WHOLE
