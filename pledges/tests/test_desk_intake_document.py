"""A document’s page: what was found stands in its text, and each is left out, taken back or added with a click."""

import pytest

from pledges.admin.intake import passages
from pledges.models import Candidate
from pledges.tests import factories
from pledges.tests.intakes import address, messages

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
        ("No child shall be hungry, I promise.", "stands among those found already"),
        ("Nobody said <this>.", "does not stand in the document"),
        ("", "Copy the sentence"),
    ):
        response = client.post(address("mark", row), {"sentence": sentence})
        assert response.status_code == 422
        assert said in " ".join(response.context["form"].errors["sentence"])
    assert row.candidates.count() == 1
