"""What is in the snapshot of an edition, that it is the same whenever it is made, and that `verify` checks it."""

import csv
import hashlib
import io
import json
import sqlite3
import zipfile
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from pledges.actions import edition_snapshots, publishing
from pledges.domain.data_package import DATABASE, DESCRIPTOR, SUMS, Field, Table, write
from pledges.domain.data_package_reader import opened
from pledges.domain.rules import digest
from pledges.models import Edition, EditionSnapshot, Pledge, Topic
from pledges.queries.edition_snapshots import rows as snapshot_rows
from pledges.queries.edition_snapshots import tables
from pledges.queries.edition_snapshots.tables import TABLES
from pledges.queries.sealed_rows import NotSealed
from pledges.tests.support import factories
from pledges.tests.support.snapshots import files, make, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def column(body, name, key):
    return [row[key] for row in table(body, name)]


def test_a_snapshot_has_what_was_public_as_of_its_edition(record):
    before, after = make(record.first).body, make(record.last).body
    assert [(row["id"], row["status"], row["updates"]) for row in table(before, "pledges")] == [
        ("harbour", "in_progress", "1")
    ]
    assert column(before, "pledge_topics", "topic") == ["ports"]
    assert column(before, "topics", "name_en") == ["Ports"]
    assert column(before, "indicator_pledges", "pledge") == []
    assert column(before, "observations", "value") == ["7.2500"]
    assert column(before, "editions", "number") == ["1", "2"]

    assert column(after, "pledges", "status") == ["stalled"]
    assert column(after, "pledge_topics", "topic") == ["sea"]
    assert column(after, "topics", "name_en")[0] == "Harbours"
    assert column(after, "indicator_pledges", "pledge") == ["harbour", "rumour"]
    assert column(after, "observations", "value") == ["7.2500", "8.0000"]
    assert column(after, "updates", "counts") == ["false", "true", "false"]
    assert column(after, "updates", "corrects_id") == ["", str(record.update.pk), ""]
    assert column(after, "withdrawals", "note_en") == ["It was another harbour."]
    assert column(after, "retractions", "pledge") == ["rumour"]


def test_nothing_unpublished_or_retracted_is_in_it(record):
    content = b"".join(files(make(record.last).body).values())
    for secret in ("secret", "A hidden one", "A draft.", "Rumoured.", record.update.author.username, "person-"):
        assert secret.encode() not in content


def test_a_corrected_address_keeps_the_pledges_id(record):
    before, after = (table(make(number).body, "pledges")[0] for number in (record.first, record.last))
    assert (before["id"], before["slug"], before["made_on"]) == ("harbour", "harbour", "2023-12-06")
    assert (after["id"], after["slug"], after["made_on"]) == ("harbour", "port", "2023-12-05")


def test_csv_and_sqlite_have_the_same_rows_under_the_same_schema(record, tmp_path):
    content = files(make(record.last).body)
    (tmp_path / DATABASE).write_bytes(content[DATABASE])
    database = sqlite3.connect(tmp_path / DATABASE)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    descriptor = json.loads(content[DESCRIPTOR])
    resources = {each["name"]: each for each in descriptor["resources"]}
    for each in TABLES:
        [count] = database.execute(f"SELECT COUNT(*) FROM {each.name}").fetchone()
        resource = resources[each.name]
        assert resource["rows"] == count
        assert resource["hash"] == f"sha256:{hashlib.sha256(content[each.path]).hexdigest()}"
        assert resource["bytes"] == len(content[each.path])
        assert all(field["description"] for field in resource["schema"]["fields"])
    assert descriptor["licenses"] == [
        {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}
    ]
    assert b"CC BY 4.0" in content["LICENCE.txt"]
    # A formula in a cell is escaped for spreadsheets; the database has the text as it is.
    assert table(EditionSnapshot.objects.get().body, "institutions")[0]["name_en"] == "'=Police"
    assert database.execute("SELECT name_en FROM institutions").fetchone() == ("=Police",)
    database.close()


def test_every_file_has_the_hash_in_the_sums(record):
    content = files(make(record.last).body)
    lines = [line.split("  ") for line in content[SUMS].decode().splitlines()]
    assert {name for _digest, name in lines} == set(content) - {SUMS}
    assert all(hashlib.sha256(content[name]).hexdigest() == digest for digest, name in lines)


def test_the_same_edition_gives_the_same_bytes_whatever_was_published_since(record):
    edition = Edition.objects.get(number=record.first)
    body = edition_snapshots.build(edition)
    Topic.objects.filter(slug="ports").update(name_en="Quays")
    publishing.record_change(Topic.objects.get(slug="ports"), by=factories.EditorFactory())
    record.harbour.institutions.clear()
    publishing.record_change(Pledge.objects.get(pk=record.harbour.pk), by=factories.EditorFactory())
    assert edition_snapshots.build(edition) == body


def test_it_is_the_same_after_a_draft_that_it_leaves_out_was_renamed_or_deleted(record):
    edition = Edition.objects.get(number=record.last)
    body = edition_snapshots.build(edition)
    make(record.last)
    draft = Pledge.objects.get(slug="secret")
    Pledge.objects.filter(pk=draft.pk).update(slug="plan")
    assert edition_snapshots.build(edition) == body
    draft.wordings.all().delete()
    draft.delete()
    assert edition_snapshots.build(edition) == body
    assert list(edition_snapshots.changed_snapshots()) == []


def test_a_draft_of_which_there_is_no_history_is_said_to_be_missing(record):
    draft = Pledge.objects.get(slug="secret")
    key = draft.pk
    make(record.last)
    draft.wordings.all().delete()
    draft.delete()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pledges_pledgeevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM pledges_pledgeevent WHERE pgh_obj_id = %s", [key])
    with pytest.raises(NotSealed, match="indicator"):
        edition_snapshots.build(Edition.objects.get(number=record.last))
    assert "neither the row nor its history" in " ".join(edition_snapshots.changed_snapshots())


def test_what_the_history_does_not_have_is_not_made_up(record):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pledges_topicevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM pledges_topicevent")
    with pytest.raises(NotSealed, match=r"topic .* \(Harbours\)"):
        edition_snapshots.build(Edition.objects.get(number=record.first))
    assert not EditionSnapshot.objects.exists()


def test_it_is_made_once(record):
    edition = Edition.objects.get(number=record.first)
    assert edition_snapshots.make(edition)
    assert not edition_snapshots.make(edition)
    assert EditionSnapshot.objects.count() == 1


def store(number, body, **values):
    return EditionSnapshot.objects.create(
        **{
            "edition_id": number,
            "made_at": timezone.now(),
            "sha256": hashlib.sha256(body).hexdigest(),
            "size": len(body),
            "body": body,
            **values,
        }
    )


def test_the_database_refuses_a_second_one_another_hash_and_any_change(record):
    number = record.first
    for wrong in ({"sha256": "0" * 64}, {"size": 2}):
        with pytest.raises(IntegrityError, match="edition_snapshot_"), transaction.atomic():
            store(number, b"body", **wrong)
    row = store(number, b"body")
    with pytest.raises(IntegrityError, match="pledges_editionsnapshot_pkey"), transaction.atomic():
        EditionSnapshot.objects.bulk_create([EditionSnapshot(edition_id=number, made_at=timezone.now(), **same(row))])
    for change in (
        lambda: EditionSnapshot.objects.update(made_at=timezone.now()),
        lambda: EditionSnapshot.objects.update(body=b"other", size=5, sha256=hashlib.sha256(b"other").hexdigest()),
        lambda: EditionSnapshot.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()


def same(row):
    return {"sha256": row.sha256, "size": row.size, "body": row.body}


def repacked(body, change):
    """The ZIP with other content, under sums that agree with it: as by somebody who knows how it is made."""
    content = files(body)
    change(content)
    content.pop(SUMS)
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in content.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in {**content, SUMS: sums.encode()}.items():
            archive.writestr(name, data)
    return out.getvalue()


def in_both(csv_name, old, new, statement):
    """A change in the CSV and in the database."""

    def change(content):
        content[csv_name] = content[csv_name].replace(old.encode(), new.encode())
        database = sqlite3.connect(":memory:")
        database.deserialize(content[DATABASE])
        database.execute(statement)
        database.commit()
        content[DATABASE] = database.serialize()

    return change


def test_verify_names_what_is_not_as_it_was_published(record):
    good = bytes(make(record.last).body)
    assert "snapshots contain what their editions published" in run("verify")
    broken = bytearray(good)
    broken[len(good) // 2] ^= 1
    cases = {
        "cannot be read|does not have the hash": bytes(broken),
        "differ in text_en": repacked(
            good, lambda content: content.update({"data/updates.csv": content["data/updates.csv"].replace(b"W", b"w")})
        ),
        f"updates {record.update.pk} is not what edition {record.first} published": repacked(
            good,
            in_both("data/updates.csv", "Work began.", "Nothing.", "UPDATE updates SET text_en = 'Nothing.'"),
        ),
        "1 published rows are missing": repacked(
            good,
            in_both("data/retractions.csv", f"rumour,Never said.,,{record.last}\r\n", "", "DELETE FROM retractions"),
        ),
        "pledges harbour does not stand where it stood": repacked(
            good, in_both("data/pledges.csv", "stalled", "kept", "UPDATE pledges SET status = 'kept'")
        ),
        f"updates {record.update.pk} does not count as it did": repacked(
            good,
            in_both(
                "data/updates.csv",
                f"false,{record.first}\r\n",
                f"true,{record.first}\r\n",
                f"UPDATE updates SET counts = 1 WHERE edition = {record.first}",
            ),
        ),
        "data/evidence.csv and the database differ in url": repacked(
            good,
            lambda content: content.update(
                {"data/evidence.csv": content["data/evidence.csv"].replace(b"https:", b"http:")}
            ),
        ),
        "topics has other columns": repacked(good, without("topics", "name_es")),
        "editions is not the chain": repacked(
            good,
            in_both(
                "data/editions.csv",
                "Elena",
                "Anna",
                "UPDATE editions SET publisher = 'Anna' WHERE publisher = 'Elena'",
            ),
        ),
    }
    for message, body in cases.items():
        tamper(record.last, body)
        problems = " ".join(edition_snapshots.changed_snapshots())
        assert any(part in problems for part in message.split("|")), (message, problems)
    with pytest.raises(CommandError, match=r"problem\(s\) found"):
        run("verify")
    tamper(record.last, good)
    assert list(edition_snapshots.changed_snapshots()) == []


def test_columns_that_came_with_a_later_release_are_not_asked_of_an_earlier_one(record, monkeypatch):
    make(record.last)
    columns = (*tables.TOPICS.fields, Field("colour", "string", "Added later."))
    monkeypatch.setattr(tables, "FORMAT", tables.FORMAT + 1)
    later = {"topics": replace(tables.TOPICS, fields=columns)}
    later["editions"] = replace(tables.EDITIONS, fields=(*tables.EDITIONS.fields, Field("note", "string", "Likewise.")))
    monkeypatch.setattr(tables, "TABLES", tuple(later.get(each.name, each) for each in tables.TABLES))
    monkeypatch.setattr(tables, "EDITIONS", later["editions"])
    monkeypatch.setitem(snapshot_rows.TABLE_OF, Topic, later["topics"])
    assert list(edition_snapshots.changed_snapshots()) == []


def test_another_set_of_columns_is_another_format():
    """Who adds a column counts `FORMAT` up: stored snapshots of this format must have all of its columns."""
    columns = [(table.name, table.columns) for table in TABLES]
    assert (tables.FORMAT, digest(columns)[:12]) == (1, "a5e5d76dac5c")


def test_a_zip_that_cannot_be_read_is_a_problem_and_not_the_end(record):
    good = bytes(make(record.last).body)
    encrypted, unknown = bytearray(good), bytearray(good)
    start = good.index(b"PK\x01\x02")  # of the list of files: flags, then the method
    encrypted[start + 8] |= 1
    unknown[start + 10] = 99
    zeros = repacked(good, lambda content: content.update({"data/topics.csv": b'"slug\x00"\r"'}))
    for body in (encrypted, unknown, zeros, repacked(good, lambda content: content.update({DESCRIPTOR: b"[]"}))):
        tamper(record.last, bytes(body))
        [problem] = edition_snapshots.changed_snapshots()
        assert problem.startswith(f"Snapshot of edition {record.last}: ")


def test_a_text_may_be_longer_than_the_cells_that_python_reads(record):
    text = "x" * (csv.field_size_limit() + 1)
    table = Table("texts", "Texts", "", (Field("text", "string", ""),), ("text",))
    out = io.BytesIO()
    write(out, [table], [("texts", [text])], about={}, texts={}, at=timezone.now())
    with opened(out.getvalue()) as package:
        assert list(package.rows(table)) == [{"text": text}]
    assert csv.field_size_limit() == len(text) - 1


def without(name, column):
    """A change that takes a column away, as if there had never been one."""

    def change(content):
        path = f"data/{name}.csv"
        in_both(path, "", "", f"ALTER TABLE {name} DROP COLUMN {column}")(content)
        rows = list(csv.reader(io.StringIO(content[path].decode(), newline="")))
        out, place = io.StringIO(newline=""), rows[0].index(column)
        csv.writer(out).writerows(row[:place] + row[place + 1 :] for row in rows)
        content[path] = out.getvalue().encode()
        descriptor = json.loads(content[DESCRIPTOR])
        for resource in descriptor["resources"]:
            if resource["name"] == name:
                fields = resource["schema"]["fields"]
                resource["schema"]["fields"] = [field for field in fields if field["name"] != column]
        content[DESCRIPTOR] = json.dumps(descriptor).encode()

    return change


def tamper(number, body):
    """As a superuser who switches the trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pledges_editionsnapshot DISABLE TRIGGER USER")
        EditionSnapshot.objects.filter(edition=number).update(
            body=body, size=len(body), sha256=hashlib.sha256(body).hexdigest()
        )
        cursor.execute("ALTER TABLE pledges_editionsnapshot ENABLE TRIGGER USER")


def test_the_command_makes_one_the_newest_or_all(record):
    assert f"Edition {record.last}: made, " in run("snapshot")
    assert f"Edition {record.first}: made, " in run("snapshot", str(record.first))
    assert f"Edition {record.first}: there already, " in run("snapshot", str(record.first))
    for number in range(4, record.last):
        store(number, b"another")
    assert run("snapshot", "--all").splitlines() == [stored_line(number) for number in (1, 3)]
    with pytest.raises(CommandError, match="There is no edition 99"):
        run("snapshot", "99")


def stored_line(number):
    row = EditionSnapshot.objects.get(edition=number)
    return f"Edition {number}: made, {row.size} bytes, SHA-256 {row.sha256}"


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()
