"""The first data set holds together: its references, its two languages, its rules and its own wording.

Plain reading of `pledges/data/noboa.json`; no database. Loading it is tested with the command that loads it.
"""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from pledges.domain.rules import FAILED, FailureReason, Precision, Status

ROOT = Path(__file__).resolve().parents[3]
DATA = json.loads((ROOT / "pledges" / "data" / "noboa.json").read_text(encoding="utf-8"))
ARTICLE = ROOT.parent / "shared" / "data" / "article.txt"

PLEDGES = DATA["pledges"]
UPDATES = [
    pytest.param(update, id=f"{pledge['slug']}-{update['happened_on']}-{number}")
    for pledge in PLEDGES
    for number, update in enumerate(pledge["updates"])
]
MAY_BE_EMPTY = ("note", "caveat", "deadline_note", "reason_detail", "also_called")
RATED = set(Status) - {Status.NOT_RATED}


def by_slug(pledge):
    return pledge["slug"]


def slugs(kind):
    return [row["slug"] for row in DATA[kind]]


def objects(node, path=""):
    """Every JSON object in the data set with the path to it, for a readable failure."""
    if isinstance(node, dict):
        yield path, node
        node = list(node.items())
    elif isinstance(node, list):
        node = list(enumerate(node))
    else:
        return
    for key, child in node:
        yield from objects(child, f"{path}/{key}")


def is_web_address(text):
    return re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", text) is not None


@pytest.mark.parametrize("kind", ["mandates", "topics", "institutions", "documents", "pledges", "indicators"])
def test_addresses_are_unique_and_fit_their_column(kind):
    assert len(slugs(kind)) == len(set(slugs(kind)))
    assert all(re.fullmatch(r"[a-z0-9-]{1,50}", slug) for slug in slugs(kind))


def test_the_twelve_pledges_keep_their_addresses():
    assert set(slugs("pledges")) == {
        "prison-barges", "new-prisons", "israel-prison-design", "minor-offender-separation", "litoral-intervention",
        "intelligence-unit", "tactical-weapons", "ports-airports", "name-judges-prosecutors", "name-peace-deal-gang",
        "reduce-violence", "jobs-urgent-reforms",
    }  # fmt: skip


def test_every_text_stands_in_both_languages():
    for path, row in objects(DATA):
        for key in row:
            if not key.endswith(("_en", "_es")):
                continue
            name, other = key[:-3], key[:-3] + ("_es" if key.endswith("_en") else "_en")
            assert other in row, f"{path}: {other} is missing"
            assert bool(row[key]) == bool(row[other]), f"{path}: {name} is filled in one language only"
            assert row[key] or name in MAY_BE_EMPTY, f"{path}: {key} is empty"


def test_mandates_follow_each_other():
    for mandate in DATA["mandates"]:
        assert date.fromisoformat(mandate["elected_on"]) < date.fromisoformat(mandate["starts_on"])
        assert date.fromisoformat(mandate["starts_on"]) < date.fromisoformat(mandate["ends_on"])


@pytest.mark.parametrize("pledge", PLEDGES, ids=by_slug)
def test_every_reference_resolves(pledge):
    assert pledge["mandate"] in slugs("mandates")
    assert set(pledge["carried_into"]) <= set(slugs("mandates")) - {pledge["mandate"]}
    assert pledge["document"] in slugs("documents")
    assert pledge["topics"]
    assert set(pledge["topics"]) <= set(slugs("topics"))
    assert pledge["institutions"]
    assert set(pledge["institutions"]) <= set(slugs("institutions"))


@pytest.mark.parametrize("kind", ["topics", "institutions"])
def test_nothing_is_listed_that_no_pledge_uses(kind):
    assert {slug for pledge in PLEDGES for slug in pledge[kind]} == set(slugs(kind))


@pytest.mark.parametrize("pledge", PLEDGES, ids=by_slug)
def test_a_pledge_can_be_rated_and_followed(pledge):
    assert pledge["made_on_precision"] in {Precision.DAY, Precision.BY}
    mandate = next(row for row in DATA["mandates"] if row["slug"] == pledge["mandate"])
    assert mandate["starts_on"] <= pledge["made_on"] <= mandate["ends_on"]
    assert set(pledge["criteria"]) == {
        f"{status}_{language}"
        for status in ("kept", "partly_kept", "in_progress", "stalled", "broken")
        for language in ("en", "es")
    }
    assert 30 <= pledge["review_interval_days"] <= 180
    assert bool(pledge["quote"]) == bool(pledge["quote_language"])
    assert len(pledge["title_en"]) <= 160
    assert len(pledge["title_es"]) <= 160
    for language in ("en", "es"):
        names = pledge[f"also_called_{language}"]
        assert 5 <= len(names) <= 12
        assert len({name.casefold() for name in names}) == len(names)
        assert all(len(name) <= 80 for name in names)


@pytest.mark.parametrize("pledge", PLEDGES, ids=by_slug)
def test_a_deadline_has_its_precision_and_says_what_it_rests_on(pledge):
    if pledge["deadline"] is None:
        assert pledge["deadline_precision"] == pledge["deadline_note_en"] == ""
        return
    assert date.fromisoformat(pledge["deadline"]) > date.fromisoformat(pledge["made_on"])
    assert pledge["deadline_precision"] in {Precision.DAY, Precision.MONTH, Precision.YEAR}
    assert pledge["deadline_note_en"]


@pytest.mark.parametrize("pledge", PLEDGES, ids=by_slug)
def test_updates_are_in_the_order_in_which_things_happened(pledge):
    days = [date.fromisoformat(update["happened_on"]) for update in pledge["updates"]]
    assert days
    assert days == sorted(days)
    assert days[0] >= date.fromisoformat(pledge["made_on"])


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_keeps_the_rules_of_a_status(update):
    assert update["happened_precision"] in {Precision.DAY, Precision.MONTH, Precision.APPROX}
    assert update["status"] in RATED
    reason = update["failure_reason"]
    assert bool(reason) == (update["status"] in FAILED)
    assert reason == "" or reason in set(FailureReason)
    needs_detail = update["status"] == Status.UNCLEAR or reason == FailureReason.BLOCKED
    assert bool(update["reason_detail_en"]) == needs_detail


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_has_evidence(update):
    assert update["evidence"]
    links = [piece["url"] for piece in update["evidence"]]
    assert len(links) == len(set(links))
    for piece in update["evidence"]:
        assert is_web_address(piece["url"])
        assert piece["publisher"]
        assert piece["language"] in {"en", "es"}
        assert piece["published_on"] is None or date.fromisoformat(piece["published_on"])


@pytest.mark.parametrize("indicator", DATA["indicators"], ids=by_slug)
def test_an_indicator_has_sourced_observations(indicator):
    assert set(indicator["pledges"]) <= set(slugs("pledges"))
    points = [(point["series"], point["period"]) for point in indicator["observations"]]
    assert points
    assert len(points) == len(set(points))
    for point in indicator["observations"]:
        assert re.fullmatch(r"[A-Za-z0-9-]+", point["series"])
        assert len(point["period"]) <= 20
        assert date.fromisoformat(point["starts_on"]) < date.fromisoformat(point["ends_on"])
        assert type(point["value"]) in (int, float)
        assert point["source"]
        assert is_web_address(point["url"])


def test_sources_are_feeds_of_one_fixed_address_each():
    links = [source["url"] for source in DATA["sources"]]
    assert len(links) == len(set(links))
    for source in DATA["sources"]:
        assert source["kind"] == "feed"
        assert is_web_address(source["url"])
        assert "{" not in source["url"]
        assert source["language"] in {"en", "es"}
        assert source["active"] or source["note_en"], f"{source['name']}: say why it is switched off"


def test_documents_can_be_opened():
    assert all(is_web_address(document["url"]) for document in DATA["documents"])


def runs_of_words(text, length=8):
    """All runs of `length` words, whatever their case and punctuation."""
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[start : start + length]) for start in range(len(words) - length + 1)}


@pytest.mark.skipif(not ARTICLE.exists(), reason="the agency's report is not part of the project")
def test_no_sentence_of_the_agency_is_copied():
    agency = runs_of_words(ARTICLE.read_text(encoding="utf-8"))
    assert agency
    for path, row in objects(DATA):
        for key, value in row.items():
            if isinstance(value, str):
                assert not runs_of_words(value) & agency, f"{path}/{key}"
