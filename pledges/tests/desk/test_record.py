"""The record: who changed what, when, by whatever means; narrowed down, page by page, as a file; and per edition."""

import csv
import io
import itertools
from datetime import timedelta

import pghistory
import pytest
from celery import shared_task
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pledges.actions import publishing
from pledges.desk.record.audit_log import tracked
from pledges.models import Comment, Edition, Topic, User
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = factories.EditorFactory()
    client.force_login(user)
    return user


def address() -> str:
    return reverse("admin:pledges_record")


def read(client, **wanted):
    return client.get(address(), wanted)


def shown(client, **wanted) -> list[tuple]:
    """What the list says: (who, act, kind, row, fields)."""
    changes = read(client, **wanted).context["changes"]
    return [(change.who, change.event.pgh_label, change.kind, change.row, change.fields) for change in changes]


def test_a_change_at_the_desk_says_who_what_and_from_what_to_what(client, editor):
    topic = factories.TopicFactory(name_en="Ports", name_es="Puertos")
    page = reverse("admin:pledges_topic_change", args=[topic.pk])
    client.post(page, {"name_en": "Harbours", "name_es": "Puertos"})
    response = read(client, kind="topic")
    newest = response.context["changes"][0]
    assert (newest.who, newest.act, newest.row) == (editor.username, "changed", "Harbours")
    assert newest.fields == [("name (English)", "Ports", "Harbours")]
    html = response.content.decode()
    assert f'href="{page}"' in html and "<del>Ports</del>" in html


@pytest.mark.parametrize("means", ["update", "sql"])
def test_what_is_changed_behind_the_desks_back_is_there_too(client, editor, means):
    topic = factories.TopicFactory(name_en="Ports")
    if means == "update":
        Topic.objects.filter(pk=topic.pk).update(name_en="Harbours")
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pledges_topic SET name_en = 'Harbours' WHERE id = %s", [topic.pk])
    who, act, _kind, row, fields = shown(client, kind="topic")[0]
    assert (who, act, row, fields) == ("", "update", "Harbours", [("name (English)", "Ports", "Harbours")])
    assert "the database itself" in read(client, kind="topic").content.decode()
    assert shown(client, kind="topic", who="people") == []
    assert len(shown(client, kind="topic", who="database")) == 2


def test_what_a_task_changes_names_it(client, editor):
    @shared_task(name="pledges.tasks.try_it")
    def rename() -> None:
        factories.TopicFactory()

    rename()
    [(who, *_rest)] = shown(client, kind="topic", who="tracker")
    assert who == "the tracker (try_it)"


def test_a_link_and_what_is_gone_are_named_by_what_they_belong_to(client, editor):
    pledge = factories.PledgeFactory(topics=[factories.TopicFactory(name_en="Prisons")], wording__title_en="Walls")
    update = factories.UpdateFactory()
    update.evidence.all().delete()
    [(_who, act, _kind, row, fields)] = shown(client, kind="pledgetopic")[-1:]
    assert (act, row) == ("insert", "Walls")
    assert ("topic", "", "Prisons") in fields
    _who, act, _kind, row, fields = shown(client, kind="evidence")[0]
    assert (act, row) == ("delete", str(update))
    assert ("publisher", "The Daily Example", "") in fields
    assert str(pledge) == "Walls"


def test_by_person_day_and_row(client, editor):
    other = factories.EditorFactory()
    factories.TopicFactory(name_en="Not mine")  # first: a context holds until its transaction ends, here the test's
    with pghistory.context(user=other.pk, url="/x/"):
        mine = factories.TopicFactory(name_en="Mine")
    assert [row for *_rest, row, _fields in shown(client, who=str(other.pk))] == ["Mine"]
    assert [row for *_rest, row, _fields in shown(client, kind="topic", row=mine.pk)] == ["Mine"]
    today = timezone.localdate()
    assert len(shown(client, kind="topic", since=today, until=today)) == 2
    assert shown(client, kind="topic", until=today - timedelta(days=1)) == []
    assert shown(client, kind="topic", since=today + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"since": "yesterday"},
        {"kind": "article"},
        {"who": "9999999"},
        {"row": "3"},
        {"kind": "topic", "row": "99999999999999999999"},
        {"since": "2024-02-01", "until": "2024-01-01"},
        {"who": "\x00"},
    ],
)
def test_what_cannot_be_asked_is_said(client, editor, wanted):
    response = read(client, **wanted)
    assert response.status_code == (200 if wanted == {"who": "\x00"} else 422)
    assert bool(response.context["form"].errors) == (response.status_code == 422)


@pytest.mark.parametrize("after", ["", "x", "2024-01-01T00:00:00~topic~1", "2024-01-01T00:00:00+00:00~nothing~1", "~~"])
def test_a_place_that_makes_no_sense_begins_at_the_newest(client, editor, after):
    factories.TopicFactory()
    assert len(shown(client, kind="topic", after=after)) == 1


def test_page_by_page_nothing_is_missed_or_told_twice(client, editor):
    """All of a test is one transaction, so all these have the same time: the number decides."""
    for number in range(70):
        factories.TopicFactory(name_en=f"Topic {number}")
        factories.InstitutionFactory(name_en=f"Institution {number}")
    found, query = [], address()
    while query:
        response = client.get(query)
        found += [change.row for change in response.context["changes"]]
        older = response.context["older"]
        query = older and f"{address()}?after={older.replace('+', '%2B')}"
    wanted = {f"{kind} {number}" for kind in ("Topic", "Institution") for number in range(70)}
    assert sorted(row for row in found if row in wanted) == sorted(wanted)


@pytest.mark.parametrize("kind", ["lead", "comment", "observation", "update", "pledge", "usergroup"])
def test_it_costs_the_same_with_many_rows(client, editor, kind, django_assert_num_queries):
    pledge, update = factories.PublishedPledgeFactory(), factories.UpdateFactory()
    numbers, indicator = itertools.count(), factories.IndicatorFactory()
    make = {
        "lead": lambda: factories.LeadFactory(pledge=pledge),
        "comment": lambda: Comment.objects.create(update=update, author=factories.UserFactory(), text="Why?"),
        "observation": lambda: factories.ObservationFactory(indicator=indicator, series=f"series-{next(numbers)}"),
        "update": lambda: factories.UpdateFactory(author=editor),
        "pledge": factories.PledgeFactory,
        "usergroup": factories.ReporterFactory,
    }[kind]
    for _number in range(3):
        make()
    with connection.execute_wrapper(counter := Counter()):
        assert 3 <= len(shown(client, kind=kind)) < 15
    for _number in range(45):
        make()
    with django_assert_num_queries(counter.count):
        assert len(shown(client, kind=kind)) >= 45


class Counter:
    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def test_addresses_and_passwords(client, editor):
    person = factories.UserFactory(email="secret@desk.example")
    person.set_password("a new password")
    person.save()
    User.objects.filter(pk=person.pk).update(byline="Another")
    [(*_rest, fields), (*_more, first)] = shown(client, kind="user", row=person.pk)
    assert fields == [("byline", person.byline, "Another")]
    html = read(client, kind="user", row=person.pk).content.decode()
    assert "secret@desk.example" not in html and "password" not in {label for label, *_ in first}
    client.force_login(factories.SuperuserFactory())
    assert "secret@desk.example" in read(client, kind="user", row=person.pk).content.decode()


def test_who_was_put_into_which_group(client, editor):
    person = factories.ReporterFactory()
    _who, act, _kind, row, fields = shown(client, kind="usergroup")[0]
    assert (act, row) == ("insert", person.username)
    assert "Reporter" in str(fields)


def test_as_a_file(client, editor):
    topic = factories.TopicFactory(name_en="=HYPERLINK(1)")
    Topic.objects.filter(pk=topic.pk).update(name_en="Ports", name_es="Puertos")
    response = read(client, kind="topic", format="csv")
    assert response.streaming and response["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [row["after"] for row in rows if row["act"] == "update"] == ["Ports", "Puertos"]
    assert {row["before"] for row in rows if row["field"] == "name (English)"} == {"", "'=HYPERLINK(1)"}
    assert rows[0]["number"] == str(topic.pk) and rows[0]["row"] == "Ports"


def test_who_may_read_it(client):
    for user, status in (
        (None, 302),
        (factories.UserFactory(is_staff=False), 302),
        (factories.UserFactory(), 403),
        (factories.ReporterFactory(), 403),
        (factories.EditorFactory(), 200),
    ):
        client.logout()
        if user:
            client.force_login(user)
        assert read(client).status_code == status, user
        assert read(client, format="csv").status_code == status, user


def test_every_table_of_events_is_read_by_its_index():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_indexes WHERE indexname LIKE 'record_%'")
        indexed = {name for (name,) in cursor.fetchall()}
    assert {model.pgh_event_model._meta.db_table for model in tracked().values()} <= indexed


# --- an edition's page ------------------------------------------------------------------------------------------------


def test_an_edition_tells_who_wrote_edited_commented_and_published(client, editor):
    writer, helper, publisher = factories.ReporterFactory(), factories.EditorFactory(), factories.EditorFactory()
    update = factories.UpdateFactory(author=writer)
    with pghistory.context(user=helper.pk):
        type(update).objects.filter(pk=update.pk).update(text_en="Work began at last.", edited_by=helper)
    update.refresh_from_db()
    with pghistory.context(user=writer.pk):
        publishing.submit_for_review(item=update, by=writer)
    Comment.objects.create(update=update, author=publisher, text="Is there a second source?")
    edition = publishing.publish(update, by=publisher)
    [act] = client.get(reverse("admin:pledges_edition_change", args=[edition.pk])).context["acts"]
    assert [(str(what), who) for what, who, _at in act.steps] == [
        ("written by", writer.byline),
        ("edited by", helper.byline),
        ("submitted for review", writer.byline),
        ("comment by", publisher.byline),
        ("published by", publisher.byline),
    ]
    assert ("text (English)", "Work began.", "Work began at last.") in [f for c in act.changes for f in c.fields]


@pytest.mark.django_db(transaction=True)
def test_an_edition_tells_what_changed_since_the_one_before(client, editor):
    topic = factories.TopicFactory(name_en="Docks", name_es="Puertos")
    page = reverse("admin:pledges_topic_change", args=[topic.pk])
    for name in ("Ports", "Harbours"):
        client.post(page, {"name_en": name, "name_es": "Puertos"})
    edition = Edition.objects.first()
    [act] = client.get(reverse("admin:pledges_edition_change", args=[edition.pk])).context["acts"]
    assert [change.fields for change in act.changes] == [[("name (English)", "Ports", "Harbours")]]
    assert act.changes[0].who == editor.username


def test_a_reporter_sees_the_edition_without_the_acts(client):
    edition = factories.PublishedUpdateFactory().edition
    client.force_login(factories.ReporterFactory())
    response = client.get(reverse("admin:pledges_edition_change", args=[edition.pk]))
    assert response.status_code == 200 and "acts" not in response.context
