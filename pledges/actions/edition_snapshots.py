"""Making the snapshots of editions, once each, and checking stored ones against what the editions sealed."""

import hashlib
import tempfile
from collections import Counter, deque
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from pledges.domain import data_package, process_cache
from pledges.domain.data_package import DamagedPackage
from pledges.domain.data_package_reader import Package, opened
from pledges.domain.rules import digest
from pledges.models import Edition, EditionItem, EditionSnapshot, Retraction
from pledges.queries.edition_snapshots import contents, tables, texts
from pledges.queries.edition_snapshots import rows as snapshot_rows
from pledges.queries.sealed_rows import NotSealed

SNAPSHOT_LOCK = 7_311_047  # with the edition's number: one process makes a snapshot


def build(edition: Edition) -> bytes:
    """The ZIP of an edition: the same bytes whenever it is made (docs/adr/0047).

    Raises NotSealed if a row can no longer be had as the edition sealed it. All of it is read as of one moment.
    """
    with tempfile.TemporaryFile() as file, process_cache.nothing_kept(), transaction.atomic():
        if not connection.savepoint_ids:  # PostgreSQL sets the level only before the first query of a transaction
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        newsroom = texts.newsroom_at(edition.number)
        data_package.write(
            file,
            tables.TABLES,
            snapshot_rows.rows(edition),
            about=texts.about(edition, newsroom),
            texts=texts.files(edition, newsroom),
            at=edition.published_at,
        )
        file.seek(0)
        return file.read()


def make(edition: Edition) -> bool:
    """Make and store the snapshot of an edition, and return whether this call did: not if it is there, or if another
    process is making it. Raises NotSealed (see `build`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SNAPSHOT_LOCK, edition.number])
        if not cursor.fetchone()[0]:
            return False
        try:
            if EditionSnapshot.objects.filter(edition=edition).exists():
                return False
            body = build(edition)
            EditionSnapshot.objects.create(
                edition=edition,
                made_at=timezone.now(),
                sha256=hashlib.sha256(body).hexdigest(),
                size=len(body),
                body=body,
            )
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SNAPSHOT_LOCK, edition.number])
    return True


def changed_snapshots() -> Iterator[str]:
    """What in stored snapshots is not what their editions sealed, a sentence each."""
    numbers = EditionSnapshot.objects.order_by("edition").values_list("edition", flat=True)
    for number in list(numbers):
        snapshot = EditionSnapshot.objects.select_related("edition").get(edition=number)
        body = bytes(snapshot.body)
        if hashlib.sha256(body).hexdigest() != snapshot.sha256:
            yield f"Snapshot of edition {number} does not have its SHA-256."
        try:
            with opened(body) as package:
                yield from (f"Snapshot of edition {number}: {problem}." for problem in _problems(package, snapshot))
        except DamagedPackage as error:
            yield f"Snapshot of edition {number}: {error}."


def _problems(package: Package, snapshot: EditionSnapshot) -> Iterator[str]:
    edition = snapshot.edition
    stated = package.descriptor.get("edition")
    if not isinstance(stated, dict) or (stated.get("number"), stated.get("hash")) != (edition.number, edition.hash):
        yield "it says it is of another edition"
    if package.descriptor.get("snapshot_format") == tables.FORMAT:
        for table in tables.TABLES:
            if package.columns(table) != list(table.columns):
                yield f"{table.name} has other columns"
    for table, expected in (
        (tables.EDITIONS, snapshot_rows.editions(edition.number)),
        (tables.EDITION_ITEMS, snapshot_rows.items(edition.number)),
    ):
        places = [place for place, name in enumerate(table.columns) if name in package.columns(table)]
        rows = Counter(tuple(row.values()) for row in package.rows(table))
        if rows != Counter(tuple(data_package.stored(row[place]) for place in places) for row in expected):
            yield f"{table.name} is not the chain of editions"
    links = (table for table, _column, _model in snapshot_rows.PLEDGE_LINKS.values())
    for table in (tables.EVIDENCE, tables.INDICATOR_PLEDGES, *links):
        deque(package.rows(table), maxlen=0)  # `contents` reads these in the database only: the CSV is to be the same
    yield from _unsealed(package, edition)
    yield from _wrong_standings(package, edition)


def _unsealed(package: Package, edition: Edition) -> Iterator[str]:
    """The rows whose content no edition sealed, and how many of the sealed ones are missing."""
    gone = snapshot_rows.retracted(edition.number)
    authors = contents.authors(edition.number)
    try:
        drafts = contents.draft_pledges(edition.number)
    except NotSealed as error:
        drafts = {}
        yield str(error)
    items = EditionItem.objects.filter(edition__lte=edition.number).order_by("kind", "key", "-edition_id")
    columns = ("kind", "edition_id", "sha256", "pledge_id")
    expected: Counter[tuple[str, int, str]] = Counter(
        (kind, number, sha256)
        for kind, number, sha256, pledge in items.distinct("kind", "key").values_list(*columns).iterator()
        if pledge not in gone or kind == Retraction._meta.model_name
    )
    for model, table in snapshot_rows.TABLE_OF.items():
        kind = str(model._meta.model_name)
        for row, content in contents.contents(package, model, authors, drafts):
            sealed = (kind, row["edition"], digest(content))
            if expected[sealed]:
                expected[sealed] -= 1
            elif row["edition"] is not None:  # else one to which others refer though no edition names it
                key = ", ".join(str(row[name]) for name in table.primary_key)
                yield f"{table.name} {key} is not what edition {row['edition']} published"
    if missing := expected.total():
        yield f"{missing} published rows are missing"


def _wrong_standings(package: Package, edition: Edition) -> Iterator[str]:
    """The pledges that do not stand where the rules say, and the updates that count or do not against them."""
    standings = snapshot_rows.standings_at(edition).values()
    by_id = {each.pledge.first_address: each for each in standings}
    titles = snapshot_rows.titles_at(edition.number)
    for row in package.rows(tables.PLEDGES):
        standing = by_id.get(row["id"])
        columns = snapshot_rows.standing_columns(standing) | (titles[standing.pledge.pk] if standing else {})
        if any(row[name] != data_package.stored(value) for name, value in columns.items() if name in row):
            yield f"pledges {row['id']} does not stand where it stood"
    counting = {update.pk for each in standings for update in each.updates}
    for row in package.rows(tables.UPDATES):
        if "counts" in row and row["counts"] != (row["id"] in counting):
            yield f"updates {row['id']} does not count as it did"
