"""The rows of a snapshot's tables as of an edition: what it sealed, and what the rules make of that.

Of a pledge that was retracted by then there are the retraction, which indicators spoke of it, and the items of the
editions that published it, with its title: the chain of hashes covers these.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from pledges.models import (
    Edition,
    EditionItem,
    Indicator,
    Institution,
    Mandate,
    Newsroom,
    Observation,
    Pledge,
    PledgeCorrection,
    Retraction,
    Series,
    SourceDocument,
    Topic,
    Update,
    Withdrawal,
    Wording,
)
from pledges.queries import standings, visibility
from pledges.queries.edition_snapshots import tables
from pledges.queries.sealed_rows import SealedRow, sealed_rows, unsealed_rows
from pledges.queries.standings import Standing

Row = tuple[str, tuple[object, ...]]
# The relations of a pledge: the table, its column, and the model.
PLEDGE_LINKS: dict[str, tuple[Any, str, type[models.Model]]] = {
    "carried_into": (tables.PLEDGE_MANDATES, "mandate", Mandate),
    "topics": (tables.PLEDGE_TOPICS, "topic", Topic),
    "institutions": (tables.PLEDGE_INSTITUTIONS, "institution", Institution),
}
# The table of each kind of row whose columns have the names of its content, in the order in which they are read: rows
# that others refer to come after those.
TABLE_OF: dict[type[models.Model], Any] = {
    Newsroom: tables.NEWSROOM,
    Pledge: tables.PLEDGES,
    Wording: tables.WORDINGS,
    Update: tables.UPDATES,
    Withdrawal: tables.WITHDRAWALS,
    PledgeCorrection: tables.PLEDGE_CORRECTIONS,
    Retraction: tables.RETRACTIONS,
    Observation: tables.OBSERVATIONS,
    Series: tables.SERIES,
    Indicator: tables.INDICATORS,
    Mandate: tables.MANDATES,
    Topic: tables.TOPICS,
    Institution: tables.INSTITUTIONS,
    SourceDocument: tables.SOURCE_DOCUMENTS,
}
COMPUTED = ("status", "since", "timeliness", "deadline", "last_changed", "updates", "evidence")
EDITION_COLUMNS, ITEM_COLUMNS = tables.EDITIONS.columns, ("edition_id", *tables.EDITION_ITEMS.columns[1:])


def editions(number: int) -> Iterator[tuple[Any, ...]]:
    """The rows of `editions`."""
    rows = Edition.objects.filter(number__lte=number).order_by("number")
    yield from rows.values_list(*EDITION_COLUMNS).iterator(chunk_size=2000)


def items(number: int) -> Iterator[tuple[Any, ...]]:
    """The rows of `edition_items`."""
    rows = EditionItem.objects.filter(edition__lte=number).order_by("edition_id", "pk")
    yield from rows.values_list(*ITEM_COLUMNS).iterator(chunk_size=2000)


def retracted(number: int) -> set[int]:
    """The keys of the pledges that the editions up to this one retracted."""
    return set(visibility.public_retractions().filter(edition__lte=number).values_list("pledge", flat=True))


def published_names(number: int) -> set[str]:
    """The first addresses of the pledges that the editions up to this one published, retracted ones included."""
    wordings = visibility.public_wordings().filter(edition__lte=number)
    pledges = Pledge.objects.filter(pk__in=wordings.values("pledge")).prefetch_related("corrections")
    return {pledge.first_address for pledge in pledges}


def standings_at(edition: Edition) -> dict[int, Standing]:
    """By their key, where the public pledges stood on the day on which an edition was published, as it says."""
    day = timezone.localdate(edition.published_at)
    return {each.pledge.pk: each for each in standings.standings_uncached(edition.number, day)}


def standing_columns(standing: Standing | None) -> dict[str, object]:
    """The columns of `pledges` that are computed; all are None for a pledge that had not been made by then."""
    if standing is None:
        return dict.fromkeys(COMPUTED)
    return {
        **standings.status_columns(standing),
        "updates": len(standing.updates),
        "evidence": sum(len(update.evidence) for update in standing.updates),
    }


def rows(edition: Edition) -> Iterator[Row]:
    """Every row of every table as (table, values), in no order. Raises NotSealed (see `sealed_rows`)."""
    yield from ((tables.EDITIONS.name, row) for row in editions(edition.number))
    yield from ((tables.EDITION_ITEMS.name, row) for row in items(edition.number))
    yield from _Reader(edition).rows()


@dataclass
class _Reader:
    edition: Edition
    referred: defaultdict[type[models.Model], set[Any]] = field(default_factory=lambda: defaultdict(set))

    def rows(self) -> Iterator[Row]:
        gone = retracted(self.edition.number)
        for model, table in TABLE_OF.items():
            seen = set()
            for row in self._read(model):
                if row.pledge in gone and model is not Retraction:
                    continue
                more = self._more(model, row)
                values = {"edition": row.edition, **row.content, **more}
                yield table.name, tuple(values.get(name) for name in table.columns)
                yield from self._parts(model, row, values)
                seen.add((values.get("indicator"), values["slug"]) if model is Series else values.get("slug"))
            yield from self._unsealed(model, table, self.referred[model] - seen)

    def _read(self, model: type[models.Model]) -> Iterable[SealedRow]:
        rows = sealed_rows(self.edition.number, model)
        if model is Pledge:
            return self._pledges(list(rows))
        return rows

    def _pledges(self, rows: list[SealedRow]) -> list[SealedRow]:
        """The pledges, while what is computed of them is read."""
        self.standings = standings_at(self.edition)
        self.counting = {update.pk for each in self.standings.values() for update in each.updates}
        first = visibility.public_pledge_corrections().order_by("pledge", "edition").distinct("pledge")
        self.first_addresses = dict(first.values_list("pledge", "was_slug"))
        self.published = published_names(self.edition.number)
        self.titles: dict[int, dict[str, Any]] = titles_at(self.edition.number)
        return rows

    def _more(self, model: type[models.Model], row: SealedRow) -> dict[str, object]:
        """The columns that the content does not have."""
        if model is Pledge:
            first = self.first_addresses.get(row.key, row.content["slug"])
            return {"id": first, **self.titles[row.key], **standing_columns(self.standings.get(row.key))}
        if model is Update:
            return {"id": row.key, "counts": row.key in self.counting}
        return {"id": row.key}

    def _parts(self, model: type[models.Model], row: SealedRow, values: Mapping[str, Any]) -> Iterator[Row]:
        """The rows of other tables that are part of a row's content; notes what the row refers to."""
        if model is Pledge:
            for name, (table, _column, other) in PLEDGE_LINKS.items():
                self.referred[other].update(values[name])
                yield from ((table.name, (values["id"], slug)) for slug in values[name])
            self.referred[Mandate].add(values["mandate"])
            self.referred[SourceDocument].add(values["source_document"])
        elif model is PledgeCorrection:
            self.referred[Mandate].update((values["mandate"], values["was_mandate"]))
        elif model is Update:
            for number, piece in enumerate(values["evidence"], start=1):
                piece = {**piece, "update": row.key, "number": number}
                yield tables.EVIDENCE.name, tuple(piece[name] for name in tables.EVIDENCE.columns)
        elif model is Observation:
            self.referred[Series].add((values["indicator"], values["series"]))
            self.referred[Indicator].add(values["indicator"])
        elif model is Series:
            self.referred[Indicator].add(values["indicator"])
        elif model is Indicator:
            public = self.published.intersection(values["pledges"])  # an edition seals an indicator's drafts too
            yield from ((tables.INDICATOR_PLEDGES.name, (values["slug"], name)) for name in public)

    def _unsealed(self, model: type[models.Model], table: Any, names: set[Any]) -> Iterator[Row]:
        """The rows that others refer to though no edition names them."""
        if model is Series:
            for indicator, slug in names:
                yield table.name, tuple({"indicator": indicator, "slug": slug}.get(name) for name in table.columns)
        elif names:
            for row in unsealed_rows(model, names):
                yield table.name, tuple(row.content.get(name) for name in table.columns)
                yield from self._parts(model, row, row.content)


def titles_at(number: int) -> dict[int, dict[str, Any]]:
    """By a pledge's key, the title and the number of the wording that was in force in an edition."""
    rows = visibility.public_wordings().filter(edition__lte=number).order_by("pledge", "-number").distinct("pledge")
    columns = ("number", "title_en", "title_es")
    return {
        pledge: {"wording": in_force, "title_en": en, "title_es": es}
        for pledge, in_force, en, es in rows.values_list("pledge", *columns)
    }
