"""Search addresses built from the words of a pledge: Google News as RSS, GDELT as JSON."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from pledges.domain.languages import ENGLISH_NAMES
from pledges.domain.text import fold
from pledges.watch.text.language import is_stop_word, words

GOOGLE_NEWS = "https://news.google.com/rss/search"
GDELT = "https://api.gdeltproject.org/api/v2/doc/doc"
_MOST_TITLE_WORDS = 4
_MOST_PHRASES = 6
_MOST_NEVER = 5
_LONGEST_PHRASE = 60
_LONGEST_QUERY = 400  # characters: both reject much longer queries
# The Spanish editions of Google News: for Spain, for the United States, and for all of Latin America.
_GOOGLE_SPANISH = {"ES": "es", "US": "es-419"}
_WEAK = frozenset(
    "new nuevo nueva nuevos nuevas more mas build create increase reduce make give start end construir crear aumentar "
    "reducir hacer dar iniciar promise pledge promesa government gobierno national nacional country pais year ano "
    "years anos million millones percent ciento all todos".split()
)


@dataclass(frozen=True)
class Words:
    """The words for a search in one language: a pledge's title, its aliases, and the editors' words for it.

    `must` words are required, `never` words excluded. One of the names in `context` (the country, the office holder) is
    required if the words of the title alone would be too common.
    """

    title: str
    aliases: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    context: tuple[str, ...] = ()


def google_news(searched: Words, *, language: str, country: str, days: int = 7) -> str:
    """The address of a Google News search as RSS, in `language` ("en", "es"), in the edition for `country` (ISO code).

    Its entries link to the publisher through Google, and name the outlet as their source.
    """
    query = _query(searched, language)
    place = country.upper()
    locale = f"en-{place}" if language == "en" else _GOOGLE_SPANISH.get(place, "es-419")
    ceid = f"{place}:{'en' if language == 'en' else locale}"
    parameters = {"q": f"{query} when:{days}d", "hl": locale, "gl": place, "ceid": ceid}
    return f"{GOOGLE_NEWS}?{urlencode(parameters)}"


def gdelt(searched: Words, *, language: str, words_language: str = "en", country: str = "", days: int = 3) -> str:
    """The address of a GDELT search for articles in `language`, from outlets in `country` (its English name, or "").

    GDELT searches its own English translations, so English words find articles in Spanish too and are preferable;
    `words_language` is the language of the words.
    """
    query = f"{_query(searched, words_language, shortest=3)} sourcelang:{ENGLISH_NAMES[language].lower()}"
    if place := re.sub(r"[^a-z]", "", fold(country)):
        query += f" sourcecountry:{place}"
    parameters = {"query": query, "mode": "artlist", "format": "json", "sort": "datedesc", "maxrecords": "75"}
    return f"{GDELT}?{urlencode({**parameters, 'timespan': f'{days}d'})}"


def _query(searched: Words, language: str, *, shortest: int = 2) -> str:
    """One of the aliases, or else the distinctive words of the title; all of `must`; none of `never`. At most 400
    characters; words have at least `shortest` letters."""
    must = _phrases(searched.must, shortest)[:_MOST_PHRASES]
    names = _phrases(searched.aliases, shortest)[:_MOST_PHRASES]
    parts = [_any_of(names)] if names else []
    if not names:
        distinctive = _distinctive(searched.title, language, shortest)
        parts += [word for word in distinctive if not any(fold(word) in fold(phrase) for phrase in must)]
        if not must and (context := _phrases(searched.context, shortest)[:3]):
            parts.append(_any_of(context))
    parts += must
    parts += [f"-{phrase}" for phrase in _phrases(searched.never, shortest)[:_MOST_NEVER]]
    query = ""
    for part in parts:  # whole parts only: a truncated phrase is another phrase
        if len(query) + len(part) < _LONGEST_QUERY:
            query = f"{query} {part}".strip()
    return query


def _distinctive(title: str, language: str, shortest: int) -> list[str]:
    """The most distinctive words of a title, in its order: no stop words; names first, then the longest."""
    candidates = [word for word in dict.fromkeys(words(title)) if len(word) >= shortest]
    candidates = [word for word in candidates if not is_stop_word(word, language)]
    strong = [word for word in candidates if fold(word) not in _WEAK] or candidates
    ranked = sorted(strong, key=lambda word: (not word[:1].isupper() or word == candidates[0], -len(word)))
    best = ranked[:_MOST_TITLE_WORDS]
    return [word for word in strong if word in best]


def _phrases(given: tuple[str, ...], shortest: int) -> list[str]:
    """The phrases, quoted if they have more than one word. Operators of search engines become spaces."""
    result = []
    for phrase in given:
        clean = " ".join(re.sub(r"[^\w\s.,%'-]|(?<!\w)[.,%'-]|[.,'-](?!\w)", " ", phrase).split())[:_LONGEST_PHRASE]
        if len(clean) < shortest or not re.search(r"\w", clean):
            continue
        quoted = f'"{clean}"' if re.search(r"[^\w]", clean) or clean in ("OR", "AND", "NOT") else clean
        if quoted not in result:
            result.append(quoted)
    return result


def _any_of(phrases: list[str]) -> str:
    return f"({' OR '.join(phrases)})" if len(phrases) > 1 else phrases[0]
