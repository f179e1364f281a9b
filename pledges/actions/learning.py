"""Writes of what the watch learns: word counts, editors' words, measured quality, second opinions."""

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

    One statement, ordered by term, so that two workers never deadlock.
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
    """Keep the watch from learning a word for a pledge. Raises `Refused` if it is one of the editors' words."""
    word = " ".join(word.split())[:80]
    if language not in LANGUAGES or not any(letter.isalnum() for letter in word):
        raise Refused(_("Choose one of the learned words to strike it."))
    term = WatchTerm.objects.filter(pledge=pledge, language=language, phrase__iexact=word).first()
    if term and term.rule == WatchTerm.Rule.STRUCK:
        return term
    if term:
        raise Refused(
            _("“%(word)s” is one of the editors' words (%(rule)s). Remove it there first.")
            % {"word": term.phrase, "rule": term.get_rule_display()}
        )
    try:
        with transaction.atomic():
            return WatchTerm.objects.create(
                pledge=pledge, language=language, phrase=word, rule=WatchTerm.Rule.STRUCK, added_by=by
            )
    except IntegrityError:  # submitted twice at the same moment
        return WatchTerm.objects.get(pledge=pledge, language=language, phrase=word)


def take_back_word(*, pledge: Pledge, term: int) -> str:
    """Let a struck word (the id of its row) be learned again, and return it; "" if it is not struck any more."""
    struck = WatchTerm.objects.filter(pledge=pledge, pk=term, rule=WatchTerm.Rule.STRUCK)
    word = struck.values_list("phrase", flat=True).first() or ""
    struck.delete()
    return word


class Counts(Protocol):
    """Counts of a backtest (see watch.matching.metrics.Measured)."""

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
    """Store the results of a backtest, replacing those of the last one.

    Each is (pledge id, or None for all pledges; pairs found by hand; counts with learning; counts without it).
    """
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
    """Store a model's second opinion on a lead (an id); False if it has one already."""
    return bool(Lead.objects.filter(pk=lead, opinion="").update(opinion=words, opinion_score=score))
