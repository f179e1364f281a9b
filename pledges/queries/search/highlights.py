"""Where in a pledge a search found its words: the passages, each with the words marked.

They are looked for in the standing that the page shows, so a page as of an earlier time quotes only what was there
then, though the search itself knows today's text alone.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pledges.domain.languages import LANGUAGES
from pledges.domain.text import folded
from pledges.queries.published import PublicEvidence, PublicUpdate
from pledges.queries.search.fulltext import Term
from pledges.queries.search.spelling import WORD
from pledges.queries.standings import Standing

MOST = 2  # passages of one pledge
AROUND, WINDOW = 8, 34  # words before the first that is marked, and of a passage altogether


@dataclass(frozen=True)
class Excerpt:
    """A text of a pledge that has words of the search: `kind` says which text, `marked` is what is shown of it.

    `update` is the one that it is in, or whose evidence it is in; `hits` are the numbers of the terms that it has.
    """

    kind: str
    marked: SafeString
    hits: frozenset[int]
    update: PublicUpdate | None = None
    piece: PublicEvidence | None = None


@dataclass(frozen=True)
class Where:
    """Where a pledge has the words: its title, marked, and the passages that have most of them."""

    title: SafeString
    passages: list[Excerpt] = field(default_factory=list)


class Marker:
    """Marks the words of a search in pledges. It remembers what it made of a word, so one serves a whole page."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        self._known: dict[tuple[str, str], frozenset[int]] = {}

    def where(self, standing: Standing) -> Where:
        """Where a pledge, as it stands on a page, has the words that were looked for.

        First comes the passage with most of them, an update's before its evidence's and the newest first; a second one
        only if it has a word that neither the first nor the title has.
        """
        title = standing.wording.title
        marked, seen = self._marked(str(title), getattr(title, "lang", ""), whole=True)
        found = [passage for passage in self._passages(standing) if passage.hits]
        passages: list[Excerpt] = []
        while found and len(passages) < MOST:
            best = max(found, key=lambda passage: len(passage.hits - seen if passages else passage.hits))
            if passages and best.hits <= seen:
                break
            passages.append(best)
            seen |= best.hits
        return Where(marked, passages)

    def has_all(self, standing: Standing) -> bool:
        """Whether a pledge has all the words somewhere; also of one that the index has no more."""
        hits = frozenset().union(*(passage.hits for passage in self._passages(standing)))
        return len(hits) == len(self._terms)

    def _passages(self, standing: Standing) -> Iterator[Excerpt]:
        def passage(kind: str, text: str, language: str, *about: PublicUpdate | PublicEvidence) -> Excerpt:
            return Excerpt(kind, *self._marked(text, language), *about)

        for update in reversed(standing.updates):
            for text, language in (*_both(update, "text"), *_both(update, "reason_detail")):
                yield passage("update", text, language, update)
            for piece in update.evidence:
                yield passage("sentence", piece.sentence, piece.language, update, piece)
                named = f"{piece.publisher}: {piece.title}" if piece.title else piece.publisher
                yield passage("evidence", named, piece.language, update, piece)
        pledge, wording = standing.pledge, standing.wording
        for text, language in _both(wording, "statement"):
            yield passage("statement", text, language)
        yield passage("quote", wording.quote, wording.quote_language)
        for text, language in _both(wording, "title"):
            yield passage("statement", text, language)
        for names, language in _both(pledge, "also_called"):
            yield passage("names", ", ".join(names), language)
        for kind, rows in (("topic", standing.topics), ("institution", standing.institutions)):
            for row in rows:
                acronym = getattr(row, "acronym", "")
                for text, language in _both(row, "name"):
                    yield passage(kind, f"{text} ({acronym})" if acronym else text, language)
        for text, language in _both(pledge.mandate, "office"):
            yield passage("speaker", f"{pledge.mandate.person}, {text}", language)
        for text, language in _both(pledge.source_document, "title"):
            yield passage("source", f"{pledge.source_document.publisher}, {text}", language)

    def _terms_of(self, word: str, language: str) -> frozenset[int]:
        """The numbers of the terms that a word of a text is one of."""
        if (word, language) not in self._known:
            languages = (language,) if language in LANGUAGES else LANGUAGES
            fits = (number for number, term in enumerate(self._terms) if term.fits(folded(word), languages))
            self._known[word, language] = frozenset(fits)
        return self._known[word, language]

    def _marked(self, text: str, language: str, *, whole: bool = False) -> tuple[SafeString, frozenset[int]]:
        """A text with the words marked, and the numbers of those that it has.

        Unless it is wanted `whole` it is cut to where most of them are, and nothing where there are none.
        """
        text = unicodedata.normalize("NFC", text)
        words = list(WORD.finditer(text))
        hits = {at: found for at, word in enumerate(words) if (found := self._terms_of(word.group(), language))}
        if not hits:
            return (_in_language(escape(text), language) if whole else SafeString()), frozenset()
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
        shown = mark_safe("".join(parts))  # each part is escaped
        shown = format_html("{}{}{}", "… " if start else "", shown, " …" if end < len(text) else "")
        return _in_language(shown, language), _together(hits, hits)


def _both(row: object, name: str) -> list[tuple]:
    """A text in both languages, the page's first, as (text, language)."""
    active = (get_language() or "")[:2]
    return [(getattr(row, f"{name}_{lang}"), lang) for lang in sorted(LANGUAGES, key=lambda lang: lang != active)]


def _in_language(shown: SafeString, language: str) -> SafeString:
    """Marked as being in its language where that is not the page's."""
    if language in LANGUAGES and language != (get_language() or "")[:2]:
        return format_html('<span lang="{}">{}</span>', language, shown)
    return shown


def _together(hits: dict[int, frozenset[int]], places: Iterable[int]) -> frozenset[int]:
    """The terms that are hit in one of these places."""
    return frozenset().union(*(hits.get(at, frozenset()) for at in places))
