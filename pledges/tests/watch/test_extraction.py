"""Pledges out of text: who promises what by when, and what only looks like a pledge."""

import re
from datetime import date

import pytest

from pledges.watch.extraction import extract, speakers
from pledges.watch.extraction.deadlines import deadlines

DAY = date(2024, 5, 14)
WHO = {"en": "President Ana Vidal spoke on Monday.\n", "es": "La presidenta Ana Vidal habló el lunes.\n"}


def found(text, language="en", *, opening=True, **given):
    return extract((WHO[language] if opening else "") + text, language, published_on=DAY, **given)


def actions(text, language="en", **given):
    return [one.action for one in found(text, language, **given)]


def test_a_pledge_has_who_what_where_and_by_when():
    text = "President Ana Vidal spoke on Monday. She said the government will build two prisons by March 2025."
    (one,) = extract(text, "en", published_on=DAY)
    assert (one.speaker, one.action) == ("Ana Vidal", "build two prisons")
    assert text[one.starts_at : one.ends_at] == one.sentence
    assert one.sentence.startswith("She said")
    assert (one.deadline, one.deadline_precision) == (date(2025, 3, 31), "month")
    assert one.checkable
    assert one.reason == "will"
    assert 0.5 < one.confidence < 1


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("“We will open a port,” Vidal said.", "open a port"),
        ("Vidal promised to open a port.", "open a port"),
        ("She has vowed to open a port.", "open a port"),
        ("The government plans to open a port.", "open a port"),
        ("Vidal announced that she would open a port.", "open a port"),
        ("The government is to open a port.", "open a port"),
        ("A port will be opened in Alba, the president added.", "open a port in Alba"),
        ("She took office on a pledge to open a port.", "open a port"),
        ("The government will not close the port.", "not close the port"),
        ("“We'll never sell the port,” she said.", "never sell the port"),
        ("Vidal announced a new port in Alba.", "a new port in Alba"),
    ],
)
def test_english_promises(sentence, said):
    assert actions(sentence) == [said]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("“Abriremos un puerto”, dijo Vidal.", "abrir un puerto"),
        ("“Vamos a abrir un puerto”, dijo Vidal.", "abrir un puerto"),
        ("Vidal prometió abrir un puerto.", "abrir un puerto"),
        ("La presidenta se comprometió a abrir un puerto.", "abrir un puerto"),
        ("Vidal aseguró que el gobierno abrirá un puerto.", "abrir un puerto"),
        ("La mandataria dijo que construiría un puerto.", "construir un puerto"),
        ("Se construirá un puerto en Alba.", "construir un puerto en Alba"),
        ("Vidal anunció la construcción de un puerto.", "la construcción de un puerto"),
        ("El gobierno no venderá el puerto.", "no vender el puerto"),
        ("El gobierno tiene previsto abrir un puerto.", "abrir un puerto"),
    ],
)
def test_spanish_promises(sentence, said):
    assert actions(sentence, "es") == [said]


def test_two_promises_in_a_sentence_are_two():
    assert actions("The government will build two prisons and buy barges.") == ["build two prisons", "buy barges"]
    assert actions("El gobierno construirá dos cárceles y comprará barcazas.", "es") == [
        "construir dos cárceles", "comprar barcazas",
    ]  # fmt: skip
    assert actions("The government will train and equip the police.") == ["train and equip the police"]


def test_a_day_belongs_to_the_promise_it_stands_with():
    first, second = found("The government will build two prisons by 2026 and buy barges.")
    assert (first.deadline, second.deadline) == (date(2026, 12, 31), None)
    first, second = found("The government will build two prisons and buy barges within six months.")
    assert first.deadline == second.deadline == date(2024, 11, 14)


@pytest.mark.parametrize(
    "sentence",
    [
        "Inflation will fall below 3% next year.",
        "The economy is going to grow by 2%, the president said.",
        "The government built two prisons last year.",
        "The opposition said it would build two prisons.",
        "Paul Dent, the leader of the opposition, said he would build two prisons.",
        "Unions want the president to raise wages.",
        "Residents hope the works will end the noise.",
        "Analysts expect the government will cut spending.",
        "The previous government promised to build two prisons.",
        "Will the government build two prisons?",
        "Vidal did not promise to build two prisons.",
        "She denied that she had promised to build two prisons.",
        "The government has no plans to raise taxes.",
        "Asked whether she would resign, Vidal did not answer.",
        "“We must win battles,” she said.",
        "“I will never know,” she said.",
    ],
)
def test_what_only_looks_like_a_pledge_in_english(sentence):
    assert actions(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "La inflación bajará el próximo año.",
        "El Banco Central prevé que la economía crecerá un 2%.",
        "El gobierno construyó dos cárceles en 2021.",
        "La oposición dijo que construiría dos cárceles.",
        "Los sindicatos exigen que se aumenten los salarios.",
        "El gobierno anterior prometió construir dos cárceles.",
        "¿Construirá el gobierno dos cárceles?",
        "Vidal no prometió construir dos cárceles.",
        "Esperemos que mejore. Declaré ante el juez.",
        "Las cárceles están llenas y la gente quería otra cosa.",
    ],
)
def test_what_only_looks_like_a_pledge_in_spanish(sentence):
    assert actions(sentence, "es") == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "If Congress agrees, the government will build two prisons."),
        ("es", "Si el Congreso lo aprueba, el gobierno construirá dos cárceles."),
    ],
)
def test_a_condition_makes_a_pledge_less_sure_and_does_not_lose_it(language, sentence):
    (one,) = found(sentence, language)
    plainly = {"en": "The government will build two prisons.", "es": "El gobierno construirá dos cárceles."}
    (sure,) = found(plainly[language], language)
    assert (one.kind, sure.kind) == ("conditional", "pledge")
    assert one.confidence < sure.confidence


def test_what_cannot_be_checked_is_said_to_be_so():
    (vague,) = found("“We will work for a better country,” Vidal said.")
    (plain,) = found("“We will hire 40 judges,” Vidal said.")
    assert (vague.checkable, plain.checkable) == (False, True)
    assert vague.confidence < plain.confidence


def test_a_programme_lists_what_it_promises_and_not_its_record():
    text = (
        "Our programme\nJustice\n- Hire 40 judges\nWe will:\n- build two courts by 2026;\n- no longer close courts.\n"
    )
    text += "Our record\n- Closed 12 courts\n- Crime has doubled\n"
    assert actions(text, opening=False) == ["Hire 40 judges", "build two courts", "no longer close courts"]
    spanish = (
        "Programa de gobierno\n- Contratar 40 jueces\n- Construcción de dos cárceles\nDiagnóstico\n- Se cerraron 12\n"
    )
    assert actions(spanish, "es", opening=False) == ["Contratar 40 jueces", "Construcción de dos cárceles"]


def test_a_conversation_is_of_those_who_answer():
    text = "Interview with Minister Joan Petrie\nQ: You will cut the budget?\nA: I will double the budget.\n"
    (one,) = found(text, opening=False)
    assert (one.speaker, one.action) == ("Joan Petrie", "double the budget")
    text = "MODERATOR: You will all pay for it.\nPRESIDENT VIDAL: We will hire 40 judges.\n"
    (one,) = found(text, opening=False)
    assert "vidal" in one.speaker.lower()


def test_a_caller_may_name_the_speaker():
    (one,) = extract("We will hire 40 judges.", "en", speakers=["Ana Vidal"])
    assert one.speaker == "Ana Vidal"


@pytest.mark.parametrize(
    ("language", "words", "day", "precision"),
    [
        ("en", "by 2026", date(2026, 12, 31), "year"),
        ("en", "before 2026", date(2025, 12, 31), "year"),
        ("en", "before the end of the year", date(2024, 12, 31), "year"),
        ("en", "in the first 100 days", date(2024, 8, 21), "day"),
        ("en", "by 31 October", date(2024, 10, 31), "day"),
        ("en", "by March", date(2025, 3, 31), "month"),
        ("es", "antes de fin de año", date(2024, 12, 31), "year"),
        ("es", "en los primeros 100 días", date(2024, 8, 21), "day"),
        ("es", "antes del 1 de enero de 2025", date(2024, 12, 31), "day"),
        ("es", "en un plazo de seis meses", date(2024, 11, 14), "day"),
        ("es", "el próximo año", date(2025, 12, 31), "year"),
    ],
)
def test_deadlines(language, words, day, precision):
    (one,) = deadlines(f"It {words}.", language, DAY)
    assert (one.day, one.precision) == (day, precision)


@pytest.mark.parametrize(
    "words", ["within thirty days of its signature", "in 2019", "every month", "by 31 February 2025"]
)
def test_what_is_no_deadline(words):
    assert deadlines(f"We will do it {words}.", "en", DAY) == []


def test_distances_need_a_day_to_count_from():
    (one,) = extract("We will hire 40 judges within six months.", "en")
    assert one.deadline is None
    (one,) = extract("We will hire 40 judges within six months.", "en", today=DAY)
    assert one.deadline == date(2024, 11, 14)


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "will " * 5_000, "«" * 5_000, "We will " + "and build a bridge " * 2_000, "İ" * 300 + " we will.",
     "- " * 3_000, '"We will build. ' * 3_000, "A: " * 2_000, "x" * 50_000, "\ud83d We will build a port."],
)  # fmt: skip
def test_odd_texts_do_no_harm(text):
    for language in ("en", "es"):
        for one in extract(text, language, published_on=DAY):
            assert text[one.starts_at : one.ends_at] == one.sentence
            assert len(one.action) <= 400


@pytest.mark.parametrize("word", ["A", "A-", "Á’"])
def test_a_long_word_is_no_name_and_is_not_read_again_from_each_of_its_letters(word):
    """The patterns for names look ahead by the length of a name, not of the text."""
    text = word * 2000
    assert len(re.match(speakers._NAME, text).group()) <= 41
    assert extract(f"{text}.", "es") == []


def test_other_languages_are_refused():
    with pytest.raises(ValueError, match="English"):
        extract("Wir werden zwei Brücken bauen.", "de")
