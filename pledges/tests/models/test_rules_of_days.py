"""Days and countries that cannot be true are refused: by the database, at the desk, by imports, from documents."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pledges.actions import errors as error_actions
from pledges.actions import intake, publishing
from pledges.models import Mandate, Newsroom, Pledge, SourceDocument, State, Update, Wording
from pledges.tests.desk.exchange.test_desk import as_csv, errors, imported, pledge_row, update_row, upload
from pledges.tests.desk.test_pledges import FIRST, frame, page, words
from pledges.tests.desk.test_updates import typed
from pledges.tests.models.test_rules_in_database import publish_by_hand, refused, run
from pledges.tests.support import factories
from pledges.tests.support.intakes import address, draft, head, together

pytestmark = pytest.mark.django_db
ADD = reverse("admin:pledges_pledge_add")
FUTURE = "A pledge was said on a day that has come: this one is in the future."
OLDER = "The source document is older than the day on which the pledge was said: one day is wrong."
DEADLINE = "The deadline comes before the day on which the pledge was said."
EARLY = "This day comes before the one on which the pledge was said."
AHEAD = "This day is in the future."
NO_COUNTRY = "is not the code of a country"


def soon(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


# --- the database


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("made_on = CURRENT_DATE + 2", "in the future"),
        ("made_on = '9999-12-31'", "in the future"),
        ("made_on = 'infinity'", "in the future"),
        ("made_on = '2023-12-07'", "older than the day"),
    ],
)
def test_no_pledge_is_said_in_the_future_or_after_its_document(app_role, change, said):
    pledge = factories.PledgeFactory()
    assert said in refused(f"UPDATE pledges_pledge SET {change} WHERE id = %s", pledge.pk)
    run("UPDATE pledges_pledge SET made_on = '2023-12-05' WHERE id = %s", pledge.pk)
    columns = "mandate_id, made_on_precision, headline, review_interval_days, also_called_en, also_called_es, "
    columns += "source_document_id, created_at, updated_at"
    insert = f"INSERT INTO pledges_pledge (slug, made_on, {columns}) SELECT 'x', CURRENT_DATE + 9, {columns}"
    assert "in the future" in refused(f"{insert} FROM pledges_pledge WHERE id = %s", pledge.pk)


def test_no_older_document_is_put_under_a_pledge(app_role):
    pledge, older = factories.PledgeFactory(), factories.SourceDocumentFactory(published_on=date(2023, 12, 5))
    undated = factories.SourceDocumentFactory(published_on=None)
    attack = "UPDATE pledges_pledge SET source_document_id = %s WHERE id = %s"
    assert "older than the day" in refused(attack, older.pk, pledge.pk)
    run(attack, undated.pk, pledge.pk)
    attack = "UPDATE pledges_sourcedocument SET published_on = %s WHERE id = %s"
    assert "said after the day" in refused(attack, "2023-12-05", undated.pk)
    assert "in the future" in refused(attack, soon(4), undated.pk)
    run(attack, "2023-12-06", undated.pk)


@pytest.mark.parametrize(
    ("day", "precision", "holds"),
    [
        ("2023-12-05", "day", False),
        ("2023-12-06", "day", True),
        ("2023-11-30", "month", False),
        ("2023-12-01", "month", True),
        ("2022-12-31", "year", False),
        ("2023-01-01", "year", True),
    ],
)
def test_no_deadline_is_over_before_the_pledge_is_said(app_role, day, precision, holds):
    wording = factories.WordingFactory()
    attack = "UPDATE pledges_wording SET deadline = %s, deadline_precision = %s WHERE id = %s"
    if holds:
        run(attack, day, precision, wording.pk)
    else:
        assert "deadline comes before" in refused(attack, day, precision, wording.pk)


@pytest.mark.parametrize("wrong", ["made_on", "published_on", "deadline"])
def test_what_was_drafted_before_there_were_rules_is_not_published(wrong):
    wording = factories.WordingFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("pledge", "sourcedocument", "wording"):
            cursor.execute(f"ALTER TABLE pledges_{table} DISABLE TRIGGER USER")
        if wrong == "made_on":
            cursor.execute("UPDATE pledges_pledge SET made_on = CURRENT_DATE + 9")
            cursor.execute("UPDATE pledges_sourcedocument SET published_on = NULL")
        elif wrong == "published_on":
            cursor.execute("UPDATE pledges_sourcedocument SET published_on = '2020-01-01'")
        else:
            cursor.execute("UPDATE pledges_wording SET deadline = '2020-01-01', deadline_precision = 'day'")
        for table in ("pledge", "sourcedocument", "wording"):
            cursor.execute(f"ALTER TABLE pledges_{table} ENABLE TRIGGER USER")
    wording = Wording.objects.get(pk=wording.pk)
    editor = factories.EditorFactory()
    said = {"made_on": FUTURE, "published_on": OLDER, "deadline": DEADLINE}[wrong]
    assert said in publishing.publication_problems(wording, by=editor)
    edition = factories.EditionFactory(acts=[("published", wording)], by=editor)
    publish = "UPDATE pledges_wording SET state = 'published', published_by_id = %s, edition_id = %s WHERE id = %s"
    assert any(
        part in refused(publish, editor.pk, edition.pk, wording.pk) for part in ("in the future", "older", "deadline")
    )


@pytest.mark.parametrize(
    ("day", "precision", "said_precision", "holds"),
    [
        ("2023-12-05", "day", "day", False),
        ("2023-12-06", "day", "day", True),
        ("2023-12-01", "month", "day", True),
        ("2023-11-01", "month", "day", False),
        ("2023-12-05", "approx", "day", True),
        ("2023-12-05", "day", "by", True),
    ],
)
def test_no_published_update_comes_before_its_pledge(app_role, day, precision, said_precision, holds):
    pledge = factories.PublishedPledgeFactory(made_on_precision=said_precision)
    update = factories.UpdateFactory(pledge=pledge, happened_on=day, happened_precision=precision)
    update.refresh_from_db()
    editor = factories.EditorFactory()
    assert (EARLY not in publishing.publication_problems(update, by=editor)) == holds
    if holds:
        publish_by_hand(update, by=editor)
    else:
        with pytest.raises(Exception, match="before the pledge was said"):
            publish_by_hand(update, by=editor)


def test_no_evidence_appears_in_the_future(app_role):
    piece = factories.EvidenceFactory()
    attack = "UPDATE pledges_evidence SET published_on = %s WHERE id = %s"
    assert "in the future" in refused(attack, soon(4), piece.pk)
    run(attack, soon(1), piece.pk)  # a paper of a country where that day has begun


@pytest.mark.parametrize("code", ["XX", "ZZ", "EU", "UK", "E", "", "E1", "xx"])
@pytest.mark.parametrize("table", ["mandate", "newsroom"])
def test_the_database_knows_the_countries(app_role, table, code):
    factories.NewsroomFactory()
    factories.MandateFactory()
    if code or table == "mandate":  # a newsroom that nobody has described yet has none
        assert "country_is_known" in refused(f"UPDATE pledges_{table} SET country = %s", code)
    run(f"UPDATE pledges_{table} SET country = 'PE'")


@pytest.mark.parametrize(
    ("make", "column"),
    [
        (factories.SourceDocumentFactory, "language"),
        (factories.SourceFactory, "language"),
        (factories.ArticleFactory, "language"),
        (factories.EvidenceFactory, "language"),
        (factories.IntakeFactory, "language"),
        (factories.WordingFactory, "quote_language"),
    ],
)
def test_the_database_knows_our_languages(app_role, make, column):
    row = make(quote="We will.", quote_language="en") if column == "quote_language" else make()
    table = row._meta.db_table
    assert "is_known" in refused(f"UPDATE {table} SET {column} = 'xx' WHERE id = %s", row.pk)
    run(f"UPDATE {table} SET {column} = 'es' WHERE id = %s", row.pk)


# --- the desk


def wrong(response) -> dict:
    form = response.context["adminform"].form
    found = {name: list(errors_) for name, errors_ in form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        for one in inline.formset.errors:
            found |= {name: list(errors_) for name, errors_ in one.items()}
    return found


@pytest.mark.parametrize(
    ("frame_changes", "word_changes", "expected"),
    [
        ({"made_on": soon(1)}, {}, {"made_on": [FUTURE]}),
        ({"made_on": "2023-12-07"}, {}, {"source_document": [OLDER]}),
        ({}, {"deadline": "2023-12-05", "deadline_precision": "day"}, {"deadline": [DEADLINE]}),
        ({}, {"deadline": "2022-06-01", "deadline_precision": "year"}, {"deadline": [DEADLINE]}),
    ],
)
def test_a_pledge_is_not_entered_with_days_that_cannot_be_true(client, editor, frame_changes, word_changes, expected):
    data = frame(**frame_changes) | FIRST | words("wordings-0-", **word_changes) | {"_save": "1"}
    response = client.post(ADD, data)
    assert wrong(response) == expected
    assert not Pledge.objects.exists()


def test_a_wording_and_a_document_are_not_saved_with_days_that_cannot_be_true(client, editor):
    wording = factories.WordingFactory(author=editor)
    data = words(seen=wording.updated_at.isoformat(), deadline="2023-12-05", deadline_precision="day")
    assert wrong(client.post(page(wording), data | {"_save": "1"})) == {"deadline": [DEADLINE]}
    document = wording.pledge.source_document
    data = {"publisher": "A", "title_en": "B", "title_es": "C", "slug": "d", "url": "", "language": "en"}
    for day, said in (
        ("2023-12-05", "A pledge of this document was said after this day: one of the two days is wrong."),
        (soon(2), AHEAD),
    ):
        response = client.post(page(document), data | {"published_on": day, "_save": "1"})
        assert wrong(response) == {"published_on": [said]}
    document.refresh_from_db()
    assert document.published_on == date(2023, 12, 6)


def test_a_public_pledge_can_be_edited_though_its_day_is_final(client, editor):
    pledge = factories.PublishedPledgeFactory()
    older = factories.SourceDocumentFactory(published_on=date(2020, 1, 1))
    response = client.post(page(pledge), frame(pledge, source_document=older.pk) | {"_save": "1"})
    assert wrong(response) == {"source_document": [OLDER]}
    assert client.post(page(pledge), frame(pledge, headline="on") | {"_save": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"happened_on": soon(1)}, {"happened_on": ["An update tells what has happened: its day is in the future."]}),
        ({"happened_on": "2023-12-05"}, {"happened_on": [EARLY]}),
        ({"evidence-0-published_on": soon(2)}, {"published_on": [AHEAD]}),
    ],
)
def test_an_update_is_not_saved_with_days_that_cannot_be_true(client, editor, changes, expected):
    pledge = factories.PublishedPledgeFactory()
    response = client.post(reverse("admin:pledges_update_add"), typed(pledge=pledge.pk) | changes | {"_save": "1"})
    assert wrong(response) == expected
    assert not Update.objects.exists()


@pytest.mark.parametrize(("code", "stored"), [("XX", None), ("e1", None), ("ec", "EC"), ("PE", "PE")])
def test_countries_are_typed_as_they_are_known(client, code, stored):
    client.force_login(factories.SuperuserFactory())
    data = {"person": "Ana", "slug": "ana", "office_en": "Mayor", "office_es": "Alcaldesa", "starts_on": "2023-05-14"}
    response = client.post(reverse("admin:pledges_mandate_add"), data | {"country": code, "_save": "1"})
    newsroom = {"name_en": "A", "name_es": "B", "country": code, "_save": "1"}
    other = client.post(reverse("admin:pledges_newsroom_add"), newsroom)
    if stored is None:
        for each in (response, other):
            assert NO_COUNTRY in " ".join(wrong(each)["country"])
    assert [mandate.country for mandate in Mandate.objects.all()] == ([stored] if stored else [])
    assert [newsroom.country for newsroom in Newsroom.objects.all()] == ([stored] if stored else [])


# --- imports


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"made_on": soon(1).isoformat()}, "made_on", FUTURE),
        ({"made_on": "2023-12-07"}, "source_document", OLDER),
        ({"deadline": "2023-12-05", "deadline_precision": "day"}, "deadline", DEADLINE),
    ],
)
def test_a_pledge_is_not_imported_with_days_that_cannot_be_true(client, editor, changes, column, said):
    shown = upload(client, "pledges", as_csv([pledge_row(**changes)]))
    assert [(found[-1]) for found in errors(shown)] == [said]
    assert not Pledge.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"happened_on": "2023-12-05"}, EARLY),
        ({"happened_on": soon(1).isoformat()}, "An update tells what has happened: its day is in the future."),
        ({"evidence_1_published_on": soon(2).isoformat()}, AHEAD),
    ],
)
def test_an_update_is_not_imported_with_days_that_cannot_be_true(client, editor, changes, said):
    shown = upload(client, "updates", as_csv([update_row(factories.PublishedPledgeFactory(), **changes)]))
    assert [found[-1] for found in errors(shown)] == [said]
    assert not Update.objects.exists()


def test_documents_and_mandates_are_imported_by_the_same_rules(client, editor):
    document = factories.PledgeFactory().source_document
    row = {"slug": document.slug, "publisher": "A", "title_en": "B", "title_es": "C", "language": "en"}
    row["published_on"] = "2023-12-05"
    assert (
        "A pledge of this document was said after this day" in errors(upload(client, "documents", as_csv([row])))[0][-1]
    )
    row["published_on"] = soon(2).isoformat()
    assert errors(upload(client, "documents", as_csv([row])))[0][-1] == AHEAD
    row = {"slug": "a", "person": "A", "office_en": "B", "office_es": "C", "starts_on": "2023-05-14", "country": "XX"}
    assert NO_COUNTRY in errors(upload(client, "mandates", as_csv([row])))[0][-1]
    imported(client, "mandates", as_csv([row | {"country": "pe"}]))
    assert Mandate.objects.get(slug="a").country == "PE"


# --- pledges out of documents


@pytest.mark.parametrize(
    ("made_on", "deadline", "said"),
    [(soon(1), "", FUTURE), ("2024-01-11", "", OLDER), ("2024-01-10", "2023-01-01", DEADLINE)],
)
def test_no_draft_is_made_of_a_document_with_days_that_cannot_be_true(
    client, editor, two_candidates, made_on, deadline, said
):
    row, first, _second = two_candidates
    more = {"deadline": deadline, "deadline_precision": "day"} if deadline else {}
    response = client.post(address("drafts", row), together(head(made_on=made_on), draft(first, **more)))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert (Pledge.objects.count(), SourceDocument.objects.count()) == (0, 0)


def test_the_action_refuses_as_well(editor, two_candidates):
    row, first, _second = two_candidates
    wording = factories.WordingFactory.build(pledge=None, author=None, deadline="", deadline_precision="")
    wording.deadline, wording.deadline_precision = date(2023, 1, 1), "day"
    made = [intake.Draft(candidate=first.pk, slug="a", topics=[], wording=wording)]
    for day, said in ((soon(1), FUTURE), (date(2024, 1, 11), OLDER), (date(2024, 1, 10), DEADLINE)):
        with pytest.raises(error_actions.Refused, match=said[:40]):
            intake.take_candidates(intake=row, drafts=made, made_on=day, by=editor)
    assert not Pledge.objects.exists()


def test_a_new_wording_does_not_inherit_a_deadline_that_cannot_be_true(editor):
    pledge = factories.PublishedPledgeFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pledges_wording DISABLE TRIGGER USER")
        cursor.execute("UPDATE pledges_wording SET deadline = '2020-01-01', deadline_precision = 'day'")
        cursor.execute("ALTER TABLE pledges_wording ENABLE TRIGGER USER")
    new = publishing.start_wording(pledge=pledge, by=editor)
    assert (new.state, new.deadline, new.deadline_precision) == (State.DRAFT, None, "")
