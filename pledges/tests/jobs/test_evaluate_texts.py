"""`evaluate` on labelled texts: judged as production judges, in time order, writing nothing to the database."""

import json
from datetime import date

import pytest
from django.core.management import CommandError
from django.db import connection, transaction

from pledges.jobs import evaluation_texts
from pledges.jobs.evaluation_texts import evaluate
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
ABOUT = "President Romero ordered the army to repair the lighthouse of Puerto Azul in Ecuador. It is paid by the state."
OTHER = "The bakers of Portsmouth held their fair on Monday, and nobody spoke of politics."
NOISE = (
    "A picture book by Romero on how to repair the lighthouse of Puerto Azul in Ecuador was printed, with photographs."
)


@pytest.fixture
def pledges(db):
    common = {"mandate": factories.MandateFactory(person="Ana Romero")}
    return [
        factories.PublishedPledgeFactory(
            slug="lighthouse", wording__title_en="Repair the lighthouse of Puerto Azul", **common
        ),
        factories.PublishedPledgeFactory(slug="zeppelin", wording__title_en="Feed the zeppelins of Tulcan", **common),
    ]


def row(id, text, pledges=(), date="2024-07-01", **fields):
    given = {"id": id, "url": f"https://daily.example/{id}", "publisher": "The Daily Example", "lang": "en"}
    return given | {"title": "News", "date": date, "text": text, "pledges": list(pledges)} | fields


@pytest.fixture
def run(tmp_path, pledges):
    """Evaluate rows (or raw lines); (the result, what is printed, the leads by id)."""

    def evaluate_rows(*rows, learn=False):
        path, out = tmp_path / "texts.jsonl", tmp_path / "leads.jsonl"
        lines = [each if isinstance(each, str) else json.dumps(each) for each in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        result = evaluate(path, learn=learn, leads=out)
        leads = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert [each["id"] for each in leads] == [each["id"] for each in rows]
        return result, "\n".join(evaluation_texts.lines(result)), {each["id"]: each["leads"] for each in leads}

    return evaluate_rows


def test_recall_precision_and_the_leads(run):
    counts, said, leads = run(
        row("a", ABOUT, ["lighthouse"]), row("b", OTHER, ["zeppelin"]), row("c", ABOUT), row("d", OTHER)
    )
    assert (counts.right, counts.wrong, counts.missed) == (1, 1, 1)
    assert "recall     0.500 (1 of 2)" in said
    assert "precision  0.500 (1 of 2)" in said
    (lead,) = leads["a"]
    assert lead["pledge"] == "lighthouse"
    assert 0.5 <= lead["probability"] <= 1
    assert lead["sentence"] == ABOUT.split(". ")[0] + "."
    assert (lead["status_before"], lead["cue"]) == ("not_started", "")
    assert leads["d"] == []


def test_optional_pledges_count_neither_way(run):
    counts, _, _ = run(row("a", ABOUT, optional_pledges=["lighthouse"]), row("b", OTHER, optional_pledges=["zeppelin"]))
    assert (counts.right, counts.wrong, counts.missed) == (0, 0, 0)


OPENED = "The lighthouse of Puerto Azul in Ecuador was inaugurated by President Romero on Monday, repaired by the army."


def test_suggestions_are_judged_where_a_labelled_pledge_was_raised(run):
    result, said, leads = run(
        row("a", OPENED, ["lighthouse"], suggested={"lighthouse": "kept"}, before={"lighthouse": "in_progress"}),
        row("b", OPENED, ["lighthouse"], suggested={"lighthouse": "stalled"}, also_ok={"lighthouse": ["kept"]}),
        row("c", OPENED),
    )
    (lead,) = leads["a"]
    assert (lead["suggestion"], lead["status"], lead["status_before"]) == ("change", "kept", "in_progress")
    assert lead["cue"] in OPENED
    assert [(one.label, one.accepted, one.predicted) for one in result.judged] == [
        ("kept", "kept", "kept"),
        ("stalled", "kept", "kept"),
    ]
    assert "accuracy   0.500 (1 of 2); with also_ok 1.000 (2 of 2)" in said
    assert "macro-F1   0.333; with also_ok 1.000" in said
    assert "recall     1.000 (2 of 2); to the right status 1.000 (2 of 2)" in said


def test_the_status_before_a_text_comes_from_it_or_else_from_updates_before_its_day(run, pledges):
    for day, status in ((date(2024, 3, 1), "in_progress"), (date(2024, 9, 1), "kept")):
        factories.PublishedUpdateFactory(pledge=pledges[0], happened_on=day, status=status)
    _, said, leads = run(
        row("early", ABOUT, date="2024"),
        row("same", ABOUT, date="2024-03-01"),
        row("later", ABOUT, date="2024-06"),
        row("last", ABOUT, date="2024-09-02T10:00:00+02:00"),
        row("given", ABOUT, date="2024-09-02", before={"lighthouse": "broken"}),
    )
    assert {id: found[0]["status_before"] for id, found in leads.items()} == {
        "early": "not_started",
        "same": "not_started",
        "later": "in_progress",
        "last": "kept",
        "given": "broken",
    }
    assert "2 dates name only a year or a month, and are read as its first day" in said


def test_learning_feeds_each_label_back_after_its_text_was_judged(run):
    rows = [row(f"n{day:02}", NOISE, date=f"2024-07-{day:02}") for day in range(1, 21)]
    _, _, plain = run(*rows)
    _, _, learned = run(*reversed(rows), learn=True)
    first = plain["n01"][0]["probability"]
    assert learned["n01"][0]["probability"] == first
    assert all(found[0]["probability"] == first for found in plain.values())
    assert not learned["n20"] or learned["n20"][0]["probability"] < first - 0.1


def test_optional_pledges_teach_nothing(run):
    rows = [row(f"n{day:02}", NOISE, date=f"2024-07-{day:02}", optional_pledges=["lighthouse"]) for day in range(1, 21)]
    _, _, found = run(*rows, learn=True)
    assert found["n20"] == found["n01"]


def test_nothing_is_written_to_the_database(run):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        run(row("a", ABOUT, ["lighthouse"]), row("b", ABOUT), learn=True)
        transaction.set_rollback(True)


def test_a_file_that_is_not_there_or_empty_is_said(pledges, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        evaluate(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(CommandError, match="holds no text"):
        evaluate(tmp_path / "empty.jsonl")


def test_without_pledges_there_is_nothing_to_judge_against(db, tmp_path):
    with pytest.raises(CommandError, match="No pledge is public"):
        evaluate(tmp_path / "none.jsonl")
