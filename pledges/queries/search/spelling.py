"""The vocabulary of published texts: spelling correction, and the completion of unfinished words."""

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import connection

from pledges.domain.lazy import lazy
from pledges.domain.text import folded
from pledges.models import SearchWord
from pledges.queries.search import figures

if TYPE_CHECKING:
    from rapidfuzz import distance, process
else:
    distance, process = lazy("rapidfuzz.distance"), lazy("rapidfuzz.process")

SHORTEST, LONGEST = 3, 40  # letters of a word in the vocabulary
MOST_LONGER, MOST_NEAR = 60, 6
# How many letters a word must have for one or two of them to be wrong: shorter words resemble too many others.
ONE_WRONG, TWO_WRONG = 4, 6


def words(text: str) -> list[str]:
    """The words of a text as written, in Unicode's composed form: a letter and its accent are one character."""
    return figures.words(unicodedata.normalize("NFC", text))


def remember(texts: Iterable[str]) -> None:
    """Add the words of published texts to the vocabulary, in two queries however many they are."""
    written: dict[str, str] = {}
    for text in texts:
        for word in words(text):
            if SHORTEST <= len(word) <= LONGEST and word.isalpha():
                written.setdefault(folded(word)[:LONGEST], word.lower())
    known = set(SearchWord.objects.filter(word__in=written).values_list("word", flat=True))
    # Sorted, so that two publications at the same time wait for each other and cannot deadlock.
    new = [SearchWord(word=word, written=written[word]) for word in sorted(written.keys() - known)]
    SearchWord.objects.bulk_create(new, ignore_conflicts=True)


def longer(beginning: str) -> list[str]:
    """The words of the vocabulary that begin with `beginning`, the shortest first; all are folded."""
    if not SHORTEST <= len(beginning) <= LONGEST:
        return []
    # In SQL: for each search, Django would take longer to write the query than the database to answer it.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM pledges_searchword WHERE word LIKE %s AND word <> %s LIMIT %s",
            [f"{connection.ops.prep_for_like_query(beginning)}%", beginning, 10 * MOST_LONGER],
        )
        return sorted((word for (word,) in cursor), key=len)[:MOST_LONGER]


def near(unknown: Iterable[str]) -> dict[str, list[tuple[str, str, int]]]:
    """For each folded word the similar words of the vocabulary, the nearest first; one query.

    Each is (folded, as written, number of wrong letters). Two neighbouring letters that are swapped count as one wrong.
    """
    unknown = [word for word in unknown if len(word) >= ONE_WRONG]
    if not unknown:
        return {}
    scorer = distance.OSA.distance
    vocabulary = dict(SearchWord.objects.values_list("word", "written"))
    similar = {}
    for word in unknown:
        most = 2 if len(word) >= TWO_WRONG else 1
        nearest = process.extract(word, vocabulary.keys(), scorer=scorer, score_cutoff=most, limit=MOST_NEAR)
        similar[word] = [(other, vocabulary[other], wrong) for other, wrong, _index in nearest]
    return similar
