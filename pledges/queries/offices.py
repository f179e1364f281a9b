"""The offices whose mandates this tracker follows, and what a list of pledges of several people has to name."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Q

from pledges.domain.languages import LANGUAGES
from pledges.domain.text import fold
from pledges.models import Mandate
from pledges.queries.published import PublicMandate
from pledges.queries.standings import Standing, once
from pledges.watch.text.language import stem

MOST_OFFERED = 4  # offices whose elections and first days are offered as a choice of days

M = TypeVar("M", Mandate, PublicMandate)


def _names(mandate: Mandate | PublicMandate) -> set[tuple[str, ...]]:
    """The country and the name of the office in each language in which it was entered. A name is the stems of its
    words, so that a "presidenta" has the office of a "presidente"."""
    texts = {language: fold(getattr(mandate, f"office_{language}")) for language in LANGUAGES}
    return {
        (mandate.country, *(stem(word, language) for word in text.split())) for language, text in texts.items() if text
    }


def same_office(one: Mandate | PublicMandate, other: Mandate | PublicMandate) -> bool:
    """Whether two mandates are of one office, so that they follow one another: they have the same country and, in one
    of the languages, the same name of the office."""
    return not _names(one).isdisjoint(_names(other))


def by_office(mandates: Iterable[M]) -> list[list[M]]:
    """The mandates of each office, in the given order; the office of the first mandate comes first."""
    offices: list[tuple[set[tuple[str, ...]], list[M]]] = []
    for mandate in mandates:
        names = _names(mandate)
        known = next((office for office in offices if not office[0].isdisjoint(names)), None)
        if known:
            known[0].update(names)
            known[1].append(mandate)
        else:
            offices.append((names, [mandate]))
    return [rows for _names_of, rows in offices]


def mandates_known(day: date) -> list[Mandate]:
    """The mandates that had begun or been won by `day`, the newest first. One query."""
    known = Mandate.objects.filter(Q(starts_on__lte=day) | Q(elected_on__lte=day))
    return list(known.order_by("-starts_on", "slug"))


def elections(mandates: Iterable[Mandate], day: date) -> dict[date, Mandate]:
    """The days up to `day` on which these mandates were won, the newest first, each with the mandate that was won."""
    won = {elected_on: mandate for mandate in mandates if (elected_on := mandate.elected_by(day))}
    return dict(sorted(won.items(), reverse=True))


def elections_for(mandate: Mandate, day: date) -> list[date]:
    """The days up to `day` on which the office of a mandate was won, the newest first. One query."""
    known = [row for row in mandates_known(day) if same_office(row, mandate)]
    return list(elections(known, day))


def mandates_of(standings: Iterable[Standing]) -> frozenset[PublicMandate]:
    """The mandates in which these pledges were made and those into which they were carried."""
    return once(standings, _mandates_of)


def _mandates_of(standings: Iterable[Standing]) -> frozenset[PublicMandate]:
    mandates = {mandate.pk: mandate for standing in standings for mandate in standing.pledge.mandates}
    return frozenset(mandates.values())


def of_several_people(standings: Iterable[Standing]) -> bool:
    """Whether several people made these pledges, so that each has to be shown with who made it."""
    return once(standings, _of_several_people)


def _of_several_people(standings: Iterable[Standing]) -> bool:
    return len({standing.pledge.mandate.person for standing in standings}) > 1
