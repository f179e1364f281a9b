"""`manage.py evaluate FILE --pledges PLEDGES.json`: labelled texts against the pledges of a file, without a database.

No test here has the mark for a database: a query would fail it.
"""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from pledges.jobs import evaluation_texts
from pledges.tests.jobs.test_evaluate_texts import ABOUT, OPENED, OTHER, row
from pledges.watch.matching import matcher
from pledges.watch.text import encoder

NEWS = Path(__file__).resolve().parents[1] / "data" / "news"
LIGHTHOUSE = {
    "slug": "lighthouse",
    "person": "Ana Romero",
    "country": "EC",
    "institutions": ["Army"],
    "title_en": "Repair the lighthouse of Puerto Azul",
    "statement_en": "The army will repair the lighthouse.",
    "criteria_en": {"kept": "The lighthouse is lit again."},
}
ZEPPELIN = LIGHTHOUSE | {"slug": "zeppelin", "title_en": "Feed the zeppelins of Tulcan", "statement_en": "All of them."}


@pytest.fixture
def run(tmp_path):
    """Evaluate rows against pledges (or the raw text of either file); (what is printed, the leads by id)."""

    def evaluate(rows, pledges=(LIGHTHOUSE, ZEPPELIN), **options):
        texts, file, out = (tmp_path / name for name in ("texts.jsonl", "pledges.json", "leads.jsonl"))
        lines = [each if isinstance(each, str) else json.dumps(each) for each in rows]
        texts.write_text("\n".join(lines), encoding="utf-8")
        file.write_text(pledges if isinstance(pledges, str) else json.dumps(pledges), encoding="utf-8")
        printed = StringIO()
        call_command("evaluate", texts, pledges=file, leads=out, stdout=printed, **options)
        leads = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        return printed.getvalue(), {each["id"]: each["leads"] for each in leads}

    return evaluate


def test_texts_are_judged_against_the_pledges_of_the_file(run):
    printed, leads = run([row("a", ABOUT, ["lighthouse"]), row("b", OTHER, ["zeppelin"])])
    assert "2 texts against 2 pledges, without a sentence encoder" in printed
    assert "recall     0.500 (1 of 2)\nprecision  1.000 (1 of 1)\nF          0.667" in printed
    assert [lead["pledge"] for lead in leads["a"]] == ["lighthouse"]


def test_figures_for_programs(run):
    labelled = {"suggested": {"lighthouse": "kept"}, "before": {"lighthouse": "in_progress"}}
    printed, _ = run([row("a", OPENED, ["lighthouse"], **labelled)], json=True)
    found = json.loads(printed)
    assert (found["texts"], found["pledges"], found["encoder"]) == (1, 2, None)
    assert found["matching"] | {"right": 1, "wrong": 0, "missed": 0, "f1": 1} == found["matching"]
    assert found["statuses"]["strict"] == {"accuracy": 1, "macro_f1": 1}
    assert found["statuses"]["confusion"] == [{"label": "kept", "predicted": "kept", "pairs": 1}]
    assert (found["changes"]["recall"], found["changes"]["precision"]) == (1, 1)


def test_a_pledge_of_the_file_may_have_a_history(run):
    history = [["2024-09-01", "stalled"], ["2024-03-01", "in_progress"]]
    rows = [row("a", ABOUT, date="2024-06-01"), row("b", ABOUT, date="2024-12-01"), row("c", ABOUT, date="2023")]
    _, leads = run(rows, [LIGHTHOUSE | {"history": history}])
    assert [leads[id][0]["status_before"] for id in "abc"] == ["in_progress", "stalled", "not_started"]


def test_the_matcher_knows_the_status_before_each_text(run, monkeypatch):
    known, match = [], matcher.Index.match

    def spy(self, *texts, day, **options):
        known.append([profile.status_before(day) for profile in self._profiles])
        return match(self, *texts, day=day, **options)

    monkeypatch.setattr(matcher.Index, "match", spy)
    run(
        [row("a", ABOUT, before={"lighthouse": "stalled"}), row("b", ABOUT), row("c", ABOUT, date="2023")],
        [LIGHTHOUSE | {"history": [["2024-01-01", "in_progress"]]}, ZEPPELIN],
    )
    assert known == [["not_started", "not_started"], ["stalled", "not_started"], ["in_progress", "not_started"]]


def test_the_watch_learns_from_the_labels_of_a_file_too(run):
    noise = [row(f"n{day:02}", ABOUT, date=f"2024-07-{day:02}") for day in range(1, 21)]
    _, leads = run(noise, learn=True)
    assert not leads["n20"] or leads["n20"][0]["probability"] < leads["n01"][0]["probability"] - 0.1


def test_the_encoder_is_used_where_there_is_one_and_can_be_left_out(run, monkeypatch):
    class Broken(encoder.Encoder):
        """Fails: the texts are then read without."""

        name = "broken"

        def encode(self, texts):
            raise encoder.EncoderError("no vectors")

    monkeypatch.setattr("pledges.jobs.encoders.current", Broken)
    printed, with_it = run([row("a", ABOUT, ["lighthouse"])])
    assert "with the sentence encoder broken" in printed
    printed, without = run([row("a", ABOUT, ["lighthouse"])], without_encoder=True)
    assert "without a sentence encoder" in printed
    assert with_it == without


def test_real_news_needs_no_database():
    printed = StringIO()
    call_command("evaluate", NEWS / "mx.jsonl", pledges=NEWS / "mx.pledges.json", json=True, stdout=printed)
    found = json.loads(printed.getvalue())
    assert found["matching"]["f1"] > 0.7
    assert found["statuses"]["pairs"] == found["matching"]["right"]
    assert found["changes"]["there"] > 10


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Line 2 is not JSON"),
        ("[]", "Line 2: it is not an object"),
        (json.dumps({"id": 1}), "Line 2: “title” is missing"),
        (json.dumps(row("b", ABOUT, ["lighthaus"])), "Line 2: “pledges” names lighthaus, and no pledge"),
        (json.dumps(row("b", ABOUT, optional_pledges=["x"])), "Line 2: “optional_pledges” names x"),
        (json.dumps(row("b", ABOUT, date="soon")), "Line 2: “date” is 'soon'"),
        (json.dumps(row("b", ABOUT, date="2024-13-45")), "Line 2: “date” is '2024-13-45'"),
        (json.dumps(row("b", ABOUT, date="2024-13")), "Line 2: “date” is '2024-13'"),
        (json.dumps(row("b", ABOUT, date="0000")), "Line 2: “date” is '0000'"),
        (json.dumps(row("b", ABOUT, lang="fr")), "Line 2: “lang” is 'fr'"),
        (json.dumps(row("b", ABOUT, before={"lighthouse": "no_change"})), "Line 2: “before” holds 'no_change'"),
        (json.dumps(row("b", ABOUT, before={"lighthaus": "kept"})), "Line 2: “before” names lighthaus"),
        (json.dumps(row("b", ABOUT, before="kept")), "Line 2: “before” is not an object"),
        (json.dumps(row("b", ABOUT, suggested={"lighthouse": "done"})), "Line 2: “suggested” holds 'done'"),
        (json.dumps(row("b", ABOUT, also_ok={"lighthouse": "kept"})), "Line 2: “also_ok” holds 'kept'"),
        (
            json.dumps(row("b", ABOUT, pledges="lighthouse") | {"pledges": "lighthouse"}),
            "Line 2: “pledges” is not a list",
        ),
    ],
)
def test_a_bad_line_is_named(run, line, said):
    with pytest.raises(CommandError, match="^" + said.replace("[", r"\[").split("'")[0]) as refused:
        run([json.dumps(row("a", ABOUT)), line])
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("pledges", "said"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("{}", "must hold a JSON list of at least one pledge"),
        ([], "must hold a JSON list of at least one pledge"),
        (["a"], "pledge 1: it is not an object"),
        ([LIGHTHOUSE, LIGHTHOUSE], "the slug lighthouse is there more than once"),
        ([ZEPPELIN, {**LIGHTHOUSE, "person": " "}], r"pledge 2 \(lighthouse\): “person” is missing"),
        ([{**LIGHTHOUSE, "slug": None}], "pledge 1: “slug” is missing"),
        ([{**LIGHTHOUSE, "statement_en": ""}], "“title_en” and “statement_en” are missing"),
        ([{**LIGHTHOUSE, "title_fr": "Le phare"}], "“title_fr” is in another language; those that are read are en, es"),
        ([{**LIGHTHOUSE, "title_es": 7}], "“title_es” is not a text"),
        ([{**LIGHTHOUSE, "country": "Utopia"}], "“country” is 'Utopia'"),
        ([{**LIGHTHOUSE, "institutions": "Army"}], "“institutions” is not a list of texts"),
        ([{**LIGHTHOUSE, "criteria_en": ["kept"]}], "“criteria_en” is not an object"),
        ([{**LIGHTHOUSE, "criteria_en": {"done": "Lit."}}], "“criteria_en” names 'done', which is no status"),
        ([{**LIGHTHOUSE, "history": [["soon", "kept"]]}], "“history” has a day that is not like"),
        ([{**LIGHTHOUSE, "history": [["2024-01-01", "done"]]}], "“history” names 'done'"),
        ([{**LIGHTHOUSE, "history": {"2024-01-01": "kept"}}], r"“history” is not a list of \[day, status\]"),
    ],
)
def test_a_bad_file_of_pledges_is_refused(run, pledges, said):
    with pytest.raises(CommandError, match=said):
        run([row("a", ABOUT)], pledges)


def test_a_missing_file_and_a_wrong_use_are_said(run, tmp_path):
    texts = tmp_path / "a.jsonl"
    texts.write_text(json.dumps(row("a", ABOUT)))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate", texts, pledges=tmp_path / "none.json")
    texts.write_text('{"lang": ["en", "en"], "queries": {}, "docs": {}, "qrels": {}}')
    with pytest.raises(CommandError, match="are for JSON Lines"):
        call_command("evaluate", texts, pledges=tmp_path / "none.json")


def test_a_database_that_is_down_is_said(tmp_path, monkeypatch):
    def down():
        raise OperationalError("connection refused")

    monkeypatch.setattr(evaluation_texts, "_of_database", down)
    texts = tmp_path / "a.jsonl"
    texts.write_text(json.dumps(row("a", ABOUT)))
    with pytest.raises(CommandError, match="--pledges judges against the pledges of a file without it"):
        call_command("evaluate", texts)
