"""The table of updates: one row an update, with its evidence in numbered columns."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.exchange import cells
from pledges.desk.exchange.bulk_write import update
from pledges.desk.exchange.columns import Column, column_of
from pledges.desk.exchange.results import PendingRow
from pledges.desk.exchange.table import Key, Row, Table, broken_rules
from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import FAILED
from pledges.domain.spreadsheets import text_of
from pledges.models import Evidence, State, Update
from pledges.queries import visibility
from pledges.queries.sealed_content import EVIDENCE_FIELDS

LEAST_PIECES, MOST_PIECES = 3, 40
TEXTS = ("text_en", "text_es", "status", "failure_reason", "reason_detail_en", "reason_detail_es")
NOTES = tuple(f"correction_note_{code}" for code in LANGUAGES)
EXAMPLES = {
    "pledge": "new-prisons",
    "happened_on": "2024-06-21",
    "happened_precision": "day",
    "text_en": "Work began on the first of the two prisons.",
    "text_es": "Comenzaron las obras de la primera de las dos cárceles.",
    "status": "in_progress",
    "url": "https://news.example/2024/prison",
    "publisher": "The Daily Example",
    "published_on": "2024-06-21",
    "language": "en",
    "sentence": "Work on the prison began on Friday.",
}
NOT_THERE = gettext_lazy("There is no such update of this pledge here, nor further up in the file.")
FIXED = gettext_lazy("What a correction corrects does not change: begin another on the update's page.")


class Place(cells.WholeNumber):
    """The place of an update among those of its pledge on the same day, from 1; an empty cell is the first."""

    def read(self, cell: object) -> int:
        number = super().read(cell)
        if number == 0:
            raise ValueError(_("Count from 1."))
        return 1 if number is None else number

    def write(self, value: int | None) -> str:
        return str(value or 1)


class UpdateReference(cells.Text):
    """An update of the same pledge by its day and place, as 2024-06-21/1."""

    def read(self, cell: object) -> tuple[date, int] | None:
        text = text_of(cell)
        if not text:
            return None
        day, _slash, place = text.partition("/")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", day) or not place.isdecimal() or len(place) > 4:
            raise ValueError(_("Write the day and the number of the update that this corrects: 2024-06-21/1."))
        happened_on = cells.Day().read(day)
        return (happened_on, int(place)) if happened_on else None

    def write(self, value: tuple[date, int] | None) -> str:
        return f"{value[0]:%Y-%m-%d}/{value[1]}" if value else ""


class Updates(Table):
    """What happened to pledges. An imported update is a draft by whoever imports it; a published one is final."""

    model, name = Update, "updates"
    within = (Evidence,)
    key = ("pledge", "happened_on", "nth")
    order = ("pledge__slug", "happened_on", "pk")
    signed = ("edited_by",)
    needs = ("publish_update", "correct_update", "add_evidence", "change_evidence", "delete_evidence")
    examples = EXAMPLES

    def make_columns(self) -> list[Column]:
        nth = Column(
            "nth",
            Place(),
            label=gettext_lazy("which of that day"),
            about=gettext_lazy("1, or 2 for a second update of the same pledge on the same day."),
            default=1,
        )
        corrects = Column(
            "corrects",
            UpdateReference(),
            "corrected",
            label=gettext_lazy("corrects"),
            about=gettext_lazy("Day and number of the published update that this corrects, as 2024-06-21/1."),
        )
        self.piece_numbers = range(1, self._most_pieces() + 1)
        return [
            *(self.column(name) for name in ("pledge", "happened_on")),
            nth,
            *(self.column(name) for name in ("happened_precision", *TEXTS)),
            corrects,
            *(self.column(name) for name in NOTES),
            *(_evidence_column(number, name) for number in self.piece_numbers for name in EVIDENCE_FIELDS),
            Column("state", cells.Text(), label=gettext_lazy("state"), readonly=True),
        ]

    def _most_pieces(self) -> int:
        """How many pieces of evidence the file, or the fullest row, has; within limits."""
        if self.headings:
            numbers = [re.match(r"evidence_(\d{1,2})_", heading) for heading in self.headings]
            most = max((int(number[1]) for number in numbers if number), default=0)
        else:
            counted = Update.objects.annotate(pieces=models.Count("evidence"))
            most = counted.aggregate(most=models.Max("pieces"))["most"] or 0
        return min(max(most, LEAST_PIECES), MOST_PIECES)

    def get_queryset(self) -> models.QuerySet[Any]:
        """With the evidence, but not the bytes of its captures, and with their place in the day."""
        pieces = Evidence.objects.order_by("pk")
        day = [models.F("pledge_id"), models.F("happened_on")]
        nth = models.Window(models.functions.RowNumber(), partition_by=day, order_by="pk")
        rows = visibility.with_withdrawal(Update.objects.select_related("pledge", "moved_by")).prefetch_related(
            Prefetch("evidence", pieces)
        )
        return rows.annotate(nth=nth).order_by(*self.order)

    def before_export(self) -> None:
        places = self.get_queryset().values_list("pk", "happened_on", "nth")
        self.places = {pk: (happened_on, nth) for pk, happened_on, nth in places}

    def prepare(self, row: Row) -> Row:
        """With `piece_1` and on, the evidence, and `corrected`, the day and place of what it corrects."""
        pieces = list(row.evidence.all()) if row.pk else []
        for number in range(1, max(len(self.piece_numbers), len(pieces)) + 1):
            setattr(row, f"piece_{number}", pieces[number - 1] if number <= len(pieces) else Evidence())
        row.corrected = self.places[row.corrects_id] if row.corrects_id else None
        return row

    def find(self, keys: list[Key]) -> dict[Key, Row]:
        """All updates of the pledges in the file, since corrections may refer to any of them."""
        rows = list(self.get_queryset().filter(pledge__in={key[0] for key in keys}))
        self.places = {row.pk: (row.happened_on, row.nth) for row in rows}
        self.last_places: dict[tuple[int, date], int] = defaultdict(int)
        for row in rows:
            day = row.pledge_id, row.happened_on
            self.last_places[day] = max(self.last_places[day], row.nth)
        return {(row.pledge_id, row.happened_on, row.nth): self.prepare(row) for row in rows}

    def start(self, key: Key) -> Row:
        row: Any = Update(pledge_id=key[0], happened_on=key[1])
        row.nth = key[2]
        return self.prepare(row)

    def problems(self, row: Row, changed: set[str]) -> Iterator[tuple[str, str]]:
        """What is published or waits for review is not changed by an import; the rest are the rules of drafts."""
        if row.is_published:
            final = _("A published update is final. To change it, publish a correction.")
            yield from ((name, final) for name in self.by_name if name in changed)
            return
        if row.pk and row.state == State.REVIEW:
            yield min(changed), _("This waits for review: have it sent back before you change it.")
        elif row.pk and hasattr(row, "moved_by"):
            yield min(changed), _("This repeats an update of another pledge: change it on its page.")
        elif row.pk and not visibility.may_edit(self.by, row):
            yield min(changed), _("This is somebody else's draft, and you may not change it.")
        last_place = self.last_places[row.pledge_id, row.happened_on]
        if row.pk is None and row.nth != last_place + 1:
            words = _("The pledge has %(count)s updates on that day: the next one is number %(next)s.")
            yield "nth", words % {"count": last_place, "next": last_place + 1}
        yield from broken_rules(row)
        if row.failure_reason and row.status not in FAILED:
            yield "failure_reason", _("Say why it failed, for stalled, broken and partly kept, and only for those.")
        yield from self._correction_problems(row)
        yield from self._evidence_problems(row)

    def _correction_problems(self, row: Row) -> Iterator[tuple[str, str]]:
        if row.corrected:
            old = self.known.get((row.pledge_id, *row.corrected))
            if old is None or (old.pk is None and not getattr(old, "is_accepted", False)):
                yield "corrects", str(NOT_THERE)
            elif old.pk and old.withdrawn_in:
                yield "corrects", _("That update was withdrawn: it cannot be corrected any more.")
            elif row.pk and row.corrects_id != old.pk:
                yield "corrects", str(FIXED)
            else:
                row.to_correct = old
        elif row.corrects_id:
            yield "corrects", str(FIXED)
        if not row.corrected and (row.correction_note_en or row.correction_note_es):
            name = "correction_note_en" if row.correction_note_en else "correction_note_es"
            yield name, _("Only a correction says what was wrong: name what it corrects, or leave this empty.")

    def _evidence_problems(self, row: Row) -> Iterator[tuple[str, str]]:
        urls = set()
        for number in self.piece_numbers:
            piece, name = getattr(row, f"piece_{number}"), f"evidence_{number}_url"
            if any(getattr(piece, field) for field in EVIDENCE_FIELDS) and not piece.url:
                yield name, _("Give the link of this piece of evidence.")
            elif piece.url and not piece.url.startswith(("http://", "https://")):
                yield name, _("The link must begin with http:// or https://.")
            elif piece.url and piece.url in urls:
                yield name, _("This link is already evidence for this update.")
            yield from ((f"evidence_{number}_{column}", sentence) for column, sentence in broken_rules(piece))
            if piece.url and not piece.publisher:
                yield f"evidence_{number}_publisher", _("Say who published it.")
            urls.add(piece.url)

    def is_public(self, row: Row) -> bool:
        return False

    def accept(self, row: Row) -> None:
        """The next one of that day has the next number."""
        if row.pk is None:
            self.last_places[row.pledge_id, row.happened_on] += 1
            row.is_accepted = True

    def create(self, rows: list[Row]) -> None:
        """The updates, each after the one that it corrects. Raises ValidationError where that was refused."""
        while rows:
            ready: list[Row] = []
            later: list[Row] = []
            for row in rows:
                row.corrects = getattr(row, "to_correct", None)
                (ready if row.corrects is None or row.corrects.pk else later).append(row)
            if not ready:
                raise ValidationError({"corrects": [NOT_THERE]})
            super().create(ready)
            rows = later

    def save(self, batch: list[PendingRow]) -> None:
        """The updates, then their evidence; a link that changes loses its capture, which was of another page."""
        for pending in batch:
            setattr(pending.row, "author" if pending.row.pk is None else "edited_by", self.by)
        super().save(batch)
        new, changed, gone = [], [], []
        for pending in batch:
            for number in sorted({int(name.split("_")[1]) for name in pending.changed if name.startswith("evidence_")}):
                piece = getattr(pending.row, f"piece_{number}")
                piece.update = pending.row
                if not piece.url:
                    gone += [piece.pk] if piece.pk else []
                elif piece.pk is None:
                    new.append(piece)
                else:
                    if f"evidence_{number}_url" in pending.changed:
                        piece.capture = None
                    changed.append(piece)
        Evidence.objects.filter(pk__in=gone).delete()
        update(changed, {*EVIDENCE_FIELDS, "capture"})
        Evidence.objects.bulk_create(new)

    def parts(self, row: Row) -> list[models.Model]:
        return [row, *(getattr(row, f"piece_{number}") for number in self.piece_numbers)]


def _evidence_column(number: int, name: str) -> Column:
    field: Any = Evidence._meta.get_field(name)
    return column_of(
        Evidence,
        name,
        on=f"piece_{number}",
        column=f"evidence_{number}_{name}",
        label=f"{field.verbose_name} · {number}",
        required=False,
        example=EXAMPLES.get(name, "") if number == 1 else "",
    )
