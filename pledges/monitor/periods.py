"""Periods as statistics write them, in English and Spanish: years, halves, quarters, months and days."""

import calendar
import re
from datetime import date
from itertools import pairwise

from pledges.monitor.language import fold

Span = tuple[date, date]

_ENGLISH = "january february march april may june july august september october november december".split()
_SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_MONTHS = {
    name[:length]: number
    for names in (_ENGLISH, _SPANISH)
    for number, name in enumerate(names, start=1)
    for length in {3, 4, len(name)}
} | {"set": 9, "sept": 9, "setiembre": 9}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ORDINAL = {"primer": 1, "primero": 1, "first": 1, "segundo": 2, "second": 2, "tercer": 3, "third": 3, "cuarto": 4}
_ORDINAL |= {"fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_PROVISIONAL = re.compile(r"\s*(?:\((?:p|e|r|sd|prel|prov|provisional|preliminar)\.?\)|[*†]+)\s*$")
_QUARTER = r"(?:q|t|trim(?:estre)?|quarter)"
_HALF = r"(?:h|s|sem(?:estre)?|half)"
_PART = "|".join([*_ORDINAL, "iii|ii|iv|i", r"[1-4]"])
_SHAPES = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(?P<y>\d{4})", "year"),
        (r"(?P<y>\d{4})[-/. m]{1,2}(?P<m>\d{1,2})", "month"),
        (r"(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])", "month"),
        (r"(?P<m>0?[1-9]|1[0-2])[-/.](?P<y>(?:19|20)\d\d)", "month"),
        (r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?z?)?", "day"),
        (rf"(?P<y>\d{{4}})[-/. ]*{_QUARTER}[-. ]*(?P<p>[1-4])", "quarter"),
        (rf"(?P<y>\d{{4}})[-/. ]*(?P<p>{_PART})[-. ]*{_QUARTER}", "quarter"),
        (rf"{_QUARTER}[-. ]*(?P<p>[1-4])[-/,. ]*(?:de(?:l)? |of )?(?P<y>\d{{4}})", "quarter"),
        (rf"(?P<p>{_PART})[-. ]*{_QUARTER}[-/,. ]*(?:de(?:l)? |of )?(?P<y>\d{{4}})", "quarter"),
        (r"(?P<y>\d{4})[-/. ]+(?P<p>iii|ii|iv|i)", "quarter"),
        (rf"(?P<y>\d{{4}})[-/. ]*{_HALF}[-. ]*(?P<p>[12])", "half"),
        (rf"{_HALF}[-. ]*(?P<p>[12])[-/,. ]*(?:de(?:l)? |of )?(?P<y>\d{{4}})", "half"),
        (rf"(?P<p>{_PART})[-. ]*{_HALF}[-/,. ]*(?:de(?:l)? |of )?(?P<y>\d{{4}})", "half"),
        (r"(?P<n>[a-z]{3,10})\.?[-/,. ]+(?:de(?:l)? |of )?(?P<y>\d{4}|\d{2})", "month"),
        (r"(?P<y>\d{4})[-/,. ]+(?P<n>[a-z]{3,10})\.?", "month"),
        (r"(?P<d>\d{1,2})[- ]+(?:de )?(?P<n>[a-z]{3,10})\.?[-, ]+(?:de(?:l)? )?(?P<y>\d{4})", "day"),
        (r"(?P<n>[a-z]{3,10})\.? (?P<d>\d{1,2}),? (?P<y>\d{4})", "day"),
    )
)
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def span(text: str) -> Span | None:
    """The first and the last day of a period as written, or None where it is none.

    A day with its month in digits and its year last has two readings: see `slashed`.
    """
    told = " ".join(_PROVISIONAL.sub("", fold(text)).split())
    for shape, kind in _SHAPES:
        if match := shape.fullmatch(told):
            try:
                found = _made(kind, match.groupdict())
            except (ValueError, KeyError):
                continue
            if found and 1800 <= found[0].year <= 2200:
                return found
    return None


def slashed(texts: list[str]) -> dict[str, date] | None:
    """Days such as 31/12/2024, read the one way that fits all of them; None where both ways fit, or neither."""
    parts = {text: match.groups() for text in texts if (match := _SLASHED.fullmatch(text.strip()))}
    readings = []
    for day, month in ((0, 1), (1, 0)):
        try:
            readings.append({text: date(int(p[2]), int(p[month]), int(p[day])) for text, p in parts.items()})
        except ValueError:
            continue
    if len(readings) == 2 and readings[0] != readings[1]:
        return None
    return readings[0] if readings else None


def is_slashed(text: str) -> bool:
    """Whether a text is a day whose reading `slashed` has to find."""
    return bool(_SLASHED.fullmatch(text.strip()))


def spans_of_days(days: list[date]) -> list[tuple[str, Span]]:
    """What days in a column of periods stand for, each as (label, span).

    Spreadsheets put a period's first or last day where the period is meant. Three days or more that all begin (or all
    end) a year, a quarter of quarters in a row, or a month, stand for those; any others for themselves.
    """
    firsts = [day for day in days if day.day == 1]
    lasts = [day for day in days if day.day == calendar.monthrange(day.year, day.month)[1]]
    edge = firsts if len(firsts) == len(days) else lasts if len(lasts) == len(days) else []
    if len(set(edge)) < 3:
        return [(day.isoformat(), (day, day)) for day in days]
    months = {day.month for day in edge}
    steps = {later.year * 12 + later.month - day.year * 12 - day.month for day, later in pairwise(sorted(set(edge)))}
    start = edge is firsts
    if months == {1 if start else 12}:
        return [(str(day.year), _year(day.year)) for day in days]
    if steps == {3} and months <= ({1, 4, 7, 10} if start else {3, 6, 9, 12}):
        return [
            (f"{day.year}-Q{(day.month + 2) // 3}", _months(day.year, (day.month + 2) // 3 * 3 - 2, 3)) for day in days
        ]
    return [(f"{day:%Y-%m}", _months(day.year, day.month, 1)) for day in days]


def _made(kind: str, parts: dict[str, str]) -> Span:
    year = int(parts["y"])
    if len(parts["y"]) == 2:
        year += 2000 if year < 70 else 1900
    month = _MONTHS[parts["n"]] if parts.get("n") else int(parts.get("m") or 1)
    if kind == "year":
        return _year(year)
    if kind == "month":
        return _months(year, month, 1)
    if kind == "day":
        day = date(year, month, int(parts["d"]))
        return day, day
    written = parts["p"]
    part = _ROMAN.get(written) or _ORDINAL.get(written) or int(written)
    length = 3 if kind == "quarter" else 6
    return _months(year, (part - 1) * length + 1, length)


def _year(year: int) -> Span:
    return date(year, 1, 1), date(year, 12, 31)


def _months(year: int, month: int, count: int) -> Span:
    last = month + count - 1
    return date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1])
