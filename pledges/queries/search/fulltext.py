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
from pledges.models import Institution, Mandate, Pledge, SourceDocument, Topic, Update
from pledges.queries import visibility
from pledges.queries.search import query, spelling
from pledges.queries.search.figures import searched_word
from pledges.queries.search.query import Part, Query, Term, regular

WEIGHTS = "ABCD"
BATCH = 500
CONFIGS = {code: name.lower() for code, name in ENGLISH_NAMES.items()}
# How many letters a word must have to be corrected without asking, by the number of wrong letters.
MIN_LETTERS = {1: 5, 2: 8}


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
        return " ".join(regular(searched_word(word), language) for text in part for word in spelling.words(text))

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
class SearchResult:
    """What a search found: `ranks` as {pledge id: rank} (higher is better), and whether each pledge has all the words.

    `query` is what was searched for, `as_typed` the same before spelling correction. `corrections` are the misspelt
    words, each as (typed, searched for instead), and `corrected_query` is the whole search with them corrected.
    `suggestions` are whole searches that may have been meant where nothing was corrected.
    """

    ranks: dict[int, float] = field(default_factory=dict)
    all_words: bool = True
    query: Query = field(default_factory=Query)
    as_typed: Query = field(default_factory=Query)
    corrections: tuple[tuple[str, str], ...] = ()
    corrected_query: str = ""
    suggestions: tuple[str, ...] = ()


def find(text: str) -> tuple[dict[int, float], bool]:
    """The pledges that match a reader's words, as {id: rank} (higher is better), and whether they have all of them."""
    result = search(text)
    return result.ranks, result.all_words


def search(text: str) -> SearchResult:
    """Find pledges by what a reader typed (see `query`), each word in either language; at most six queries."""
    return _search(query.parse(text))


def about(text: str) -> dict[int, float]:
    """The pledges that have words of a text which is not a search, such as a headline, as {id: rank}."""
    return _search(query.plain(text)).ranks


def _search(typed: Query) -> SearchResult:
    """The last word may be unfinished. A word that no pledge has is corrected to the nearest one, unless it is
    excluded. When no pledge has all the words, those that have some of them are returned instead, the ones with most of
    them first; never one that has what is excluded.
    """
    if not typed:
        return SearchResult()
    whole = typed.with_terms(
        {term: replace(term, longer=tuple(spelling.longer(term.word))) for term in typed.terms if term.unfinished}
    )
    known = _known(whole.all_terms)
    corrected, suggested = _corrections_of([term for term in whole.terms if not any(known[term])])
    stop_words = {term for term, (is_stop_word, _count) in known.items() if is_stop_word}
    meant = whole.without(stop_words)
    if not meant and whole.terms:
        meant = whole
    searched = meant.with_terms({term: corrected[term.word][0] for term in meant.terms if term.word in corrected})
    written = {word: as_written for word, (_term, as_written) in corrected.items()}
    result = SearchResult(
        query=searched,
        as_typed=meant,
        corrections=tuple(written.items()),
        corrected_query=typed.written(written) if written else "",
        suggestions=tuple(typed.written({unknown: other}) for unknown, other in suggested),
    )
    if ranks := _ranked(searched):
        return replace(result, ranks=ranks)
    ranks = _ranked(searched.any_word.without(stop_words)) if len(searched.terms) > 1 else {}
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


def _ranked(searched: Query) -> dict[int, float]:
    """The pledges that match; those that have more of the parts come before those with fewer."""
    conditions, values = _condition(searched)
    score, score_values = "0", []
    if searched.parts:
        how_many, counted = _joined(" + ", [_has(part, "::int") for part in searched.parts])
        ranks = ", ".join(
            f"COALESCE(ts_rank('{{0.05, 0.2, 0.4, 1.0}}', search_{language},"
            f" to_tsquery('{config}', %s) || to_tsquery('simple', %s)), 0)"
            for language, config in CONFIGS.items()
        )
        prefix = " | ".join(filter(None, (part.prefix_tsquery for part in searched.parts)))
        each = [
            text for lang in CONFIGS for text in (" | ".join(part.tsquery(lang) for part in searched.parts), prefix)
        ]
        score, score_values = f"{how_many} + GREATEST({ranks})", [*counted, *each]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {score} FROM pledges_pledge WHERE {conditions}", [*score_values, *values])
        return dict(cursor.fetchall())


Sql = tuple[str, list[str]]  # an expression with its values


def _has(part: Part, cast: str = "") -> Sql:
    """Whether a pledge has a part, in either language. NULL for a pledge that is not public, excluded or not."""
    either = " OR ".join(
        f"search_{language} @@ (to_tsquery('{config}', %s) || to_tsquery('simple', %s))"
        for language, config in CONFIGS.items()
    )
    return f"({either}){cast}", [text for lang in CONFIGS for text in (part.tsquery(lang), part.prefix_tsquery)]


def _joined(by: str, expressions: Iterable[Sql]) -> Sql:
    expressions = list(expressions)
    return by.join(sql for sql, _values in expressions), [value for _sql, values in expressions for value in values]


def _condition(searched: Query) -> Sql:
    """Whether a pledge matches one of the alternatives."""

    def part_matches(part: Part) -> Sql:
        sql, values = _has(part)
        return f"{'NOT ' if part.excluded else ''}{sql}", values

    def all_match(parts: tuple[Part, ...]) -> Sql:
        sql, values = _joined(" AND ", map(part_matches, parts))
        return f"({sql})", values

    # Excluding only words that are ignored leaves no part: every public pledge.
    return _joined(" OR ", map(all_match, searched.alternatives)) if searched else ("search_en IS NOT NULL", [])
