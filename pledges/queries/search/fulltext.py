"""Full-text search over pledges, their updates and evidence in both languages at once, whatever the reader's language.

Accents are folded on the way in, since the Spanish stemmer would drop them only sometimes. The vectors are written when
something is published: title and names weigh most, then the statement, then topics and institutions, then the updates
with their evidence. Only today's text has vectors. A page as of another time searches them too, and quotes only what
was public then (see `highlights`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection, models
from django.db.models import Prefetch

from pledges.domain.languages import ENGLISH_NAMES
from pledges.domain.text import fold, folded
from pledges.models import Institution, Mandate, Pledge, SourceDocument, Topic, Update
from pledges.queries import visibility
from pledges.queries.search import spelling
from pledges.watch.text.language import stem

WEIGHTS = "ABCD"
BATCH = 500
CONFIGS = {code: name.lower() for code, name in ENGLISH_NAMES.items()}
MOST_WORDS = 12
# How many letters a word must have to be corrected without asking, by the number of wrong letters.
MIN_LETTERS = {1: 5, 2: 8}


def regular(word: str, language: str) -> str:
    """A folded word as its language's stemmer expects it.

    The Spanish plural of "juez" is "jueces", and the stemmer recognises the ending of "operación" by its accent.
    """
    if language == "es" and word.endswith("ces"):
        return f"{word[:-3]}zes"
    return f"{word[:-2]}ón" if language == "es" and word.endswith("ion") else word


def root(word: str, language: str) -> str:
    """What all forms of a (folded) word have in common, as the database's stemmer sees it."""
    return stem(regular(word, language), language)


# --- the index --------------------------------------------------------------------------------------------------------


def _texts(pledge: Pledge, language: str) -> dict[str, list[str]]:
    """The published texts of a pledge in one language, by their weight; none where it was retracted."""
    wording = pledge.public_wording
    if wording is None or (hasattr(pledge, "retraction") and pledge.retraction.is_published):
        return {}

    def own(row: models.Model, name: str) -> str:
        return getattr(row, f"{name}_{language}")

    updates = visibility.in_order(update for update in pledge.updates.all() if update.is_published)
    evidence = [piece for update in updates for piece in update.evidence.all()]
    document = pledge.source_document
    return {
        "A": [own(wording, "title"), *own(pledge, "also_called")],
        "B": [own(wording, "statement"), wording.quote if wording.quote_language == language else ""],
        "C": [
            *(own(topic, "name") for topic in pledge.topics.all()),
            *(f"{own(institution, 'name')} {institution.acronym}" for institution in pledge.institutions.all()),
            pledge.mandate.person,
            own(pledge.mandate, "office"),
        ],
        "D": [
            *(own(update, name) for update in updates for name in ("text", "reason_detail")),
            *(f"{piece.publisher} {piece.title} {piece.sentence}" for piece in evidence),
            f"{document.publisher} {own(document, 'title')}",
        ],
    }


def index(pledge_ids: Iterable[int]) -> None:
    """Write the search vectors of these pledges and add their words to the vocabulary, in a few statements a batch."""
    ids = sorted(set(pledge_ids))
    updates = visibility.with_withdrawal(Update.objects.prefetch_related("evidence"))
    for start in range(0, len(ids), BATCH):
        pledges = (
            Pledge.objects.filter(pk__in=ids[start : start + BATCH])
            .select_related("mandate", "retraction", "source_document")
            .prefetch_related("wordings", "topics", "institutions", Prefetch("updates", updates))
        )
        for language, config in CONFIGS.items():
            texts = {pledge.pk: _texts(pledge, language) for pledge in pledges}
            spelling.remember(text for parts in texts.values() for part in parts.values() for text in part)
            _write(texts, language, config)


def _write(texts: dict[int, dict[str, list[str]]], language: str, config: str) -> None:
    """Write the vectors of one language. A pledge without texts gets NULL, so that no word finds it."""

    def plain(part: list[str]) -> str:
        # Only the words: PostgreSQL would read "primicias.ec" as a host name, and no part of it would be found.
        return " ".join(regular(folded(word), language) for text in part for word in spelling.words(text))

    columns = [[plain(parts[weight]) if parts else None for parts in texts.values()] for weight in WEIGHTS]
    vector = " || ".join(f"setweight(to_tsvector('{config}', {weight}), '{weight}')" for weight in WEIGHTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE pledges_pledge SET search_{language} = {vector}"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS texts (pledge, a, b, c, d)"
            " WHERE pledges_pledge.id = texts.pledge",
            [list(texts), *columns],
        )


def affected(rows: Iterable[models.Model]) -> set[int]:
    """The ids of the pledges whose search text contains something of these rows."""
    keys: defaultdict[type, set] = defaultdict(set)
    for row in rows:
        keys[type(row)].add(row.pk)
    pledge_ids = set(keys[Pledge])
    names = {Topic: "topics", Institution: "institutions", Mandate: "mandate", SourceDocument: "source_document"}
    for model, name in names.items():
        if keys[model]:
            pledge_ids |= set(Pledge.objects.filter(**{f"{name}__in": keys[model]}).values_list("pk", flat=True))
    return pledge_ids


# --- the search -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A folded word of a search. The last one may be `unfinished`; `longer` are known words that begin with it."""

    word: str
    unfinished: bool = False
    longer: tuple[str, ...] = ()

    def tsquery(self, language: str) -> str:
        """The text of PostgreSQL's `tsquery` for it in a language."""
        return " | ".join(f"'{regular(word, language)}'" for word in (self.word, *self.longer))

    @property
    def prefix_tsquery(self) -> str:
        """The same for all words that begin with it, in any language; "" for a finished word."""
        return f"'{self.word}':*" if self.unfinished else ""

    def matches(self, word: str, languages: Iterable[str]) -> bool:
        """Whether a folded word of a text is a form of it, in one of the languages that the text may be in."""
        if word == self.word or (self.unfinished and word.startswith(self.word)):
            return True
        return any(root(word, language) == root(self.word, language) for language in languages)


@dataclass(frozen=True)
class SearchResult:
    """What a search found: `ranks` as {pledge id: rank} (higher is better), and whether each pledge has all the words.

    `terms` are the words that were searched for, `as_typed` the same before spelling correction. `corrections` are the
    misspelt words, each as (typed, searched for instead), and `corrected_query` is the whole search with them
    corrected. `suggestions` are whole searches that may have been meant where nothing was corrected.
    """

    ranks: dict[int, float] = field(default_factory=dict)
    all_words: bool = True
    terms: tuple[Term, ...] = ()
    as_typed: tuple[Term, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    corrected_query: str = ""
    suggestions: tuple[str, ...] = ()


def find(text: str) -> tuple[dict[int, float], bool]:
    """The pledges that match a reader's words, as {id: rank} (higher is better), and whether they have all of them."""
    result = search(text)
    return result.ranks, result.all_words


def search(text: str) -> SearchResult:
    """Find pledges by a reader's words, each word in either language; at most six queries.

    The last word may be unfinished. A word that no pledge has is corrected to the nearest one. When no pledge has all
    the words, those that have some of them are returned instead, the ones with most of them first.
    """
    typed = spelling.WORD.findall(fold(text))[:MOST_WORDS]
    if not typed:
        return SearchResult()
    last = Term(typed[-1], unfinished=True, longer=tuple(spelling.longer(typed[-1])))
    terms = [*map(Term, typed[:-1]), last]
    known = _known(terms)
    corrected, suggested = _corrections_of(
        [term for term, (is_stop_word, count) in known.items() if not is_stop_word and not count]
    )
    terms = [term for term in terms if not known[term][0]] or terms
    searched = [corrected[term.word][0] if term.word in corrected else term for term in terms]
    result = SearchResult(
        terms=tuple(searched),
        as_typed=tuple(terms),
        corrections=tuple((word, written) for word, (_term, written) in corrected.items()),
        corrected_query=" ".join(corrected[word][1] if word in corrected else word for word in typed)
        if corrected
        else "",
        suggestions=tuple(
            " ".join(other if word == unknown else word for word in typed) for unknown, other in suggested
        ),
    )
    if ranks := _ranked(searched, all_words=True):
        return replace(result, ranks=ranks)
    ranks = _ranked(searched, all_words=False) if len(searched) > 1 else {}
    return replace(result, ranks=ranks, all_words=not ranks)


def _known(terms: Sequence[Term]) -> dict[Term, tuple[bool, int]]:
    """For each term whether it is a stop word in a language, and how many pledges have it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT numnode(to_tsquery('english', word)) = 0 OR numnode(to_tsquery('spanish', word)) = 0,
                      (SELECT count(*) FROM pledges_pledge WHERE search_en @@ (en || more) OR search_es @@ (es || more))
               FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])
                    WITH ORDINALITY AS terms (word, in_en, in_es, begun, place),
                    LATERAL (SELECT to_tsquery('english', in_en) AS en, to_tsquery('spanish', in_es) AS es,
                                    to_tsquery('simple', begun) AS more) AS queries
               ORDER BY place""",
            [
                [f"'{t.word}'" for t in terms],
                [t.tsquery("en") for t in terms],
                [t.tsquery("es") for t in terms],
                [t.prefix_tsquery for t in terms],
            ],
        )
        return dict(zip(terms, cursor.fetchall(), strict=True))


def _corrections_of(unknown: Sequence[Term]) -> tuple[dict[str, tuple[Term, str]], list[tuple[str, str]]]:
    """Correct words that no pledge has to words that some pledge has.

    Returns the corrections as {word: (term, as written)}, and for each word that is too short to be corrected without
    asking up to three suggestions, as (word, as written).
    """
    similar = spelling.near(term.word for term in unknown)
    candidates = sorted({other for near in similar.values() for other, _written, _wrong in near})
    known = _known([Term(word) for word in candidates]) if candidates else {}
    counts = {term.word: count for term, (_is_stop_word, count) in known.items()}
    corrections, suggestions = {}, []
    for word, near in similar.items():
        near = [each for each in near if counts[each[0]]]
        near.sort(key=lambda each: (each[2], -counts[each[0]], each[0]))
        if near and len(word) >= MIN_LETTERS[near[0][2]]:
            corrections[word] = (Term(near[0][0]), near[0][1])
        else:
            suggestions += [(word, written) for _other, written, _wrong in near[:3]]
    return corrections, suggestions


def _ranked(terms: Sequence[Term], *, all_words: bool) -> dict[int, float]:
    """The pledges that have all of the terms, or any of them; those that have more come before those with fewer."""
    has = "(search_en @@ (to_tsquery('english', %s) || to_tsquery('simple', %s))" + (
        " OR search_es @@ (to_tsquery('spanish', %s) || to_tsquery('simple', %s)))"
    )
    each = [text for t in terms for text in (t.tsquery("en"), t.prefix_tsquery, t.tsquery("es"), t.prefix_tsquery)]
    matches = (" AND " if all_words else " OR ").join([has] * len(terms))
    how_many = " + ".join([f"{has}::int"] * len(terms))
    ranks = ", ".join(
        f"COALESCE(ts_rank('{{0.05, 0.2, 0.4, 1.0}}', search_{language},"
        f" to_tsquery('{config}', %s) || to_tsquery('simple', %s)), 0)"
        for language, config in CONFIGS.items()
    )
    prefix = terms[-1].prefix_tsquery
    whole = [text for lang in CONFIGS for text in (" | ".join(t.tsquery(lang) for t in terms), prefix)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {how_many} + GREATEST({ranks}) FROM pledges_pledge WHERE {matches}", [*each, *whole, *each]
        )
        return dict(cursor.fetchall())
