"""The card of a pledge: its title, its status and since when, and its strip; in portrait also what happened."""

from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.models import STATUS_LABELS
from pledges.queries.standings import Standing
from pledges.site.cards import text
from pledges.site.cards.drawing import Bar, Drawing, Icon, Label, Shape, Source, framed, ink
from pledges.site.shared import strips
from pledges.site.shared.citations import printable

# Font sizes of a status with that of the day since which the pledge has it.
VERDICTS = ((46, 34), (42, 31), (38, 28), (34, 25), (30, 22))
TEXT, TEXT_LEADING, TEXT_END = 38, 1.32, 990  # of what happened, in portrait


def card(standing: Standing, shape: Shape, source: Source) -> Drawing:
    """The pledge as of this edition and the standing's day, in the active language."""
    pledge = standing.pledge
    who = f"{pledge.mandate.person}, {written(pledge.made_on, pledge.made_on_precision, short=True)}"
    when = _("Edition %(number)s, as of %(day)s") % {
        "number": source.edition,
        "day": written(standing.day, in_sentence=True),
    }
    drawing = framed(shape, source, when, who)
    end = drawing.add_title(str(standing.wording.title))
    label = str(STATUS_LABELS[Status(standing.status)])
    if shape.is_portrait:
        _upright(drawing, standing, label, end)
        _strip(drawing, standing, y=1030, height=96, years=34, size=26)
    else:
        _lying(drawing, standing, label)
        _strip(drawing, standing, y=462, height=56, years=26, size=20)
    return drawing


def _since(standing: Standing) -> str:
    turn = standing.turning_update
    if turn is None:
        return ""
    return _("since %(day)s") % {"day": written(standing.since, turn.happened_precision, in_sentence=True)}


def _lying(card: Drawing, standing: Standing, label: str) -> None:
    """The status and since when, on one line above the strip."""
    left, since, colour = card.shape.margin, _since(standing), ink(standing.status)
    for size, small in VERDICTS:
        x = left + 64 + text.width(label, size) + 18
        if x + text.width(since, small) <= card.shape.right:
            break
    card.icons.append(Icon(standing.status, left, 392, 48, colour))
    card.add(left + 64, 432, size, label, colour, bold=True)
    if since:
        card.add(round(x, 1), 432, small, text.cut(since, small, card.shape.right - x), "soft")


def _upright(card: Drawing, standing: Standing, label: str, top: float) -> None:
    """The status, below it since when, and as much as there is room for of what happened or, before anything did, of
    what was promised."""
    shape, since, colour = card.shape, _since(standing), ink(standing.status)
    baseline = round(top + 88)
    size, label = text.on_one_line(label, (64, 56, 48), shape.room - 88)
    card.icons.append(Icon(standing.status, shape.margin, baseline - 56, 68, colour))
    card.add(shape.margin + 88, baseline, size, label, colour, bold=True)
    if since:
        baseline += 60
        size, since = text.on_one_line(since, (38, 34, 30), shape.room)
        card.add(shape.margin, baseline, size, since, "soft")
    told = standing.turning_update.text if standing.turning_update else standing.wording.statement
    top = baseline + 34
    most = int((TEXT_END - top) // (TEXT * TEXT_LEADING))
    card.add_lines(top, TEXT, text.clamped(printable(str(told)), TEXT, shape.room, most), leading=TEXT_LEADING)


def _strip(card: Drawing, standing: Standing, *, y: int, height: int, years: int, size: int) -> None:
    """The strip, and below it the years at a distance."""
    shape = card.shape
    start = min(standing.pledge.mandate.starts_on, standing.day)
    strip = strips.strip(standing, strips.Axis(start, standing.day))
    bands = [(each.status, shape.across(each.x), shape.along(each.width)) for each in strip.segments]
    deadline = None if strip.deadline is None else shape.across(strip.deadline)
    card.bar = Bar(y, height, bands, [shape.across(x) for x in strip.ticks], deadline)
    card.labels += [
        Label(shape.across(at), y + height + years, size, str(year), "soft", anchor="middle")
        for year, at in strip.axis.years
    ]
