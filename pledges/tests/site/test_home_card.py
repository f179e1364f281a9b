"""The picture of the front page where links are shared: the headline, whose pledges they are, and the tally."""

import re
import struct
import xml.etree.ElementTree as ET

import pytest
import vl_convert
from django.utils import translation

from pledges.domain.rules import Status
from pledges.models import COUNTED_LABELS
from pledges.site.cards import tally as tally_card
from pledges.site.cards.drawing import LANDSCAPE
from pledges.site.cards.text import width
from pledges.tests.support import factories, governments

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch):
    """The texts of each picture that was drawn."""
    seen = []
    real = vl_convert.svg_to_png

    def note(svg, **options):
        texts = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
        seen.append(" | ".join("".join(each.itertext()) for each in texts))
        return real(svg, **options)

    monkeypatch.setattr(vl_convert, "svg_to_png", note)
    return seen


def described(text):
    """The properties of the page for social networks."""
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', text))


def test_the_front_page_has_a_picture_with_a_text_in_its_language(client, address, drawn):
    factories.PublishedPledgeFactory(mandate__person="Ana Paz", mandate__ends_on=None)
    for language, headline in (
        ("en", "The one pledge that Ana Paz made is not yet rated."),
        ("es", "La única promesa que hizo Ana Paz aún no está calificada."),
    ):
        found = described(client.get(address("home", language=language)).content.decode())
        assert found["og:image"] == f"http://testserver/{language}/card.png?edition=1"
        assert found["og:image:alt"].startswith(headline)
        assert found["twitter:card"] == "summary_large_image"
        response = client.get(found["og:image"].removeprefix("http://testserver"))
        assert response["Content-Type"] == "image/png"
        assert struct.unpack(">II", response.content[16:24]) == (1200, 630)
        assert len(response.content) < 100_000
        assert "1 " + str(_label(language)) in drawn[-1]
    assert "Ana Paz, President of the Republic, 2023–" in drawn[0]
    assert "Edition 1 · " in drawn[0]


def _label(language):
    with translation.override(language):
        return COUNTED_LABELS[Status.NOT_RATED] % 1


def test_it_is_of_the_mandate_the_edition_and_the_day_of_the_page(client, address, drawn):
    governments.make()
    page = client.get(address("home") + "?mandate=city&on=2023-07-01").content.decode().replace("&amp;", "&")
    where = described(page)["og:image"]
    assert where == "http://testserver/en/card.png?mandate=city&on=2023-07-01&edition=8"
    client.get(where.removeprefix("http://testserver"))
    assert "Carla Ruiz, Mayor of Quito" in drawn[0]
    assert "3 not yet rated" in drawn[0]
    assert "1 July 2023" in drawn[0]


def test_it_is_drawn_once_an_edition(client, address, drawn, django_assert_num_queries):
    factories.PublishedPledgeFactory()
    first = client.get(address("home_card"))
    with django_assert_num_queries(0):
        again = client.get(address("home_card"))
    assert again.content == first.content
    assert len(drawn) == 1


def test_without_pledges_there_is_none_and_the_page_has_that_of_the_tracker(client, address):
    assert client.get(address("home_card")).status_code == 404
    found = described(client.get(address("home")).content.decode())
    assert found["og:image"] == "http://testserver/en/newsroom-card.png"
    assert client.get(found["og:image"].removeprefix("http://testserver"))["Content-Type"] == "image/png"


@pytest.mark.parametrize("language", ["en", "es"])
def test_any_tally_fits(language):
    with translation.override(language):
        tally = [(str(status), COUNTED_LABELS[status] % 1234, 1234) for status in Status]
        size, placed = tally_card.fitted_key(tally, LANDSCAPE)
    last = tally_card.KEY_TOP + (tally_card.KEY_LINES - 1) * tally_card.KEY_LINE
    assert max(count.y for count in placed) <= last
    for count in placed:
        assert count.text_x + width(count.words, size) <= LANDSCAPE.right + 1
