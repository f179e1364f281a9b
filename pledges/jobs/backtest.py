"""The watch, replayed against what editors decided: how much it finds, how much of that is noise, what it learned.

Each article is judged with what was known at the beginning of the day (UTC) on which it was found: only decisions from
before then teach. The pledges' words, the editors' words and the counts of words in all news are those of today. What
the watch never raised and nobody found by hand is not known, and so not counted as missed.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import groupby

from pledges.jobs import profiles
from pledges.models import Article, Evidence, Lead
from pledges.watch.matching import learning, matcher, metrics
from pledges.watch.matching.metrics import Judged, Measured, measure

MOST_PAIRS = 5_000  # the newest
ENOUGH = metrics.ENOUGH


@dataclass(frozen=True)
class Result:
    """What was counted for a pledge (None: for all), with what had been learned and without any learning; how many of
    the relevant pairs people had found by hand."""

    pledge: int | None
    name: str
    by_hand: int
    learned: Measured
    plain: Measured


@dataclass(frozen=True)
class _Pair:
    at: datetime
    article: int
    pledge: int
    relevant: bool
    by_hand: bool


def replay(*, now: datetime) -> list[Result]:
    """Replay the newest decisions up to `now`: the result for all pledges first, then for each that has any."""
    names = {pledge.pk: pledge.slug for pledge in profiles.pledges()}
    pairs = [pair for pair in _pairs() if pair.pledge in names and pair.at <= now][-MOST_PAIRS:]
    judged: list[tuple[_Pair, float, float]] = []
    for learned, plain, group in _days(pairs):
        for article, its in groupby(group, key=lambda pair: pair.article):
            row = Article.objects.select_related("source").only(
                "title", "text", "summary", "language", "source__language"
            )
            document = row.get(pk=article)
            text, language = document.text or document.summary, document.language or document.source.language
            with_lessons = _probabilities(learned, document.title, text, language)
            without = with_lessons if plain is learned else _probabilities(plain, document.title, text, language)
            for pair in its:
                judged.append((pair, with_lessons.get(pair.pledge, 0.0), without.get(pair.pledge, 0.0)))
    found = [_result(None, "", judged)]
    for pledge in sorted(names, key=names.__getitem__):
        if mine := [one for one in judged if one[0].pledge == pledge]:
            found.append(_result(pledge, names[pledge], mine))
    return found


def _pairs() -> list[_Pair]:
    """The pairs of article and pledge that people decided, in the order in which the articles were found."""
    rows = Lead.objects.filter(profiles.teaching())
    found = [
        _Pair(at, article, pledge, bool(learning.about(state, reason)), False)
        for at, article, pledge, state, reason in rows.values_list(
            "article__found_at", "article", "pledge", "state", "dismiss_reason"
        )
    ]
    raised = set(Lead.objects.values_list("article", "pledge"))
    by_hand = Evidence.objects.filter(update__leads=None).values_list("url", "update__pledge")
    for url, pledge in set(by_hand):  # evidence that somebody found without the watch, in an article that it had read
        for article, at in Article.objects.filter(url=url).values_list("pk", "found_at"):
            if (article, pledge) not in raised:
                found.append(_Pair(at, article, pledge, True, True))
    return sorted(found, key=lambda pair: (pair.at, pair.article, pair.pledge))


def _days(pairs: list[_Pair]) -> Iterator[tuple[profiles.Watch, profiles.Watch, list[_Pair]]]:
    """The pairs by day, each with the watch as it was on that morning, and with one that never learned."""
    seen = profiles.vocabulary()
    pledges = list(profiles.pledges())
    plain = profiles.Watch([profiles.profile(pledge, {}) for pledge in pledges], seen)
    taught = sorted(Lead.objects.filter(profiles.teaching()).values_list("decided_at", flat=True))
    learned, lessons, known = plain, {}, 0
    for day, group in groupby(pairs, key=lambda pair: pair.at.astimezone(UTC).date()):
        morning = datetime.combine(day, time.min, UTC)
        if (count := bisect_left(taught, morning)) != known:
            known = count
            decided = profiles.decisions(before=morning)
            lessons = {
                pledge.pk: lessons[pledge.pk]
                if pledge.pk in lessons and lessons[pledge.pk][0] == decided.get(pledge.pk)
                else (decided.get(pledge.pk), profiles.lessons(pledge, decided.get(pledge.pk, ()), seen))
                for pledge in pledges
            }
            learned = profiles.Watch([profiles.profile(pledge, lessons[pledge.pk][1]) for pledge in pledges], seen)
        yield learned, plain, list(group)


def _probabilities(watch: profiles.Watch, title: str, text: str, language: str) -> dict[int, float]:
    return {match.pledge: match.score for match in watch.match(title, text, language, threshold=0.0)}


def _result(pledge: int | None, name: str, judged: list[tuple[_Pair, float, float]]) -> Result:
    return Result(
        pledge=pledge,
        name=name,
        by_hand=sum(pair.by_hand for pair, _, _ in judged),
        learned=measure((Judged(score, pair.relevant) for pair, score, _ in judged), matcher.THRESHOLD),
        plain=measure((Judged(score, pair.relevant) for pair, _, score in judged), matcher.THRESHOLD),
    )
