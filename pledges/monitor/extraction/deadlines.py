# ruff: noqa: E501 - patterns read better whole
"""The day by which something is promised, where the sentence says one; in English and Spanish.

| said                                       | day and precision                                        |
| ------------------------------------------ | -------------------------------------------------------- |
| by, in, until 2026; before the end of 2026 | 31 December 2026, year                                   |
| before 2026                                | 31 December 2025, year                                   |
| by, in March 2025                          | 31 March 2025, month                                     |
| before March 2025                          | 28 February 2025, month                                  |
| by 31 October (2024)                       | that day, day                                            |
| before 31 October                          | the day before, day                                      |
| this year, by the end of (next) year       | 31 December, year                                        |
| within six months, in the first 100 days   | counted from the day the text was published, day         |

A month or day without a year is the next one after that day. What needs the day of publication is left out where that is
not known, and so are days before it, and what hangs on another event ("within 30 days of its signature", "by the end of
the term"). "From April" is when something begins to hold: no day in which it has to be done.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from pledges.monitor.language import fold

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), start=1)
} | {"setiembre": 9}
_NUMBERS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "un dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for number, word in enumerate(words.split(), start=1)
} | {"a": 1, "una": 1, "uno": 1, "ninety": 90, "noventa": 90, "thirty": 30, "treinta": 30, "sixty": 60, "sesenta": 60,
     "hundred": 100, "a hundred": 100, "one hundred": 100, "cien": 100, "twenty": 20, "veinte": 20, "fifteen": 15,
     "quince": 15, "eighteen": 18, "dieciocho": 18}  # fmt: skip
_N = r"(?P<n>\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_M = "(?P<m>" + "|".join(_MONTHS) + ")"
_Y = r"(?P<y>20\d\d)\b(?![.,]\d|\s?%)"

_EN_BY = r"(?P<by>by|until|before|in|during|not later than|no later than|on|this coming|through|throughout)"
_EN_END = r"(?:the )?(?:end|close|middle|start|beginning) of "
_ES_BY = (
    r"(?P<by>antes de que (?:termine|acabe|concluya|finalice)|antes del?|para (?:el|fines de|finales de|fin de)|para|hasta|hacia|en|durante|"
    r"a (?:fines|finales|mediados|principios|comienzos|inicios) de|a mas tardar en|a mas tardar el|a mas tardar|el|este)"
)
_ES_END = r"(?:el |la )?(?:fin|fines|final|finales|cierre|termino|mediados|principios|comienzos|inicios) del? "

_SHAPES = {
    "en": (
        (r"\b(?:by )?this time next (?P<unit>month|year)\b", "first"),
        (rf"\b{_EN_BY} (?:{_EN_END})?(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_M}(?:,? {_Y})?", "day"),
        (rf"\b{_EN_BY} (?:{_EN_END})?{_M} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? {_Y})?", "day"),
        (rf"\b{_EN_BY} (?:{_EN_END})?{_M}(?:,? (?:of )?{_Y}| (?P<next>next year))?\b", "month"),
        (rf"\b{_EN_BY} (?:{_EN_END})?(?:the year )?{_Y}", "year"),
        (rf"\b(?:{_EN_BY} )?(?:{_EN_END})?(?P<rel>next|this|the|the current) (?:calendar |financial )?year\b(?! of| after| since)", "rel"),
        (rf"\b{_EN_BY} {_EN_END}(?P<rel>year)\b", "rel"),
        (r"\b(?P<by>before|by) (?P<feast>christmas)\b", "feast"),
        (rf"\b(?:within|in|inside|(?:over|during)(?= the| my| our| his| her| its| their| next| coming)) (?:(?:the|a period of|no more than|less than|my|our|his|her|its|their) )*(?:first |next |coming |following )*{_N} (?:working )?(?P<unit>day|week|month|year)s?\b(?! of | after | ago| since | before )", "span"),
        (rf"\b(?:within|in|over|during) (?:the|my|our|his|her|its|their) (?:first )(?:{_N} )?(?P<unit>week|month|year)\b", "first"),
    ),
    "es": (
        (rf"\b{_ES_BY} (?:{_ES_END})?(?:el )?(?P<d>\d{{1,2}}|primero) de {_M}(?: del? (?:ano )?{_Y})?", "day"),
        (rf"\b{_ES_BY} (?:{_ES_END})?(?:el mes de |mes de )?{_M}(?: del? (?:ano )?{_Y}| (?P<next>del (?:ano proximo|proximo ano|ano que viene)))?\b", "month"),
        (rf"\b{_ES_BY} (?:{_ES_END})?(?:el ano |ano )?{_Y}", "year"),
        (rf"\b(?:{_ES_BY} )?(?:{_ES_END})?(?:el )?(?P<rel>proximo ano|ano proximo|ano que viene|este ano|presente ano|ano en curso)\b", "rel"),
        (rf"\b{_ES_BY} (?:{_ES_END})?(?:el )?(?P<rel>ano)\b(?! escolar| judicial| \d)", "rel"),
        (r"\b(?:antes de(?: la)?|para(?: la)?) (?P<by>)(?P<feast>navidad)\b", "feast"),
        (rf"\b(?:en|dentro de|durante|a lo largo de|antes de) (?:un |el )?(?:plazo (?:maximo )?de |lapso de |maximo de |termino de )?(?:(?:los|las|el|la|mis|nuestros|sus) )?(?:primer[oa]?s? |proxim[oa]s? |siguientes )*{_N} (?:primer[oa]s? |proxim[oa]s? |siguientes )?(?P<unit>dia|semana|mes|ano)(?:e?s)?\b(?! de (?:su|la|el)\b| despues)", "span"),
        (r"\b(?:en|durante) (?:el|mi|nuestro|su) (?:primer)(?P<n>) (?P<unit>mes|ano)\b", "first"),
    ),
}  # fmt: skip
_COMPILED = {one: [(re.compile(shape), kind) for shape, kind in shapes] for one, shapes in _SHAPES.items()}
_DAYS = {"day": 1, "week": 7, "dia": 1, "semana": 7}
_MONTHLY = {"month": 1, "year": 12, "mes": 1, "ano": 12}


@dataclass(frozen=True)
class Deadline:
    """The last day in time, how exactly it is known ("day", "month" or "year"), and where the words stand."""

    day: date
    precision: str
    start: int
    end: int


def deadlines(text: str, language: str, published_on: date | None) -> list[Deadline]:
    """The days that a sentence names as ends, in its order (see the table above)."""
    plain = fold(text)
    if len(plain) != len(text):  # each letter stays in its place
        plain = "".join(fold(letter)[:1] or letter for letter in text)
    found: list[Deadline] = []
    for shape, kind in _COMPILED[language]:
        for match in shape.finditer(plain):
            if any(match.start() < other.end and match.end() > other.start for other in found):
                continue
            read = _read(match, kind, published_on)
            if read and not (published_on and read[0] < published_on):
                found.append(Deadline(*read, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _read(match: re.Match, kind: str, since: date | None) -> tuple[date, str] | None:
    named = match.groupdict()
    before = (named.get("by") or "").startswith(("before", "antes"))
    ends = bool(
        re.search(r"\b(?:end|close|fin|fines|final|finales|cierre|termine|acabe|concluya|finalice)\b", match.group())
    )
    before = before and not ends
    try:
        if kind in ("day", "month") and (year := _year(named, since)):
            month = _MONTHS[named["m"]]
            if kind == "day":
                number = 1 if named["d"] == "primero" else int(named["d"])
                return date(year, month, number) - timedelta(days=before), "day"
            first = date(year, month, 1)
            return (first - timedelta(days=1) if before else _end_of_month(first)), "month"
        if kind == "year":
            return date(int(named["y"]) - before, 12, 31), "year"
        if since is None:
            return None
        if kind == "rel":
            later = bool(re.search("next|proximo|viene", named["rel"]))
            if named["rel"] in ("the", "year", "ano") and not (ends or before):
                return None
            return date(since.year + later, 12, 31), "year"
        if kind == "feast":
            return date(since.year, 12, 24), "day"
        return _later(since, _number(named.get("n")), named["unit"]), "day"
    except (ValueError, OverflowError):
        return None


def _year(named: dict, since: date | None) -> int | None:
    if named.get("y"):
        return int(named["y"])
    if since is None:
        return None
    month, number = _MONTHS[named["m"]], named.get("d")
    passed = (month, int(number) if number and number.isdigit() else 31) < (since.month, since.day)
    return since.year + (1 if named.get("next") or passed else 0)


def _number(word: str | None) -> int:
    return 1 if not word else int(word) if word.isdigit() else _NUMBERS[word]


def _later(since: date, number: int, unit: str) -> date:
    if unit in _DAYS:
        return since + timedelta(days=number * _DAYS[unit])
    months = since.month - 1 + number * _MONTHLY[unit]
    year, month = since.year + months // 12, months % 12 + 1
    return date(year, month, min(since.day, calendar.monthrange(year, month)[1]))


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
