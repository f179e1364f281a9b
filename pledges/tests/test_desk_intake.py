"""Pledges from a document: it is given, what was found is shown in its text, what is ticked becomes drafts."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pledges import actions, intake
from pledges.admin.intake import passages
from pledges.models import Candidate, Edition, Intake, Pledge, SourceDocument, Wording
from pledges.tests import factories
from pledges.tests.watched import page

pytestmark = pytest.mark.django_db
ADD = reverse("admin:pledges_intake_add")
SPEECH = (
    "Good evening to all of you who are with us and who have been waiting for this for so long.\n"
    "We will build two prisons by 2025. It is not easy, and it is what the people have asked of us.\n"
    "We will plant a million trees. Thank you."
)
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Other work on this machine is no reason to fail."""
    monkeypatch.setattr(intake, "PATIENCE", 120.0)


@pytest.fixture
def editor(client):
    user = factories.EditorFactory()
    client.force_login(user)
    return user


@pytest.fixture
def mandate():
    return factories.MandateFactory()


@pytest.fixture
def two():
    """A document with two open candidates."""
    row = factories.IntakeFactory()
    first = factories.CandidateFactory(intake=row, deadline=date(2025, 1, 1), deadline_precision="year")
    return row, first, factories.CandidateFactory(intake=row, sentence="We will plant trees.", action="plant trees")


def address(view: str, row: Intake) -> str:
    return reverse(f"admin:pledges_intake_{view}", args=[row.pk])


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def words(candidate: Candidate, **more) -> dict:
    """What an editor sends for one draft."""
    topic = factories.TopicFactory()
    own = {
        "title_en": "Two prisons",
        "statement_en": "Two prisons are built.",
        "slug": f"pledge-{candidate.pk}",
        "topics": [str(topic.pk)],
        "quote": candidate.sentence,
    }
    return {"candidate": [candidate.pk], **{f"c{candidate.pk}-{name}": value for name, value in (own | more).items()}}


def head(**more) -> dict:
    return {"made_on": "2024-01-10", "publisher": "Presidency", "source_document": "", **more}


def together(*forms: dict) -> dict:
    return {**{key: value for form in forms for key, value in form.items()}} | {
        "candidate": [pk for form in forms for pk in form.get("candidate", [])]
    }


# --- giving a document ----------------------------------------------------------------------------------------------


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
        ({"pasted": "uno dos tres 1 2 3"}, "language", "The text does not tell its language"),
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
    monkeypatch.setattr("pledges.intake_forms.LARGEST", 10)
    response = client.post(ADD, {"file": SimpleUploadedFile("large.txt", b"x" * 11), "mandate": mandate.pk})
    assert response.status_code == 422
    assert "larger than 20 MB" in response.content.decode()


def test_a_document_that_takes_too_long_is_let_go(client, editor, mandate, monkeypatch):
    monkeypatch.setattr(intake, "PATIENCE", 0.01)
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
    found = intake.mark(text, text=text, language="en", published_on=None)
    actions_in_it = ("plant a million trees", "build maximum-security prisons")
    each = [replace(found, action=action) for action in actions_in_it]
    assert intake.alike(each, "en") == [trees.pk, prisons.pk]


# --- its page -------------------------------------------------------------------------------------------------------


def test_candidates_are_marked_in_the_text_and_lead_to_their_cards(client, editor, two):
    row, first, second = two
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


def test_one_click_leaves_out_and_takes_back(client, editor, two):
    row, first, second = two
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


# --- drafts ---------------------------------------------------------------------------------------------------------


def test_what_is_ticked_becomes_drafts_with_one_source_document(client, editor, two):
    row, first, second = two
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
        words(first, deadline="2025-01-01", deadline_precision="year", kept_en="Both are open."),
        words(second, title_en="Trees", title_es="Árboles"),
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
    assert actions.verify() == []


def test_a_later_draft_of_the_same_document_refers_to_the_same_source(client, editor, two):
    row, first, second = two
    client.post(address("drafts", row), together(head(), words(first)))
    row.refresh_from_db()
    client.post(address("drafts", row), together(head(source_document=row.source_document_id), words(second)))
    assert SourceDocument.objects.count() == 1
    assert Pledge.objects.filter(source_document=row.source_document).count() == 2


def test_a_document_that_is_entered_already_can_be_chosen(client, editor, two):
    row, first, _second = two
    known = factories.SourceDocumentFactory()
    client.post(address("drafts", row), together(head(source_document=known.pk, publisher=""), words(first)))
    assert Pledge.objects.get().source_document == known
    assert SourceDocument.objects.count() == 1
    assert Edition.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("title_en", "", "This field is required."),
        ("statement_en", "", "This field is required."),
        ("title_en", "x" * 161, "at most 160 characters"),
        ("quote", "We will build three prisons.", "This does not stand in the document"),
        ("slug", "two words", "Enter a valid “slug”"),
        ("topics", [], "Choose at least one topic."),
        ("topics", ["999999"], "999999 is not one of the available choices."),
        ("deadline", "tomorrow", "Enter a valid date."),
    ],
)
def test_one_wrong_field_makes_none_of_the_drafts(client, editor, two, name, value, said):
    row, first, second = two
    data = together(head(), words(first), words(second, **{"statement_en": "Kept <as typed>", name: value}))
    response = client.post(address("drafts", row), data)
    assert response.status_code == 422
    assert said in " ".join(response.context["forms"][1].errors[name])
    assert "Kept &lt;as typed&gt;" in response.content.decode() or name == "statement_en"
    assert not Pledge.objects.exists()
    assert not SourceDocument.objects.exists()


def test_a_deadline_needs_its_precision_and_a_new_document_its_publisher(client, editor, two):
    row, first, _second = two
    response = client.post(address("drafts", row), together(head(), words(first, deadline="2025-01-01")))
    assert response.status_code == 422
    assert "A deadline needs its precision" in response.content.decode()
    response = client.post(address("drafts", row), together(head(publisher="", made_on=""), words(first)))
    assert response.status_code == 422
    assert set(response.context["head"].errors) == {"publisher", "made_on"}
    assert not Pledge.objects.exists()


def test_addresses_are_proposed_and_refused_where_they_are_not_free(client, editor, two):
    row, first, second = two
    factories.PledgeFactory(slug="build-two-prisons")
    shown = client.get(address("drafts", row), {"candidate": first.pk})
    assert shown.context["forms"][0]["slug"].value() == "build-two-prisons-2"
    for slugs in (("build-two-prisons", "trees"), ("trees", "trees")):
        data = together(head(), words(first, slug=slugs[0]), words(second, slug=slugs[1]))
        response = client.post(address("drafts", row), data)
        assert response.status_code == 422
        assert "already: give this one another" in response.content.decode()
    assert Pledge.objects.count() == 1


def test_two_editors_do_not_take_the_same_candidate(client, editor, two):
    row, first, second = two
    other = factories.EditorFactory()
    actions.dismiss_candidates(intake=row, by=other, candidates=[first.pk])
    response = client.post(address("drafts", row), together(head(), words(first), words(second)))
    assert response.status_code == 422
    assert f"was decided meanwhile by {other.public_name}" in response.content.decode()
    assert "Two prisons are built." in response.content.decode()
    assert not Wording.objects.exists()
    client.post(address("drafts", row), together(head(), words(second)))
    client.post(address("reopen", row), {"candidate": second.pk})
    second.refresh_from_db()
    assert second.state == "taken"


def test_all_is_rolled_back_where_the_last_write_fails(editor, two, monkeypatch):
    row, first, second = two
    drafts = [
        actions.Draft(candidate=one.pk, slug=f"p-{one.pk}", topics=[], wording=Wording(title_en="T", quote=""))
        for one in (first, second)
    ]
    drafts[1].wording.deadline = date(2025, 1, 1)  # without its precision: the database refuses it
    with pytest.raises(Exception, match="wording_deadline_has_precision"):
        actions.take_candidates(intake=row, drafts=drafts, made_on=date(2024, 1, 1), by=editor)
    assert not Pledge.objects.exists()
    assert not SourceDocument.objects.exists()
    assert set(row.candidates.values_list("state", flat=True)) == {"open"}


def test_nothing_ticked_and_candidates_of_other_documents_make_nothing(client, editor, two):
    row, first, _second = two
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
    client.post(address("drafts", row), together(head(), words(foreign)))
    assert not Pledge.objects.exists()
    first.refresh_from_db()
    assert first.state == "open"


# --- who, and how many queries --------------------------------------------------------------------------------------


def test_reporters_read_and_editors_decide(client, two):
    row, first, _second = two
    changing = [
        (ADD, {"pasted": SPEECH}),
        (address("dismiss", row), {"candidate": first.pk}),
        (address("reopen", row), {"candidate": first.pk}),
        (address("mark", row), {"sentence": "Thank you."}),
        (address("drafts", row), together(head(), words(first))),
    ]
    reading = [reverse("admin:pledges_intake_changelist"), address("change", row), address("history", row)]
    for url in (*reading, *(url for url, _data in changing)):
        assert client.get(url).url.startswith(reverse("admin:login"))
    for make, may_read in ((factories.UserFactory, 403), (factories.ReporterFactory, 200)):
        client.force_login(make())
        assert [client.get(url).status_code for url in reading] == [may_read] * 3
        assert [client.post(url, data).status_code for url, data in changing] == [403] * 5
    html = client.get(address("change", row)).content.decode()
    for button in ("Leave out", "Mark it", "Make drafts", 'type="checkbox"'):
        assert button not in html
    client.force_login(factories.EditorFactory())
    assert [client.get(url).status_code for url in (*reading, ADD)] == [200] * 4
    for url, _data in changing[1:4]:
        assert client.get(url).status_code == 405
    assert client.post(address("change", row)).status_code == 405
    assert client.post(reverse("admin:pledges_intake_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert [client.post(url, data).status_code for url, data in changing[1:]] == [302] * 4


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_open_with_a_fixed_number_of_queries(client, editor, django_assert_max_num_queries, count):
    text = "\n".join(f"We will build prison {number}." for number in range(count))
    row = factories.IntakeFactory(text=text)
    factories.TopicFactory.create_batch(3)
    alike = factories.PledgeFactory.create_batch(count)
    rows = [
        factories.CandidateFactory(intake=row, sentence=line, action=line, alike=pledge)
        for line, pledge in zip(text.splitlines(), alike, strict=True)
    ]
    with django_assert_max_num_queries(14):
        client.get(address("change", row))
    with django_assert_max_num_queries(14):
        client.get(address("drafts", row), {"candidate": [one.pk for one in rows]})
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:pledges_intake_changelist"))
