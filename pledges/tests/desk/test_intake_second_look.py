"""A model's second look at a document, in a worker: it moves and adds within bounds, and its failure loses nothing."""

import json

import pytest
from django.db import IntegrityError, transaction

from pledges import jobs
from pledges.actions import intake
from pledges.models import Candidate, Intake
from pledges.tests.support import factories
from pledges.tests.support.endpoints import completion, endpoint
from pledges.tests.support.intakes import ADD, address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patience", "editor")]
TEXT = (
    "President Ana Vidal spoke on Monday.\nThe government will build two prisons. Prices rose in May.\n"
    "It is our firm resolve that 400 judges be hired by 2026."
)
RESOLVE = TEXT.splitlines()[-1]


@pytest.fixture
def asked(monkeypatch):
    """The documents that workers are told to have looked at."""
    documents = []
    monkeypatch.setattr(jobs.look_twice, "delay", documents.append)
    return documents


@pytest.fixture
def document():
    """A document that waits for a second look, with one candidate of confidence .8."""
    row = factories.IntakeFactory(text=TEXT, second_look="waiting")
    factories.CandidateFactory(
        intake=row, sentence="The government will build two prisons.", action="build two prisons"
    )
    return row


def look(document, settings, said, **how):
    """Have a worker ask an endpoint that says this; the questions it got."""
    with endpoint(said if isinstance(said, bytes) else completion(json.dumps(said)), **how) as (url, questions):
        settings.OPINION_URL, settings.OPINION_MODEL = url, "small"
        jobs.look_twice.apply(args=[document.pk], throw=True)
    document.refresh_from_db()
    return questions


def test_a_document_is_read_at_once_and_looked_at_again_by_a_worker(
    client, mandate, settings, asked, django_capture_on_commit_callbacks
):
    data = {"pasted": TEXT, "mandate": mandate.pk, "title": "Speech"}
    with endpoint(completion("{}")) as (url, questions):
        settings.OPINION_URL = url
        with django_capture_on_commit_callbacks(execute=True):
            html = client.post(ADD, data, follow=True).content.decode()
    row = Intake.objects.get()
    assert (row.second_look, asked, questions) == ("waiting", [row.pk], [])
    assert "build two prisons" in html
    assert "A model looks at the text a second time." in html


def test_without_an_endpoint_nobody_is_asked(client, mandate, asked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ADD, {"pasted": TEXT, "mandate": mandate.pk})
    assert (Intake.objects.get().second_look, asked) == ("", [])


def test_the_page_says_what_the_model_changed_and_added(client, document, settings):
    said = {"found": [{"n": 0, "pledge": 0}], "missed": [{"sentence": RESOLVE, "action": "400 judges hired"}]}
    (question,) = look(document, settings, said)
    assert json.loads(json.loads(question[2])["messages"][1]["content"])["text"] == TEXT
    first, second = document.candidates.all()
    assert (document.second_look, first.plain_confidence, first.by_model) == ("done", 0.8, False)
    assert 0.5 < first.confidence < 0.8
    assert (second.sentence, second.action, second.by_model, second.state) == (
        RESOLVE,
        "400 judges hired",
        True,
        "open",
    )
    html = client.get(address("change", document)).content.decode()
    for part in ("A model has looked at it a second time.", "from 80 %", "by a model only"):
        assert html.count(part) == 1, part
    assert look(document, settings, said) == []  # once


def test_what_was_decided_meanwhile_stays(document, settings, editor):
    marked = factories.CandidateFactory(intake=document, sentence=RESOLVE, action="hire 400 judges", confidence=1)
    first = document.candidates.first()
    intake.dismiss_candidates(intake=document, by=editor, candidates=[first.pk])
    said = {"found": [{"n": 0, "pledge": 1}], "missed": [{"sentence": RESOLVE, "action": "400 judges hired"}]}
    look(document, settings, said)
    first.refresh_from_db()
    assert (first.state, first.confidence, first.plain_confidence) == ("dismissed", 0.8, None)
    assert set(document.candidates.all()) == {first, marked}


def test_a_sentence_that_was_not_proposed_is_proposed_where_the_model_points_at_it(document, settings):
    one = factories.CandidateFactory(intake=document, sentence=RESOLVE, action=RESOLVE, state="passed", why_not="vague")
    look(document, settings, {"found": [], "missed": [{"sentence": RESOLVE, "action": "400 judges hired"}]})
    one.refresh_from_db()
    assert (one.state, one.by_model, one.why_not, one.action) == ("open", True, "vague", "400 judges hired")


@pytest.mark.parametrize(
    "missed",
    [
        {"sentence": "The government will build ten palaces.", "action": "build ten palaces"},
        {"sentence": RESOLVE, "action": "hire 900 judges"},
        {"sentence": RESOLVE, "action": "<script>alert(1)</script>"},
        {"sentence": RESOLVE, "action": "judges\u0000hired"},
        {"sentence": RESOLVE, "action": "judges \u202ehired"},
        {"sentence": RESOLVE, "action": "of the"},
        {"sentence": RESOLVE, "action": "judges " * 100},
        {"sentence": RESOLVE, "action": ["judges"]},
        {"sentence": TEXT, "action": "build two prisons"},
        {"sentence": "\ud83d", "action": "judges"},
        {},
    ],
)
def test_what_a_model_makes_up_is_dropped(document, settings, missed):
    look(document, settings, {"found": [{"n": 0, "pledge": 0.5}], "missed": [missed]})
    assert document.candidates.count() == 1
    assert document.second_look == "done"


@pytest.mark.parametrize(
    ("said", "problem", "words"),
    [
        (b"", "answer", "not what it was asked for"),
        (completion("no JSON here"), "answer", "not what it was asked for"),
        (completion('{"found": "all"}'), "answer", "not what it was asked for"),
        (completion('{"found": [1], "missed": []}'), "answer", "not what it was asked for"),
        (completion('{"found": ' + "[" * 50_000), "answer", "not what it was asked for"),
        (b"x" * 200_000, "answer", "not what it was asked for"),
        (b"<html>", "status", "answered with an error"),
        (completion("{}"), "late", "did not answer in time"),
        (None, "unreached", "could not be reached"),
    ],
)
def test_its_failure_leaves_what_was_found_and_says_why(client, document, settings, monkeypatch, said, problem, words):
    before = list(document.candidates.values())
    if said is None:
        settings.OPINION_URL = "http://127.0.0.1:9/v1"
        jobs.look_twice.apply(args=[document.pk], throw=True)
        document.refresh_from_db()
    else:
        monkeypatch.setattr("pledges.watch.extraction.llm_review.SECONDS", 1 if problem == "late" else 20)
        how = {"status": {"status": 502}, "late": {"wait": 2}}.get(problem, {})
        look(document, settings, said, **how)
    assert (document.second_look, document.second_look_problem) == ("failed", problem)
    assert list(document.candidates.values()) == before
    html = client.get(address("change", document)).content.decode()
    assert "No model has looked at it a second time: the endpoint" in html
    assert words in html


def test_numbers_that_are_none_move_nothing(document, settings):
    said = b'{"choices": [{"message": {"content": "{\\"found\\": [{\\"n\\": 0, \\"pledge\\": NaN}, {\\"n\\": false, '
    said += b'\\"pledge\\": 0}, {\\"n\\": 0, \\"pledge\\": true}, {\\"n\\": -1, \\"pledge\\": 1}]}"}}]}'
    look(document, settings, said)
    assert (document.second_look, document.candidates.get().confidence) == ("done", 0.8)


def test_a_message_that_was_lost_is_sent_again_and_an_endpoint_that_is_gone_ends_the_wait(document, asked):
    jobs.look_twice_at_lost()
    assert asked == []
    Intake.objects.update(added_at="2024-01-01T00:00Z")
    jobs.look_twice_at_lost()
    assert asked == [document.pk]
    jobs.look_twice.apply(args=asked, throw=True)
    document.refresh_from_db()
    assert (document.second_look, document.second_look_problem) == ("failed", "off")
    jobs.look_twice_at_lost()
    assert asked == [document.pk]


def test_all_of_a_second_look_is_rolled_back_where_its_last_write_fails(document, settings, monkeypatch):
    def fail(*_args, **_fields):
        raise RuntimeError("no")

    monkeypatch.setattr(Intake, "save", fail)
    with pytest.raises(RuntimeError):
        look(document, settings, {"found": [{"n": 0, "pledge": 0}]})
    assert Candidate.objects.get().plain_confidence is None
    assert Intake.objects.get().second_look == "waiting"


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"second_look": "soon"}, "intake_second_look_is_known"),
        ({"second_look": "failed"}, "intake_failed_look_says_why"),
        ({"second_look_problem": "late"}, "intake_failed_look_says_why"),
    ],
)
def test_the_database_refuses_a_look_that_is_none(document, wrong, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Intake.objects.filter(pk=document.pk).update(**wrong)
