"""The picture of a pledge where links are shared: it holds every title, in each status and language."""

import struct
import xml.etree.ElementTree as ET
from datetime import date

import pytest
import vl_convert

from pledges.domain.rules import Status
from pledges.site.cards import drawing
from pledges.site.cards.drawing import SHAPES
from pledges.site.cards.text import fitted, width
from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories

LONGEST = "Construir dos cárceles de máxima seguridad con capacidad para ochocientas personas cada una antes de que "
LONGEST += "termine el período presidencial de la República del Ecuador"


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_title_is_set_as_large_as_its_length_allows(shape):
    size, lines = fitted("Build two prisons", shape.titles, shape.room)
    assert (size, " ".join(lines)) == (shape.titles[0][0], "Build two prisons")
    smaller, more = fitted(LONGEST, shape.titles, shape.room)
    assert smaller < size
    assert " ".join(more) == LONGEST
    assert all(width(line, smaller) <= shape.room for line in more)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("title", ["W" * 160, "监" * 160, "a " * 80, "𝕎́" * 80, "x", "Ñandú " * 26])
def test_any_title_fits(title, shape):
    size, lines = fitted(title, shape.titles, shape.room)
    assert 1 <= len(lines) <= dict(shape.titles)[size]
    assert all(width(line, size) <= shape.room for line in lines)


def test_its_colours_are_those_of_the_style_sheet():
    known = drawing.colours()
    for status in Status:
        assert known[drawing.INKS.get(status, status)].startswith("#")
        assert known[drawing.FILLS.get(status, status)].startswith("#")


@pytest.fixture
def drawn(monkeypatch):
    """What was drawn, as the SVG's texts."""
    seen = []
    real = vl_convert.svg_to_png

    def note(svg, **options):
        seen.append(["".join(each.itertext()) for each in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")])
        return real(svg, **options)

    monkeypatch.setattr(vl_convert, "svg_to_png", note)
    return seen


@pytest.mark.django_db
class TestThePicture:
    @pytest.fixture
    def pledge(self):
        row = factories.PublishedPledgeFactory(
            slug="harbour", wording__title_en="Mend <the> harbour & quay\x0b", wording__title_es="Reparar el puerto"
        )
        factories.PublishedUpdateFactory(pledge=row, happened_on=date(2024, 3, 1))
        factories.PublishedUpdateFactory(pledge=row, happened_on=date(2024, 7, 1), status="kept")
        return row

    def test_it_is_a_png_that_says_title_status_since_and_edition(self, pledge, client, address, drawn):
        response = client.get(address("pledge_card", "harbour"))
        assert response["Content-Type"] == "image/png"
        assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", response.content[16:24]) == (1200, 630)
        assert len(response.content) < 100_000
        said = " | ".join(drawn[0])
        for words in ("Mend <the> harbour & quay", "Kept", "since 1 July 2024", "Edition 3, as of", "testserver"):
            assert words in said

    def test_as_of_an_edition_and_in_spanish(self, pledge, client, address, drawn):
        client.get(address("pledge_card", "harbour") + "?edition=2")
        client.get(address("pledge_card", "harbour", language="es") + "?on=2024-04-01")
        assert "In progress" in " ".join(drawn[0])
        assert "Reparar el puerto" in drawn[1]

    def test_it_is_drawn_once_an_edition(self, pledge, client, address, drawn, django_assert_num_queries):
        first = client.get(address("pledge_card", "harbour"))
        with django_assert_num_queries(0):
            again = client.get(address("pledge_card", "harbour"))
        assert len(drawn) == 1
        assert (again.content, again["Content-Type"]) == (first.content, "image/png")

    def test_of_a_retracted_pledge_there_is_none(self, pledge, client, address):
        retract(pledge)
        response = client.get(address("pledge_card", "harbour"))
        assert response.status_code == 410
        assert "retracted" in response.content.decode()
        assert client.get(address("pledge_card", "harbour") + "?edition=3").status_code == 200
