from datetime import UTC, datetime
from pathlib import Path

import pytest

from pledges.watch.sources.articles import ArticleError, extract, sentences
from pledges.watch.text.language import language_of

DATA = Path(__file__).parents[1] / "data" / "pages"


def test_an_article():
    page = extract((DATA / "article_es.html").read_bytes(), url="https://m.diario.example/pais/puente?fbclid=1")
    assert page.title == "El puente de Muestra se abre al tránsito"
    assert page.text.splitlines()[-3:][0].startswith("El puente de Muestra se abrió este lunes")
    for around in ("Portada", "Receta", "derechos"):
        assert around not in page.text
    assert page.language == "es"  # its own words, though the page declares en-US
    assert page.published_at == datetime(2025, 11, 11, 0, 30, tzinfo=UTC)
    assert page.publisher == "Diario de Muestra"
    assert page.url == "https://www.diario.example/pais/puente"


def test_a_day_without_time_and_a_canonical_address_of_another_site():
    page = extract((DATA / "article_en.html").read_bytes(), url="https://wire.example/a?utm_medium=rss")
    assert page.language == "en"
    assert page.published_at == datetime(2025, 11, 10, 12, tzinfo=UTC)
    assert page.url == "https://wire.example/a"
    assert page.publisher


def test_nothing_turns_the_direction_of_what_stands_beside_it():
    text = "<p>A paragraph about nothing in particular, long enough to be taken for an article's text.</p>" * 3
    page = f"""<html><head><title>Minister \u202edenies\u202c it</title>
        <meta property="og:title" content="Minister \u202edenies\u202c it">
        <meta property="og:site_name" content="The \u2067Wire"></head><body><article>{text}</article></body></html>"""
    found = extract(page.encode(), url="https://wire.example/a")
    assert (found.title, found.publisher) == ("Minister denies it", "The Wire")


def test_a_canonical_address_that_is_the_front_page_is_not_believed():
    body = (DATA / "article_en.html").read_bytes().replace(b"elsewhere.example/stolen", b"wire.example/")
    assert extract(body, url="https://wire.example/a").url == "https://wire.example/a"


@pytest.mark.parametrize(
    ("charset", "content_type"),
    [
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("iso-8859-1", "text/html; charset=iso-8859-1"),
        ("cp1252", ""),
        ("utf-16", ""),
    ],
)
def test_charsets_even_when_lied_about(charset, content_type):
    html = (DATA / "article_es.html").read_text(encoding="utf-8").replace('<meta charset="utf-8">', "")
    page = extract(html.encode(charset), url="https://diario.example/", content_type=content_type)
    assert "después de dos años" in page.text


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not a web page"),
        (b"%PDF-1.7\n\0\0", "another kind"),
        (b'{"a": 1}', "not a web page"),
        ((DATA / "login.html").read_bytes(), "login"),
        (b"<html></html>", "login"),
        (b"<p>" * 20_000, "login"),
    ],
)
def test_what_is_no_article_is_said_plainly(body, says):
    with pytest.raises(ArticleError, match=says):
        extract(body, url="https://a.example/")


def test_a_consent_wall_is_told_by_its_heading_too():
    body = (
        "<html><head><title>We value your privacy</title></head><body><h1>We value your privacy</h1><p>We and our 1389 "
        "partners store and access information on a device, such as cookies, and process personal data, such as unique "
        "identifiers, with your permission.</p><button>AGREE</button></body></html>"
    )
    with pytest.raises(ArticleError, match="consent to cookies"):
        extract(body.encode(), url="https://d.example/1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        (
            "El Sr. Paz viajó a EE. UU. con 1.500 personas. Volvió.",
            ["El Sr. Paz viajó a EE. UU. con 1.500 personas.", "Volvió."],
        ),
        ("The U.S. Navy paid $9.4 million. It left.", ["The U.S. Navy paid $9.4 million.", "It left."]),
        ("“No hay barcos.” Lo dijo J. Borja.", ["“No hay barcos.”", "Lo dijo J. Borja."]),
        ("¿Cuándo? «Nunca…» Eso dijo.", ["¿Cuándo?", "«Nunca…»", "Eso dijo."]),
        ("Rige el art. 5 y el No. 7. Fin", ["Rige el art. 5 y el No. 7.", "Fin"]),
        ("Dijo que no. Luego calló.", ["Dijo que no.", "Luego calló."]),
        ("Title without stop\n\nText.", ["Title without stop", "Text."]),
        ("", []),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The court said that the law was not in force.", "en"),
        ("La Corte dijo que la ley no está en vigor.", "es"),
        ("O tribunal disse que a lei não está em vigor e que os juízes já foram avisados.", ""),
        ("Il tribunale ha detto che la legge non è in vigore e che i giudici sono stati avvisati.", ""),
        ("Le tribunal a dit que la loi n'est pas en vigueur et que les juges ont été avertis.", ""),
        ("Ley", ""),
    ],
)
def test_language_by_function_words(text, language):
    assert language_of(text) == language
