"""The offices whose mandates this tracker follows, and what a list of pledges of several people has to name."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from django.db.models import Q

from pledges.domain.text import fold
from pledges.models import Mandate
from pledges.queries.standings import Standing

MOST_OFFERED = 4  # offices whose elections and first days are offered as a choice of days


class InOffice(Protocol):
    """A mandate, as a model or as a plain value of a standing."""

    country: str
    office_en: str
    office_es: str


M = TypeVar("M", bound=InOffice)


def office_of(mandate: InOffice) -> tuple[str, str]:
    """The office of a mandate: its country and its name. Mandates of one office follow one another."""
    return mandate.country, fold(mandate.office_en or mandate.office_es)


def by_office(mandates: Iterable[M]) -> list[list[M]]:
    """The mandates of each office, in the given order; the office of the first mandate comes first."""
    offices: dict[tuple[str, str], list[M]] = {}
    for mandate in mandates:
        offices.setdefault(office_of(mandate), []).append(mandate)
    return list(offices.values())


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
    known = [row for row in mandates_known(day) if office_of(row) == office_of(mandate)]
    return list(elections(known, day))


def of_several_people(standings: Iterable[Standing]) -> bool:
    """Whether several people made these pledges, so that each has to be shown with who made it."""
    return len({standing.pledge.mandate.person for standing in standings}) > 1
