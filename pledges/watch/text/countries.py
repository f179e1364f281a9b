"""Whether a sentence plainly tells of another country than the pledge's own. Names come from Babel, both languages."""

import re
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale

from pledges.domain.languages import LANGUAGES

# Demonyms (English, Spanish without its ending) and capitals, where the country's own name is not in the sentence.
_MORE = """
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
# Names that are also words, people or something else in the news.
_WORD = re.compile(r"\w+")
_UNSURE = frozenset({"Georgia", "Jordan", "Chad", "Jersey", "Guinea", "Niger"})


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], re.Pattern[str], frozenset[str]]:
    codes: dict[str, str] = {}
    for tongue in LANGUAGES:
        for code, name in Locale(tongue).territories.items():
            if len(code) == 2 and code.isalpha() and name not in _UNSURE and code not in {"EU", "UN", "EZ", "QO", "ZZ"}:
                codes[name.casefold()] = code
    for row in _MORE.replace("\n", "").split("|"):
        code, english, spanish, *capitals = (part.replace("_", " ") for part in row.split())
        ends = ("", "o", "a", "os", "as", "s", "es", "esa", "eses")
        for word in (english, english + "s", *(spanish + end for end in ends), *capitals):
            codes[word.casefold()] = code
        if spanish.endswith("es"):  # francés, neerlandés
            codes[spanish[:-2] + "és"] = code
    words = sorted(map(re.escape, codes), key=len, reverse=True)
    beginnings = frozenset(match.group() for match in map(_WORD.match, codes) if match)
    return codes, re.compile(rf"\b(?:{'|'.join(words)})\b"), beginnings


def codes_by_name() -> dict[str, str]:
    """The codes (ISO 3166-1) by names of countries, peoples and capitals in both languages, casefolded."""
    return _table()[0]


# Partners, not places: "a deal with Korea", "exports to China".
_PARTNER = re.compile(r"\b(?:with|to|from|con|hacia|desde)\s+(?:the\s+|el\s+|la\s+)?(?:\w+\s+)?$")
# Whose firm it is says nothing of where: "a Spanish builder", "una constructora española".
_FIRM = re.compile(
    r"\b(?:firms?|company|companies|builders?|consorti(?:um|a)|contractors?|banks?|group|investors?|giant|"
    r"constructoras?|empresas?|"
    r"consorcios?|compañías?|contratistas?|grupos?|bancos?|gigante|filial|filiales)\b"
)
_ADJECTIVES = ("n", "sh", "ch", "ese", "i", "a", "o", "as", "os", "es", "és", "l")
# A street or a hall that bears a country's name is not there.
_STREET = re.compile(
    r"\b(?:avenida|av\.?|calle|plaza|paseo|bulevar|parque|hospital|estadio|puente|escuela|liceo|colegio)\s+(?:de\s+|del\s+)?"
    r"(?:la\s+)?$"
)
_PLACE = re.compile(r"\b(?:in|en)\s+$")


def _named(low: str, pattern: re.Pattern[str], firsts: frozenset[str]) -> Iterator[re.Match[str]]:
    """Where countries are named: the long pattern is tried only where a first word of it stands."""
    done = 0
    for word in _WORD.finditer(low):
        if word.group() in firsts and word.start() >= done and (match := pattern.match(low, word.start())):
            done = match.end()
            yield match


def elsewhere(sentence: str, cue: int, home: tuple[str, ...]) -> bool:
    """Whether a country that is not in `home` stands before the cue (at `cue`) or after "in", and no name of home."""
    codes, pattern, firsts = _table()
    low = sentence.casefold()
    if len(low) != len(sentence):
        low = sentence
    named = list(_named(low, pattern, firsts))
    if not named:
        return False
    names = [name.casefold() for name in home if name]
    if any(re.search(rf"\b{re.escape(name)}\b", low) for name in names):
        return False
    own = {codes[name] for name in names if name in codes}
    foreign = False
    for match in named:
        if codes[match.group()] in own:
            return False
        lead = low[: match.start()][-40:]
        near = low[max(0, match.start() - 20) : match.end() + 22]
        if _FIRM.search(near) and match.group().endswith(_ADJECTIVES) and not _PLACE.search(lead):
            continue
        if _STREET.search(lead):
            continue
        if (match.start() < cue and not _PARTNER.search(lead)) or _PLACE.search(lead):
            foreign = True
    return foreign
