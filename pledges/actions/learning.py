"""What the watch knows, written: counts of the words seen, editors' words, its quality, and others' opinions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.domain.languages import LANGUAGES
from pledges.models import Lead, Pledge, User, WatchQuality, WatchTerm

LONGEST_TERM = 60


def count_terms(*, language: str, terms: Iterable[str]) -> None:
    """Count an article and its terms into the vocabulary of its language; nothing without a language.

    In one statement, in the order of the terms, so that two workers never wait for each other.
    """
    if not language:
        return
    counted = sorted({"", *(term for term in terms if len(term) <= LONGEST_TERM)})
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO pledges_termcount AS known (language, term, documents)
               SELECT %s, term, 1 FROM unnest(%s::text[]) WITH ORDINALITY AS given (term, place) ORDER BY place
               ON CONFLICT (language, term) DO UPDATE SET documents = known.documents + 1""",
            [language, counted],
        )


@transaction.atomic
def strike_word(*, pledge: Pledge, language: str, word: str, by: User) -> WatchTerm:
    """Have the watch no longer learn a word for a pledge. Raises `Refused` when the editors' words hold it already."""
    word = " ".join(word.split())[:80]
    if language not in LANGUAGES or not any(letter.isalnum() for letter in word):
        raise Refused(_("Choose one of the learned words to strike it."))
    there = WatchTerm.objects.filter(pledge=pledge, language=language, phrase__iexact=word).first()
    if there and there.rule == WatchTerm.Rule.STRUCK:
        return there
    if there:
        raise Refused(
            _("“%(word)s” stands among the editors' words (%(rule)s). Take it away there first.")
            % {"word": there.phrase, "rule": there.get_rule_display()}
        )
    try:
        with transaction.atomic():
            return WatchTerm.objects.create(
                pledge=pledge, language=language, phrase=word, rule=WatchTerm.Rule.STRUCK, added_by=by
            )
    except IntegrityError:  # pressed twice, at once
        return WatchTerm.objects.get(pledge=pledge, language=language, phrase=word)


def take_back_word(*, pledge: Pledge, term: int) -> str:
    """Let a struck word be learned again, and return it; "" when it no longer was struck."""
    struck = WatchTerm.objects.filter(pledge=pledge, pk=term, rule=WatchTerm.Rule.STRUCK)
    word = struck.values_list("phrase", flat=True).first() or ""
    struck.delete()
    return word


class Counts(Protocol):
    """What was counted (see watch.matching.metrics.Measured)."""

    @property
    def relevant(self) -> int: ...

    @property
    def irrelevant(self) -> int: ...

    @property
    def right(self) -> int: ...

    @property
    def wrong(self) -> int: ...

    @property
    def brier(self) -> float | None: ...

    @property
    def bands(self) -> tuple[Any, ...]: ...


@transaction.atomic
def record_quality(*, measured: Iterable[tuple[int | None, int, Counts, Counts]], now: datetime) -> None:
    """Store what a backtest found in the place of what an earlier one did: (pledge or None for all, pairs found by
    hand, with learning, without)."""
    WatchQuality.objects.all().delete()
    WatchQuality.objects.bulk_create(
        WatchQuality(
            pledge_id=pledge,
            measured_at=now,
            relevant=counts.relevant,
            irrelevant=counts.irrelevant,
            by_hand=by_hand,
            right=counts.right,
            wrong=counts.wrong,
            brier=counts.brier,
            plain_right=plain.right,
            plain_wrong=plain.wrong,
            plain_brier=plain.brier,
            band_pairs=[band.pairs for band in counts.bands],
            band_relevant=[band.relevant for band in counts.bands],
            band_means=[band.mean for band in counts.bands],
        )
        for pledge, by_hand, counts, plain in measured
    )


def record_opinion(*, lead: int, score: float, words: str) -> bool:
    """Note what a model that was asked said of a lead, once; whether it was noted."""
    return bool(Lead.objects.filter(pk=lead, opinion="").update(opinion=words, opinion_score=score))
