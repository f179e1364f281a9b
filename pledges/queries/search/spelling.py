"""The words of what was published: what a misspelt word is near to, and how an unfinished one goes on."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pledges.domain.text import folded
from pledges.models import SearchWord

WORD = re.compile(r"[^\W_]+")
SHORTEST, LONGEST = 3, 40  # letters of a word that is remembered
MOST_LONGER, MOST_NEAR = 60, 6
# The least letters that a word must have for so many of them to be wrong: shorter ones are near to too much.
ONE_WRONG, TWO_WRONG = 4, 6


def words(text: str) -> list[str]:
    """The words of a text as they are written, accents in one character with their letter."""
    return WORD.findall(unicodedata.normalize("NFC", text))


def remember(texts: Iterable[str]) -> None:
    """Take the words of published texts into the vocabulary, many with two queries."""
    written: dict[str, str] = {}
    for text in texts:
        for word in words(text):
            if SHORTEST <= len(word) <= LONGEST and word.isalpha():
                written.setdefault(folded(word)[:LONGEST], word.lower())
    known = set(SearchWord.objects.filter(word__in=written).values_list("word", flat=True))
    # In order: two that publish at once wait for each other and do not stand in each other's way.
    new = [SearchWord(word=word, written=written[word]) for word in sorted(written.keys() - known)]
    SearchWord.objects.bulk_create(new, ignore_conflicts=True)


def longer(beginning: str) -> list[str]:
    """Words that begin so, the shortest first; `beginning` and they are folded."""
    if not SHORTEST <= len(beginning) <= LONGEST:
        return []
    found = SearchWord.objects.filter(word__startswith=beginning).exclude(word=beginning)
    return sorted(found.values_list("word", flat=True)[: 10 * MOST_LONGER], key=len)[:MOST_LONGER]


def near(missed: Iterable[str]) -> dict[str, list[tuple[str, str, int]]]:
    """For each (folded) word those that it may have been meant for, as (folded, as it is written, letters that are
    wrong), the nearest first; one query. Two letters that changed places are one that is wrong."""
    missed = [word for word in missed if len(word) >= ONE_WRONG]
    if not missed:
        return {}
    known = dict(SearchWord.objects.values_list("word", "written"))
    found = {}
    for word in missed:
        most = 2 if len(word) >= TWO_WRONG else 1
        alike = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=MOST_NEAR)
        found[word] = [(other, known[other], wrong) for other, wrong, _index in alike]
    return found
