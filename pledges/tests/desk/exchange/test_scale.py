"""An import asks the database as often for many rows as for few; the record has every row; refusals are found."""

import csv
import io

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pledges.desk import exchange
from pledges.desk.exchange import importing
from pledges.models import Edition, Mandate, Pledge, SourceDocument, Topic, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


def as_csv(rows: list[dict]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def taken(name: str, rows: list[dict], user, *, dry_run: bool = False):
    sheet = exchange.read(exchange.BY_NAME[name], as_csv(rows), by=user)
    return exchange.import_sheet(sheet, dry_run=dry_run)


def topics(count: int, start: int, word: str) -> list[dict]:
    return [{"slug": f"t{n}", "name_en": f"T{n}{word}", "name_es": f"T{n}"} for n in range(start, start + count)]


def pledges(count: int, start: int, word: str) -> list[dict]:
    mandate = Mandate.objects.first() or factories.MandateFactory()
    topic = Topic.objects.get_or_create(slug=f"of{word}", name_en="Of", name_es="De")[0]
    document = SourceDocument.objects.first() or factories.SourceDocumentFactory()
    row = {"mandate": mandate.slug, "made_on": "2023-12-06", "source_document": document.slug, "topics": topic.slug}
    return [
        row | {"slug": f"p{n}", "title_en": f"P{n}{word}", "kept_en": "Done.", "watch_en": f"port{word}; must: sea"}
        for n in range(start, start + count)
    ]


def updates(count: int, start: int, word: str) -> list[dict]:
    pledge = Pledge.objects.first() or factories.PublishedPledgeFactory()
    row = {"pledge": pledge.slug, "happened_on": f"2024-06-{1 + start % 28:02}", "status": "in_progress"}
    return [
        row
        | {"nth": n, "text_en": f"Begun{word}.", "evidence_1_url": f"https://a.example/{n}{word}"}
        | {"evidence_1_publisher": f"A{word}", "corrects": "", "correction_note_en": ""}
        for n in range(1, count + 1)
    ]


def indicators(count: int, start: int, word: str) -> list[dict]:
    slug = (Pledge.objects.first() or factories.PublishedPledgeFactory()).slug
    row = {"name_es": "I", "unit_en": "x", "unit_es": "x", "pledges": slug}
    return [row | {"slug": f"i{n}", "name_en": f"I{n}{word}"} for n in range(start, start + count)]


@pytest.mark.parametrize("rows", [topics, pledges, updates, indicators])
def test_two_hundred_rows_take_as_many_queries_as_five(rows):
    editor = factories.EditorFactory()
    taken(rows.__name__, rows(1, 500, ""), editor)  # so that both find something there
    counted = {}
    for count, start in ((5, 0), (200, 1000)):
        for kind, word in (("new", ""), ("changed", "x"), ("unchanged", "x")):
            table = rows(count, start, word)
            with CaptureQueriesContext(connection) as queries:
                fates = taken(rows.__name__, table, editor)
            assert fates.counts[kind] == count
            counted[count, kind] = len(queries)
    for kind in ("new", "changed", "unchanged"):
        assert counted[200, kind] <= counted[5, kind], kind


def test_the_record_says_who_imported_each_row(client):
    editor = factories.EditorFactory()
    client.force_login(editor)
    page = reverse("exchange:import", args=["topics"])
    for word in ("", "x"):
        shown = client.post(page, {"file": SimpleUploadedFile("a.csv", as_csv(topics(3, 0, word)))})
        client.post(page, {"kept": shown.context["kept"], "seen": shown.context["fates"].fingerprint})
    events = apps.get_model("pledges", "TopicEvent").objects.order_by("pk").select_related("pgh_context")
    assert [(event.pgh_label, event.name_en) for event in events] == [
        *(("insert", f"T{n}") for n in range(3)),
        *(("update", f"T{n}x") for n in range(3)),
    ]
    assert {event.pgh_context.metadata["user"] for event in events} == {editor.pk}
    assert list(Edition.objects.order_by("pk").values_list("items__action", flat=True)) == [
        *["published"] * 3,
        *["changed"] * 3,
    ]


def test_a_file_may_correct_what_it_brings_and_correct_that_again():
    editor = factories.EditorFactory()
    rows = updates(4, 0, "")
    for row, old in zip(rows[1:], rows, strict=False):
        row |= {"corrects": f"{old['happened_on']}/{old['nth']}", "correction_note_en": "Wrong."}
    assert taken("updates", rows, editor).counts["new"] == 4
    chain = list(Update.objects.order_by("pk"))
    assert [update.corrects for update in chain] == [None, *chain[:3]]
    assert taken("updates", rows, editor).counts["unchanged"] == 4


def test_of_a_large_file_the_rows_that_the_database_refuses_are_found(monkeypatch):
    editor = factories.EditorFactory()
    row = {"office_en": "P", "office_es": "P", "country": "EC", "starts_on": "2024-01-01"}
    rows = [row | {"slug": f"m{n}", "person": f"A{n}", "ends_on": "2025-01-01"} for n in range(40)]
    rows[7]["ends_on"] = rows[30]["ends_on"] = "2023-01-01"
    fates = taken("mandates", rows, editor, dry_run=True)
    assert [fate.number for fate in fates.rows if fate.kind == "error"] == [9, 32]
    assert not fates.cut
    monkeypatch.setattr(importing, "MOST_REFUSED", 1)
    fates = taken("mandates", rows, editor)
    assert [fate.number for fate in fates.rows if fate.kind == "error"] == [9]
    assert fates.cut
    assert not Mandate.objects.exists()


def test_what_the_database_refuses_without_a_constraint_is_shown_in_its_own_words(monkeypatch):
    def refuse(table, rows):
        raise DataError("value too long")

    monkeypatch.setattr(exchange.BY_NAME["topics"], "create", refuse)
    fates = taken("topics", topics(2, 0, ""), factories.EditorFactory(), dry_run=True)
    sentence = "The database cannot hold this row: value too long"
    assert [fate.problems for fate in fates.rows] == [[("", sentence)], [("", sentence)]]
