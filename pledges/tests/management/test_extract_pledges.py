"""`manage.py extract_pledges`: the pledges in a file or at an address, without a database."""

import json

import pytest
from django.core.management import CommandError, call_command

from pledges.tests.support.endpoints import completion, endpoint
from pledges.tests.watch.conftest import new_site, site  # noqa: F401

TEXT = "President Ana Vidal spoke on Monday.\nThe government will build two prisons by 2026.\n"


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "speech.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def printed(capsys, *arguments):
    call_command("extract_pledges", *arguments)
    return capsys.readouterr().out


def test_a_file_gives_a_json_list(document, capsys):
    """The test has no mark for a database: a query would fail it."""
    assert json.loads(printed(capsys, document, "--lang", "en", "--json")) == [
        {
            "speaker": "government",
            "action": "build two prisons",
            "sentence": "The government will build two prisons by 2026.",
            "deadline": "2026-12-31",
            "checkable": True,
            "confidence": 0.85,
        }
    ]


def test_people_get_a_list_to_read(document, capsys):
    told = printed(capsys, document)
    assert "build two prisons" in told
    assert "by 2026-12-31 (year)" in told
    assert "1 found" in told


def test_an_address_is_read_through_the_guard(site, settings, capsys):  # noqa: F811
    body = f"<html><head><title>T</title></head><body><article><p>{TEXT * 3}</p></article></body></html>".encode()
    site.pages["/speech"] = (200, {"Content-Type": "text/html"}, body)
    with pytest.raises(CommandError, match="not allowed"):
        printed(capsys, f"{site.origin}/speech", "--lang", "en")
    assert site.requests == []
    settings.WATCH_ALLOWED_ORIGINS = [site.origin]
    assert "build two prisons" in printed(capsys, f"{site.origin}/speech", "--lang", "en")


def test_an_endpoint_looks_twice_where_one_is_given(document, settings, capsys):
    with endpoint(completion('{"found": [{"n": 0, "pledge": 0}]}')) as (url, asked):
        settings.OPINION_URL, settings.OPINION_MODEL = url, "small"
        (one,) = json.loads(printed(capsys, document, "--lang", "en", "--json"))
    assert len(asked) == 1
    assert one["confidence"] < 0.85


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["/nowhere/at/all.pdf"], "no file"),
        (["."], "cannot be read"),
        (["http://"], "cannot be read"),
        (["{document}", "--published", "soon"], "2025-03-31"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(arguments, said, document, capsys):
    with pytest.raises(CommandError, match=said):
        printed(capsys, *(one.format(document=document) for one in arguments))


def test_a_text_in_no_language_of_ours_asks_for_one(tmp_path, capsys):
    path = tmp_path / "text.txt"
    path.write_text("Wir werden bauen", encoding="utf-8")
    with pytest.raises(CommandError, match="--lang"):
        printed(capsys, str(path))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    with pytest.raises(CommandError, match="holds no text"):
        printed(capsys, str(path))


LABELLED = {
    "text": "We will build two prisons. Growth was two per cent. Together we will work for peace. The port was sold.",
    "lang": "en",
    "date": "2024-05",
    "genre": "speech",
    "promises": [{"speaker": "Vidal", "action": "build prisons", "sentence": "We will build two prisons."}] * 2,
    "not_promises": ["Growth was two per cent."],
    "vague": ["Together we will work for peace."],
}


def test_labelled_texts_give_recall_and_precision_over_sentences(tmp_path, capsys):
    """Two promises of one sentence are one sentence; what is proposed of a vague one counts neither way."""
    missed = {**LABELLED, "text": "Reabrimos el puerto.", "lang": "es", "genre": "", "not_promises": [], "vague": []}
    missed["promises"] = [{"sentence": "Reabrimos el puerto."}]
    path = tmp_path / "promises.jsonl"
    path.write_text("\n".join(map(json.dumps, (LABELLED, missed))), encoding="utf-8")
    lines = printed(capsys, "--evaluate", str(path)).splitlines()
    assert lines[0] == "2 texts, by grammar alone"
    assert lines[1].startswith("all          recall 0.50 (1 of 2 sentences, 2 of 3 promises)  precision 1.00 (1 right")
    assert "1 vague" in lines[1]
    assert [line.split()[:3] for line in lines[2:]] == [
        ["en", "recall", "1.00"],
        ["es", "recall", "0.00"],
        ["speech", "recall", "1.00"],
    ]


def test_only_a_line_feed_ends_a_line(tmp_path, capsys):
    text = LABELLED["text"].replace(" Growth", "\u2028Growth")
    path = tmp_path / "promises.jsonl"
    path.write_text(json.dumps({**LABELLED, "text": text}, ensure_ascii=False), encoding="utf-8")
    assert printed(capsys, "--evaluate", str(path)).startswith("1 texts")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not JSON"),
        ("[" * 100_000, "line 2: not JSON"),
        ("[]", 'line 2: each line is an object with "text"'),
        (json.dumps({**LABELLED, "lang": "de"}), "line 2: each line"),
        (json.dumps({**LABELLED, "promises": "all"}), 'line 2: "promises" is a list'),
        (json.dumps({**LABELLED, "promises": [{"sentence": None}]}), 'line 2: "promises" holds sentences'),
        (json.dumps({**LABELLED, "vague": ["Nobody said this."]}), "line 2: .*not in the text: Nobody"),
    ],
)
def test_a_line_that_cannot_be_scored_is_named(line, said, tmp_path):
    path = tmp_path / "promises.jsonl"
    path.write_text(f"{json.dumps(LABELLED)}\n{line}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("extract_pledges", "--evaluate", str(path))


def test_without_a_document_or_a_labelled_file_the_command_says_what_it_takes(tmp_path):
    with pytest.raises(CommandError, match="Give a file or an address"):
        call_command("extract_pledges")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("extract_pledges", "--evaluate", str(tmp_path / "none.jsonl"))
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(CommandError, match="holds no texts"):
        call_command("extract_pledges", "--evaluate", str(tmp_path / "empty.jsonl"))
