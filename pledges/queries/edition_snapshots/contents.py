"""What the rows of a stored snapshot say, as `sealed_content.content` has it: what digests are made of."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from pledges.domain.data_package_reader import Package, Row
from pledges.models import Indicator, Observation, Pledge, Update
from pledges.queries.edition_snapshots import tables
from pledges.queries.edition_snapshots.rows import PLEDGE_LINKS, TABLE_OF, published_names
from pledges.queries.sealed_content import EVIDENCE_FIELDS, FIELDS, LATER
from pledges.queries.sealed_rows import sealed_rows

# Columns that content has and FIELDS does not, by the name of the table.
RELATIONS = {
    "pledges": ("mandate", "source_document"),
    "wordings": ("pledge",),
    "updates": ("pledge",),
    "withdrawals": ("pledge",),
    "retractions": ("pledge",),
    "pledge_corrections": ("pledge", "mandate", "was_mandate"),
    "series": ("indicator",),
    "observations": ("indicator",),
}


def authors(number: int) -> dict[int, int]:
    """The author of each update that the editions up to this one sealed, by the update's key."""
    return dict(Update.objects.filter(edition__lte=number).values_list("pk", "author"))


def draft_pledges(number: int) -> dict[str, list[str]]:
    """By an indicator's slug, the names of the pledges that the editions up to this one sealed with it, but had not
    published. Raises NotSealed (see `sealed_rows`)."""
    public = published_names(number)
    rows = (row.content for row in sealed_rows(number, Indicator))
    return {each["slug"]: [name for name in each["pledges"] if name not in public] for each in rows}


def contents(
    package: Package, model: type[models.Model], authors: dict[int, int], drafts: dict[str, list[str]]
) -> Iterator[tuple[Row, Any]]:
    """Each row of a kind with its content. What is sealed, but not public, is in `authors` and `drafts` (see
    `draft_pledges`).

    Raises DamagedPackage (see `Package.rows`).
    """
    table = TABLE_OF[model]
    texts = {field.name for field in table.fields if field.type == "string"}
    for row in package.rows(table):
        values = {name: "" if row[name] is None and name in texts else row[name] for name in row}
        content = {name: values[name] for name in (*FIELDS[model], *RELATIONS.get(table.name, ()))}
        content |= {name: values[name] for name in LATER.get(model, ()) if values.get(name)}
        if model is Pledge:
            for name, (links, column, _model) in PLEDGE_LINKS.items():
                content[name] = _linked(package, links.name, column, "pledge", row["id"])
        elif model is Indicator:
            public = _linked(package, tables.INDICATOR_PLEDGES.name, "pledge", "indicator", row["slug"])
            content["pledges"] = sorted([*public, *drafts.get(row["slug"], ())])
        elif model is Observation:
            content["value"] = f"{row['value']:.4f}"
        elif model is Update:
            content |= {"author_id": authors.get(row["id"]), "evidence": _evidence(package, row["id"])}
        yield row, content


def _linked(package: Package, table: str, column: str, by: str, key: str) -> list[str]:
    rows = package.database.execute(f'SELECT "{column}" FROM "{table}" WHERE "{by}" = ?', [key])
    return sorted(name for (name,) in rows)


def _evidence(package: Package, update: int) -> list[dict[str, str | None]]:
    names = (*EVIDENCE_FIELDS, "capture")
    rows = package.database.execute(
        f'SELECT {", ".join(names)} FROM evidence WHERE "update" = ? ORDER BY number',
        [update],
    )
    pieces = (dict(zip(names, row, strict=True)) for row in rows)
    return [{name: _text(value, name) for name, value in piece.items()} for piece in pieces]


def _text(value: str | None, name: str) -> str | None:
    return value if value or name == "published_on" else ""
