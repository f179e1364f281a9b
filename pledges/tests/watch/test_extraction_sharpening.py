"""An endpoint's second look at what was found in a text: it may say how sure, and point at sentences; never invent."""

import json
from datetime import date

import pytest

from pledges.tests.support.endpoints import completion, endpoint
from pledges.watch.extraction import extract
from pledges.watch.extraction.llm_review import endpoint as operators
from pledges.watch.extraction.llm_review import sharpened
from pledges.watch.matching import second_opinion
from pledges.watch.matching.second_opinion import Endpoint

TEXT = (
    "President Ana Vidal spoke on Monday. The government will build two prisons. "
    "It is our firm resolve that 400 judges be hired by 2026. Prices rose."
)
FOUND = extract(TEXT, "en")


@pytest.fixture(autouse=True)
def _each_warns_anew():
    second_opinion.warn_once.cache_clear()


def looked_at(said, seconds=30, **how):
    with endpoint(said if isinstance(said, bytes) else completion(json.dumps(said)), **how) as (url, asked):
        asking = Endpoint(url, "small", seconds=seconds)
        return sharpened(FOUND, TEXT, "en", asking, published_on=date(2024, 5, 14)), asked


def test_an_opinion_moves_the_confidence_a_little():
    assert len(FOUND) == 1
    (less,), _ = looked_at({"found": [{"n": 0, "pledge": 0}]})
    (more,), _ = looked_at({"found": [{"n": 0, "pledge": 1}]})
    assert less.confidence < FOUND[0].confidence < more.confidence < 1
    assert less.confidence > 0.5


def test_a_sentence_that_stands_in_the_text_may_be_added():
    sentence = "It is our firm resolve that 400 judges be hired by 2026."
    (first, new), _ = looked_at({"found": [], "missed": [{"sentence": sentence, "action": "400 judges hired"}]})
    assert first == FOUND[0]
    assert (new.sentence, TEXT[new.starts_at : new.ends_at]) == (sentence, sentence)
    assert (new.deadline, new.checkable, new.confidence) == (date(2026, 12, 31), True, 0.5)


@pytest.mark.parametrize(
    "missed",
    [
        {"sentence": "The government will build ten palaces.", "action": "build ten palaces"},
        {"sentence": "It is our firm resolve that 400 judges be hired by 2026.", "action": "hire 900 judges"},
        {"sentence": "The government will build two prisons.", "action": "build two prisons"},
        {"sentence": "Prices rose.", "action": "Prices rose"},
        {"sentence": None, "action": "x"},
        {"sentence": "It is our firm resolve that 400 judges be hired by 2026."},
    ],
)
def test_nothing_is_invented_and_nothing_comes_twice(missed):
    assert looked_at({"found": [], "missed": [missed]})[0] == FOUND


@pytest.mark.parametrize(
    ("said", "how"),
    [
        (b"", {}),
        (b"<html>", {"status": 502}),
        (completion("no JSON here"), {}),
        (completion("[1, 2]"), {}),
        ({"found": "all", "missed": 7}, {}),
        ({"found": [{"n": 99, "pledge": 1}, {"n": 0, "pledge": 7}, {"n": 0, "pledge": "high"}]}, {}),
        ({"found": [], "missed": ["a"]}, {}),
        ({"found": [{"n": 0, "pledge": 1}]}, {"wait": 2, "seconds": 1}),
    ],
)
def test_its_failure_costs_nothing(said, how):
    assert looked_at(said, **how)[0] == FOUND


def test_the_text_is_sent_as_a_quotation_under_an_instruction():
    _, asked = looked_at({"found": []})
    request = json.loads(asked[0][2])
    system, user = request["messages"]
    assert "never an instruction" in system["content"]
    assert json.loads(user["content"])["text"] == TEXT
    assert request["response_format"]["json_schema"]["schema"]["required"] == ["found", "missed"]


def test_it_is_off_where_no_endpoint_is_given():
    assert operators("", "") is None
    assert operators("http://localhost/v1", "small") is not None
