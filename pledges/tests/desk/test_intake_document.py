"""A document’s page: what was found stands in its text, and each is left out, taken back or added with a click."""

import pytest
from django.db import IntegrityError, transaction

from pledges.desk.documents.pages import passages
from pledges.desk.shared import due
from pledges.models import Candidate, Intake
from pledges.tests.support import factories
from pledges.tests.support.intakes import ADD, address, messages

pytestmark = pytest.mark.django_db


def test_candidates_are_marked_in_the_text_and_lead_to_their_cards(client, editor, two_candidates):
    row, first, second = two_candidates
    html = client.get(address("change", row)).content.decode()
    assert f'<span id="at-{first.pk}"></span><mark class="">{first.sentence}</mark>' in html
    assert f'href="#candidate-{second.pk}"' in html
    for part in ("2 sentences may hold pledges", "2025", "80 %", "none said", f'id="take-{first.pk}"'):
        assert part in html, part


def test_passages_give_the_text_back_whole_also_where_candidates_overlap():
    text = "One two three four."
    rows = [
        Candidate(pk=pk, starts_at=start, ends_at=end, action=str(pk))
        for pk, (start, end) in enumerate([(4, 7), (4, 7), (6, 13), (14, 19)])
    ]
    cut = passages(text, rows)
    assert "".join(piece.text for piece in cut) == text
    assert [[one.pk for one in piece.candidates] for piece in cut] == [[], [0, 1, 2], [], [3]]
    assert [piece.text for piece in passages(text, [])] == [text]


def test_what_a_document_says_is_text_and_never_markup(client, editor, mandate):
    evil = "<script>alert(1)</script> We will <img src=x onerror=alert(2)> build it."
    row = factories.IntakeFactory(title="<b>Title</b>", text=evil, file_name="<i>.txt")
    one = factories.CandidateFactory(
        intake=row, sentence=evil, action="<u>build</u>", speaker="<s>we</s>", reason="<q>will"
    )
    shown = client.get(address("change", row)), client.get(address("drafts", row), {"candidate": one.pk})
    for html in (response.content.decode() for response in shown):
        for tag in ("<script>alert", "<img src=x", "<b>Title", "<u>build", "<s>we", "<q>will", "<i>.txt"):
            assert tag not in html, tag
        assert "&lt;img src=x onerror=alert(2)&gt;" in html


def test_one_click_leaves_out_and_takes_back(client, editor, two_candidates):
    row, first, second = two_candidates
    response = client.post(address("dismiss", row), {"candidate": first.pk})
    assert response.url == f"{address('change', row)}#candidate-{first.pk}"
    first.refresh_from_db()
    assert (first.state, first.decided_by) == ("dismissed", editor)
    assert "Left out by" in client.get(address("change", row)).content.decode()
    client.post(address("reopen", row), {"candidate": first.pk})
    first.refresh_from_db()
    assert (first.state, first.decided_by, first.decided_at) == ("open", None, None)
    client.post(address("dismiss", row), {"all": "1"})
    assert set(row.candidates.values_list("state", flat=True)) == {"dismissed"}
    response = client.post(address("dismiss", row), {"candidate": second.pk}, follow=True)
    assert "nothing left to leave out" in messages(response)


def test_a_missed_sentence_is_marked_by_hand(client, editor):
    row = factories.IntakeFactory(text="Good evening.\nNo child\nshall be hungry, I promise. Thank you.")
    client.post(address("mark", row), {"sentence": "  No child shall be hungry,  I promise."})
    one = row.candidates.get()
    assert (one.sentence, row.text[one.starts_at : one.ends_at]) == ("No child\nshall be hungry, I promise.",) * 2
    assert "marked by hand" in client.get(address("change", row)).content.decode()
    for sentence, said in (
        ("No child shall be hungry, I promise.", "is already among the candidates"),
        ("Nobody said <this>.", "does not stand in the document"),
        ("", "Copy the sentence"),
    ):
        response = client.post(address("mark", row), {"sentence": sentence})
        assert response.status_code == 422
        assert said in " ".join(response.context["form"].errors["sentence"])
    assert row.candidates.count() == 1


# --- kinds, and what was not proposed -------------------------------------------------------------------------------

MIXED = (
    "President Ana Vidal spoke on Monday.\nIf Congress agrees, we will build two prisons. "
    "The government aims to cut the waiting lists by half. We will plant a million trees.\n"
    "Inflation will fall below 3% next year. The government built four schools last year.\n"
    "Unions demand that the government raise wages. Will the government hire 400 judges?\n"
    "It is right that judges be hired.\n"
)


@pytest.fixture
def mixed(client, editor, mandate, patience):
    """A document that holds each kind of pledge and what only looks like one."""
    client.post(ADD, {"pasted": MIXED, "mandate": mandate.pk, "title": "Speech"})
    return Intake.objects.get()


def test_a_proposal_says_what_kind_it_is_and_what_that_asks_of_the_editor(client, mixed):
    kinds = dict(mixed.candidates.exclude(state="passed").values_list("action", "kind"))
    assert kinds == {
        "build two prisons": "conditional",
        "cut the waiting lists by half": "aim",
        "plant a million trees": "pledge",
    }
    html = client.get(address("change", mixed)).content.decode()
    for part in ("Conditional</strong> It depends on something else: name", "Aim</strong> It says what is aimed at"):
        assert html.count(part) == 1
    one = mixed.candidates.get(kind="conditional")
    assert "name the condition" in client.get(address("drafts", mixed), {"candidate": one.pk}).content.decode()


def test_what_was_read_and_not_proposed_is_listed_with_its_reason_and_taken_in_all_the_same(client, editor, mixed):
    passed = {one.sentence: one.why_not for one in mixed.candidates.filter(state="passed")}
    assert passed == {
        "Inflation will fall below 3% next year.": "forecast",
        "The government built four schools last year.": "done",
        "Unions demand that the government raise wages.": "others",
        "Will the government hire 400 judges?": "question",
    }
    html = client.get(address("change", mixed)).content.decode()
    assert "3 sentences may hold pledges" in html
    assert "Read and not proposed (4)" in html
    assert "Reports what was done" in html
    assert html.count("intake-number") == 3
    one = mixed.candidates.get(why_not="forecast")
    for _twice in range(2):
        response = client.post(address("admit", mixed), {"candidate": one.pk})
        assert response.url == f"{address('change', mixed)}#candidate-{one.pk}"
    one.refresh_from_db()
    assert (one.state, one.why_not, one.decided_by) == ("open", "forecast", None)
    html = client.get(address("change", mixed)).content.decode()
    assert "Read and not proposed (3)" in html
    assert "taken in by hand" in html
    client.post(address("dismiss", mixed), {"all": "1"})
    assert mixed.candidates.filter(state="passed").count() == 3
    client.post(address("admit", mixed), {"candidate": one.pk})
    one.refresh_from_db()
    assert one.state == "dismissed"


def test_a_sentence_that_was_not_proposed_may_be_marked_by_hand(client, mixed):
    one = mixed.candidates.get(why_not="done")
    client.post(address("mark", mixed), {"sentence": one.sentence})
    one.refresh_from_db()
    assert (one.state, one.confidence, mixed.candidates.count()) == ("open", 1, 7)


def test_only_open_candidates_are_drafted_and_wait_at_the_desk(client, mixed):
    one = mixed.candidates.get(why_not="done")
    assert client.get(address("drafts", mixed), {"candidate": one.pk}).status_code == 302
    mixed.candidates.exclude(state="passed").delete()
    assert not due.undecided(Intake.objects.all()).exists()


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"kind": "vow"}, "candidate_kind_is_known"),
        ({"why_not": "because"}, "candidate_why_not_is_known"),
        ({"state": "passed"}, "candidate_not_proposed_says_why"),
        ({"state": "gone"}, "candidate_decision_has_who_and_when"),
        ({"state": "dismissed"}, "candidate_decision_has_who_and_when"),
        ({"plain_confidence": 1.5}, "candidate_plain_confidence_is_0_to_1"),
        ({"plain_confidence": 0.5, "by_model": True}, "candidate_plain_confidence_is_0_to_1"),
    ],
)
def test_the_database_refuses_what_no_candidate_is(wrong, name):
    one = factories.CandidateFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Candidate.objects.filter(pk=one.pk).update(**wrong)
