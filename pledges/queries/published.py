"""What was published of pledges, as plain values: read in a fixed number of queries, never changed, asking no more.

Each class has those columns of its model that pages, feeds and mails show and, in place of keys, the rows themselves:
one object for a mandate, a topic or an edition, however many rows refer to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, ClassVar, TypeVar

from django.db.models import Q, QuerySet

from pledges.domain import rules
from pledges.models import (
    CRITERIA,
    Edition,
    Evidence,
    Pledge,
    PledgeCorrection,
    State,
    Text,
    Update,
    Withdrawal,
    Wording,
)
from pledges.models.base import translated
from pledges.models.pledge import criteria_of
from pledges.queries.public_reference import (
    PublicDocument,
    PublicInstitution,
    PublicMandate,
    PublicTopic,
    Row,
)

R = TypeVar("R", bound=Row)
V = TypeVar("V")
CHUNK = 2_000  # rows
SHARED = {str, date, type(None)}


@dataclass(frozen=True, slots=True, eq=False)
class PublicEdition(Row):
    """An edition: its key is its number, its time is UTC."""

    model = Edition

    published_at: datetime


@dataclass(frozen=True, slots=True)
class PublicCapture:
    """When a page was captured (UTC), and its hash."""

    captured_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class PublicEvidence(Row):
    """A piece of evidence."""

    model = Evidence

    capture: PublicCapture | None
    url: str
    publisher: str
    title: str
    published_on: date | None
    language: str
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class OfAnEdition(Row):
    """A row that an edition published."""

    edition: PublicEdition

    @property
    def edition_id(self) -> int:
        """The number of its edition."""
        return self.edition.pk


@translated("title", "statement", "deadline_note", "change_note", *CRITERIA)
@dataclass(frozen=True, slots=True, eq=False)
class PublicWording(OfAnEdition):
    """A wording of a pledge."""

    model = Wording
    title: ClassVar[Text]  # these from `translated`, as in the model
    statement: ClassVar[Text]
    deadline_note: ClassVar[Text]
    change_note: ClassVar[Text]

    number: int
    title_en: str
    title_es: str
    statement_en: str
    statement_es: str
    quote: str
    quote_language: str
    kept_en: str
    kept_es: str
    partly_kept_en: str
    partly_kept_es: str
    in_progress_en: str
    in_progress_es: str
    stalled_en: str
    stalled_es: str
    broken_en: str
    broken_es: str
    deadline: date | None
    deadline_precision: str
    deadline_note_en: str
    deadline_note_es: str
    change_note_en: str
    change_note_es: str

    @property
    def deadline_end(self) -> date | None:
        """The last day in time, or None."""
        return rules.deadline_end(self.deadline, self.deadline_precision)

    @property
    def criteria(self) -> list[tuple[str, Text]]:
        """As of the model."""
        return criteria_of(self)


@translated("note")
@dataclass(frozen=True, slots=True, eq=False)
class PublicWithdrawal(OfAnEdition):
    """The withdrawal of an update. If it is told elsewhere instead, `moved_to_id` is the update there, `pledge_id` that
    one's pledge and `moved_to` the pledge's address; otherwise None and ""."""

    model = Withdrawal
    note: ClassVar[Text]

    update_id: int
    note_en: str
    note_es: str
    moved_to_id: int | None
    pledge_id: int | None
    moved_to: str


@translated("text", "reason_detail", "correction_note")
@dataclass(frozen=True, slots=True, eq=False)
class PublicUpdate(OfAnEdition):
    """An update of a pledge with its evidence."""

    model = Update
    text: ClassVar[Text]
    reason_detail: ClassVar[Text]
    correction_note: ClassVar[Text]

    evidence: tuple[PublicEvidence, ...]
    withdrawal: PublicWithdrawal | None  # of any edition: `Standing.withdrawn` has those of its own
    happened_on: date
    happened_precision: str
    status: str
    failure_reason: str
    reason_detail_en: str
    reason_detail_es: str
    text_en: str
    text_es: str
    corrects_id: int | None
    correction_note_en: str
    correction_note_es: str

    @property
    def withdrawn_in(self) -> int | None:
        """The number of the edition that withdrew it, or None."""
        return self.withdrawal.edition_id if self.withdrawal else None


@translated("note")
@dataclass(frozen=True, slots=True, eq=False)
class PublicCorrection(OfAnEdition):
    """A correction of a pledge's address, mandate or day, with all of them as they were and as they are since."""

    model = PledgeCorrection
    note: ClassVar[Text]

    was_mandate: PublicMandate
    mandate: PublicMandate
    was_slug: str
    slug: str
    was_made_on: date
    made_on: date
    was_made_on_precision: str
    made_on_precision: str
    note_en: str
    note_es: str

    @property
    def anchor(self) -> str:
        """Its anchor in the log of corrections."""
        return f"p{self.pk}"


@dataclass(frozen=True, slots=True, eq=False)
class PublicPledge(Row):
    """A pledge with all that was published of it: its wordings by their number, and its updates, corrected ones, too.

    `mandates` are that in which it was made and those into which it was carried; `indicators` are keys. `corrections`
    are all of the pledge, the oldest first, also those of editions later than what else it has (see `as_of`).
    """

    model = Pledge

    wordings: tuple[PublicWording, ...]
    updates: tuple[PublicUpdate, ...]
    corrections: tuple[PublicCorrection, ...]
    mandates: tuple[PublicMandate, ...]
    source_document: PublicDocument
    topics: tuple[PublicTopic, ...]
    institutions: tuple[PublicInstitution, ...]
    indicators: tuple[int, ...]
    slug: str
    made_on: date
    made_on_precision: str
    headline: bool
    also_called_en: list[str]
    also_called_es: list[str]

    @property
    def mandate(self) -> PublicMandate:
        """The mandate in which it was made."""
        return self.mandates[0]

    @property
    def first_address(self) -> str:
        """The address under which it became public."""
        return self.corrections[0].was_slug if self.corrections else self.slug

    def as_of(self, edition: int) -> "PublicPledge":
        """The pledge with the address, the mandate and the day that it had in an edition."""
        if not self.corrections:
            return self
        later = next((row for row in self.corrections if row.edition_id > edition), None)
        last = self.corrections[-1]
        slug, mandate, made_on, precision = (
            (later.was_slug, later.was_mandate, later.was_made_on, later.was_made_on_precision)
            if later
            else (last.slug, last.mandate, last.made_on, last.made_on_precision)
        )
        mandates = (mandate, *self.mandates[1:])
        return replace(self, slug=slug, mandates=mandates, made_on=made_on, made_on_precision=precision)


def pledges(rows: QuerySet[Pledge], edition: int) -> list[PublicPledge]:
    """These pledges with all that was published of them until an edition, in a fixed number of queries.

    There may be tens of thousands of rows, so each table is read once and put together here.
    """
    published = {"pledge__in": rows, "edition__lte": edition, "state": State.PUBLISHED}
    wordings, updates = Wording.objects.filter(**published), Update.objects.filter(**published)
    # All of them, for the row of a pledge may have been corrected since that edition.
    corrections = PledgeCorrection.objects.filter(pledge__in=rows, state=State.PUBLISHED)
    carried, topics, institutions = (_between(name, rows) for name in ("carried_into", "topics", "institutions"))
    editions = _by_key(PublicEdition, _named("edition", wordings, updates, corrections))
    in_mandates = _named("mandate", rows, carried, corrections) | _named("was_mandate", corrections)
    mandates = _by_key(PublicMandate, in_mandates)
    documents = _by_key(PublicDocument, _named("source_document", rows))
    wordings_of, updates_of = wordings_by_pledge(wordings, editions), updates_by_pledge(updates, editions)
    carried_into = _related(carried, "mandate", mandates)
    topics_of = _related(topics, "topic", _by_key(PublicTopic, _named("topic", topics)))
    institutions_of = _related(
        institutions, "institution", _by_key(PublicInstitution, _named("institution", institutions))
    )
    corrections_of = corrections_by_pledge(corrections, editions, mandates)
    indicators_of = _grouped(_between("indicators", rows).values_list("pledge", "indicator"))
    return [
        PublicPledge(
            pk,
            wordings_of.get(pk, ()),
            updates_of.get(pk, ()),
            corrections_of.get(pk, ()),
            (mandates[mandate], *carried_into.get(pk, ())),
            documents[document],
            topics_of.get(pk, ()),
            institutions_of.get(pk, ()),
            indicators_of.get(pk, ()),
            *columns,
        )
        for pk, mandate, document, *columns in _sharing(
            rows.values_list("pk", "mandate", "source_document", *_columns(PublicPledge)).order_by()
        )
    ]


def wordings_by_pledge(
    rows: QuerySet[Wording], editions: Mapping[Any, PublicEdition]
) -> dict[int, tuple[PublicWording, ...]]:
    """These wordings by the pledge's key, each pledge's by their number."""
    found = rows.order_by("number").values_list("pledge", "pk", "edition", *_columns(PublicWording))
    return _grouped(
        (pledge, PublicWording(pk, editions[number], *columns)) for pledge, pk, number, *columns in _sharing(found)
    )


def updates_by_pledge(
    rows: QuerySet[Update], editions: Mapping[Any, PublicEdition]
) -> dict[int, tuple[PublicUpdate, ...]]:
    """These updates by the pledge's key, each with its evidence."""
    captures = ("capture__captured_at", "capture__sha256")
    pieces = Evidence.objects.filter(update__in=rows).values_list("update", "pk", *captures, *_columns(PublicEvidence))
    evidence = _grouped(
        (update, PublicEvidence(pk, PublicCapture(at, sha256) if at else None, *columns))
        for update, pk, at, sha256, *columns in _sharing(pieces)
    )
    withdrawals = [f"withdrawal__{name}" for name in WITHDRAWAL]
    found = rows.values_list("pledge", "pk", "edition", *withdrawals, *_columns(PublicUpdate))
    last = len(WITHDRAWAL)
    return _grouped(
        (pledge, PublicUpdate(pk, editions[number], evidence.get(pk, ()), _withdrawal(pk, rest[:last]), *rest[last:]))
        for pledge, pk, number, *rest in _sharing(found)
    )


WITHDRAWAL = (
    *("pk", "edition", "edition__published_at", "note_en", "note_es"),
    *("moved_to", "moved_to__pledge", "moved_to__pledge__slug"),
)


def _withdrawal(update: int, columns: list[Any]) -> PublicWithdrawal | None:
    """The withdrawal of an update, of the columns `WITHDRAWAL`; None if none is published."""
    pk, number, at, note_en, note_es, moved_to, pledge, slug = columns
    if number is None:
        return None
    return PublicWithdrawal(pk, PublicEdition(number, at), update, note_en, note_es, moved_to, pledge, slug or "")


def corrections_by_pledge(
    rows: QuerySet[PledgeCorrection], editions: Mapping[Any, PublicEdition], mandates: Mapping[int, PublicMandate]
) -> dict[int, tuple[PublicCorrection, ...]]:
    """These corrections by the pledge's key, each pledge's by their edition."""
    names = ("pledge", "pk", "edition", "was_mandate", "mandate", *_columns(PublicCorrection))
    return _grouped(
        (pledge, PublicCorrection(pk, editions[number], mandates[was], mandates[now], *columns))
        for pledge, pk, number, was, now, *columns in rows.order_by("edition").values_list(*names)
    )


def mandates(keys: Iterable[int]) -> dict[int, PublicMandate]:
    """The mandates with these keys, by their key."""
    return _by_key(PublicMandate, Q(pk__in=keys))


def blank_wording(edition: PublicEdition) -> PublicWording:
    """A wording that says nothing yet."""
    empty = Wording()
    return PublicWording(0, edition, *(getattr(empty, name) for name in _columns(PublicWording)))


def _columns(kind: type[Row]) -> list[str]:
    """The names of the columns that a class has after what is made for it."""
    columns = {column.attname for column in kind.model._meta.concrete_fields}
    return [each.name for each in fields(kind) if each.name in columns]


def _between(relation: str, rows: QuerySet[Pledge]) -> QuerySet:
    """The rows of the table between these pledges and what one of their relations leads to."""
    return getattr(Pledge, relation).through.objects.filter(pledge__in=rows)


def _named(name: str, *rows: QuerySet) -> Q:
    """For the rows to which any of these refer."""
    return reduce(or_, (Q(pk__in=some.order_by().values(name)) for some in rows))


def _by_key(kind: type[R], named: Q) -> dict[int, R]:
    """The rows of a class's table by their key, in the table's usual order, rows of equal rank by their key."""
    rows = kind.model._default_manager.filter(named).order_by(*kind.model._meta.ordering or (), "pk")
    found = rows.values_list("pk", *_columns(kind))
    return {values[0]: kind(*values) for values in found}


def _related(between: QuerySet, name: str, rows: Mapping[int, R]) -> dict[int, tuple[R, ...]]:
    """By the pledge's key, the rows that a table between names, in their order."""
    places = {pk: place for place, pk in enumerate(rows)}
    pairs = sorted(between.values_list("pledge", name), key=lambda pair: places[pair[1]])
    return _grouped((pledge, rows[pk]) for pledge, pk in pairs)


def _sharing(rows: QuerySet) -> Iterator[tuple[Any, ...]]:
    """The rows of a `values_list`, with one object for equal texts and days: thousands of rows have the same status,
    day, language and publisher. They are not kept by the query set, whose copy would take as much as what is made."""
    objects: dict[Any, Any] = {}
    values = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(values, CHUNK)):
        columns = [  # by columns, since a call for each value of a hundred thousand rows takes a second
            map(objects.setdefault, column, column) if set(map(type, column)) <= SHARED else column
            for column in zip(*chunk, strict=True)
        ]
        yield from zip(*columns, strict=True)


def _grouped(pairs: Iterable[tuple[int, V]]) -> dict[int, tuple[V, ...]]:
    found = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}
