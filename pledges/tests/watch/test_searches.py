"""Searches: the addresses made of a pledge's words, and what GDELT answers."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pledges.watch.sources import gdelt, search_urls
from pledges.watch.sources.feeds import FeedError
from pledges.watch.sources.search_urls import Words

DATA = Path(__file__).parents[1] / "data" / "gdelt"
URL = "https://api.gdeltproject.org/api/v2/doc/doc?query=x"


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_gdelts_articles_with_their_outlets():
    first, second, third = gdelt.parse((DATA / "artlist.json").read_bytes(), url=URL)
    assert (first.url, first.title, first.publisher, first.language, first.published_at) == (
        *("https://daily.example/nota/1", "Avanzan las obras, dice el ministro", "daily.example", "es"),
        datetime(2025, 9, 1, 10, 30, tzinfo=UTC),
    )
    assert second.title == "Port \\ work \\d goes on"
    assert (third.language, third.publisher, third.published_at) == ("", "", None)


def test_gdelt_found_nothing():
    assert gdelt.parse(b"{}", url=URL) == ()
    assert gdelt.parse(b'{"articles": []}', url=URL) == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "nothing at all"),
        (b"Please limit requests to one every 5 seconds or contact us.", "fewer requests"),
        (b"The specified phrase is too short.", "too short"),
        (b"Your query was too short or too long.", "too short"),
        (b"Parentheses may only be used around OR'd statements.", "brackets"),
        (b"Something else entirely", "Something else entirely"),
        (b"<html></html>", "page instead of data"),
        (b'{"timeline": []}', "mode=artlist"),
        (b'{"articles": [', "damaged"),
        (b'{"articles": {}}', "mode=artlist"),
    ],
)
def test_gdelts_errors_become_sentences(body, says):
    with pytest.raises(FeedError, match=says):
        gdelt.parse(body, url=URL)


def test_google_news_is_asked_for_a_pledges_other_names():
    words = Words("Build a port", aliases=("Manta port", "Posorja"), must=("concession",), never=("cruise ship",))
    url = search_urls.google_news(words, language="en", country="ec")
    assert url.startswith("https://news.google.com/rss/search?q=")
    assert asked(url) == {
        "q": '("Manta port" OR Posorja) concession -"cruise ship" when:7d',
        "hl": "en-EC",
        "gl": "EC",
        "ceid": "EC:en",
    }


def test_without_other_names_the_titles_telling_words_are_asked_for():
    words = Words("Construir dos nuevas cárceles de máxima seguridad", context=("Ecuador", "Daniel Noboa"))
    assert asked(search_urls.google_news(words, language="es", country="EC")) == {
        "q": 'cárceles máxima seguridad (Ecuador OR "Daniel Noboa") when:7d',
        "hl": "es-419",
        "gl": "EC",
        "ceid": "EC:es-419",
    }


def test_gdelt_is_asked_in_english_for_articles_in_spanish():
    words = Words("x", aliases=("maximum-security prison",), never=("film",))
    assert asked(search_urls.gdelt(words, language="es", country="Costa Rica")) == {
        "query": '"maximum-security prison" -film sourcelang:spanish sourcecountry:costarica',
        "mode": "artlist",
        "format": "json",
        "sort": "datedesc",
        "maxrecords": "75",
        "timespan": "3d",
    }


def test_what_would_be_an_operator_is_only_a_word():
    words = Words(
        "", aliases=('a" OR site:evil.example', "-minus", "(brackets)", "OR", "100%", "C++"), never=("- x:y",)
    )
    query = asked(search_urls.google_news(words, language="en", country="US"))["q"]
    assert query == '("a OR site evil.example" OR minus OR brackets OR "OR" OR "100%") -"x y" when:7d'


def test_queries_stay_short():
    words = Words(
        "word " * 500, aliases=tuple(f"a rather long name number {n} " * 3 for n in range(50)), must=("m",) * 50
    )
    for url in (
        search_urls.google_news(words, language="en", country="US"),
        search_urls.gdelt(words, language="en", country="Ecuador"),
    ):
        assert len(url) < 1000
