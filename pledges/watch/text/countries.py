"""Whether a sentence is clearly about another country than the pledge's own."""

import re
from collections.abc import Iterator
from functools import lru_cache

from pledges.domain.country_names import country_names

# By country: demonyms (in English, and in Spanish without the ending) and capitals.
_DEMONYMS_AND_CAPITALS = """
AR argentine argentin Buenos_Aires|AU australian australian Canberra|AT austrian austriac Vienna Viena|
BE belgian belga Brussels Bruselas|BO bolivian bolivian La_Paz|BR brazilian brasileñ Brasília Brasilia|
BG bulgarian búlgar Sofia Sofía|CA canadian canadiense Ottawa|CL chilean chilen|CN chinese chin Beijing Pekín|
CO colombian colombian Bogotá Bogota Medellín|CR costa_rican costarricense|HR croatian croat Zagreb|
CU cuban cuban Havana|
CZ czech chec Prague Praga|DK danish danes Copenhagen Copenhague|DO dominican dominican Santo_Domingo|
EC ecuadorian ecuatorian Quito Guayaquil|EG egyptian egipci Cairo|SV salvadoran salvadoreñ|EE estonian estoni Tallinn|
ET ethiopian etíope Addis_Ababa|FI finnish finlandes Helsinki|FR french frances Paris París|
DE german aleman Berlin Berlín|
GH ghanaian ghanes Accra|GR greek grieg Athens Atenas|GT guatemalan guatemaltec|HN honduran hondureñ Tegucigalpa|
HU hungarian húngar Budapest|IN indian indi Delhi|ID indonesian indonesi Jakarta Yakarta|
IR iranian iraní Tehran Teherán|
IQ iraqi iraquí Baghdad Bagdad|IE irish irlandes Dublin Dublín|IL israeli israelí|IT italian italian Rome Roma|
JP japanese japones Tokyo Tokio|KE kenyan kenian Nairobi|KR south_korean surcorean Seoul Seúl|LV latvian leton Riga|
LT lithuanian lituan Vilnius|MY malaysian malasi Kuala_Lumpur|MX mexican mexican|MA moroccan marroquí Rabat|
NL dutch neerlandes Amsterdam|NZ new_zealand neozelandes Wellington|NI nicaraguan nicaragüense Managua|
NG nigerian nigerian Abuja|NO norwegian norueg Oslo|PK pakistani pakistaní Islamabad|PA panamanian panameñ|
PY paraguayan paraguay Asunción|PE peruvian peruan Lima|PH philippine filipin Manila|PL polish polac Warsaw Varsovia|
PT portuguese portugues Lisbon Lisboa|RO romanian ruman Bucharest Bucarest|RU russian rus Moscow Moscú|
SN senegalese senegales Dakar|RS serbian serbi Belgrade Belgrado|SK slovak eslovac Bratislava|SI slovenian esloven|
ZA south_african sudafrican Pretoria|ES spanish español Madrid|SE swedish suec Stockholm Estocolmo|
CH swiss suiz Bern Berna|
TW taiwanese taiwanes Taipei|TH thai tailandes Bangkok|TN tunisian tunecin Tunis Túnez|TR turkish turc Ankara|
UG ugandan ugandes Kampala|UA ukrainian ucranian Kyiv Kiev|GB british británic London Londres|
GB english ingles|GB scottish escoces|GB welsh gales|
US american estadounidense Washington|UY uruguayan uruguay Montevideo|VE venezuelan venezolan Caracas|
VN vietnamese vietnamit Hanoi|ZM zambian zambian Lusaka|ZW zimbabwean zimbabuense Harare
"""
_WORD = re.compile(r"\w+")
_NOT_COUNTRIES = frozenset({"EU", "UN", "EZ", "QO", "ZZ"})
# Names that are also words, people or something else in the news.
_AMBIGUOUS = frozenset({"Georgia", "Jordan", "Chad", "Jersey", "Guinea", "Niger"})


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], re.Pattern[str], frozenset[str]]:
    """The codes by name, a pattern of all names, and the first words of the names."""
    codes: dict[str, str] = {}
    for names in country_names().values():
        for code, name in names.items():
            if code not in _NOT_COUNTRIES and name not in _AMBIGUOUS:
                codes[name.casefold()] = code
    for row in _DEMONYMS_AND_CAPITALS.replace("\n", "").split("|"):
        code, english, spanish, *capitals = (part.replace("_", " ") for part in row.split())
        endings = ("", "o", "a", "os", "as", "s", "es", "esa", "eses")
        for word in (english, english + "s", *(spanish + end for end in endings), *capitals):
            codes[word.casefold()] = code
        if spanish.endswith("es"):  # francés, neerlandés
            codes[spanish[:-2] + "és"] = code
    words = sorted(map(re.escape, codes), key=len, reverse=True)
    first_words = frozenset(match.group() for match in map(_WORD.match, codes) if match)
    return codes, re.compile(rf"\b(?:{'|'.join(words)})\b"), first_words


def codes_by_name() -> dict[str, str]:
    """Country codes (ISO 3166-1) by casefolded names of countries, peoples and capitals, in both languages."""
    return _table()[0]


# Partners, not places: "a deal with Korea", "exports to China".
_PARTNER = re.compile(r"\b(?:with|to|from|con|hacia|desde)\s+(?:the\s+|el\s+|la\s+)?(?:\w+\s+)?$")
# The nationality of a firm does not say where it works: "a Spanish builder", "una constructora española".
_FIRM = re.compile(
    r"\b(?:firms?|company|companies|builders?|consorti(?:um|a)|contractors?|banks?|group|investors?|giant|"
    r"constructoras?|empresas?|"
    r"consorcios?|compañías?|contratistas?|grupos?|bancos?|gigante|filial|filiales)\b"
)
_ADJECTIVES = ("n", "sh", "ch", "ese", "i", "a", "o", "as", "os", "es", "és", "l")
# A street or a building named after a country is not in that country.
_STREET = re.compile(
    r"\b(?:avenida|av\.?|calle|plaza|paseo|bulevar|parque|hospital|estadio|puente|escuela|liceo|colegio)\s+(?:de\s+|del\s+)?"
    r"(?:la\s+)?$"
)
_PLACE = re.compile(r"\b(?:in|en)\s+$")


def _named(lowered: str, pattern: re.Pattern[str], first_words: frozenset[str]) -> Iterator[re.Match[str]]:
    """The mentions of countries. The long pattern is tried only at the first words of names, which is faster."""
    end_of_last = 0
    for word in _WORD.finditer(lowered):
        if (
            word.group() in first_words
            and word.start() >= end_of_last
            and (match := pattern.match(lowered, word.start()))
        ):
            end_of_last = match.end()
            yield match


def elsewhere(sentence: str, cue: int, home: tuple[str, ...]) -> bool:
    """Whether the sentence is about a foreign country: one is named before position `cue` or after "in".

    `home` holds names of the pledge's own country; a sentence that names it too is not foreign.
    """
    codes, pattern, first_words = _table()
    lowered = sentence.casefold()
    if len(lowered) != len(sentence):
        lowered = sentence
    mentions = list(_named(lowered, pattern, first_words))
    if not mentions:
        return False
    names = [name.casefold() for name in home if name]
    if any(re.search(rf"\b{re.escape(name)}\b", lowered) for name in names):
        return False
    home_codes = {codes[name] for name in names if name in codes}
    foreign = False
    for match in mentions:
        if codes[match.group()] in home_codes:
            return False
        before = lowered[: match.start()][-40:]
        around = lowered[max(0, match.start() - 20) : match.end() + 22]
        if _FIRM.search(around) and match.group().endswith(_ADJECTIVES) and not _PLACE.search(before):
            continue
        if _STREET.search(before):
            continue
        if (match.start() < cue and not _PARTNER.search(before)) or _PLACE.search(before):
            foreign = True
    return foreign
