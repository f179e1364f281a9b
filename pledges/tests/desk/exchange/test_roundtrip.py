"""Export and import of everything: what comes out goes in elsewhere as the same, and a second time changes nothing."""

import hashlib
import io
import json

import pghistory.models
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from warcio.archiveiterator import ArchiveIterator

from pledges.actions import drafts
from pledges.desk import exchange
from pledges.models import (
    Capture,
    Edition,
    Indicator,
    Institution,
    Mandate,
    Observation,
    Pledge,
    Source,
    SourceDocument,
    Topic,
    Update,
    WatchTerm,
    Wording,
)
from pledges.queries.sealed_content import content, content_digest, with_content
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
REFERENCE = (Mandate, Topic, Institution, SourceDocument, Indicator, Observation)
OWN = {"author_id", "corrects_id", "number"}  # the importer's, and this database's


def taken(name: str, body: bytes, user, *, dry_run: bool = False):
    sheet = exchange.read(exchange.BY_NAME[name], body, by=user)
    return exchange.import_sheet(sheet, dry_run=dry_run)


def everything(form: str) -> dict[str, bytes]:
    files = {kind.name: io.BytesIO() for kind in exchange.TABLES if kind.importable}
    for name, out in files.items():
        exchange.export(exchange.BY_NAME[name](), form, out)
    return {name: out.getvalue() for name, out in files.items()}


def digests() -> dict:
    found = {model: sorted(content_digest(row) for row in with_content(model)) for model in (*REFERENCE, Pledge)}
    for model in (Wording, Update):
        rows = [{name: value for name, value in content(row).items() if name not in OWN} for row in with_content(model)]
        for row in rows:
            for piece in row.get("evidence", []):
                del piece["capture"]
        found[model] = sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)
    return found


@pytest.fixture
def filled(own_first_edition, transactional_db):
    Pledge.objects.first().watch_terms.create(language="es", rule="never", phrase="fuga de presos")


def emptied() -> None:
    with connection.cursor() as cursor:
        names = [row for row in connection.introspection.table_names(cursor) if row.startswith("pledges_")]
        cursor.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_what_was_exported_is_the_same_elsewhere(filled, form):
    files, before = everything(form), digests()
    emptied()
    call_command("migrate", verbosity=0)
    editor = factories.EditorFactory()
    for name, body in files.items():
        fates = taken(name, body, editor)
        wrong = [(row.number, row.problems) for row in fates.rows if row.problems]
        assert not fates.is_refused, (name, wrong[:3])
        assert {row.kind for row in fates.rows} == {"new"}, name
    assert digests() == before
    assert WatchTerm.objects.get().phrase == "fuga de presos"
    assert set(Wording.objects.values_list("state", "author")) == {("draft", editor.pk)}
    assert set(Update.objects.values_list("state", "author")) == {("draft", editor.pk)}
    editions = Edition.objects.count()
    assert editions == 5  # mandates, topics, institutions, documents, indicators: one each
    for name, body in files.items():
        fates = taken(name, body, editor)
        assert fates.counts == {"new": 0, "changed": 0, "unchanged": len(fates.rows), "error": 0}, name
    assert Edition.objects.count() == editions
    assert Source.objects.exists()


def test_importing_ones_own_export_changes_nothing(filled):
    editor = factories.EditorFactory()
    for name, body in everything("csv").items():
        fates = taken(name, body, editor)
        assert fates.counts["unchanged"] == len(fates.rows) > 0, name
    assert Edition.objects.count() == 1


# What is not taken along as rows of a table, and why. Everything that a newsroom made or decided is.
LEFT = {
    "pledges.AddressLookup": "what could be read at an address that somebody pasted; gone after a day",
    "pledges.Alert": "readers' addresses: theirs, given for one use; a backup holds them",
    "pledges.Autosave": "what is being typed at this moment; gone once it is saved",
    "pledges.Delivery": "what other systems were sent, and the secrets of where; a backup holds it",
    "pledges.Destination": "addresses of other systems and what signs for them: secrets; a backup holds them",
    "pledges.EditionSnapshot": "made anew from the editions by `manage.py snapshot --all`",
    "pledges.Host": "what the watch keeps of a host's wishes; read anew",
    "pledges.Contributor": "who wrote in what: the database writes it, from the author and the editors of each row",
    "pledges.Logo": "the newsroom's logo: a picture, given once on the newsroom's form; a backup holds it",
    "pledges.Notice": "which e-mail somebody was sent",
    "pledges.SearchWord": "the words that can be found; written with the index of the search",
    "pledges.Story": "articles name theirs by its number, and it is nothing beside them",
    "pledges.TermCount": "how common words are; counted anew from the articles",
    "admin.LogEntry": "Django's own list of what was pressed; the record says more",
    "auth.Permission": "made by every migration; groups are rows of people",
    "auth.Group": "Reporter, Editor and Publisher, made by every migration; who is in one stands with people",
    "contenttypes.ContentType": "Django's own list of models",
    "sessions.Session": "who is logged in",
    "pledges.Backup": "how the nightly backups went",
    "usersessions.UserSession": "who is logged in",
    "account.EmailAddress": "addresses go along only with --with-addresses, from the person's own row",
    "account.EmailConfirmation": "secrets",
    "mfa.Authenticator": "second factors: secrets",
    "pghistory.Context": "the record's own",
    "pghistory.Events": "the record's own",
}


def test_no_model_is_forgotten():
    taken = {model for table in exchange.TABLES for model in (table.model, *table.within)}
    left = {
        model._meta.label
        for model in apps.get_models()
        # The record (pghistory's events) is the database's own account of every change: a backup holds it.
        if not model._meta.proxy and model not in taken and not issubclass(model, pghistory.models.Event)
    }
    assert left == set(LEFT)


def test_an_operator_leaves_with_everything(filled, tmp_path):
    factories.LeadFactory(pledge=Pledge.objects.first())
    capture = factories.CaptureFactory()
    editor = factories.EditorFactory(email="editor@example.org", byline="Ana")
    editor.set_password("correct horse battery")
    editor.save()
    drafts.comment(item=factories.UpdateFactory(), by=editor, text="Look at the day.")
    call_command("export_all", str(tmp_path / "out"), stdout=io.StringIO())
    for kind in exchange.TABLES:
        rows = json.loads((tmp_path / "out" / f"{kind.name}.json").read_text())
        assert len(rows) == kind().get_queryset().count()
        assert (tmp_path / "out" / f"{kind.name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    read = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "out").glob("*.json")}
    assert read["leads"][0]["pledge_slug"] == Pledge.objects.first().slug
    assert [(row["author_username"], row["text"]) for row in read["comments"]] == [
        (editor.username, "Look at the day.")
    ]
    person = next(row for row in read["people"] if row["username"] == editor.username)
    assert (person["byline"], person["groups"], person["is_active"]) == ("Ana", "Editor", "yes")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "out").glob("people.*"))
    assert b"@example.org" not in everything
    assert editor.password.encode() not in everything
    (row,) = [row for row in read["captures"] if row["sha256"] == capture.sha256]
    with (tmp_path / "out" / row["warc"]).open("rb") as file:
        records = [
            (record.rec_type, record.content_stream().read()) for record in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, _body in records] == ["warcinfo", "response", "metadata"]
    assert hashlib.sha256(records[1][1]).hexdigest() == capture.sha256
    assert len(list((tmp_path / "out" / "captures").iterdir())) == len(read["captures"])


def test_addresses_go_along_only_when_asked_for_and_a_damaged_page_is_named(filled, tmp_path):
    factories.EditorFactory(email="editor@example.org")
    good, bad = factories.CaptureFactory(), factories.CaptureFactory()
    Capture.objects.filter(pk=bad.pk).update(sha256="0" * 64)
    with pytest.raises(CommandError, match=f"capture {bad.pk} of") as error:
        call_command("export_all", str(tmp_path), "--with-addresses", stdout=io.StringIO())
    assert f"capture {good.pk} of" not in str(error.value)
    assert "editor@example.org" in (tmp_path / "people.json").read_text()
    assert len(list((tmp_path / "captures").iterdir())) == Capture.objects.count() - 1
