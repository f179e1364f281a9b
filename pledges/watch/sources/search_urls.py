"""Addresses of searches made of a pledge's own words: Google News as RSS, GDELT as JSON."""

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
_LONGEST_QUERY = 400  # characters: both refuse what is much longer
# Spanish as Google News edits it: for Spain, for the United States, and for Latin America as a whole.
_GOOGLE_SPANISH = {"ES": "es", "US": "es-419"}
_WEAK = frozenset(
    "new nuevo nueva nuevos nuevas more mas build create increase reduce make give start end construir crear aumentar "
    "reducir hacer dar iniciar promise pledge promesa government gobierno national nacional country pais year ano "
    "years anos million millones percent ciento all todos".split()
)


@dataclass(frozen=True)
class Words:
    """What a search is made of, in one language: a pledge's title, its other names, and the editors' words for it.

    `must` words have to be there, `never` words may not; `context` are names of which one has to be there when the
    title's words alone would be too common (the country, the office holder).
    """

    title: str
    aliases: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    context: tuple[str, ...] = ()


def google_news(searched: Words, *, language: str, country: str, days: int = 7) -> str:
    """The address of a Google News search as RSS, in `language` ("en", "es") as edited for `country` (two letters).

    Its entries lead through Google to the publisher, and name the outlet as their source.
    """
    query = _query(searched, language, never=True)
    place = country.upper()
    tongue = f"en-{place}" if language == "en" else _GOOGLE_SPANISH.get(place, "es-419")
    ceid = f"{place}:{'en' if language == 'en' else tongue}"
    parameters = {"q": f"{query} when:{days}d", "hl": tongue, "gl": place, "ceid": ceid}
    return f"{GOOGLE_NEWS}?{urlencode(parameters)}"


def gdelt(searched: Words, *, language: str, words_language: str = "en", country: str = "", days: int = 3) -> str:
    """The address of a GDELT search for articles in `language`, from outlets in `country` (its English name, or "").

    GDELT searches its own English translations, so English words find articles in Spanish too: give those where there
    are any, and say in `words_language` which ones they are.
    """
    query = f"{_query(searched, words_language, never=True, shortest=3)} sourcelang:{ENGLISH_NAMES[language].lower()}"
    if place := re.sub(r"[^a-z]", "", fold(country)):
        query += f" sourcecountry:{place}"
    parameters = {"query": query, "mode": "artlist", "format": "json", "sort": "datedesc", "maxrecords": "75"}
    return f"{GDELT}?{urlencode({**parameters, 'timespan': f'{days}d'})}"


def _query(searched: Words, language: str, *, never: bool, shortest: int = 2) -> str:
    """One of the other names, or else the title's telling words; all of must; none of never. At most 400 characters."""
    must = _phrases(searched.must, shortest)[:_MOST_PHRASES]
    names = _phrases(searched.aliases, shortest)[:_MOST_PHRASES]
    parts = [_any_of(names)] if names else []
    if not names:
        telling = _telling(searched.title, language, shortest)
        parts += [word for word in telling if not any(fold(word) in fold(phrase) for phrase in must)]
        if not must and (context := _phrases(searched.context, shortest)[:3]):
            parts.append(_any_of(context))
    parts += must
    parts += [f"-{phrase}" for phrase in _phrases(searched.never, shortest)[:_MOST_NEVER]] if never else []
    query = ""
    for part in parts:  # whole parts only: a cut phrase is another one
        if len(query) + len(part) < _LONGEST_QUERY:
            query = f"{query} {part}".strip()
    return query


def _telling(title: str, language: str, shortest: int) -> list[str]:
    """The words of a title that say most: no stop words, long ones and numbers before others, in the title's order."""
    found = [word for word in dict.fromkeys(words(title)) if len(word) >= shortest]
    found = [word for word in found if not is_stop_word(word, language)]
    strong = [word for word in found if fold(word) not in _WEAK] or found
    best = sorted(strong, key=lambda word: (not word[:1].isupper() or word == found[0], -len(word)))[:_MOST_TITLE_WORDS]
    return [word for word in strong if word in best]


def _phrases(given: tuple[str, ...], shortest: int) -> list[str]:
    """Each in quotes if it has more than one word. Signs that mean something to a search engine become spaces."""
    made = []
    for phrase in given:
        clean = " ".join(re.sub(r"[^\w\s.,%'-]|(?<!\w)[.,%'-]|[.,'-](?!\w)", " ", phrase).split())[:_LONGEST_PHRASE]
        if len(clean) < shortest or not re.search(r"\w", clean):
            continue
        quoted = f'"{clean}"' if re.search(r"[^\w]", clean) or clean in ("OR", "AND", "NOT") else clean
        if quoted not in made:
            made.append(quoted)
    return made


def _any_of(phrases: list[str]) -> str:
    return f"({' OR '.join(phrases)})" if len(phrases) > 1 else phrases[0]
