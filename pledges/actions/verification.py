"""What `publishing.verify` compares with the chain of editions: the rows and the captures that they sealed."""

import gzip
import hashlib
import zlib

from pledges.models import Capture, EditionItem, State
from pledges.queries.sealed_content import KINDS, content_digest, with_content


def changed_captures() -> list[str]:
    """The captures of published evidence whose bytes do not match their hash."""
    captures = Capture.objects.filter(evidence__update__state=State.PUBLISHED).distinct().order_by("pk")
    return [
        f"capture {capture.pk} of {capture.url} is not the page whose SHA-256 was published."
        for capture in captures.iterator(chunk_size=20)
        if not _intact(capture)
    ]


def _intact(capture: Capture) -> bool:
    try:
        return hashlib.sha256(gzip.decompress(capture.body)).hexdigest() == capture.sha256
    except (OSError, EOFError, zlib.error):  # not what gzip writes
        return False


def changed_rows(latest: dict[tuple[str, str], EditionItem]) -> list[str]:
    """The rows that differ from what the latest edition of them sealed, and published rows that no edition names."""
    problems = []
    for kind, model in KINDS.items():
        items = {key: item for (item_kind, key), item in latest.items() if item_kind == kind}
        for row in with_content(model).iterator(chunk_size=500):
            item = items.pop(str(row.pk), None)
            where = f"{model._meta.verbose_name} {row.pk} ({row})"
            if item is None:
                if getattr(row, "edition_id", None):
                    problems.append(f"{where} says it is published, but no edition names it.")
            elif content_digest(row) != item.sha256:
                problems.append(f"{where} is not what edition {item.edition_id} published.")
            elif hasattr(row, "edition_id") and row.edition_id != item.edition_id:
                problems.append(f"{where} names edition {row.edition_id}, but edition {item.edition_id} published it.")
        problems += [
            f"{model._meta.verbose_name} {key} ({item.title}), published by edition {item.edition_id}, is gone."
            for key, item in items.items()
        ]
    return problems
