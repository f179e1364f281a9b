"""Which articles tell one story: the labelled pairs of data/stories.jsonl, and what the watch must never mix up."""

import json
from datetime import date
from pathlib import Path

import pytest

from pledges.watch.matching.cross_language import THRESHOLD, Report, same_event
from pledges.watch.matching.stories import fingerprint, same_story
from pledges.watch.text import encoder


def lines_of(name):
    return [json.loads(line) for line in (Path(__file__).parents[1] / "data" / name).read_text("utf-8").splitlines()]


PAIRS = lines_of("stories.jsonl")
ACROSS = lines_of("stories_across.jsonl")


def told(article):
    return f"{article['title']}\n{article['text']}"


def test_the_labelled_pairs_are_many_and_of_both_languages():
    assert len(PAIRS) >= 120
    for language in ("en", "es"):
        for same in (True, False):
            assert sum(pair["lang"] == language and pair["same"] is same for pair in PAIRS) >= 30


def test_precision_and_recall_over_the_labelled_pairs():
    said = {pair["id"]: same_story(told(pair["a"]), told(pair["b"])) for pair in PAIRS}
    wrong = [pair["id"] for pair in PAIRS if said[pair["id"]] and not pair["same"]]
    missed = [pair["id"] for pair in PAIRS if pair["same"] and not said[pair["id"]]]
    assert wrong == []  # two turns of an affair as one would hide the second from the editor
    assert len(missed) <= 2, missed  # a story twice costs a look


def test_the_order_of_two_texts_does_not_matter():
    for pair in PAIRS:
        assert same_story(told(pair["a"]), told(pair["b"])) == same_story(told(pair["b"]), told(pair["a"])), pair["id"]


def test_the_fingerprint_finds_what_may_be_the_same():
    same = [pair for pair in PAIRS if pair["same"]]
    found = [pair for pair in same if set(fingerprint(**pair["a"])) & set(fingerprint(**pair["b"]))]
    assert len(found) >= 0.95 * len(same)
    unrelated = [pair for pair in PAIRS if pair["kind"].startswith("unrelated")]
    by_chance = [pair for pair in unrelated if set(fingerprint(**pair["a"])) & set(fingerprint(**pair["b"]))]
    assert len(by_chance) <= 0.1 * len(unrelated)  # each costs a comparison


def test_a_fingerprint_is_signed_64_bit_and_the_same_on_every_machine():
    found = fingerprint("Army to repair lighthouse", "The army repairs the lighthouse of Puerto Azul.")
    assert all(-(2**63) <= number < 2**63 for number in found)
    assert found == fingerprint("Army to repair lighthouse", "The army repairs the lighthouse of Puerto Azul.")
    assert found[0] == -9177171881887167592


@pytest.mark.parametrize(("title", "text"), [("", ""), ("…", "—"), ("\0", "")])
def test_of_nothing_there_is_no_fingerprint_and_no_story(title, text):
    assert fingerprint(title, text) == []
    assert not same_story(f"{title}\n{text}", f"{title}\n{text}")


def test_bare_headlines():
    assert same_story("Ley", "ley")
    assert not same_story("Ley", "Paz")
    assert fingerprint("Voters reject assembly", "")


def test_begun_and_suspended_are_two_stories_however_alike_they_are_told():
    body = (
        "the maximum-security prison in Juntas del Pacifico, Santa Elena, which is to hold 800 inmates and to cost 52 "
        "million dollars, President Carlos Rueda said. The villagers of the commune had protested against it."
    )
    begun = f"Works begin on Santa Elena prison\nWorks began on Friday on {body}"
    suspended = f"Works on Santa Elena prison suspended\nA judge suspended works on Tuesday on {body}"
    assert not same_story(begun, suspended)


# --- in two languages: `python -m bench.stories` measures all pairs of data/stories_across.jsonl --------------------

AFFAIRS = ("fuel-levy", "lithium", "railway-coast")


@pytest.fixture(scope="module")
def model():
    return encoder.local() or pytest.skip(encoder.why_not_local())


def report(row):
    return Report(row["title"], row["text"], row["lang"], date.fromisoformat(row["day"]))


def prison(title, verb, language):
    place = {
        "en": "the prison in Juntas del Pacifico, which is to hold 800 inmates and to cost 52 million dollars.",
        "es": "la cárcel de Juntas del Pacífico, que albergará a 800 reclusos y costará 52 millones de dólares.",
    }
    return Report(title, f"{verb} {place[language]}", language, date(2027, 1, 4))


def test_the_labelled_pairs_in_two_languages_are_many_and_half_of_them_one_event():
    pairs = [
        a["event"] == b["event"]
        for a in ACROSS
        for b in ACROSS
        if (a["lang"], b["lang"], a["affair"]) == ("en", "es", b["affair"])
    ]
    assert len(pairs) >= 120
    assert 0.4 <= sum(pairs) / len(pairs) <= 0.6


@pytest.mark.parametrize("affair", AFFAIRS)
def test_one_event_in_two_languages_is_told_from_the_next_of_the_affair(model, affair):
    english, spanish = (
        [row for row in ACROSS if (row["affair"], row["lang"]) == (affair, code)] for code in ("en", "es")
    )
    for row in english:
        chances = same_event(report(row), [report(other) for other in spanish], model)
        said = [chance >= THRESHOLD for chance in chances]
        assert said == [row["event"] == other["event"] for other in spanish]
        back = [same_event(report(other), [report(row)], model)[0] for other in spanish]
        assert back == pytest.approx(chances, abs=1e-3)  # the order of two texts does not matter


def test_begun_and_suspended_are_two_events_in_two_languages_too(model):
    begun = prison("Works begin on prison", "Works began on", "en")
    suspended = prison("Works on prison suspended", "A judge suspended works on", "en")
    empezada = prison("Comienzan las obras de la cárcel", "Comenzaron las obras de", "es")
    suspendida = prison("Suspendidas las obras de la cárcel", "Un juez suspendió las obras de", "es")
    assert [chance >= THRESHOLD for chance in same_event(begun, [empezada, suspendida], model)] == [True, False]
    assert [chance >= THRESHOLD for chance in same_event(suspended, [empezada, suspendida], model)] == [False, True]


@pytest.mark.parametrize("title", ["Works begin on prison", "", "\0"])
def test_a_headline_alone_is_too_little(model, title):
    bare = Report(title, "", "en", date(2027, 1, 4))
    told = prison("Comienzan las obras de la cárcel", "Comenzaron las obras de", "es")
    assert same_event(bare, [told], model) == same_event(told, [bare], model) == [0.0]
    assert same_event(told, [], model) == []
