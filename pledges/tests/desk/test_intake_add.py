"""Giving a document: it is read, what is found is proposed, and what cannot be read is said at its field."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pledges.jobs import documents
from pledges.models import Candidate, Edition, Intake, Pledge
from pledges.tests.support import factories
from pledges.tests.support.intakes import ADD, SPEECH, address, messages
from pledges.tests.support.watched import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patience")]


HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_a_text_is_pasted_and_its_pledges_are_proposed(client, editor, mandate):
    assert client.get(ADD).context["form"].initial["mandate"] == mandate
    data = {"pasted": SPEECH, "mandate": mandate.pk, "title": "Address", "published_on": "2024-01-10"}
    response = client.post(ADD, data, follow=True)
    row = Intake.objects.get()
    assert response.redirect_chain == [(address("change", row), 302)]
    assert (row.title, row.language, row.published_on, row.added_by) == ("Address", "en", date(2024, 1, 10), editor)
    first, second = row.candidates.all()
    assert (first.sentence, first.action) == ("We will build two prisons by 2025.", "build two prisons")
    assert first.state == "open"
    assert (first.deadline.year, first.deadline_precision) == (2025, "year")
    assert (second.sentence, second.action) == ("We will plant a million trees.", "plant a million trees")
    assert second.deadline is None
    assert "2 sentences may hold pledges" in messages(response)
    assert Pledge.objects.count() == 0
    assert Edition.objects.count() == 0


def test_a_page_is_read_at_its_address_and_tells_its_title(client, editor, mandate, web):
    web.serve("/speech", page("Address to the nation", *SPEECH.splitlines()), **HTML)
    client.post(ADD, {"url": f"{web.origin}/speech", "mandate": mandate.pk})
    row = Intake.objects.get()
    assert (row.title, row.url) == ("Address to the nation", f"{web.origin}/speech")
    assert [one.action for one in row.candidates.all()] == ["build two prisons", "plant a million trees"]


def test_a_file_is_uploaded_and_its_name_is_its_title(client, editor, mandate):
    file = SimpleUploadedFile("Plan 2025.txt", SPEECH.encode(), content_type="text/plain")
    client.post(ADD, {"file": file, "mandate": mandate.pk, "url": "https://example.org/plan"})
    row = Intake.objects.get()
    assert (row.title, row.file_name, row.url) == ("Plan 2025", "Plan 2025.txt", "https://example.org/plan")
    assert row.candidates.count() == 2


def test_the_same_document_is_found_again(client, editor, mandate):
    data = {"pasted": SPEECH, "mandate": mandate.pk, "title": "Address"}
    client.post(ADD, data)
    file = SimpleUploadedFile("again.txt", SPEECH.encode(), content_type="text/plain")
    for again in ({**data, "pasted": SPEECH.replace("\n", "\r\n")}, {"file": file, "mandate": mandate.pk}):
        response = client.post(ADD, again, follow=True)
        assert "This document was read already" in messages(response)
        assert response.redirect_chain == [(address("change", Intake.objects.get()), 302)]
    assert Candidate.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ({}, "pasted", "Paste a text, give an address or choose a file."),
        ({"url": "javascript:alert(1)"}, "url", "Enter a valid URL."),
        ({"url": "http://169.254.169.254/latest"}, "url", "This address is not allowed"),
        ({"pasted": "uno dos tres 1 2 3"}, "language", "The language of the text could not be detected"),
        ({"pasted": SPEECH, "published_on": "2999-01-01"}, "published_on", "This day is in the future."),
        ({"pasted": SPEECH, "published_on": "soon"}, "published_on", "Enter a valid date."),
        ({"pasted": SPEECH, "mandate": ""}, "mandate", "Choose the mandate"),
        ({"pasted": "x" * 600_001}, "pasted", "This is too long to be pasted"),
        ({"file": ("broken.pdf", b"%PDF-1.7 broken"), "title": "A plan"}, "file", "PDF"),
        ({"file": ("empty.txt", b"")}, "file", "The file is empty."),
        ({"file": ("two.txt", b"We will."), "pasted": "We will."}, "file", "not both"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_what_was_typed_is_kept(
    client, editor, mandate, data, field, said
):
    if isinstance(data.get("file"), tuple):
        data = data | {"file": SimpleUploadedFile(*data["file"])}
    response = client.post(ADD, {"mandate": mandate.pk, "publisher": "Typed <before>", **data})
    assert response.status_code == 422
    assert said in " ".join(response.context["form"].errors[field])
    assert "Typed &lt;before&gt;" in response.content.decode()
    assert not Intake.objects.exists()


def test_a_file_that_is_too_large_is_not_read(client, editor, mandate, monkeypatch):
    monkeypatch.setattr("pledges.jobs.documents.LARGEST", 10)
    response = client.post(ADD, {"file": SimpleUploadedFile("large.txt", b"x" * 11), "mandate": mandate.pk})
    assert response.status_code == 422
    assert "larger than 20 MB" in response.content.decode()


def test_a_document_that_takes_too_long_is_let_go(client, editor, mandate, monkeypatch):
    monkeypatch.setattr(documents, "PATIENCE", 0.01)
    response = client.post(ADD, {"pasted": SPEECH, "mandate": mandate.pk})
    assert response.status_code == 422
    assert "takes longer to read than anybody should wait" in response.content.decode()


def test_what_no_page_and_no_database_can_hold_is_dropped(client, editor, mandate):
    text = SPEECH.replace("Good", "Go\x01o\u202ed")
    client.post(ADD, {"file": SimpleUploadedFile("a.txt", text.encode(), "text/plain"), "mandate": mandate.pk})
    assert Intake.objects.get().text.startswith("Good evening")


def test_what_is_tracked_already_is_marked(client, editor, mandate):
    tracked = factories.PublishedPledgeFactory(
        wording__title_en="Build two maximum-security prisons",
        wording__statement_en="The government will build two maximum-security prisons.",
        wording__kept_en="Two maximum-security prisons are open.",
    )
    drafted = factories.PledgeFactory(
        wording__title_en="Plant a million trees", wording__statement_en="A million trees are planted."
    )
    other = SPEECH.replace("two prisons", "two maximum-security prisons") + "\nWe will lower the price of diesel."
    response = client.post(ADD, {"pasted": other, "mandate": mandate.pk}, follow=True)
    assert [one.alike for one in Candidate.objects.all()] == [tracked, drafted, None]
    html = response.content.decode()
    assert "Seems to be tracked already as" in html
    assert reverse("admin:pledges_pledge_change", args=[tracked.pk]) in html


def test_of_several_promises_in_one_sentence_each_finds_its_own_pledge():
    prisons = factories.PublishedPledgeFactory(
        wording__title_en="Build maximum-security prisons", wording__statement_en="Maximum-security prisons are built."
    )
    trees = factories.PublishedPledgeFactory(
        wording__title_en="Plant a million trees", wording__statement_en="A million trees are planted."
    )
    text = "We will build maximum-security prisons and plant a million trees."
    found = documents.mark(text, text=text, language="en", published_on=None)
    actions_in_it = ("plant a million trees", "build maximum-security prisons")
    each = [replace(found, action=action) for action in actions_in_it]
    assert documents.alike(each, "en") == [trees.pk, prisons.pk]


def test_what_was_made_since_is_marked_too_and_before_a_draft_so_is_what_may_be_alike(client, editor, mandate):
    client.post(ADD, {"pasted": SPEECH, "mandate": mandate.pk})
    row = Intake.objects.get()
    assert "Seems to be tracked already as" not in client.get(address("change", row)).content.decode()
    trees = factories.PledgeFactory(
        wording__title_en="Plant a million trees", wording__statement_en="A million trees are planted by the state."
    )
    prisons = factories.PublishedPledgeFactory(
        mandate=mandate,
        wording__title_en="Build new maximum-security prisons",
        wording__statement_en="New prisons are built on the coast.",
    )
    link = reverse("admin:pledges_pledge_change", args=[trees.pk])
    assert link in client.get(address("change", row)).content.decode()
    shown = client.get(address("drafts", row), {"candidate": [one.pk for one in row.candidates.all()]})
    like = {form.candidate.action: [(one.pledge, one.sure) for one in form.like] for form in shown.context["forms"]}
    assert like["plant a million trees"] == [(trees, True)]
    assert like["build two prisons"] == [(prisons, False)]  # alike, but in other words
    html = shown.content.decode()
    assert "A million trees are planted by the state." in html and link in html
    assert reverse("admin:pledges_pledge_change", args=[prisons.pk]) in html


def test_so_it_is_on_the_wording_of_a_pledge_that_is_entered_and_at_its_review(client, editor):
    trees = factories.PublishedPledgeFactory(
        wording__title_es="Plantar un millón de árboles",
        wording__statement_es="Se plantan un millón de árboles en todo el país.",
    )
    again = factories.PledgeFactory(
        wording__title_en="", wording__title_es="Un millón de árboles plantados", wording__statement_en=""
    )
    link = f'<a href="{reverse("admin:pledges_pledge_change", args=[trees.pk])}">'
    for view in ("change", "preview"):
        page = client.get(reverse(f"admin:pledges_wording_{view}", args=[again.wordings.get().pk]))
        assert "desk-like" in page.content.decode() and link in page.content.decode()
    published = client.get(reverse("admin:pledges_wording_change", args=[trees.wordings.get().pk]))
    assert "desk-like" not in published.content.decode()
