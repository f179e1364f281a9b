"""The passages of a pledge that have the words of a search, with these words marked.

The passages are of the standing that the page shows: a page as of an earlier time quotes only what was public then,
though the search index has only today's text.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pledges.domain.languages import LANGUAGES
from pledges.queries.published import PublicEvidence, PublicUpdate
from pledges.queries.search.figures import WORD, searched_word
from pledges.queries.search.query import Part, Query, Term, root
from pledges.queries.search.spelling import words
from pledges.queries.standings import Standing

MOST = 2  # passages of one pledge
AROUND, WINDOW = 8, 34  # words before the first marked word, and in the whole passage
# Texts whose words a process keeps, and the characters of the longest: with what is kept of each, 10 MB of usual texts,
# 70 MB of the longest. Texts are the key, so nothing is outdated after a publication.
MOST_TEXTS, LONGEST_TEXT = 10_000, 2_000


@dataclass(frozen=True)
class Excerpt:
    """A passage of a pledge: `kind` says of which text, `marked` is the HTML that is shown, empty where nothing is.

    `hits` are the numbers of the terms that it has. `update` is the update that it is from, `piece` the evidence.
    """

    kind: str
    marked: SafeString
    hits: frozenset[int]
    update: PublicUpdate | None = None
    piece: PublicEvidence | None = None


@dataclass(frozen=True)
class Highlights:
    """What a list shows of a pledge that a search found: its title, marked, and the passages with most of the words."""

    title: SafeString
    passages: list[Excerpt] = field(default_factory=list)


class Marker:
    """Marks the words of a search in pledges, not those that it excludes.

    It caches what each word matches, so use one marker for a whole page.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._terms = query.all_terms
        self._marked_terms = frozenset(number for number, term in enumerate(self._terms) if term in query.terms)
        self._signs = {
            code: [
                (number, sign)
                for number in self._marked_terms
                for sign in _signs(self._terms[number], _languages(code))
            ]
            for code in (*LANGUAGES, "")
        }
        self._cache: dict[tuple[str, str], frozenset[int]] = {}

    def highlight(self, standing: Standing) -> Highlights:
        """The title and the passages of a pledge as it stands on the page.

        The passage with most of the words comes first; of equal ones the newest update before its evidence and before
        older ones. There is a second passage only if it has a word that neither the first nor the title has.
        """
        title = standing.wording.title
        language = getattr(title, "lang", "")
        marked, seen = self._marked(str(title), language, whole=True), self._hits(str(title), language)
        candidates = [(text, hits) for text in _texts(standing) if (hits := self._hits(text.text, text.language))]
        passages: list[Excerpt] = []
        while candidates and len(passages) < MOST:
            text, hits = max(candidates, key=lambda each: len(each[1] - seen if passages else each[1]))
            if passages and hits <= seen:
                break
            passages.append(Excerpt(text.kind, self._marked(text.text, text.language), hits, text.update, text.piece))
            seen |= hits
        return Highlights(marked, passages)

    def matches(self, standing: Standing) -> bool:
        """Whether the texts of a pledge match the search; it need not be in the index."""
        texts = [
            [self._terms_of(word, passage.language) for word in words(passage.text)] for passage in _texts(standing)
        ]

        def has(part: Part) -> bool:
            numbers = [self._terms.index(term) for term in part.terms]
            return any(
                all(number in hits for number, hits in zip(numbers, text[at:], strict=False))
                for text in texts
                for at in range(len(text) - len(numbers) + 1)
            )

        return any(all(has(part) != part.excluded for part in parts) for parts in self._query.alternatives)

    def _hits(self, text: str, language: str) -> frozenset[int]:
        """The numbers of the terms that a text has. Of hundreds of texts few have any, and fewer are shown."""
        if not text:
            return frozenset()
        language = language if language in LANGUAGES else ""
        forms = forms_of(text, language) if len(text) <= LONGEST_TEXT else forms_of.__wrapped__(text, language)
        return frozenset(number for number, sign in self._signs[language] if sign in forms)

    def _terms_of(self, word: str, language: str) -> frozenset[int]:
        """The numbers of the terms that a word of a text is a form of."""
        if (word, language) not in self._cache:
            languages, searched = _languages(language), searched_word(word)
            matching = (number for number, term in enumerate(self._terms) if term.matches(searched, languages))
            self._cache[word, language] = frozenset(matching)
        return self._cache[word, language]

    def _marked(self, text: str, language: str, *, whole: bool = False) -> SafeString:
        """A text as HTML with its matching words marked. Unless `whole`, it is cut to the window with most terms; then
        it has one at least."""
        text = unicodedata.normalize("NFC", text)
        words = list(WORD.finditer(text))
        hits = {
            at: terms
            for at, word in enumerate(words)
            if (terms := self._terms_of(word.group(), language) & self._marked_terms)
        }
        if not hits:
            return _in_language(escape(text), language)
        first, last = 0, len(words) - 1
        if not whole and len(words) > WINDOW:
            most = max(hits, key=lambda at: len(_together(hits, range(at, at + WINDOW - AROUND))))
            first = max(0, min(most - AROUND, len(words) - WINDOW))
            last = first + WINDOW - 1
        start = words[first].start() if first else 0
        end = words[last].end() if last < len(words) - 1 else len(text)
        parts, done = [], start
        for at in sorted(hits):
            if first <= at <= last:
                parts += [escape(text[done : words[at].start()]), format_html("<mark>{}</mark>", words[at].group())]
                done = words[at].end()
        parts.append(escape(text[done:end]))
        marked = mark_safe("".join(parts))  # each part is escaped
        marked = format_html("{}{}{}", "… " if start else "", marked, " …" if end < len(text) else "")
        return _in_language(marked, language)


class Text(NamedTuple):
    """A text of a pledge, with the update and the evidence that it is from."""

    kind: str
    text: str
    language: str
    update: PublicUpdate | None = None
    piece: PublicEvidence | None = None


def _languages(language: str) -> tuple[str, ...]:
    """The languages that a text may be in: both, where it is not known."""
    return (language,) if language in LANGUAGES else tuple(LANGUAGES)


@lru_cache(maxsize=MOST_TEXTS)
def forms_of(text: str, language: str) -> str:
    """The folded words of a text and their roots, these as ":en:prison", each once and on a line of its own.

    A string takes a fraction of what a set takes, and looking for a line in it costs no more.
    """
    folded = dict.fromkeys(map(searched_word, words(text)))
    roots = dict.fromkeys(f":{code}:{root(word, code)}" for code in _languages(language) for word in folded)
    return "\n".join(("", *folded, *roots, ""))


def _signs(term: Term, languages: Iterable[str]) -> list[str]:
    """Of these `forms_of` a text has at least one if a word of the text matches the term (see `Term.matches`)."""
    roots = [f"\n:{code}:{root(term.word, code)}\n" for code in languages]
    return [f"\n{term.word}" if term.unfinished else f"\n{term.word}\n", *roots]


def _texts(standing: Standing) -> Iterator[Text]:
    for update in reversed(standing.updates):
        for text, language in (*_both(update, "text"), *_both(update, "reason_detail")):
            yield Text("update", text, language, update)
        for piece in update.evidence:
            yield Text("sentence", piece.sentence, piece.language, update, piece)
            name = f"{piece.publisher}: {piece.title}" if piece.title else piece.publisher
            yield Text("evidence", name, piece.language, update, piece)
    pledge, wording = standing.pledge, standing.wording
    for text, language in _both(wording, "statement"):
        yield Text("statement", text, language)
    yield Text("quote", wording.quote, wording.quote_language)
    for text, language in _both(wording, "title"):
        yield Text("statement", text, language)
    for names, language in _both(pledge, "also_called"):
        yield Text("names", ", ".join(names), language)
    for kind, rows in (("topic", standing.topics), ("institution", standing.institutions)):
        for row in rows:
            acronym = getattr(row, "acronym", "")
            for text, language in _both(row, "name"):
                yield Text(kind, f"{text} ({acronym})" if acronym else text, language)
    for text, language in _both(pledge.mandate, "office"):
        yield Text("speaker", f"{pledge.mandate.person}, {text}", language)
    for text, language in _both(pledge.source_document, "title"):
        yield Text("source", f"{pledge.source_document.publisher}, {text}", language)


def _both(row: object, name: str) -> list[tuple]:
    """A text in both languages, the active one first, as (text, language)."""
    active = (get_language() or "")[:2]
    return [(getattr(row, f"{name}_{lang}"), lang) for lang in sorted(LANGUAGES, key=lambda lang: lang != active)]


def _in_language(marked: SafeString, language: str) -> SafeString:
    """The same with a `lang` attribute, unless it is in the active language."""
    if language in LANGUAGES and language != (get_language() or "")[:2]:
        return format_html('<span lang="{}">{}</span>', language, marked)
    return marked


def _together(hits: dict[int, frozenset[int]], places: Iterable[int]) -> frozenset[int]:
    """The numbers of the terms that words at these places match."""
    return frozenset().union(*(hits.get(at, frozenset()) for at in places))
