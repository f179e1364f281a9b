"""What editions published of pledges, row by row: what feeds and alerts tell.

An event is of one row that an edition published, and says what that edition said: nothing that is published later
changes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.models import STATUS_LABELS, Retraction
from pledges.queries import visibility
from pledges.queries.published import PublicUpdate, PublicWording
from pledges.queries.standings import Standing, standing_as_of, standing_before_retraction

EDITIONS = 100  # that feeds look back


@dataclass(frozen=True)
class Event:
    """A row that an edition published of a pledge, and the pledge as it stands in that edition or later; one that was
    retracted as it stood last."""

    row: PublicUpdate | PublicWording | Retraction
    known: Standing

    @property
    def kind(self) -> str:
        """What it is, in one word for its id."""
        return (Retraction if isinstance(self.row, Retraction) else self.row.model)._meta.model_name

    @property
    def place(self) -> tuple:
        """Its place among others, the later the higher."""
        day = getattr(self.row, "happened_on", self.known.pledge.made_on)
        return self.row.edition_id, day, self.kind == "update", self.row.pk

    @cached_property
    def standing(self) -> Standing:
        """The pledge as this edition left it."""
        if isinstance(self.row, Retraction):
            return self.known
        return standing_as_of(self.known, edition=self.row.edition_id, day=self.known.day)

    @property
    def title(self) -> str:
        """What happened and to which pledge, in the active language."""
        row, words = self.row, {"title": self.standing.wording.title}
        if isinstance(row, Retraction):
            return _("Retracted: %(title)s") % words
        if isinstance(row, PublicWording):
            return (_("New pledge: %(title)s") if row.number == 1 else _("New wording: %(title)s")) % words
        status = STATUS_LABELS[Status(row.status)]
        if row.corrects_id:
            return _("Corrected: %(title)s (%(status)s)") % {**words, "status": status}
        turned = row.pk in self.standing.turning_points
        return f"{status}: {words['title']}" if turned else _("Update: %(title)s") % words

    @property
    def summary(self) -> SafeString:
        """What was said, with its day, its evidence and why it was changed."""
        row = self.row
        if isinstance(row, Retraction):
            return _why(_("Why it was retracted:"), row.note)
        if isinstance(row, PublicWording):
            note = _why(_("Why it was changed:"), row.change_note) if row.number > 1 else ""
            return format_html("{}<p>{}</p>", note, row.statement)
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

    @property
    def path(self) -> str:
        """Where it can be read: on its pledge's page as this edition left it."""
        anchor = f"#u{self.row.pk}" if isinstance(self.row, PublicUpdate) else ""
        return f"{reverse('pledge', args=[self.known.pledge.slug])}?edition={self.row.edition_id}{anchor}"


def _why(label: str, note: str) -> SafeString:
    return format_html("<p><b>{}</b> {}</p>", label, note)


def events(standing: Standing) -> Iterator[Event]:
    """What was published of a pledge and still counts. What was corrected is there as its correction."""
    for row in (*standing.wordings, *standing.updates):
        yield Event(row, standing)


def retractions(until: int, *, day: date | None = None) -> list[Event]:
    """The retractions up to an edition in one query, each with its pledge as it stood last (on `day`, where given)."""
    rows = visibility.public_retractions().filter(edition__lte=until).select_related("edition")
    return [Event(row, stood) for row in rows if (stood := standing_before_retraction(row, day=day))]
