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
