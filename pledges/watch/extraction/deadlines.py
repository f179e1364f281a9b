# ruff: noqa: E501 - patterns read better whole
"""The deadlines in a sentence, in English and Spanish.

| words                                      | day and precision                                        |
| ------------------------------------------ | -------------------------------------------------------- |
| by, in, until 2026; before the end of 2026 | 31 December 2026, year                                   |
| before 2026                                | 31 December 2025, year                                   |
| by 2025/26, by FY2026                      | 31 December 2026, year: the year in which it ends        |
| by, in March 2025                          | 31 March 2025, month                                     |
| before March 2025                          | 28 February 2025, month                                  |
| in the second half of 2025                 | 31 December 2025, month; so quarters                     |
| by 31 October (2024)                       | that day, day                                            |
| before 31 October                          | the day before, day                                      |
| this year, by the end of (next) year       | 31 December, year                                        |
| by the end of the month                    | its last day, month                                      |
| within six months                          | counted from the day the text was published, day         |
| in the first 100 days, in the first year   | the same, but the day of publication counts as day 1     |

A month or day without a year is the next one after the day of publication. If that day is not known, what depends on it
is left out. So are days before it, and deadlines relative to another event ("within 30 days of its signature", "by the
end of the term", "before the next election"). "From April" and "not before 2026" are beginnings, not deadlines. The
first day of a government is its day 1 in `pledges.site.mandates.progress` too.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pledges.domain.text import fold

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
     "quince": 15, "eighteen": 18, "dieciocho": 18, "forty": 40, "cuarenta": 40, "fifty": 50, "cincuenta": 50,
     "seventy": 70, "setenta": 70, "eighty": 80, "ochenta": 80, "twenty-four": 24, "veinticuatro": 24, "thirty-six": 36,
     "treinta y seis": 36, "forty-five": 45, "cuarenta y cinco": 45, "forty-eight": 48, "cuarenta y ocho": 48,
     "ciento veinte": 120, "ciento ochenta": 180}  # fmt: skip
_PARTS = {
    word: number
    for words in ("first second third fourth", "primer segundo tercer cuarto", "primera segunda tercera cuarta", "1st 2nd 3rd 4th",
                  "1er 2do 3er 4to", "i ii iii iv", "1 2 3 4")
    for number, word in enumerate(words.split(), start=1)
} | {"last": -1, "final": -1, "ultimo": -1, "ultima": -1}  # fmt: skip
_MONTHS_OF = {
    "half": 6,
    "h": 6,
    "semestre": 6,
    "mitad": 6,
    "cuatrimestre": 4,
    "quarter": 3,
    "q": 3,
    "trimestre": 3,
    "bimestre": 2,
}


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_N = rf"(?P<n>\d{{1,3}}|{_any(_NUMBERS)})"
_M = f"(?P<m>{_any(_MONTHS)})"
_P = rf"(?P<part>{_any(word for word in _PARTS if not word.isdigit())})"
_UNTIL = r"(?:[-/\u2010-\u2015](?P<y2>20\d\d|\d\d))?"  # 2025/26, 2025-2026
_Y = rf"(?P<y>20\d\d){_UNTIL}\b(?![.,]\d|\s?%|[-/]\d)"

_EN_BY = (
    r"(?P<by>by (?:no|not) later than|(?:no|not) later than(?: by)?|(?:on|by) or before|by|until|before|in|during|on|this coming|"
    r"through|throughout)"
)
_EN_END = r"(?:the )?(?:very )?(?:year(?:['’]s)?[- ]end(?:,? (?:of )?| in )|(?:end|close|middle|start|beginning) (?:of )?|(?:mid|end|early|late)[- ](?:in )?)"
_EN_WHEN = rf"(?:{_EN_BY} (?:{_EN_END})?|(?:at|towards?|around|for) {_EN_END})"
_EN_REL = r"(?P<rel>next|this|the|the current|the coming) (?:calendar |financial |fiscal )?year\b"
_EN_FISCAL = r"(?:fiscal|financial|school|academic|budget)"
_EN_OURS = r"(?:the|my|our|his|her|its|their)"
_EN_OFFICE = rf"of (?:(?:{_EN_OURS[3:-1]}|a) )?(?:new |next |second |first )?(?:government|administration|presidency|premiership|term|mandate|office|tenure)\b"
_EN_COUNTED = rf"(?:(?! of | after | following | ago| since | before )|(?= {_EN_OFFICE}))"

_ES_OVER = r"(?:termine|acabe|concluya|finalice|culmine|cierre|expire)"
_ES_ENDING = r"(?:terminar|acabar|concluir|finalizar|culminar|cerrar)"
_ES_BY = (
    r"(?:(?:(?P<latest>a mas tardar|como muy tarde|como maximo|no mas tarde|no despues)(?:,? (?:en|el|a|al|para|hasta|del?))?)|"
    rf"(?P<by>antes (?:de )?que (?:se )?{_ES_OVER}|antes de {_ES_ENDING}|al {_ES_ENDING}|antes del?|de aqui a|a lo largo del?|en el (?:trans)?curso del?|en lo que queda del?|para|hasta|hacia|en|durante|el|este))"
)
_ES_END = r"(?:el |la )?(?:fin|fines|final|finales|finalizacion|cierre|termino|conclusion|mediados|principios?|comienzos?|inicios?) del? "
_ES_WHEN = rf"(?:{_ES_BY} (?:{_ES_END})?|(?:a|al|a la|por) {_ES_END})"
_ES_AL = r"(?<!frente )(?<!respecto )(?<!relacion )(?<!comparado )(?<!comparacion )(?<!igual )al "
_ES_THIS = r"(?P<rel>(?:el )?proximo ano|(?:el )?ano proximo|(?:el )?ano que viene|este ano|(?:el )?presente ano|(?:el )?ano en curso)"
_ES_LED = r"(?:gobierno|mandato|gestion|administracion|presidencia|periodo|legislatura)\b"
_ES_COUNTED = rf"(?:(?! de (?:su|la|el)\b| del (?!{_ES_LED})| despues)|(?= de (?:su|la|el) {_ES_LED}))"
_ES_YEAR_OF = r"(?:ano|ejercicio|ciclo|curso|periodo)"

_PATTERNS = {
    "en": (
        (r"\b(?:by )?this time next (?P<unit>month|year)\b", "span"),
        (rf"\b{_EN_WHEN}(?P<y>20\d\d)-(?P<mm>\d\d)-(?P<d>\d\d)\b", "day"),
        (rf"\b{_EN_WHEN}(?P<d>\d{{1,2}})[/.](?P<mm>\d{{1,2}})[/.](?P<y>20\d\d)\b", "either"),
        (rf"\b{_EN_WHEN}(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_M}(?:,? {_Y})?", "day"),
        (rf"\b{_EN_WHEN}{_M} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? {_Y})?", "day"),
        (rf"\b{_EN_WHEN}{_M}(?:,? (?:of )?{_Y}| (?P<next>next year))?\b", "month"),
        (rf"\b(?:{_EN_WHEN})?(?:the )?{_P}[ -](?P<unit>half|quarter) (?:of )?(?:{_Y}|{_EN_REL})", "part"),
        (rf"\b(?:{_EN_WHEN})?(?P<unit>[qh])(?P<part>[1-4]),? (?:of )?(?:{_Y}|{_EN_REL})", "part"),
        (rf"\b(?:{_EN_WHEN})?{_Y} ?(?P<unit>[qh])(?P<part>[1-4])\b", "part"),
        (rf"\b(?:{_EN_WHEN}|within )(?:the )?first {_N} (?P<unit>month)s of (?:{_Y}|{_EN_REL})", "months"),
        (rf"\b{_EN_WHEN}(?:the )?(?:fy|{_EN_FISCAL}(?: year)?) ?(?P<y>20\d\d|\d\d){_UNTIL}\b", "year"),
        (rf"\b{_EN_WHEN}(?:the )?{_Y} {_EN_FISCAL} year\b", "year"),
        (rf"\b{_EN_WHEN}(?:the year )?{_Y}(?!['’]s| (?:\w+ )?elections?\b| (?:prices|dollars)\b)", "year"),
        (rf"\b(?:{_EN_WHEN})?{_EN_REL}(?! of| after| since)(?P<ends> (?:is|are) (?:over|out)| ends| closes)?", "rel"),
        (rf"\b(?:{_EN_BY}|at|towards?) (?:the )?(?P<rel>next |this |)(?:calendar |financial |fiscal )?year(?:['’]s)?[ -](?P<ends>end)\b", "rel"),
        (rf"\b{_EN_WHEN}(?P<rel>year)\b(?! of| after| since)", "rel"),
        (rf"\b(?:{_EN_BY}|at|towards?) (?:the )?(?:end|close) of (?P<rel>the|this|next|the current) (?P<unit>month|week)\b", "soon"),
        (r"\b(?P<by>before|by) (?P<feast>christmas)\b", "feast"),
        (rf"\b(?:within|in|inside|(?:over|during)(?= the| my| our| his| her| its| their| next| coming)) (?:(?:a period of|no more than|less than|{_EN_OURS[3:-1]}) )*(?:(?P<first>first )|next |coming |following )*{_N} (?:working )?(?P<unit>day|week|fortnight|month|year|decade)s?\b{_EN_COUNTED}", "span"),
        (rf"\b(?:on|by) (?P<first>(?P<unit>day) ){_N}\b", "span"),
        (rf"\bon (?:my|our|his|her|their) (?P<first>first (?:full )?)(?P<unit>day)\b{_EN_COUNTED}", "span"),
        (rf"\b(?:within|in|over|during|(?:by|before|at) the end of|by|before) {_EN_OURS} (?P<first>first )(?:{_N} )?(?P<unit>day|week|month|year)s?\b{_EN_COUNTED}", "span"),
    ),
    "es": (
        (rf"\b(?:{_ES_WHEN}|al )(?P<y>20\d\d)-(?P<mm>\d\d)-(?P<d>\d\d)\b", "day"),
        (rf"\b(?:{_ES_WHEN}|al )(?:el )?(?P<d>\d{{1,2}})[/.-](?P<mm>\d{{1,2}})[/.-](?P<y>20\d\d)\b", "day"),
        (rf"\b(?:{_ES_WHEN}|al )(?:el )?(?:dia )?(?P<d>\d{{1,2}}|primero) de {_M}(?: del? (?:ano )?{_Y})?", "day"),
        (rf"\b{_ES_WHEN}(?:el )?(?:mes de )?{_M}(?: del? (?:ano )?{_Y}| (?P<next>del (?:ano proximo|proximo ano|ano que viene)))?\b", "month"),
        (rf"\b(?:{_ES_WHEN})?(?:el |la )?{_P} (?P<unit>semestre|trimestre|cuatrimestre|bimestre|mitad) (?:del? )?(?:(?:ano )?{_Y}|{_ES_THIS}|(?P<year>ano)\b)", "part"),
        (rf"\b(?:{_ES_WHEN})?(?:los )?primeros {_N} (?P<unit>mes)es (?:del? )(?:(?:ano )?{_Y}|{_ES_THIS}|(?P<year>ano)\b)", "months"),
        (rf"\b(?:{_ES_WHEN}|{_ES_AL})(?:el )?(?:{_ES_YEAR_OF}(?: (?:fiscal|economico|escolar|lectivo|academico|presupuestario))? )?{_Y}(?P<ends> {_ES_OVER})?", "year"),
        (rf"\bantes (?:de )?que (?P<y>20\d\d) (?:se )?{_ES_OVER}\b", "year"),
        (rf"\b(?:{_ES_WHEN})?{_ES_THIS}\b", "rel"),
        (rf"\b{_ES_WHEN}(?:el )?(?P<rel>ano)\b(?! escolar| judicial| lectivo| \d)", "rel"),
        (rf"\bantes (?:de )?que (?:el )?(?P<rel>ano) (?:se )?{_ES_OVER}\b", "rel"),
        (rf"\b(?:{_ES_BY}|a|al|por) (?:el )?(?:fin|fines|final|finales|cierre|termino) del? (?:(?P<rel>este|proximo|presente) )?(?P<unit>mes)\b", "soon"),
        (rf"\bantes (?:de )?que (?:se )?{_ES_OVER} (?:el |este )(?P<unit>mes)\b", "soon"),
        (r"\b(?:antes de(?: la)?|para(?: la)?) (?P<by>)(?P<feast>navidad)\b", "feast"),
        (rf"\b(?:en|dentro de|durante|a lo largo de|antes de) (?:un |el )?(?:plazo (?:maximo )?de |lapso de |maximo de |termino de )?(?:(?:los|las|el|la|mis|nuestros|sus) )?(?:(?P<first>primer[oa]?s? )|proxim[oa]s? |siguientes )*{_N} (?:(?P<first2>primer[oa]?s? )|proxim[oa]s? |siguientes )?(?P<unit>dia|semana|quincena|mes|trimestre|semestre|ano|decada)(?:e?s)?\b{_ES_COUNTED}", "span"),
        (rf"\b(?:para|(?:al|antes del) (?:cabo|termino|final|fin|cierre) de) (?:los|las|mis|nuestros|sus) (?:(?P<first>primer[oa]s )(?:{_N}) |(?P<n2>\d{{1,3}}|{_any(_NUMBERS)}) primer[oa]s )(?P<unit>dia|semana|mes|ano)(?:e?s)?\b{_ES_COUNTED}", "first"),
        (rf"\b(?:en|durante|dentro de|(?:al|antes del) (?:cabo|termino|final|fin|cierre) del?) (?:el |mi |nuestro |su )?(?P<first>primer )(?P<unit>mes|ano)\b{_ES_COUNTED}", "span"),
    ),
}  # fmt: skip
# Right before a match: the date is a beginning, not a deadline.
_BEGINS = re.compile(
    r"\b(?:(?:from|since|after|starting|beginning|desde|partir|tras|despues)(?: de| del| the| el| la| on| in)*|not|no|nunca|never)\s*$"
)
_ENDING = re.compile(
    rf"\b(?:end|year-end|close|middle|mid|late|fin|fines|final|finales|finalizacion|cierre|termino|conclusion|mediados|{_ES_OVER[3:-1]}|{_ES_ENDING[3:-1]})\b"
)
_COMPILED = {code: [(re.compile(pattern), kind) for pattern, kind in rows] for code, rows in _PATTERNS.items()}
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "dia": 1, "semana": 7, "quincena": 15}
_MONTHLY = {"month": 1, "year": 12, "decade": 120, "mes": 1, "trimestre": 3, "semestre": 6, "ano": 12, "decada": 120}


@dataclass(frozen=True)
class Deadline:
    """The last day in time, its precision ("day", "month" or "year"), and start and end of its words in the sentence."""

    day: date
    precision: str
    start: int
    end: int


def deadlines(text: str, language: str, published_on: date | None) -> list[Deadline]:
    """The deadlines that a sentence names, in order (see the table above)."""
    plain = fold(text)
    if len(plain) != len(text):  # positions must stay the same
        plain = "".join(fold(letter)[:1] or letter for letter in text)
    result: list[Deadline] = []
    for pattern, kind in _COMPILED[language]:
        for match in pattern.finditer(plain):
            if any(match.start() < other.end and match.end() > other.start for other in result):
                continue
            if _BEGINS.search(plain[max(0, match.start() - 40) : match.start()]):
                continue
            parsed = _parse(match, kind, published_on)
            if parsed and not (published_on and parsed[0] < published_on):
                result.append(Deadline(*parsed, match.start(), match.end()))
    return sorted(result, key=lambda deadline: deadline.start)


def _parse(match: re.Match[str], kind: str, since: date | None) -> tuple[date, str] | None:
    groups = match.groupdict()
    ends = bool(groups.get("ends") or _ENDING.search(match.group()))
    before = (groups.get("by") or "").startswith(("before", "antes")) and not ends
    try:
        return _PARSERS[kind](groups, since, before=before, ends=ends)
    except (ValueError, OverflowError):
        return None


# The parsers below return (day, precision) or None. They get the named groups of the match and the day of publication;
# `before` is true after "before" or "antes de", `ends` if the words name the end of a period.
Parsed = tuple[date, str] | None


def _day(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    if (year := _year(groups, since)) is None:
        return None
    month = int(groups["mm"]) if groups.get("mm") else _MONTHS[groups["m"]]
    number = 1 if groups["d"] == "primero" else int(groups["d"])
    return date(year, month, number) - timedelta(days=before), "day"


def _either(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    """A date in digits, where Americans write the month first; None if it is ambiguous."""
    first, second = int(groups["d"]), int(groups["mm"])
    if first <= 12 and second <= 12 and first != second:
        return None
    return date(int(groups["y"]), min(first, second), max(first, second)) - timedelta(days=before), "day"


def _month(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    if (year := _year(groups, since)) is None:
        return None
    first = date(year, _MONTHS[groups["m"]], 1)
    return (first - timedelta(days=1) if before else _end_of_month(first)), "month"


def _in_year(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    year = _last_year(groups)
    if year is None:  # 2025-06
        first = date(int(groups["y"]), int(groups["y2"]), 1)
        return (first - timedelta(days=1) if before else _end_of_month(first)), "month"
    return date(year - before, 12, 31), "year"


def _relative(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    if since is None or (groups["rel"].strip() in ("the", "year", "ano", "") and not (ends or before)):
        return None
    later = _is_next(groups)
    return date(since.year + later - (before and later), 12, 31), "year"


def _part(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    """The half or quarter of a year."""
    length = _MONTHS_OF[groups["unit"]]
    number = _PARTS[groups["part"]]
    number = 12 // length if number < 0 else number
    return _up_to(groups, since, (number - before) * length)


def _months(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    return _up_to(groups, since, _number(groups["n"]))


def _up_to(groups: dict[str, str], since: date | None, month: int) -> Parsed:
    """The end of the month in the year that is named; for month 0 the end of the year before."""
    year = _last_year(groups) if groups.get("y") else since and since.year + _is_next(groups)
    if not year or not 0 <= month <= 12:
        return None
    return (_end_of_month(date(year, month, 1)) if month else date(year - 1, 12, 31)), "month"


def _soon(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    """The end of this or the next month or week."""
    if since is None:
        return None
    if groups["unit"] == "week":
        return since + timedelta(days=6 - since.weekday() + 7 * _is_next(groups)), "day"
    return _end_of_month(_later(since.replace(day=1), _is_next(groups), "month")), "month"


def _feast(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    return (date(since.year, 12, 24), "day") if since else None


def _span(groups: dict[str, str], since: date | None, *, before: bool, ends: bool) -> Parsed:
    if since is None:
        return None
    end = _later(since, _number(groups.get("n") or groups.get("n2")), groups["unit"])
    first = groups.get("first") or groups.get("first2") or groups.get("n2")
    shortened = groups["unit"] in _MONTHLY and end.day < since.day  # from the 31st to the 30th: already the day before
    return end - timedelta(days=bool(first) and not shortened), "day"


_PARSERS = {
    "day": _day, "either": _either, "month": _month, "year": _in_year, "rel": _relative, "part": _part, "months": _months,
    "soon": _soon, "feast": _feast, "span": _span, "first": _span,
}  # fmt: skip


def _is_next(groups: dict[str, str]) -> bool:
    return bool(re.search("next|coming|proximo|viene", groups.get("rel") or ""))


def _last_year(groups: dict[str, str]) -> int | None:
    """The last year of a year, a fiscal year or a range of years; None if the second number is a month.

    Raises ValueError if it is neither.
    """
    first, second = int(groups["y"]), groups.get("y2")
    first += 2000 if first < 100 else 0
    if not second:
        return first
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    if last > first:
        return last
    if len(second) == 2 and second == f"{(first + 1) % 100:02}":  # 2099-00
        return first + 1
    if len(second) == 2 and 1 <= int(second) <= 12 and len(groups["y"]) == 4:
        return None
    raise ValueError(second)


def _year(groups: dict[str, str], since: date | None) -> int | None:
    if groups.get("y"):
        return int(groups["y"])
    if since is None:
        return None
    month, number = _MONTHS[groups["m"]], groups.get("d")
    passed = (month, int(number) if number and number.isdigit() else 31) < (since.month, since.day)
    return since.year + (1 if groups.get("next") or passed else 0)


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
