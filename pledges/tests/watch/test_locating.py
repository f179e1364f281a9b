"""A quoted sentence is found in a page whatever its typography, and never where figures or denials are others."""

import pytest

from pledges.watch.sources.quote_location import find, locate, texts_of

TEXT = (
    "La ministra habló el lunes.\nEl Gobierno entregó 1.782 fusiles a la Policía en Durán — cerca de Guayaquil —, "
    "según dijo “el presidente”.\nLos agentes no recibirán más armas este año, añadió la ministra de Defensa."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "El Gobierno entregó 1.782 fusiles a la Policía en Durán — cerca de Guayaquil —, según dijo “el presidente”.",
        'El Gobierno entregó 1.782 fusiles a la Policía en Durán - cerca de Guayaquil -, según dijo "el presidente".',
        "el gobierno entrego 1782 fusiles a la policia  en\u00a0Duran, cerca de Guayaquil, según dijo «el presidente»",
        "El Gobierno entregó 1.782 fusiles a la Policía […] según dijo “el presidente”.",
        "El Gobierno entregó 1.782 fusiles… cerca de Guayaquil",
        "El Gobierno entregó 1.782 fusiles a la Polícia en Duran, cerca de Guayquil, según dijo el presidente.",
        "El Gobi\u00aderno entregó 1.782 fusiles a la Policía en Durán",
    ],
)
def test_found_where_it_stands(sentence):
    assert find(sentence, TEXT) == TEXT.index("El Gobierno")


@pytest.mark.parametrize(
    "sentence",
    [
        "El Gobierno entregó 1.728 fusiles a la Policía en Durán, cerca de Guayaquil, según dijo el presidente.",
        "Los agentes recibirán más armas este año, añadió la ministra de Defensa.",
        "según dijo “el presidente” […] El Gobierno entregó 1.782 fusiles",  # not in this order
        "El Gobierno entregó",  # stands there, but see below: as whole words only
        "obierno entregó 1.782 fus",
        "Algo muy distinto que nadie dijo en ninguna parte de este texto tan breve.",
        "…",
        "",
    ],
)
def test_not_found(sentence):
    if sentence == "El Gobierno entregó":
        assert find(sentence, TEXT) >= 0
    else:
        assert find(sentence, TEXT) == -1


def test_in_a_page_the_article_is_asked_first_and_then_all_that_it_shows():
    story = "Work on the lighthouse began on Monday, the harbour office said in the morning. " * 4
    page = (
        f"<html lang=en><head><title>x</title><style>.no{{}}</style></head><body><aside>Editor's note: corrected on "
        f"Tuesday at noon.</aside><article><h1>Works begin</h1><p>{story}</p></article><script>var hidden = 1</script>"
        "</body></html>"
    ).encode()
    texts = texts_of(page, url="https://daily.example/1")
    assert locate("Work on the lighthouse began on Monday", texts) >= 0
    assert locate("Editor’s note: corrected on Tuesday at noon.", texts) >= 0
    assert locate("var hidden = 1", texts) == -1


def test_a_file_that_is_no_page_says_neither_yes_nor_no():
    assert locate("A sentence.", texts_of(b"%PDF-1.7\x00\x00", url="https://daily.example/1.pdf")) is None
    assert locate("", ["A text."]) is None
