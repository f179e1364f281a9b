"""Full-text search over pledges in both languages at once, whatever the reader's language is.

Accents are folded on the way in, since the Spanish stemmer would drop them only sometimes. The vectors are written when
something is published: title and names weigh most, then the statement, then topics and institutions, then the updates.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, models

from pledges.models import Institution, Mandate, Pledge, Topic
from pledges.monitor.language import fold

WEIGHTS = "ABCD"
BATCH = 500
CONFIGS = {"en": "english", "es": "spanish"}


def _weighted(pledge: Pledge, language: str) -> list[tuple[str, str]]:
    """The pledge's published texts of one language, each with its weight; none of one that was retracted."""
    wording = pledge.public_wording
    if wording is None or (hasattr(pledge, "retraction") and pledge.retraction.is_published):
        return []
    topics = [getattr(topic, f"name_{language}") for topic in pledge.topics.all()]
    institutions = [f"{getattr(i, f'name_{language}')} {i.acronym}" for i in pledge.institutions.all()]
    corrected = {u.corrects_id for u in pledge.updates.all() if u.is_published}
    updates = [u for u in pledge.updates.all() if u.is_published and u.pk not in corrected]
    evidence = [f"{piece.publisher} {piece.title}" for update in updates for piece in update.evidence.all()]
    quote = wording.quote if wording.quote_language == language else ""
    return [
        (" . ".join([getattr(wording, f"title_{language}"), *getattr(pledge, f"also_called_{language}")]), "A"),
        (f"{getattr(wording, f'statement_{language}')} . {quote}", "B"),
        (
            " . ".join([*topics, *institutions, pledge.mandate.person, getattr(pledge.mandate, f"office_{language}")]),
            "C",
        ),
        (" . ".join([*(getattr(update, f"text_{language}") for update in updates), *evidence]), "D"),
    ]


def index(pledge_ids: Iterable[int]) -> None:
    """Write the search vectors of these pledges, many with one statement."""
    ids = sorted(set(pledge_ids))
    for start in range(0, len(ids), BATCH):
        pledges = (
            Pledge.objects.filter(pk__in=ids[start : start + BATCH])
            .select_related("mandate", "retraction")
            .prefetch_related("wordings", "topics", "institutions", "updates__evidence")
        )
        for language, config in CONFIGS.items():
            _write([(pledge.pk, _weighted(pledge, language)) for pledge in pledges], language, config)


def _write(texts: list[tuple[int, list[tuple[str, str]]]], language: str, config: str) -> None:
    """A pledge without texts is found by no word: its vector is NULL."""
    columns = [[dict(map(reversed, parts)).get(weight) for _pk, parts in texts] for weight in WEIGHTS]
    folded = [[text if text is None else fold(text) for text in column] for column in columns]
    vector = " || ".join(f"setweight(to_tsvector('{config}', {weight}), '{weight}')" for weight in WEIGHTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE pledges_pledge SET search_{language} = {vector}"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS texts (pledge, a, b, c, d)"
            " WHERE pledges_pledge.id = texts.pledge",
            [[pk for pk, _parts in texts], *folded],
        )


def affected(rows: Iterable[models.Model]) -> set[int]:
    """The ids of the pledges whose search text a change of these rows touches."""
    keys = defaultdict(set)
    for row in rows:
        keys[type(row)].add(row.pk)
    found = set(keys[Pledge])
    for model, name in ((Topic, "topics"), (Institution, "institutions"), (Mandate, "mandate")):
        if keys[model]:
            found |= set(Pledge.objects.filter(**{f"{name}__in": keys[model]}).values_list("pk", flat=True))
    return found


def find(text: str) -> tuple[dict[int, float], bool]:
    """The pledges that a reader's words find, as {id: rank} (higher is better), and whether all words were found.

    The last word may be unfinished. When no pledge has all the words, those that have some are given instead.
    """
    words = re.findall(r"[^\W_]+", fold(text))[:12]
    if not words:
        return {}, True
    for operator in (" & ", " | "):
        query = operator.join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
        if ranks := _ranked(query):
            return ranks, operator == " & "
    return {}, True


def _ranked(query: str) -> dict[int, float]:
    best = ", ".join(
        f"COALESCE(ts_rank('{{0.05, 0.2, 0.4, 1.0}}', search_{language}, to_tsquery('{config}', %s)), 0)"
        for language, config in CONFIGS.items()
    )
    matches = " OR ".join(f"search_{language} @@ to_tsquery('{config}', %s)" for language, config in CONFIGS.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, GREATEST({best}) FROM pledges_pledge WHERE {matches}", [query] * 2 * len(CONFIGS))
        return dict(cursor.fetchall())
