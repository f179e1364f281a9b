"""Dates as text, with the precision that is known."""

from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from pledges.domain.rules import Precision


def written(day: date | None, precision: str = Precision.DAY, *, short: bool = False, in_sentence: bool = False) -> str:
    """A date in the active language: "6 December 2023", "December 2023", "2023", "around …", "by …"; "" for None.

    `in_sentence` is the form after "since" and the like: Spanish puts "el" before a day, but not before a month.
    """
    return _written(day, precision, short, in_sentence, get_language()) if day else ""


@lru_cache(maxsize=10_000)  # a page names the same few days a hundred times, and formatting one takes 40 µs
def _written(day: date, precision: str, short: bool, in_sentence: bool, _language: str | None) -> str:
    if precision == Precision.YEAR:
        return str(day.year)
    if precision == Precision.MONTH:
        return date_format(day, pgettext("date format", "F Y"))
    text = date_format(day, pgettext("short date format", "j M Y") if short else pgettext("date format", "j F Y"))
    if precision == Precision.APPROX:
        return _("around %(day)s") % {"day": text}
    if precision == Precision.BY:
        return _("by %(day)s") % {"day": text}
    return pgettext("day in a sentence", "%(day)s") % {"day": text} if in_sentence else text
