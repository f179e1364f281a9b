"""Parses periods of statistics, in English and Spanish: years, fiscal years, halves, quarters, months and days."""

import calendar
import re
from datetime import date, timedelta
from itertools import pairwise

from pledges.domain.text import fold

Span = tuple[date, date]

FISCAL_START = 7  # the first month of a fiscal year, if the file does not say
_LONGEST = 60  # characters: no period is longer
_ENGLISH = "january february march april may june july august september october november december".split()
_SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_MONTHS = {
    name[:length]: number
    for names in (_ENGLISH, _SPANISH)
    for number, name in enumerate(names, start=1)
    for length in {3, 4, len(name)}
} | {"set": 9, "sept": 9, "setiembre": 9, "mzo": 3, "agto": 8}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WORDS = (
    ("primer", "primero", "primera", "first"),
    ("segundo", "segunda", "second"),
    ("tercer", "tercero", "tercera", "third"),
    ("cuarto", "cuarta", "fourth"),
)
_ORDINAL = {word: number for number, words in enumerate(_WORDS, start=1) for word in words}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-") | dict.fromkeys(map(ord, "’‘´`"), "'")
_PROVISIONAL = re.compile(r"\s*(?:\((?:p|e|r|sd|prel|prov|provisional|preliminar)\.?\)|[*†]+)\s*$")

# The parts of a pattern. `fold` turns º and ª into o and a.
_YEAR = r"(?P<y>(?:18|19|20|21)\d\d|'?\d\d)"  # two digits only with a letter that shows what the rest is
_FULL = r"(?P<y>(?:18|19|20|21)\d\d)"
_GAP = r"[-/.,:_ ]*"
_OF = rf"(?:{_GAP}|[-/.,:_ ]+(?:de(?:l)?(?: ano)?|of) )"
_DIGIT = r"[1-4](?:\.?(?:st|nd|rd|th|er|ro|do|to|o|°))?"
_PART = "(?P<p>" + "|".join([*_ORDINAL, r"(?:iii|ii|iv|i)(?:\.?o)?", _DIGIT]) + r")\.?"
_QUARTER = r"(?:q(?:tr|uarter)?|t(?:rim(?:estre)?|ri)?)\.?"
_HALF = r"(?:h(?:alf)?(?:[- ]year)?|s(?:em(?:estre|ester)?)?)\.?"
_NAME = r"(?P<n>[a-z]{3,10})\.?"


def _in_both_orders(kind: str, word: str) -> list[tuple[str, str]]:
    """The patterns for a numbered part of a year: number or word first, year first or last."""
    numbered = (rf"{word}{_GAP}{_PART}", rf"{_PART}{_GAP}{word}")
    return [
        pattern for part in numbered for pattern in ((rf"{part}{_OF}{_YEAR}", kind), (rf"{_YEAR}{_GAP}{part}", kind))
    ]


_PATTERNS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"(?:(?:ano|year|(?:ano|ejercicio) fiscal|ejercicio) )?{_FULL}", "year"),
        (rf"{_FULL}[-/.: ]{{1,2}}(?P<m>\d{{1,2}})", "month"),
        (rf"{_FULL}[-/.: ]?m(?P<m>\d{{1,2}})", "month"),
        (rf"m(?P<m>\d{{1,2}})[-/.: ]?{_FULL}", "month"),
        (rf"{_FULL}(?P<m>0[1-9]|1[0-2])", "month"),
        (rf"(?P<m>0?[1-9]|1[0-2])[-/. ]{_FULL}", "month"),
        (rf"{_FULL}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:[t ]00:00(?::00(?:\.0+)?)?z?)?", "day"),
        (rf"{_FULL}-?w(?P<w>\d\d)", "week"),
        *_in_both_orders("quarter", _QUARTER),
        *_in_both_orders("half", _HALF),
        (rf"{_YEAR}[-/.: ]+(?P<p>iii|ii|iv|i)", "quarter"),
        (rf"(?P<p>iii|ii|iv|i)[-/.: ]+{_YEAR}", "quarter"),
        (rf"{_NAME} ?(?:-|/|a|al|to|through) ?(?P<n2>[a-z]{{3,10}})\.?{_OF}{_YEAR}", "months"),
        (rf"{_FULL}{_GAP}{_NAME} ?(?:-|/|a|al|to|through) ?(?P<n2>[a-z]{{3,10}})\.?", "months"),
        (rf"(?:(?:mes de|month of) )?{_NAME}{_OF}{_YEAR}", "month"),
        (rf"{_FULL}{_GAP}{_NAME}", "month"),
        (rf"(?P<d>\d{{1,2}})[- ]+(?:de )?{_NAME}[-, ]+(?:de(?:l)? )?{_FULL}", "day"),
        (rf"{_NAME} (?P<d>\d{{1,2}}),? {_FULL}", "day"),
    )
)
_TWO_YEARS = re.compile(
    r"(?:(?P<fy>fy|fiscal(?: year)?|financial year|ano fiscal|ejercicio(?: fiscal)?)[- ]*)?"
    r"(?P<y>(?:18|19|20|21)\d\d) ?[-/] ?(?P<z>\d{4}|\d\d)(?P<fy2> fy)?"
)
_ENDING_YEAR = re.compile(rf"(?:fy|fiscal(?: year)?|financial year)[- ]*{_YEAR}")  # named by the year in which it ends
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_FISCAL_WORDS = re.compile(
    r"\bfy\b|\b(?:fiscal|financial) year|\b(?:ano|ejercicio)s? (?:fiscal|economico)|\bfiscal\b|"
    r"\b(?:school|academic) year|\b(?:ano|curso) (?:escolar|lectivo|academico)|\bseason|\btemporada|\bzafra|\bcampana"
)
_MONTH_WORDS = re.compile(r"\bmes(?:es)?\b|\bmonths?\b")
_FROM_TO = re.compile(r"\b([a-z]{3,10})\.? ?(?:-|/|to|through|a|al) ?([a-z]{3,10})\b")
_ENDING = re.compile(r"\byear (?:ended|ending|to)(?: in)?(?: \d{1,2})? ([a-z]{3,10})\b")


def span(text: str) -> Span | None:
    """The first and the last day of a period, or None if the text is not a period.

    A date with the month in digits and the year last is ambiguous: see `slashed`. 2009-10 is a month here and 2019/20
    is not a period: only a whole column shows whether they are fiscal years, see `fiscal`.
    """
    plain = _plain(text)
    if not plain:
        return None
    for pattern, kind in _PATTERNS:
        if match := pattern.fullmatch(plain):
            try:
                period = _span(kind, match.groupdict())
            except (ValueError, KeyError, OverflowError):
                continue
            if 1800 <= period[0].year <= 2200:
                return period
    return None


def is_fiscal(text: str) -> bool:
    """Whether a text may be a fiscal year."""
    return _two_years(_plain(text)) is not None


def fiscal(texts: list[str], *, near: str = "") -> dict[str, Span] | None:
    """The texts of a column that are fiscal years (2009-10, 2019/20), with their first and last days.

    2009-10 could be October 2009 too. It is a month if the column has other months in digits (2009-11). Otherwise it is
    a fiscal year if `near` (headings and titles) mentions such years, or if the column has more of them and `near` does
    not mention months. `near` may also say in which month they begin. Returns None if it is ambiguous.
    """
    candidates = {text: years for text in dict.fromkeys(texts) if (years := _two_years(_plain(text)))}
    if not candidates:
        return {}
    near = fold(near).translate(_DASHES)
    unclear = [text for text, (_year, clear) in candidates.items() if not clear]
    if unclear and len(unclear) == len(candidates) and not _FISCAL_WORDS.search(near) and not _start_in(near):
        if any(text not in candidates and _is_month_in_digits(text) for text in texts):
            return {}
        if len(unclear) == 1 or _MONTH_WORDS.search(near):
            return None
    start = _start_in(near) or FISCAL_START
    return {text: _fiscal_year(year, start) for text, (year, _clear) in candidates.items()}


def label(period: Span, written: str, *, most: int) -> str:
    """A period as it was written, or in ISO style if that is longer than `most` characters."""
    if len(written) <= most:
        return written
    first, last = period
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if first == last:
        return first.isoformat()
    if months == 12:
        return str(first.year) if first.month == 1 else f"{first.year}/{last.year % 100:02}"
    if months == 3 and first.month % 3 == 1:
        return f"{first.year}-Q{first.month // 3 + 1}"
    if months == 6 and first.month % 6 == 1:
        return f"{first.year}-H{first.month // 6 + 1}"
    return f"{first:%Y-%m}" if months == 1 else f"{first:%Y-%m}/{last:%Y-%m}"


def slashed(texts: list[str]) -> dict[str, date] | None:
    """Dates such as 31/12/2024, parsed in the one order that fits all of them; None if both orders fit, or neither."""
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
    """Whether a text is a date for `slashed`."""
    return bool(_SLASHED.fullmatch(text.strip()))


def spans_of_days(days: list[date]) -> list[tuple[str, Span]]:
    """The periods that the days of a column stand for, each as (label, span).

    Spreadsheets have the first or last day of a period for the period itself. Three or more days that are all first (or
    all last) days of years, of consecutive quarters, or of months stand for these; any others for themselves.
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


def _plain(text: str) -> str:
    """The folded text without marks for provisional figures; "" if it is too long for a period."""
    if len(text) > _LONGEST:
        return ""
    return " ".join(_PROVISIONAL.sub("", fold(text.translate(_DASHES))).split())


def _span(kind: str, parts: dict[str, str]) -> Span:
    year = _year_of(parts["y"])
    month = _MONTHS[parts["n"]] if parts.get("n") else int(parts.get("m") or 1)
    if kind == "year":
        return _year(year)
    if kind == "month":
        return _months(year, month, 1)
    if kind == "months":
        count = _MONTHS[parts["n2"]] - month + 1
        if count < 2:
            raise ValueError("The months are not in order.")
        return _months(year, month, count)
    if kind == "week":
        first = date.fromisocalendar(year, int(parts["w"]), 1)
        return first, first + timedelta(days=6)
    if kind == "day":
        day = date(year, month, int(parts["d"]))
        return day, day
    written = parts["p"]
    spelled = re.match(r"\d|[ivx]+(?![a-z]{2})|[a-z]+", written)
    assert spelled, "the pattern of the period requires one of these"
    bare = spelled.group().removesuffix("o" if written[0] == "i" else "")
    part = _ROMAN.get(bare) or _ORDINAL.get(bare) or int(bare)
    length = 3 if kind == "quarter" else 6
    return _months(year, (part - 1) * length + 1, length)


def _year_of(digits: str) -> int:
    digits = digits.lstrip("'")
    century = 0 if len(digits) == 4 else 2000 if int(digits) < 70 else 1900
    return century + int(digits)


def _two_years(plain: str) -> tuple[int, bool] | None:
    """The first year of a fiscal year, and whether the text is unambiguous (2009-10 could be a month)."""
    if match := _ENDING_YEAR.fullmatch(plain):
        return _year_of(match["y"]) - 1, True
    match = _TWO_YEARS.fullmatch(plain)
    if not match or not str(int(match["y"]) + 1).endswith(match["z"]):
        return None
    year, second = int(match["y"]), match["z"]
    month = len(second) == 2 and 1 <= int(second) <= 12 and not match["fy"] and not match["fy2"]
    return year, not month


def _is_month_in_digits(text: str) -> bool:
    return bool(re.fullmatch(r"(?:18|19|20|21)\d\d ?[-/] ?(?:0?[1-9]|1[0-2])", _plain(text)))


def _start_in(near: str) -> int | None:
    """The month in which a fiscal year begins, from titles: "April to March", "year ended June"."""
    for first, last in _FROM_TO.findall(near):
        if first in _MONTHS and last in _MONTHS and (_MONTHS[first] - _MONTHS[last]) % 12 == 1:
            return _MONTHS[first]
    ending = _ENDING.search(near)
    return _MONTHS[ending.group(1)] % 12 + 1 if ending and ending.group(1) in _MONTHS else None


def _fiscal_year(year: int, start: int) -> Span:
    first = date(year, start, 1)
    return first, date(year + 1, start, 1) - timedelta(days=1)


def _year(year: int) -> Span:
    return date(year, 1, 1), date(year, 12, 31)


def _months(year: int, month: int, count: int) -> Span:
    last = month + count - 1
    return date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1])
