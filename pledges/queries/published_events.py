"""What editions published about pledges, one event for each row: the entries of feeds and the content of alerts.

An event describes one published row as of the edition that published it; later editions do not change it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.models import STATUS_LABELS, EditionItem, Retraction
from pledges.queries import pledge_corrections, visibility
from pledges.queries.published import PublicCorrection, PublicUpdate, PublicWithdrawal, PublicWording
from pledges.queries.standings import Standing, standing_as_of, standing_before_retraction

EDITIONS = 100  # that feeds cover
TITLE_WORDS = 12  # of the text of an update that changed no status


@dataclass(frozen=True)
class Event:
    """A published row of a pledge. `known` is the pledge as of that edition or a later one; for a retracted pledge, as
    of the last edition before its retraction."""

    row: PublicUpdate | PublicWording | PublicWithdrawal | PublicCorrection | Retraction
    known: Standing

    @property
    def kind(self) -> str:
        """The name of the row's model, for the event's id."""
        model: type[Model] = Retraction if isinstance(self.row, Retraction) else self.row.model
        return model._meta.model_name or ""

    @property
    def edition(self) -> int:
        """The number of the edition that published the row."""
        assert self.row.edition_id is not None, "the row is published"
        return self.row.edition_id

    @property
    def place(self) -> tuple[int, date, bool, int, str]:
        """The sort key of events, which no two share: the later, the higher."""
        day = getattr(self.row, "happened_on", self.known.pledge.made_on)
        return self.edition, day, self.kind == "update", self.row.pk, self.kind

    @cached_property
    def standing(self) -> Standing:
        """The pledge as of the edition that published the row."""
        if isinstance(self.row, Retraction):
            return self.known
        standing = standing_as_of(self.known, edition=self.edition, day=self.known.day)
        assert standing, "the edition that published a row of a pledge has the pledge"
        return standing

    @property
    def title(self) -> str:
        """What happened when and to which pledge, in the active language: enough to tell the row from the pledge's
        others."""
        row, title = self.row, self.standing.wording.title
        if isinstance(row, Retraction):
            return _("Retracted: %(title)s") % {"title": title}
        if isinstance(row, PublicWithdrawal):
            return _("Withdrawn: an update of %(title)s") % {"title": title}
        if isinstance(row, PublicWording):
            text = _("New pledge: %(title)s") if row.number == 1 else _("New wording (no. %(number)s): %(title)s")
            return text % {"title": title, "number": row.number}
        if isinstance(row, PublicCorrection):
            return _("Corrected: %(title)s") % {"title": title}
        values = {"title": title, "status": STATUS_LABELS[Status(row.status)]}
        values["day"] = written(row.happened_on, row.happened_precision)
        if row.corrects_id:
            return _("Corrected: %(title)s (%(status)s, %(day)s)") % values
        if row.pk in self.standing.turning_points:
            return _("%(status)s: %(title)s (%(day)s)") % values
        text = Truncator(str(row.text)).words(TITLE_WORDS)
        return _("Update on “%(title)s” (%(day)s): %(text)s") % (values | {"text": text})

    @property
    def summary(self) -> SafeString:
        """The text of the row as HTML, with its day, its evidence and the reason for a change."""
        row = self.row
        if isinstance(row, Retraction):
            return _why(_("Why it was retracted:"), row.note)
        if isinstance(row, PublicWithdrawal):
            return self._withdrawn(row)
        if isinstance(row, PublicWording):
            note = _why(_("Why it was changed:"), row.change_note) if row.number > 1 else ""
            return format_html("{}<p>{}</p>", note, row.statement)
        if isinstance(row, PublicCorrection):
            changed = format_html_join("", "<p>{}: <del>{}</del> → {}</p>", pledge_corrections.in_words(row))
            return format_html("{}{}", _why(_("What was wrong:"), row.note), changed)
        note = _why(_("What was wrong:"), row.correction_note) if row.corrects_id else ""
        pieces = [
            (
                piece.url,
                ": ".join(filter(None, [piece.publisher, piece.title])),
                piece.sentence and f": “{piece.sentence}”",
            )
            for piece in row.evidence
        ]
        evidence = format_html_join("", '<li><a href="{}">{}</a>{}</li>', pieces)
        day = written(row.happened_on, row.happened_precision)
        return format_html("{}<p>{}: {}</p><ul>{}</ul>", note, day, row.text, evidence)

    def _withdrawn(self, row: PublicWithdrawal) -> SafeString:
        update = next(update for update in self.known.pledge.updates if update.pk == row.update_id)
        day = written(update.happened_on, update.happened_precision)
        moved = _("It belongs to another pledge, where it is told now.") if row.moved_to else ""
        said = format_html("<p>{}: <del>{}</del></p>", day, update.text)
        return format_html("{}<p>{}</p>{}", _why(_("Why it was withdrawn:"), row.note), moved, said)

    @property
    def path(self) -> str:
        """The path of the pledge's page as of this edition, with the update's anchor.

        It has the address of that edition, so that the link of an entry stays as it is.
        """
        update = self.row.update_id if isinstance(self.row, PublicWithdrawal) else self.row.pk
        anchor = f"#u{update}" if isinstance(self.row, PublicUpdate | PublicWithdrawal) else ""
        return f"{reverse('pledge', args=[self.standing.pledge.slug])}?edition={self.edition}{anchor}"


def _why(label: str, note: str) -> SafeString:
    return format_html("<p><b>{}</b> {}</p>", label, note)


def events(standing: Standing) -> Iterator[Event]:
    """The published rows of a pledge that still count; a corrected update is represented by its correction, a withdrawn
    one by its withdrawal."""
    yield from (Event(wording, standing) for wording in standing.wordings)
    yield from (Event(update, standing) for update in standing.updates)
    yield from (Event(update.withdrawal, standing) for update in standing.withdrawn if update.withdrawal)
    yield from (Event(correction, standing) for correction in standing.corrections)


def of_items(items: Iterable[EditionItem], standings: Iterable[Standing]) -> dict[int, Event]:
    """The events of those items of editions that are rows of pledges, by the item's id. `standings` has the pledges as
    of the last of these editions or later; retractions are read, in one query."""
    items = list(items)
    keys = {item.pledge_id for item in items if item.pledge_id}
    events = retractions(max((item.edition_id for item in items), default=0), pledges=keys)
    known = {standing.pledge.pk: standing for standing in (*standings, *(event.known for event in events))}
    for pk in keys & known.keys():
        pledge = known[pk].pledge
        withdrawals = (update.withdrawal for update in pledge.updates if update.withdrawal)
        events += [Event(wording, known[pk]) for wording in pledge.wordings]
        events += [Event(update, known[pk]) for update in pledge.updates]
        events += [Event(withdrawal, known[pk]) for withdrawal in withdrawals]
        events += [Event(correction, known[pk]) for correction in pledge.corrections]
    event_by_row = {(event.kind, str(event.row.pk)): event for event in events}
    return {item.pk: event for item in items if (event := event_by_row.get((item.kind, item.key)))}


def retractions(until: int, *, day: date | None = None, pledges: Iterable[int] | None = None) -> list[Event]:
    """The retractions up to an edition, of all pledges or of those with these ids, in one query. Each has its pledge as
    it stood before, on `day` or, by default, on the day of the retraction."""
    rows = visibility.public_retractions().filter(edition__lte=until).select_related("edition")
    if pledges is not None:
        rows = rows.filter(pledge__in=pledges)
    return [Event(row, before) for row in rows if (before := standing_before_retraction(row, day=day))]
