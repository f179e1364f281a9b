"""Export and import of everything: what comes out goes in elsewhere as the same, and a second time changes nothing."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection

from pledges import exchange
from pledges.contents import content, content_digest, with_content
from pledges.models import (
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
from pledges.tests import factories

pytestmark = pytest.mark.django_db
REFERENCE = (Mandate, Topic, Institution, SourceDocument, Indicator, Observation)
OWN = {"author_id", "corrects_id", "number"}  # the importer's, and this database's


def taken(name: str, body: bytes, user, *, dry_run: bool = False):
    sheet = exchange.read(exchange.BY_NAME[name], body, by=user)
    return sheet.table.import_data(sheet.dataset, dry_run=dry_run)


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
def filled(transactional_db):
    call_command("load_first_edition", verbosity=0)
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


def test_an_operator_leaves_with_everything(filled, tmp_path):
    factories.LeadFactory(pledge=Pledge.objects.first())
    call_command("export_all", str(tmp_path / "out"), verbosity=0)
    for kind in exchange.TABLES:
        rows = json.loads((tmp_path / "out" / f"{kind.name}.json").read_text())
        assert len(rows) == kind().get_queryset().count()
        assert (tmp_path / "out" / f"{kind.name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert json.loads((tmp_path / "out" / "leads.json").read_text())[0]["pledge_slug"] == Pledge.objects.first().slug
