"""Who has which lead open just now: shown to other editors, never a lock.

Kept in the cache for two minutes after the last request of the open page. Without a cache, nobody is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from pledges.models import User
from pledges.queries.pulse import UNREACHABLE

LIFE = timedelta(minutes=2)


@dataclass(frozen=True)
class Looking:
    """A person who has a lead open, since when and last seen when (UTC)."""

    user_id: int
    name: str
    since: datetime
    seen: datetime


def _key(lead: int) -> str:
    return f"desk.looking.{lead}"


def look(lead: int, *, by: User, now: datetime) -> None:
    """Note that a person has a lead open. Of two who do so at the same moment, one may be noted at the next request."""
    try:
        people = {person.user_id: person for person in cache.get(_key(lead), ()) if now - person.seen < LIFE}
        since = people[by.pk].since if by.pk in people else now
        people[by.pk] = Looking(by.pk, by.public_name, since, now)
        cache.set(_key(lead), tuple(people.values()), LIFE.total_seconds())
    except UNREACHABLE:
        return


def others(leads: Iterable[int], *, than: User, now: datetime) -> dict[int, list[Looking]]:
    """By lead, who else than `than` has it open, in order of `since`; leads that nobody has open are left out."""
    try:
        cached = cache.get_many([_key(lead) for lead in leads])
    except UNREACHABLE:
        return {}
    looking = {
        int(key.rpartition(".")[2]): [
            person for person in people if person.user_id != than.pk and now - person.seen < LIFE
        ]
        for key, people in cached.items()
    }
    return {lead: sorted(people, key=lambda person: person.since) for lead, people in looking.items() if people}
