"""The table of updates, each with its evidence in numbered columns: one row an update."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from pledges.desk.exchange import cells
from pledges.desk.exchange.bulk_write import update
from pledges.desk.exchange.columns import Column, of_field
from pledges.desk.exchange.resource import Key, Table, broken
from pledges.desk.exchange.results import Waiting
from pledges.domain import spreadsheets
from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import FAILED
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


class Nth(cells.Whole):
    """Which of a pledge's updates on one day: 1 for the first."""

    def clean(self, value, row=None, **kwargs) -> int:
        """An empty cell is the first."""
        number = super().clean(value)
        if number == 0:
            raise ValueError(_("Count from 1."))
        return 1 if number is None else number

    def render(self, value, obj=None, **kwargs) -> str:
        """The number."""
        return str(value or 1)


class Place(Widget):
    """An update of the same pledge, by its day and place: 2024-06-21/1."""

    def clean(self, value, row=None, **kwargs) -> tuple[date, int] | None:
        """(day, which of that day), or None."""
        text = spreadsheets.text_of(value)
        if not text:
            return None
        day, _slash, number = text.partition("/")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", day) or not number.isdecimal() or len(number) > 4:
            raise ValueError(_("Write the day and the number of the update that this corrects: 2024-06-21/1."))
        return cells.Day().clean(day), int(number)

    def render(self, value, obj=None, **kwargs) -> str:
        """As it is written."""
        return f"{value[0]:%Y-%m-%d}/{value[1]}" if value else ""


class Updates(Table):
    """What happened to pledges. An imported update is a draft by whoever imports it; a published one is final."""

    model, name = Update, "updates"
    within = (Evidence,)
    key = ("pledge", "happened_on", "nth")
    order = ("pledge__slug", "happened_on", "pk")
    signed = ("edited_by",)
    needs = ("publish_update", "correct_update", "add_evidence", "change_evidence", "delete_evidence")

    def make_columns(self) -> list[Column]:
        """The update's fields, then each piece of evidence's, as many as the file (or the fullest row) has."""
        nth = Column(
            "nth",
            Nth(),
            label=gettext_lazy("which of that day"),
            about=gettext_lazy("1, or 2 for a second update of the same pledge on the same day."),
            default=1,
        )
        corrects = Column(
            "corrects",
            Place(),
            attribute="corrected",
            label=gettext_lazy("corrects"),
            about=gettext_lazy("Day and number of the published update that this corrects, as 2024-06-21/1."),
        )
        columns = [
            *(self._field(name) for name in ("pledge", "happened_on")),
            nth,
            *(self._field(name) for name in ("happened_precision", *TEXTS)),
            corrects,
            *(self._field(name) for name in NOTES),
        ]
        for number in range(1, self.pieces() + 1):
            columns += [
                of_field(
                    Evidence,
                    name,
                    at=f"piece_{number}",
                    column=f"evidence_{number}_{name}",
                    label=f"{Evidence._meta.get_field(name).verbose_name} · {number}",
                    required=False,
                    example=EXAMPLES.get(name, "") if number == 1 else "",
                )
                for name in EVIDENCE_FIELDS
            ]
        return [*columns, Column("state", cells.Words(), label=gettext_lazy("state"), readonly=True)]

    def _field(self, name: str) -> Column:
        return of_field(Update, name, example=EXAMPLES.get(name, ""))

    def pieces(self) -> int:
        """How many pieces of evidence there are columns for."""
        if self.headings:
            found = [re.match(r"evidence_(\d{1,2})_", heading) for heading in self.headings]
            most = max((int(match.group(1)) for match in found if match), default=0)
        else:
            rows = Update.objects.annotate(pieces=models.Count("evidence"))
            most = rows.aggregate(most=models.Max("pieces"))["most"] or 0
        return min(max(most, LEAST_PIECES), MOST_PIECES)

    def get_queryset(self) -> models.QuerySet[Update]:
        """With the evidence, but not the bytes of its captures, and with their place in the day."""
        pieces = Evidence.objects.order_by("pk")
        nth = models.Window(models.functions.RowNumber(), partition_by=["pledge_id", "happened_on"], order_by="pk")
        rows = Update.objects.select_related("pledge").prefetch_related(Prefetch("evidence", pieces))
        return rows.annotate(nth=nth).order_by(*self.order)

    def before_export(self, queryset=None, **kwargs) -> None:
        """Corrections name what they correct by its place."""
        self.places = {pk: place for pk, *place in self.get_queryset().values_list("pk", "happened_on", "nth")}

    def prepare(self, row: Update) -> Update:
        """`piece_1` and on are the evidence, `corrected` the place of what it corrects."""
        there = list(row.evidence.all()) if row.pk else []
        for number in range(1, max(self.pieces_count, len(there)) + 1):
            piece = there[number - 1] if number <= len(there) else Evidence()
            setattr(row, f"piece_{number}", piece)
        row.corrected = tuple(self.places[row.corrects_id]) if row.corrects_id else None
        return row

    @cached_property
    def pieces_count(self) -> int:
        """How many pieces of evidence the columns have room for."""
        return sum(1 for name in self.fields if re.fullmatch(r"evidence_\d+_url", name))

    def find(self, keys: list[Key]) -> dict[Key, Update]:
        """The updates of the pledges in the file."""
        rows = list(self.get_queryset().filter(pledge__in={key[0] for key in keys}))
        self.places = {row.pk: (row.happened_on, row.nth) for row in rows}
        self.last: dict[tuple, int] = defaultdict(int)
        for row in rows:
            self.last[row.pledge_id, row.happened_on] = max(self.last[row.pledge_id, row.happened_on], row.nth)
        return {(row.pledge_id, row.happened_on, row.nth): self.prepare(row) for row in rows}

    def start(self, key: Key) -> Update:
        """A new update; it comes right after those that the day has."""
        row = Update(pledge_id=key[0], happened_on=key[1])
        row.nth = key[2]
        return self.prepare(row)

    def problems(self, row: Update, changed: set[str]) -> Iterator[tuple[str, str]]:
        """What is published or waits for review is not changed by an import; the rest is a draft's rules."""
        if row.is_published:
            for name in self.fields:
                if name in changed:
                    yield name, _("A published update is final. To change it, publish a correction.")
            return
        if row.pk and row.state == State.REVIEW:
            yield min(changed), _("This waits for review: have it sent back before you change it.")
        elif row.pk and not visibility.may_edit(self.by, row):
            yield min(changed), _("This is somebody else's draft, and you may not change it.")
        if row.pk is None and row.nth != self.last[row.pledge_id, row.happened_on] + 1:
            words = _("The pledge has %(count)s updates on that day: the next one is number %(next)s.")
            count = self.last[row.pledge_id, row.happened_on]
            yield "nth", words % {"count": count, "next": count + 1}
        yield from broken(row)
        if row.failure_reason and row.status not in FAILED:
            yield "failure_reason", _("Say why it failed, for stalled, broken and partly kept, and only for those.")
        yield from self._correction_problems(row, changed)
        yield from self._evidence_problems(row)

    def _correction_problems(self, row: Update, changed: set[str]) -> Iterator[tuple[str, str]]:
        if row.corrected:
            old = self.known.get((row.pledge_id, *row.corrected))
            if old is None or (old.pk is None and not getattr(old, "is_coming", False)):
                yield "corrects", NOT_THERE
            elif row.pk and row.corrects_id != old.pk:
                yield "corrects", _("What a correction corrects does not change: begin another on the update's page.")
            else:
                row.mends = old
        elif row.corrects_id:
            yield "corrects", _("What a correction corrects does not change: begin another on the update's page.")
        if not row.corrected and (row.correction_note_en or row.correction_note_es):
            name = "correction_note_en" if row.correction_note_en else "correction_note_es"
            yield name, _("Only a correction says what was wrong: name what it corrects, or leave this empty.")

    def _evidence_problems(self, row: Update) -> Iterator[tuple[str, str]]:
        seen = set()
        for number in range(1, self.pieces_count + 1):
            piece, name = getattr(row, f"piece_{number}"), f"evidence_{number}_url"
            if any(getattr(piece, field) for field in EVIDENCE_FIELDS) and not piece.url:
                yield name, _("Give the link of this piece of evidence.")
            elif piece.url and not piece.url.startswith(("http://", "https://")):
                yield name, _("The link must begin with http:// or https://.")
            elif piece.url and piece.url in seen:
                yield name, _("This link is already evidence for this update.")
            yield from ((f"evidence_{number}_{column}", sentence) for column, sentence in broken(piece))
            if piece.url and not piece.publisher:
                yield f"evidence_{number}_publisher", _("Say who published it.")
            seen.add(piece.url)

    def accepted(self, row: Update) -> None:
        """The next one of that day has the next number."""
        if row.pk is None:
            self.last[row.pledge_id, row.happened_on] += 1
            row.is_coming = True

    def create(self, rows: list[Update]) -> None:
        """The updates, each after the one that it corrects. Raises ValidationError where that was refused."""
        while rows:
            later = []
            ready = []
            for row in rows:
                row.corrects = getattr(row, "mends", None)
                (later if row.corrects is not None and row.corrects.pk is None else ready).append(row)
            if not ready:
                raise ValidationError({"corrects": [NOT_THERE]})
            super().create(ready)
            rows = later

    def keep(self, batch: list[Waiting]) -> None:
        """The updates, then their evidence; a link that changes loses its capture, which was of another page."""
        for one in batch:
            if one.row.pk is None:
                one.row.author = self.by
            else:
                one.row.edited_by = self.by
        super().keep(batch)
        new, changed, gone = [], [], []
        for one in batch:
            for number in sorted({int(name.split("_")[1]) for name in one.changed if name.startswith("evidence_")}):
                piece = getattr(one.row, f"piece_{number}")
                piece.update = one.row
                if not piece.url:
                    gone += [piece.pk] if piece.pk else []
                elif piece.pk is None:
                    new.append(piece)
                else:
                    if f"evidence_{number}_url" in one.changed:
                        piece.capture = None
                    changed.append(piece)
        Evidence.objects.filter(pk__in=gone).delete()
        update(changed, {*EVIDENCE_FIELDS, "capture"})
        Evidence.objects.bulk_create(new)

    def written(self, row: Update) -> list[models.Model]:
        """The update and its evidence."""
        return [row, *(getattr(row, f"piece_{number}") for number in range(1, self.pieces_count + 1))]

    def is_public(self, row: Update) -> bool:
        """Never by an import."""
        return False
