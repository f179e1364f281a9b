"""What the embeds of a mandate and of an indicator show: a chart, drawn for a narrow column only, and its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from pledges.models import Mandate
from pledges.queries import indicators as reading
from pledges.queries.asof import AsOf
from pledges.queries.indicators import IndicatorFigure, Known, Line
from pledges.queries.standings import standings_uncached
from pledges.site.charts import render as charts_render
from pledges.site.charts.render import Picture
from pledges.site.indicators.views import known_as_of
from pledges.site.mandates import context as mandate_context
from pledges.site.mandates import pictures
from pledges.site.mandates.progress import Progress
from pledges.site.shared import summaries
from pledges.site.shared.summaries import OfMandate

MOST_NEWEST = 4  # figures of an indicator
LONGEST_CAVEAT, LONGEST_SOURCES = 220, 200  # characters


@dataclass(frozen=True)
class MandateChart:
    """A mandate with its pledges and their progress. `drawing` is its SVG, and `sentence` its last day in words; both
    are "" if there is nothing to draw."""

    mandate: Mandate
    of: OfMandate
    progress: Progress
    drawing: str
    sentence: str

    @property
    def title(self) -> str:
        """The person and the years."""
        return f"{self.mandate.person}, {self.mandate.years}"


def of_mandate(slug: str, as_of: AsOf) -> MandateChart:
    """What is known of a mandate. Raises Http404."""
    row = get_object_or_404(Mandate, slug=slug)
    of = summaries.of_mandate(standings_uncached(as_of.edition, as_of.day), row)
    progress = mandate_context.progress_of(of.standings, row, as_of.day)
    drawing = pictures.narrow_areas(progress)
    sentence = mandate_context.tally_sentence(progress, progress.known) if drawing else ""
    return MandateChart(row, of, progress, drawing, sentence)


@dataclass(frozen=True)
class IndicatorChart:
    """An indicator with its first picture, if there is one, its newest figures, and the line that names its sources."""

    known: Known
    marks: list[reading.Mark]
    picture: Picture | None
    newest: list[tuple[Line, IndicatorFigure]]
    sources: str

    @property
    def drawing(self) -> str:
        """The picture as SVG, or ""."""
        return self.picture.narrow if self.picture else ""


def of_indicator(slug: str, as_of: AsOf, series: Sequence[str]) -> IndicatorChart:
    """What is known of an indicator, of all its series or of these. Raises Http404."""
    known, standings = known_as_of(slug, as_of, standings_uncached(as_of.edition, as_of.day), series)
    marks = reading.marks(standings)
    picture = next(iter(charts_render.chart(known, marks).pictures), None)
    newest = list(known.newest[:MOST_NEWEST])
    sources = ""
    if picture:
        sources = charts_render.sources(picture.lines)
    elif newest and newest[0][1].now.source:
        sources = _("Source: %(sources)s") % {"sources": newest[0][1].now.source}
    return IndicatorChart(known, marks, picture, newest, sources)
