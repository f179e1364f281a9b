"""Writing many rows with one statement each: their own fields, and their relations to several others."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from pledges.desk.exchange.results import PendingRow


def update(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these fields, and the time of the change, of rows of one model that are in the database already.

    It is an insert that becomes an update of each row: Django's `bulk_update` makes a long CASE for each field, and
    takes forty times as long. What was not read of a row is not written either.
    """
    if not rows:
        return
    options = rows[0]._meta
    changed = {*names, *(field.name for field in options.concrete_fields if getattr(field, "auto_now", False))}
    if not changed:
        return
    for row in rows:
        vars(row).update(dict.fromkeys(row.get_deferred_fields()))
    type(rows[0])._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["pk"], update_fields=sorted(changed)
    )


def link(model: type[models.Model], batch: list[PendingRow]) -> None:
    """Make the many-to-many relations of rows of a model what their `related` says."""
    for name in sorted({name for pending in batch for name in pending.related}):
        field: Any = model._meta.get_field(name)
        through = field.remote_field.through
        own, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        linked = [pending for pending in batch if name in pending.related]
        wanted = {(pending.row.pk, related.pk) for pending in linked for related in pending.related[name]}
        links = through._default_manager.filter(**{f"{own}__in": [pending.row.pk for pending in linked]})
        known = {(row, related): pk for pk, row, related in links.values_list("pk", own, other)}
        through._default_manager.filter(pk__in=[known[pair] for pair in known.keys() - wanted]).delete()
        new = [through(**{own: row, other: related}) for row, related in sorted(wanted - known.keys())]
        through._default_manager.bulk_create(new)
