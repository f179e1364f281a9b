"""The public site in Spanish: no English sentence, and no sentence whose parts do not fit together."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
import vl_convert

from pledges.actions import publishing
from pledges.tests.support import factories, spanish

SVG = "{http://www.w3.org/2000/svg}text"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def drawn(monkeypatch):
    """The texts of the SVG of every card that is drawn."""
    seen = []
    real = vl_convert.svg_to_png

    def note(svg, **options):
        seen.extend("".join(each.itertext()) for each in ET.fromstring(svg).iter(SVG))
        return real(svg, **options)

    monkeypatch.setattr(vl_convert, "svg_to_png", note)
    return seen


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["kept", "broken", "unclear", "not_started"])
@pytest.mark.parametrize("precision", ["day", "month", "year", "approx", "by"])
def test_the_card_is_spanish_whatever_it_shows(client, address, drawn, status, precision):
    pledge = factories.PublishedPledgeFactory(slug="harbour", wording__title_es="Reparar el puerto")
    more = {"failure_reason": "withdrawn"} if status == "broken" else {}
    more |= {"reason_detail_es": "No hay datos."} if status == "unclear" else {}
    factories.PublishedUpdateFactory(
        pledge=pledge, happened_on=date(2024, 7, 1), happened_precision=precision, status=status, **more
    )
    client.get(address("pledge_card", "harbour", language="es") + "?on=2024-07-29")
    assert "Edición 2, tal como estaba el 29 de julio de 2024" in drawn
    assert not [text for text in drawn if "Edition" in text or "as of" in text or "since" in text]
    assert spanish.faults(".\n".join(drawn)) == []


@pytest.mark.django_db
def test_the_source_of_a_figure_is_marked_with_its_language(client, address):
    figures = {"2023": ("Interior Ministry, rows counted", "en"), "2024": ("INEC", "")}
    indicator = factories.IndicatorFactory(slug="deaths")
    for year, (source, language) in figures.items():
        factories.ObservationFactory(
            indicator=indicator,
            source=source,
            source_language=language,
            period=year,
            starts_on=date(int(year), 1, 1),
            ends_on=date(int(year), 12, 31),
        )
    publishing.record_change(indicator, by=factories.EditorFactory())
    for name in (("indicator", "deaths"), ("indicators",)):
        in_spanish = client.get(address(*name, language="es")).content.decode()
        in_english = client.get(address(*name)).content.decode()
        assert '<span lang="en">INEC' not in in_spanish
        assert "Interior Ministry, rows counted</span>" not in in_english
    where = address("indicator", "deaths", language="es")
    assert '<span lang="en">Interior Ministry, rows counted</span>' in client.get(where).content.decode()
    assert publishing.verify() == []


@pytest.mark.django_db
def test_no_page_has_an_english_sentence_or_an_article_twice(first_edition, client):
    index = ET.fromstring(client.get("/sitemap.xml").content)
    paths = [
        each.text.removeprefix("http://testserver")
        for section in index.iter(f"{SPACE}loc")
        for each in ET.fromstring(client.get(section.text).content).iter(f"{SPACE}loc")
    ]
    pages = [path for path in paths if path.startswith("/es/")]
    texts = {path: spanish.text_of(client.get(path).content.decode()) for path in pages}
    wrong = {path: found for path, text in texts.items() if (found := spanish.faults(text))}
    assert len(pages) > 30
    assert wrong == {}


@pytest.mark.parametrize(
    "text", ["The mail goes to the new address. Llegan a la dirección nueva.", "Edición 1, al el 29 de mayo."]
)
def test_such_a_sentence_would_be_found(text):
    assert spanish.faults(text)
    assert spanish.faults(spanish.text_of(f"<p>{text}</p>"))
    assert not spanish.faults(spanish.text_of(f'<p lang="en">{text}</p><p>Llegan el 29 de mayo a la dirección.</p>'))
