"""The stored snapshots of editions; beside this, what they contain: tables, their rows as of an edition, and texts."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Max

from pledges.models import Edition, EditionSnapshot

CHUNK = 1 << 18  # bytes


def stored(number: int) -> EditionSnapshot | None:
    """The snapshot of an edition without its file; None while there is none."""
    return EditionSnapshot.objects.defer("body").filter(edition=number).first()


def chunks(number: int) -> Iterator[bytes]:
    """The file of a snapshot, `CHUNK` bytes at a time."""
    start = 1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT substring(body FROM %s FOR %s) FROM pledges_editionsnapshot WHERE edition_id = %s",
                [start, CHUNK, number],
            )
            row = cursor.fetchone()
        if not row or not row[0]:
            return
        yield bytes(row[0])
        start += CHUNK


def newest() -> int | None:
    """The number of the newest edition that has a snapshot; None while none has."""
    return EditionSnapshot.objects.aggregate(newest=Max("edition"))["newest"]


def due() -> list[Edition]:
    """The editions whose snapshots are to be made by themselves, the oldest first: those published after the newest one
    that has a snapshot; the newest edition while none has. Earlier ones are made when somebody asks for them."""
    editions = Edition.objects.order_by("number")
    last = newest()
    if last is None:
        return list(editions.reverse()[:1])
    return list(editions.filter(number__gt=last))


def missing() -> list[Edition]:
    """All editions without a snapshot, the oldest first."""
    return list(Edition.objects.filter(snapshot=None).order_by("number"))
