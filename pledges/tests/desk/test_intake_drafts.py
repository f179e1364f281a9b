"""Drafts of what is ticked: all of them or none, with one source document."""

from datetime import date

import pytest
from django.urls import reverse

from pledges.actions import intake, publishing
from pledges.models import Edition, Pledge, SourceDocument, Wording
from pledges.tests.support import factories
from pledges.tests.support.intakes import address, draft, head, messages, together

pytestmark = pytest.mark.django_db


def test_what_is_ticked_becomes_drafts_with_one_source_document(client, editor, two_candidates):
    row, first, second = two_candidates
    shown = client.get(address("drafts", row), {"candidate": [first.pk, second.pk]})
    html = shown.content.decode()
    form = shown.context["forms"][0]
    assert (form["title_en"].value(), form["slug"].value()) == ("Build two prisons", "build-two-prisons")
    assert (form["quote"].value(), form["deadline"].value()) == (first.sentence, date(2025, 1, 1))
    assert "In Spanish" in html
    assert "not written yet" in html
    assert "Make 2 drafts" in html
    data = together(
        head(),
        draft(first, deadline="2025-01-01", deadline_precision="year", kept_en="Both are open."),
        draft(second, title_en="Trees", title_es="Árboles"),
    )
    response = client.post(address("drafts", row), data, follow=True)
    assert "2 drafts are made" in messages(response)
    document = SourceDocument.objects.get()
    assert (document.publisher, document.title_en, document.published_on) == ("Presidency", row.title, row.published_on)
    pledges = list(Pledge.objects.order_by("pk"))
    assert [(one.mandate, one.source_document, one.made_on) for one in pledges] == [
        (row.mandate, document, date(2024, 1, 10))
    ] * 2
    wording = pledges[0].wordings.get()
    assert (wording.state, wording.number, wording.author) == ("draft", 1, editor)
    assert (wording.title_en, wording.kept_en, wording.deadline) == ("Two prisons", "Both are open.", date(2025, 1, 1))
    assert (wording.quote, wording.quote_language) == (first.sentence, "en")
    assert pledges[0].topics.count() == 1
    assert pledges[1].wordings.get().title_es == "Árboles"
    first.refresh_from_db()
    row.refresh_from_db()
    assert (first.state, first.pledge, first.decided_by) == ("taken", pledges[0], editor)
    assert row.source_document == document
    html = response.content.decode()
    assert reverse("admin:pledges_wording_change", args=[wording.pk]) in html
    assert f'id="take-{first.pk}"' not in html
    assert publishing.verify() == []


def test_a_later_draft_of_the_same_document_refers_to_the_same_source(client, editor, two_candidates):
    row, first, second = two_candidates
    client.post(address("drafts", row), together(head(), draft(first)))
    row.refresh_from_db()
    client.post(address("drafts", row), together(head(source_document=row.source_document_id), draft(second)))
    assert SourceDocument.objects.count() == 1
    assert Pledge.objects.filter(source_document=row.source_document).count() == 2


def test_a_document_that_is_entered_already_can_be_chosen(client, editor, two_candidates):
    row, first, _second = two_candidates
    known = factories.SourceDocumentFactory(published_on=row.published_on)
    client.post(address("drafts", row), together(head(source_document=known.pk, publisher=""), draft(first)))
    assert Pledge.objects.get().source_document == known
    assert SourceDocument.objects.count() == 1
    assert Edition.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("title_en", "", "This field is required."),
        ("statement_en", "", "This field is required."),
        ("title_en", "x" * 161, "at most 160 characters"),
        ("quote", "We will build three prisons.", "The document does not contain this"),
        ("slug", "two words", "Use only letters from a to z"),
        ("topics", [], "Choose at least one topic."),
        ("topics", ["999999"], "This is not one of the choices. There are: "),
        ("deadline", "tomorrow", "Enter a valid date."),
    ],
)
def test_one_wrong_field_makes_none_of_the_drafts(client, editor, two_candidates, name, value, said):
    row, first, second = two_candidates
    data = together(head(), draft(first), draft(second, **{"statement_en": "Kept <as typed>", name: value}))
    response = client.post(address("drafts", row), data)
    assert response.status_code == 422
    assert said in " ".join(response.context["forms"][1].errors[name])
    assert "Kept &lt;as typed&gt;" in response.content.decode() or name == "statement_en"
    assert not Pledge.objects.exists()
    assert not SourceDocument.objects.exists()


def test_a_deadline_needs_its_precision_and_a_new_document_its_publisher(client, editor, two_candidates):
    row, first, _second = two_candidates
    response = client.post(address("drafts", row), together(head(), draft(first, deadline="2025-01-01")))
    assert response.status_code == 422
    assert "A deadline needs its precision" in response.content.decode()
    response = client.post(address("drafts", row), together(head(publisher="", made_on=""), draft(first)))
    assert response.status_code == 422
    assert set(response.context["head"].errors) == {"publisher", "made_on"}
    assert not Pledge.objects.exists()


def test_addresses_are_proposed_and_refused_where_they_are_not_free(client, editor, two_candidates):
    row, first, second = two_candidates
    factories.PledgeFactory(slug="build-two-prisons")
    shown = client.get(address("drafts", row), {"candidate": first.pk})
    assert shown.context["forms"][0]["slug"].value() == "build-two-prisons-2"
    for slugs in (("build-two-prisons", "trees"), ("trees", "trees")):
        data = together(head(), draft(first, slug=slugs[0]), draft(second, slug=slugs[1]))
        response = client.post(address("drafts", row), data)
        assert response.status_code == 422
        assert "already: give this one another" in response.content.decode()
    assert Pledge.objects.count() == 1


def test_two_editors_do_not_take_the_same_candidate(client, editor, two_candidates):
    row, first, second = two_candidates
    other = factories.EditorFactory()
    intake.dismiss_candidates(intake=row, by=other, candidates=[first.pk])
    response = client.post(address("drafts", row), together(head(), draft(first), draft(second)))
    assert response.status_code == 422
    assert f"was decided meanwhile by {other.public_name}" in response.content.decode()
    assert "Two prisons are built." in response.content.decode()
    assert not Wording.objects.exists()
    client.post(address("drafts", row), together(head(), draft(second)))
    client.post(address("reopen", row), {"candidate": second.pk})
    second.refresh_from_db()
    assert second.state == "taken"


def test_all_is_rolled_back_where_the_last_write_fails(editor, two_candidates, monkeypatch):
    row, first, second = two_candidates
    drafts = [
        intake.Draft(candidate=one.pk, slug=f"p-{one.pk}", topics=[], wording=Wording(title_en="T", quote=""))
        for one in (first, second)
    ]
    drafts[1].wording.deadline = date(2025, 1, 1)  # without its precision: the database refuses it
    with pytest.raises(Exception, match="wording_deadline_has_precision"):
        intake.take_candidates(intake=row, drafts=drafts, made_on=date(2024, 1, 1), by=editor)
    assert not Pledge.objects.exists()
    assert not SourceDocument.objects.exists()
    assert set(row.candidates.values_list("state", flat=True)) == {"open"}


def test_nothing_ticked_and_candidates_of_other_documents_make_nothing(client, editor, two_candidates):
    row, first, _second = two_candidates
    foreign = factories.CandidateFactory()
    text = "\n".join(f"We will build prison {number}." for number in range(35))
    many = factories.IntakeFactory(text=text)
    rows = [factories.CandidateFactory(intake=many, sentence=line, action=line) for line in text.splitlines()]
    response = client.get(address("drafts", many), {"candidate": [one.pk for one in rows]})
    assert len(response.context["forms"]) == 30
    assert "These are the first 30" in messages(response)
    for data in ({}, {"candidate": foreign.pk}, {"candidate": "x"}, {"candidate": 10**18}):
        response = client.get(address("drafts", row), data, follow=True)
        assert "Tick at least one candidate" in messages(response)
    client.post(address("drafts", row), together(head(), draft(foreign)))
    assert not Pledge.objects.exists()
    first.refresh_from_db()
    assert first.state == "open"
