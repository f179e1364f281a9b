"""Every card in both shapes: nothing overlaps or leaves the picture, and all of it is in one language."""

import re
import struct
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from django.utils import translation

from pledges.domain.rules import Status
from pledges.models import COUNTED_LABELS
from pledges.queries.standings import standings
from pledges.site.cards import newsroom, pictures, pledge, tally
from pledges.site.cards.drawing import SHAPES, Drawing, Label, Source
from pledges.site.cards.tally import Tally
from pledges.site.cards.text import width
from pledges.site.shared import limits
from pledges.tests.support import factories, spanish

EACH_SHAPE = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
# Texts as long as their fields allow, of few words, of many, and in other scripts.
LONG = ["W" * 160, "a " * 80, "Ñandú " * 26, "监督承诺" * 40, "وعد الحكومة " * 13, "x", "Reconstrucción " * 10]
SOURCE = Source(newsroom="Mesa de promesas", host="pledges.example.org", edition=12, day=date(2026, 9, 25))
LONG_SOURCE = Source(
    newsroom="Observatorio " * 9, host=f"{'long.' * 40}example.org", edition=98765, day=date(2026, 9, 25)
)


def box(label: Label) -> tuple[float, float, float, float]:
    """Left, top, right and lower edge of a line of text, without its descenders."""
    wide = width(label.text, label.size)
    left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, label.y - 0.72 * label.size, left + wide, label.y


def faults(card: Drawing) -> list[str]:
    """What overlaps something else in a card, or leaves it."""
    shape, labels = card.shape, [label for label in card.labels if label.text]
    wrong = []
    for label in labels:
        left, top, right, low = box(label)
        margin = 0 if label.anchor == "middle" else shape.margin - 1  # years stand below their line
        if left < margin or right > shape.width - margin or top < 0 or low > shape.height - 30:
            wrong.append(f"outside: {label}")
        if card.bar and card.bar.y < low and top < card.bar.y + card.bar.height:
            wrong.append(f"in the bar: {label}")
    for one, other in combinations(labels, 2):
        (left, top, right, low), (left_2, top_2, right_2, low_2) = box(one), box(other)
        if left < right_2 and left_2 < right and top < low_2 and top_2 < low:
            wrong.append(f"on each other: {one}, {other}")
    return wrong + [f"outside: {icon}" for icon in card.icons if icon.y + icon.size > shape.height - 40]


@EACH_SHAPE
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_tally_of_any_title_and_number_fits(shape, language):
    with translation.override(language):
        whole = [(str(status), COUNTED_LABELS[status] % number, number) for status in Status for number in [10_000]]
        for title in LONG:
            for counts in (whole, whole[:1], []):
                for source in (SOURCE, LONG_SOURCE):
                    assert faults(tally.card(Tally(title, title, counts), shape, source)) == []


@EACH_SHAPE
@pytest.mark.parametrize("text", LONG)
def test_any_newsroom_fits(shape, text):
    source = replace(LONG_SOURCE, newsroom=text[:120])
    assert faults(newsroom.card(text * 9, shape, source)) == []


@pytest.fixture
def standing(db):
    """A pledge with an update of every status, as far as its day says, and a deadline."""
    row = factories.PublishedPledgeFactory(
        slug="harbour", wording__deadline=date(2025, 12, 31), wording__deadline_precision="day"
    )
    for month, status in enumerate(("in_progress", "stalled", "partly_kept"), start=7):
        more = {"failure_reason": "withdrawn"} if status != "in_progress" else {}
        factories.PublishedUpdateFactory(
            pledge=row, happened_on=date(2024, month, 25), happened_precision="approx", status=status, **more
        )
    (known,) = standings(4, date(2026, 9, 25))
    return known


@EACH_SHAPE
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_pledge_of_any_words_and_status_fits(standing, shape, language):
    day_before_all = replace(standing, updates=(), status="not_rated", since=None)
    with translation.override(language):
        for text in LONG:
            words = {f"{name}_{code}": text for name in ("title", "statement") for code in ("en", "es")}
            wordings = (replace(standing.wordings[0], **words),)
            mandate = replace(standing.pledge.mandate, person=text[:120])
            updates = (*standing.updates[:-1], replace(standing.updates[-1], text_en=text * 9, text_es=text * 9))
            of_them = replace(standing.pledge, mandates=(mandate,))
            for known in (replace(standing, updates=updates), day_before_all):
                for source in (SOURCE, LONG_SOURCE):
                    card = pledge.card(replace(known, wordings=wordings, pledge=of_them), shape, source)
                    assert faults(card) == []


@EACH_SHAPE
def test_all_of_a_card_is_in_one_language(standing, shape):
    with translation.override("es"):
        words = [label.text for label in pledge.card(standing, shape, SOURCE).labels]
        counts = [(str(status), COUNTED_LABELS[status] % 2, 2) for status in Status]
        words += [label.text for label in tally.card(Tally("", "", counts), shape, SOURCE).labels]
    assert "Edición 12, tal como estaba el 25 de septiembre de 2026" in words
    assert "Edición 12 · 25 de septiembre de 2026" in words
    assert "desde alrededor del 25 de septiembre de 2024" in words
    assert spanish.faults(".\n".join(words)) == []


def test_portrait_has_what_happened_too(standing):
    shown = {
        name: [label.text for label in pledge.card(standing, shape, SOURCE).labels] for name, shape in SHAPES.items()
    }
    told = str(standing.turning_update.text)
    assert told in " ".join(shown["portrait"])
    assert told not in " ".join(shown["landscape"])


CARDS = [("pledge_card", "harbour"), ("home_card",), ("newsroom_card",), ("pledges_card",), ("mandate_card", "MANDATE")]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card[0])
def test_each_is_there_in_both_shapes_once_an_edition(
    standing, client, address, django_assert_num_queries, monkeypatch, card
):
    where = address(*(standing.pledge.mandate.slug if part == "MANDATE" else part for part in card))
    for shape, size in (("", (1200, 630)), ("?shape=landscape", (1200, 630)), ("?shape=portrait", (1080, 1350))):
        response = client.get(where + shape)
        assert response["Content-Type"] == "image/png"
        assert struct.unpack(">II", response.content[16:24]) == size
        monkeypatch.setattr(Drawing, "png", None)
        with django_assert_num_queries(0):
            assert client.get(where + shape).content == response.content
        monkeypatch.undo()
    wrong = client.get(where + "?shape=round")
    assert (wrong.status_code, wrong["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert "landscape, portrait" in wrong.content.decode()


def test_how_often_any_of_them_is_drawn_is_limited(standing, client, address, monkeypatch):
    monkeypatch.setattr(Drawing, "png", lambda _card: b"")
    monkeypatch.setattr(limits, "time", lambda: 60.0)
    monkeypatch.setattr(pictures, "DRAWN_FOR_ONE", 2)
    paths = [address(*(standing.pledge.mandate.slug if part == "MANDATE" else part for part in card)) for card in CARDS]
    assert client.get(f"{paths[0]}?shape=round").status_code == 422  # does not count
    assert [client.get(path).status_code for path in paths] == [200, 200, 429, 429, 429]
    assert client.get(paths[0]).status_code == 200  # kept in the cache
    assert [client.get(path, REMOTE_ADDR="192.0.2.9").status_code for path in paths[2:]] == [200, 200, 429]


def test_a_repeated_shape_is_the_same_picture(standing, client, address, django_assert_num_queries):
    portrait = client.get(address("home_card") + "?shape=portrait").content
    with django_assert_num_queries(0):
        assert client.get(address("home_card") + "?shape=a1&shape=a2&shape=portrait").content == portrait


def test_before_the_first_edition_the_addresses_have_none(client, address, db):
    text = client.get(address("pledges")).content.decode()
    links = [href.replace("&amp;", "&") for href in re.findall(r'"(?:http://testserver)?(/[^"]*card\.png[^"]*)"', text)]
    assert links and "edition" not in "".join(links)
    assert {client.get(link).status_code for link in links} == {200}
    assert pictures.Picture("/card.png", "").portrait == "/card.png?shape=portrait"
    assert pictures.Picture("/card.png?edition=4", "").portrait == "/card.png?edition=4&shape=portrait"


def test_pages_that_offer_a_picture_link_both_shapes(standing, client, address):
    for page in (("pledge", "harbour"), ("pledges",), ("mandate", standing.pledge.mandate.slug)):
        text = client.get(address(*page)).content.decode().partition("<main")[2]
        shapes = [href.partition("?")[2] for href in re.findall(r'href="([^"]*card\.png[^"]*)"', text)]
        assert shapes == ["edition=4", "edition=4&amp;shape=portrait"]
    assert "?shape=portrait" in client.get(address("data")).content.decode()
