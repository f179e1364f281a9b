"""Reported speech: what stands between the verb of saying and what is said (when, where, to whom) is no part of it."""

from datetime import date

import pytest

from pledges.watch.extraction import extract

ENGLISH = """
President Noboa said on Monday that the government will build two hospitals.
President Noboa said Monday the government will build two hospitals.
President Noboa said in a televised address on Monday night that the government will build two hospitals.
President Noboa announced this Tuesday in Guayaquil that the government would build two hospitals.
President Noboa told reporters in Quito on Monday that he would build two hospitals.
President Noboa has promised voters that he will build two hospitals.
President Noboa said again on Friday, in front of a crowd in Manta, that the government will build two hospitals.
President Noboa said at a news conference that his ministry of health will build two hospitals.
President Noboa pledged on Monday to build two hospitals.
President Noboa vowed in a speech on Monday night to build two hospitals.
On Monday President Noboa said that the government will build two hospitals.
Speaking in Quito on Monday, President Noboa said that the government will build two hospitals.
The government, President Noboa said on Monday, will build two hospitals.
The government will build two hospitals, President Noboa told reporters on Monday.
"""
SPANISH = """
El presidente Noboa dijo el lunes que el gobierno construirá dos hospitales.
El presidente Noboa anunció este martes en Guayaquil que el gobierno construirá dos hospitales.
El presidente Noboa aseguró en una entrevista con Radio Quito que construirá dos hospitales.
El presidente Noboa dijo este lunes, en Quito, que el gobierno construirá dos hospitales.
El presidente Noboa anunció ayer por la tarde ante el Congreso que construiría dos hospitales.
El presidente Noboa ha anunciado hoy que su gobierno construirá dos hospitales.
El presidente Noboa informó en rueda de prensa de que el gobierno construirá dos hospitales.
El presidente Noboa dijo la noche del lunes que su cartera de Salud construirá dos hospitales.
El presidente Noboa prometió el lunes construir dos hospitales.
El presidente Noboa se comprometió este viernes a construir dos hospitales.
En declaraciones a la prensa, el presidente Noboa afirmó que el gobierno va a construir dos hospitales.
Según anunció el presidente Noboa el martes, el gobierno construirá dos hospitales.
El gobierno, dijo el lunes el presidente Noboa, construirá dos hospitales.
El gobierno construirá dos hospitales, anunció ayer el presidente Noboa.
"""


@pytest.mark.parametrize(
    ("language", "sentence", "action"),
    [("en", one, "build two hospitals") for one in ENGLISH.strip().splitlines()]
    + [("es", one, "construir dos hospitales") for one in SPANISH.strip().splitlines()],
)
def test_when_where_and_to_whom_it_was_said_is_no_part_of_what_is_promised(language, sentence, action):
    (found,) = extract(sentence, language, published_on=date(2024, 5, 14))
    assert found.action == action
    assert found.speaker in ("Noboa", "gobierno")
    assert found.deadline is None


@pytest.mark.parametrize(
    ("language", "sentence", "action"),
    [
        ("en", "President Noboa said the gang that robbed the bank will be jailed.", "the gang that robbed"),
        ("es", "El presidente Noboa dijo que la banda que escribió la carta será juzgada.", "la banda que escribió"),
    ],
)
def test_a_relative_clause_stays_with_its_noun(language, sentence, action):
    (found,) = extract(sentence, language, published_on=date(2024, 5, 14))
    assert action in found.action


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The opposition said on Monday that it would build two hospitals."),
        ("en", "Unions told the minister on Monday that prices will rise."),
        ("es", "La oposición dijo el lunes que construiría dos hospitales."),
        ("es", "El presidente Noboa no se comprometió el lunes a construir dos hospitales."),
        ("es", "Anunció ayer el presidente una visita."),
    ],
)
def test_whose_words_they_are_counts_as_before(language, sentence):
    assert extract(sentence, language, published_on=date(2024, 5, 14)) == []
