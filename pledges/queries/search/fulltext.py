"""Full-text search over pledges, their updates and evidence in both languages at once, whatever the reader's language.

Accents are folded on the way in, since the Spanish stemmer would drop them only sometimes. The vectors are written when
something is published: title and names weigh most, then the statement, then topics and institutions, then the updates
with their evidence. There is one for today's text; a page as of another time searches it, too, and shows of what it
finds only what was there then (see `passages`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection, models

from pledges.domain.languages import ENGLISH_NAMES
from pledges.domain.text import fold, folded
from pledges.models import Institution, Mandate, Pledge, SourceDocument, Topic
from pledges.queries.search import spelling
from pledges.watch.text.language import stem

WEIGHTS = "ABCD"
BATCH = 500
CONFIGS = {code: name.lower() for code, name in ENGLISH_NAMES.items()}
MOST_WORDS = 12
# The least letters of a word that is taken for another one without being asked, by how many of them are wrong.
MENDED = {1: 5, 2: 8}


def regular(word: str, language: str) -> str:
    """A folded word as its language's stemmer wants it.

    Spanish forms "juez, jueces" with another letter, and the stemmer knows the ending of "operación" by its accent.
    """
    if language == "es" and word.endswith("ces"):
        return f"{word[:-3]}zes"
    return f"{word[:-2]}ón" if language == "es" and word.endswith("ion") else word


def root(word: str, language: str) -> str:
    """What all forms of a (folded) word have in common, as the database's stemmer sees it."""
    return stem(regular(word, language), language)


# --- what is found ----------------------------------------------------------------------------------------------------


def _texts(pledge: Pledge, language: str) -> dict[str, list[str]]:
    """The pledge's published texts of one language, by their weight; none of one that was retracted."""
    wording = pledge.public_wording
    if wording is None or (hasattr(pledge, "retraction") and pledge.retraction.is_published):
        return {}

    def own(row: models.Model, name: str) -> str:
        return getattr(row, f"{name}_{language}")

    corrected = {u.corrects_id for u in pledge.updates.all() if u.is_published}
    updates = [u for u in pledge.updates.all() if u.is_published and u.pk not in corrected]
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
    """Write the search vectors of these pledges and remember their words, many with a few statements."""
    ids = sorted(set(pledge_ids))
    for start in range(0, len(ids), BATCH):
        pledges = (
            Pledge.objects.filter(pk__in=ids[start : start + BATCH])
            .select_related("mandate", "retraction", "source_document")
            .prefetch_related("wordings", "topics", "institutions", "updates__evidence")
        )
        for language, config in CONFIGS.items():
            texts = {pledge.pk: _texts(pledge, language) for pledge in pledges}
            spelling.remember(text for parts in texts.values() for part in parts.values() for text in part)
            _write(texts, language, config)


def _write(texts: dict[int, dict[str, list[str]]], language: str, config: str) -> None:
    """A pledge without texts is found by no word: its vector is NULL."""

    def plain(part: list[str]) -> str:
        # The words alone: PostgreSQL would take "primicias.ec" for the name of a computer, and find no part of it.
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
    """The ids of the pledges whose search text a change of these rows touches."""
    keys = defaultdict(set)
    for row in rows:
        keys[type(row)].add(row.pk)
    found = set(keys[Pledge])
    names = {Topic: "topics", Institution: "institutions", Mandate: "mandate", SourceDocument: "source_document"}
    for model, name in names.items():
        if keys[model]:
            found |= set(Pledge.objects.filter(**{f"{name}__in": keys[model]}).values_list("pk", flat=True))
    return found


# --- what is looked for -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A word that is looked for, folded; the last one may be `unfinished`, and `longer` are known words it begins."""

    word: str
    unfinished: bool = False
    longer: tuple[str, ...] = ()

    def query(self, language: str) -> str:
        """PostgreSQL's way of asking for it in a language."""
        return " | ".join(f"'{regular(word, language)}'" for word in (self.word, *self.longer))

    @property
    def beginning(self) -> str:
        """The same for what it begins, whatever the language; "" for a word that is whole."""
        return f"'{self.word}':*" if self.unfinished else ""

    def fits(self, word: str, languages: Iterable[str]) -> bool:
        """Whether a folded word of a text is it, in one of the languages that the text may be in."""
        if word == self.word or (self.unfinished and word.startswith(self.word)):
            return True
        return any(root(word, language) == root(self.word, language) for language in languages)


@dataclass(frozen=True)
class SearchResult:
    """What a search found: `ranks` as {pledge: rank} (higher is better), whether each has all the words, and the words.

    `corrections` are misspelt words, each as (typed, what was looked for instead); `corrected_query` is the whole
    search with them put right, `as_typed` the words as they were before. `suggestions` are whole searches that may have
    been meant where nothing was taken for granted.
    """

    ranks: dict[int, float] = field(default_factory=dict)
    all_words: bool = True
    terms: tuple[Term, ...] = ()
    as_typed: tuple[Term, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    corrected_query: str = ""
    suggestions: tuple[str, ...] = ()


def find(text: str) -> tuple[dict[int, float], bool]:
    """The pledges that a reader's words find, as {id: rank} (higher is better), and whether all words were found."""
    found = search(text)
    return found.ranks, found.all_words


def search(text: str) -> SearchResult:
    """Find pledges by a reader's words, each in either language, and say how that was done; at most six queries.

    The last word may be unfinished. A word that nothing has is taken for the one that it is nearest to. When no pledge
    has all the words, those that have some are given instead, the ones with most of them first.
    """
    typed = spelling.WORD.findall(fold(text))[:MOST_WORDS]
    if not typed:
        return SearchResult()
    last = Term(typed[-1], unfinished=True, longer=tuple(spelling.longer(typed[-1])))
    terms = [*map(Term, typed[:-1]), last]
    known = _known(terms)
    corrected, suggested = _corrections_of(
        [term for term, (stops, pledges) in known.items() if not stops and not pledges]
    )
    terms = [term for term in terms if not known[term][0]] or terms
    right = [corrected[term.word][0] if term.word in corrected else term for term in terms]
    found = SearchResult(
        terms=tuple(right),
        as_typed=tuple(terms),
        corrections=tuple((word, written) for word, (_term, written) in corrected.items()),
        corrected_query=" ".join(corrected[word][1] if word in corrected else word for word in typed)
        if corrected
        else "",
        suggestions=tuple(" ".join(other if word == missed else word for word in typed) for missed, other in suggested),
    )
    if ranks := _ranked(right, all_words=True):
        return replace(found, ranks=ranks)
    ranks = _ranked(right, all_words=False) if len(right) > 1 else {}
    return replace(found, ranks=ranks, all_words=not ranks)


def _known(terms: Sequence[Term]) -> dict[Term, tuple[bool, int]]:
    """For each term whether a language leaves it out as a word without meaning, and how many pledges have it."""
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
                [t.query("en") for t in terms],
                [t.query("es") for t in terms],
                [t.beginning for t in terms],
            ],
        )
        return dict(zip(terms, cursor.fetchall(), strict=True))


def _corrections_of(missed: Sequence[Term]) -> tuple[dict[str, tuple[Term, str]], list[tuple[str, str]]]:
    """What words that nothing has are taken for, as {word: (term, as it is written)}; and, for the others, what each
    may have been meant for, as (word, as it is written). Only words that still find something are offered."""
    alike = spelling.near(term.word for term in missed)
    offered = sorted({other for found in alike.values() for other, _written, _wrong in found})
    known = _known([Term(word) for word in offered]) if offered else {}
    pledges = {term.word: count for term, (_stops, count) in known.items()}
    taken, others = {}, []
    for word, found in alike.items():
        found = [each for each in found if pledges[each[0]]]
        found.sort(key=lambda each: (each[2], -pledges[each[0]], each[0]))
        if found and len(word) >= MENDED[found[0][2]]:
            taken[word] = (Term(found[0][0]), found[0][1])
        else:
            others += [(word, written) for _other, written, _wrong in found[:3]]
    return taken, others


def _ranked(terms: Sequence[Term], *, all_words: bool) -> dict[int, float]:
    """The pledges that have all of the terms, or any of them; those that have more come before those with fewer."""
    has = "(search_en @@ (to_tsquery('english', %s) || to_tsquery('simple', %s))" + (
        " OR search_es @@ (to_tsquery('spanish', %s) || to_tsquery('simple', %s)))"
    )
    each = [text for t in terms for text in (t.query("en"), t.beginning, t.query("es"), t.beginning)]
    matches = (" AND " if all_words else " OR ").join([has] * len(terms))
    how_many = " + ".join([f"{has}::int"] * len(terms))
    ranks = ", ".join(
        f"COALESCE(ts_rank('{{0.05, 0.2, 0.4, 1.0}}', search_{language},"
        f" to_tsquery('{config}', %s) || to_tsquery('simple', %s)), 0)"
        for language, config in CONFIGS.items()
    )
    beginning = terms[-1].beginning
    whole = [text for lang in CONFIGS for text in (" | ".join(t.query(lang) for t in terms), beginning)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {how_many} + GREATEST({ranks}) FROM pledges_pledge WHERE {matches}", [*each, *whole, *each]
        )
        return dict(cursor.fetchall())
