"""Which articles tell one story: the labelled pairs of data/stories.jsonl, and what the watch must never mix up."""

import json
from pathlib import Path

import pytest

from pledges.watch.matching.stories import fingerprint, same_story

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "stories.jsonl").read_text(encoding="utf-8").splitlines()
]


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
