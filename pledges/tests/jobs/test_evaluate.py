"""`manage.py evaluate` on a set of queries and documents: what it prints, what it writes, what it refuses."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pledges.jobs.evaluation_sets import measures

SET = {
    "lang": ["en", "es"],
    "queries": {"jail": "Build two new prisons", "bus": "Cut bus fares for students", "dull": "Do better"},
    "docs": {
        "a": "El gobierno inaugura la nueva cárcel",
        "b": "Rebajan el pasaje de bus a estudiantes",
        "c": "Gana el equipo local en el estadio",
    },
    "qrels": {"jail": ["a"], "bus": ["b"]},
}


@pytest.fixture
def run(tmp_path):
    def evaluate(data, **options):
        path = tmp_path / "set.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        out = StringIO()
        call_command("evaluate", path, stdout=out, **options)
        return out.getvalue()

    return evaluate


def test_it_prints_three_figures_and_writes_the_run(run, tmp_path):
    out = run(SET, run=tmp_path / "run.tsv")
    assert "3 pledges (en), 3 documents (es)" in out
    assert "nDCG@10 1.000  AP 1.000  best F1 1.000" in out
    rows = [line.split("\t") for line in (tmp_path / "run.tsv").read_text(encoding="utf-8").splitlines()]
    scores = {(query, document): float(score) for query, document, score in rows}
    assert all(0 <= score <= 1 for score in scores.values())
    assert scores["jail", "a"] > scores.get(("bus", "a"), 0)
    assert scores["bus", "b"] > scores.get(("jail", "b"), 0)


def test_it_needs_no_database(run, django_db_blocker):
    with django_db_blocker.block():
        assert "nDCG@10" in run(SET)


def test_the_figures_are_what_their_definitions_say():
    labels = {"p": ["a", "b"], "q": ["c"]}
    run = {("p", "a"): 0.9, ("p", "c"): 0.8, ("p", "b"): 0.7, ("q", "c"): 0.6}
    ndcg, precision, best = measures(labels, "abc", run)
    assert ndcg == pytest.approx(((1 + 1 / 2) / (1 + 0.6309298) + 1) / 2, abs=1e-6)
    assert precision == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)
    assert best == pytest.approx(2 * 0.75 * 1 / 1.75)


def test_ties_count_against_the_run_and_missing_pairs_find_nothing():
    assert measures({"p": ["a"]}, "ab", {("p", "a"): 0.5, ("p", "b"): 0.5})[1] == 0.5
    assert measures({"p": ["a"]}, "ab", {}) == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"lang": ["en"]}, '"lang" must be two'),
        ({"lang": ["en", "fr"]}, '"lang" must be two'),
        ({"queries": {}}, '"queries" must be an object'),
        ({"docs": ["a"]}, '"docs" must be an object'),
        ({"docs": {**SET["docs"], "a": 7}}, 'the entry "a" is not a text'),
        ({"qrels": {}}, '"qrels" must be an object'),
        ({"qrels": {"x": ["a"]}}, 'no query "x"'),
        ({"qrels": {"jail": []}}, '"jail" must have a list'),
        ({"qrels": {"jail": ["z"]}}, 'the document "z"'),
        ({"qrels": {"jail": [["a"]]}}, "which is not in"),
    ],
)
def test_a_bad_set_is_refused_with_what_is_wrong(run, change, says):
    with pytest.raises(CommandError, match=says):
        run({**SET, **change})


def test_a_file_that_is_no_set_is_refused(run, tmp_path):
    with pytest.raises(CommandError, match="neither JSON nor JSON Lines"):
        run("{not json")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate", tmp_path / "nowhere.json")
    with pytest.raises(CommandError, match="are for JSON Lines"):
        run(SET, leads=tmp_path / "leads.jsonl")
    with pytest.raises(CommandError, match="--run is for"):
        run('{"id": 1}\n{"id": 2}\n', run=tmp_path / "run.tsv")


def test_with_learn_what_was_said_of_a_document_counts_for_those_after_it(run, tmp_path):
    told = {f"t{at}": f"Avanza la cárcel del Encuentro en Santa Elena, {at} días después" for at in range(8)}
    other = {f"o{at}": f"{word} en la feria de {word}" for at, word in enumerate("abcdefghijklmnopqrst")}
    given = {**SET, "docs": {**SET["docs"], **other, **told}, "qrels": {"jail": ["a", *told], "bus": ["b"]}}

    def scores(**options):
        run(given, run=tmp_path / "run.tsv", **options)
        rows = [line.split("\t") for line in (tmp_path / "run.tsv").read_text(encoding="utf-8").splitlines()]
        return {document: float(score) for query, document, score in rows if query == "jail"}

    plain, learned = scores(), scores(learn=True)
    assert learned["a"] == plain["a"]
    assert learned["t0"] == pytest.approx(plain["t0"], abs=0.05)
    assert learned["t7"] > plain["t7"] + 0.1
