"""Backtest: the watch replayed against editors' decisions, with its recall, its precision and the effect of learning.

Each article is judged with what was known at the beginning of the day (UTC) on which it was found: the watch learns
only from earlier decisions. The pledges' words, the editors' words and the counts of words are those of today. An
article that the watch never raised and nobody found by hand is not known, so it does not count as missed.
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
    """The result for a pledge (None: for all), with learning and without (`plain`); `by_hand` is how many relevant
    pairs of article and pledge people had found themselves."""

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
    """Replay the newest decisions up to `now`: the result for all pledges, then for each that has decisions."""
    names = {pledge.pk: pledge.slug for pledge in profiles.pledges()}
    pairs = [pair for pair in _pairs() if pair.pledge in names and pair.at <= now][-MOST_PAIRS:]
    judged: list[tuple[_Pair, float, float]] = []
    for learned, plain, group in _days(pairs):
        for article, of_article in groupby(group, key=lambda pair: pair.article):
            fields = ("title", "text", "summary", "language", "source__language")
            document = Article.objects.select_related("source").only(*fields).get(pk=article)
            text, language = document.text or document.summary, document.language or document.source.language
            with_learning = _probabilities(learned, document.title, text, language)
            without = with_learning if plain is learned else _probabilities(plain, document.title, text, language)
            for pair in of_article:
                judged.append((pair, with_learning.get(pair.pledge, 0.0), without.get(pair.pledge, 0.0)))
    results = [_result(None, "", judged)]
    for pledge in sorted(names, key=names.__getitem__):
        if of_pledge := [row for row in judged if row[0].pledge == pledge]:
            results.append(_result(pledge, names[pledge], of_pledge))
    return results


def _pairs() -> list[_Pair]:
    """The decided pairs of article and pledge, in the order in which the articles were found."""
    rows = Lead.objects.filter(profiles.teaching())
    pairs = [
        _Pair(at, article, pledge, bool(learning.about(state, reason)), False)
        for at, article, pledge, state, reason in rows.values_list(
            "article__found_at", "article", "pledge", "state", "dismiss_reason"
        )
    ]
    raised = set(Lead.objects.values_list("article", "pledge"))
    by_hand = Evidence.objects.filter(update__leads=None).values_list("url", "update__pledge")
    for url, pledge in set(by_hand):  # evidence from an article that the watch had read, but raised no lead for
        for article, at in Article.objects.filter(url=url).values_list("pk", "found_at"):
            if (article, pledge) not in raised:
                pairs.append(_Pair(at, article, pledge, True, True))
    return sorted(pairs, key=lambda pair: (pair.at, pair.article, pair.pledge))


def _days(pairs: list[_Pair]) -> Iterator[tuple[profiles.Watch, profiles.Watch, list[_Pair]]]:
    """The pairs by day, with the watch as it was at the beginning of that day, and with one that never learned."""
    seen = profiles.vocabulary()
    pledges = list(profiles.pledges())
    plain = profiles.Watch([profiles.profile(pledge, {}) for pledge in pledges], seen)
    decided_at = [at for at in Lead.objects.filter(profiles.teaching()).values_list("decided_at", flat=True) if at]
    decided_at.sort()
    learned, known = plain, 0
    lessons: dict[int, tuple[profiles.Decisions | None, dict[str, list[learning.Lesson]]]] = {}
    for day, group in groupby(pairs, key=lambda pair: pair.at.astimezone(UTC).date()):
        morning = datetime.combine(day, time.min, UTC)
        if (count := bisect_left(decided_at, morning)) != known:
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
    return {int(match.pledge): match.score for match in watch.match(title, text, language, threshold=0.0)}


def _result(pledge: int | None, name: str, judged: list[tuple[_Pair, float, float]]) -> Result:
    return Result(
        pledge=pledge,
        name=name,
        by_hand=sum(pair.by_hand for pair, _, _ in judged),
        learned=measure((Judged(score, pair.relevant) for pair, score, _ in judged), matcher.THRESHOLD),
        plain=measure((Judged(score, pair.relevant) for pair, _, score in judged), matcher.THRESHOLD),
    )
