"""`evaluate` on labelled texts: judged as production judges, in time order, writing nothing to the database."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

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
    """Evaluate rows (or raw lines); (counts, what was written, the leads by id)."""

    def evaluate_rows(*rows, learn=False):
        path, out, said = tmp_path / "texts.jsonl", tmp_path / "leads.jsonl", []
        lines = [each if isinstance(each, str) else json.dumps(each) for each in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        counts = evaluate(str(path), learn=learn, leads=out, write=said.append)
        leads = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert [each["id"] for each in leads] == [each["id"] for each in rows]
        return counts, "\n".join(said), {each["id"]: each["leads"] for each in leads}

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
    assert (lead["status"], lead["cue"]) == ("no_change", "")
    assert leads["d"] == []


def test_optional_pledges_count_neither_way(run):
    counts, _, _ = run(row("a", ABOUT, optional_pledges=["lighthouse"]), row("b", OTHER, optional_pledges=["zeppelin"]))
    assert (counts.right, counts.wrong, counts.missed) == (0, 0, 0)


def test_statuses_are_judged_where_a_labelled_pledge_was_raised(run):
    told = (
        "The lighthouse of Puerto Azul in Ecuador was inaugurated by President Romero on Monday, repaired by the army."
    )
    status = run(row("a", told, ["lighthouse"]))[2]["a"][0]["status"]
    assert status != "no_change"
    counts, said, _ = run(
        row("a", told, ["lighthouse"], suggested={"lighthouse": status}),
        row("b", told, ["lighthouse"]),
        row("c", told, ["lighthouse"], suggested={"lighthouse": "stalled"}, also_ok={"lighthouse": [status]}),
        row("d", ABOUT, ["lighthouse"]),
        row("e", told),
    )
    assert sorted(counts.statuses) == sorted(
        [(status, status), ("no_change", status), (status, status), ("no_change", "no_change")]
    )
    # of the status: 2·2/(2+3); of no change: 2·1/(2+1)
    assert f"macro-F1   {(0.8 + 2 / 3) / 2:.3f} of the statuses, over 4 leads" in said


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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Line 2 is not JSON"),
        ("[]", "Line 2: it is not an object"),
        (json.dumps({"id": 1}), "Line 2: “title” is missing"),
        (json.dumps(row("b", ABOUT, ["lighthaus"])), "Line 2: “pledges” names lighthaus, and no public pledge"),
        (json.dumps(row("b", ABOUT, optional_pledges=["x"])), "Line 2: “optional_pledges” names x"),
        (json.dumps(row("b", ABOUT, date="soon")), "Line 2: “date” is 'soon'"),
        (json.dumps(row("b", ABOUT, date="2024-13-45")), "Line 2: “date” is '2024-13-45'"),
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
        run(json.dumps(row("a", ABOUT)), line)
    assert said in str(refused.value)


def test_a_file_that_is_not_there_or_empty_is_said(pledges, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        evaluate(tmp_path / "none.jsonl", learn=False, leads=None, write=print)
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(CommandError, match="holds no text"):
        evaluate(tmp_path / "empty.jsonl", learn=False, leads=None, write=print)


def test_without_pledges_there_is_nothing_to_judge_against(db, tmp_path):
    with pytest.raises(CommandError, match="No pledge is public"):
        evaluate(tmp_path / "none.jsonl", learn=False, leads=None, write=print)


def test_the_command_opens_the_door(pledges, tmp_path, capsys):
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps(row("a", ABOUT, ["lighthouse"])))
    call_command("evaluate", str(path), "--learn", "--leads", str(tmp_path / "leads.jsonl"))
    assert "recall     1.000 (1 of 1)" in capsys.readouterr().out
    assert (tmp_path / "leads.jsonl").exists()
