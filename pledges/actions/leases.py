"""Leases on sources and articles, each with its host: no two workers read one row or ask one host at the same time.

All times are UTC. A lease ends when the result is stored; that of a killed worker ends after WATCH_CLAIM_SECONDS.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from pledges.domain.messages import to_text
from pledges.models import Article, Host, Newsroom, Source

# The host in a row's address, as Host.name holds it: without the default ports.
HOST = "left(regexp_replace(split_part(lower(w.url), '/', 3), ':(80|443)$', ''), 260)"
DUE = "w.active AND (w.next_due_at IS NULL OR w.next_due_at <= %(now)s)"
UNREAD = "w.state = 'new'"
FREE = "(w.claimed_until IS NULL OR w.claimed_until <= %(now)s)"
# Leases are taken one after the other: two transactions at once would select the same rows, and one would get nothing.
_LOCK = 5_309_201


@dataclass
class Lease:
    """A source or an article, and its host, which no other worker asks until `free_hosts` gives it back."""

    row: Any
    host: Host


def claim_due_sources(*, now: datetime, limit: int = 50) -> list[Lease]:
    """Take leases on active sources that are due, one per host that may be asked now; the longest due first."""
    return _claim(Source, Source.objects.all(), f"{DUE} AND {FREE}", "w.next_due_at", now=now, limit=limit)


def claim_source(*, pk: int, now: datetime) -> list[Lease]:
    """Take a lease on this source, due or not, if it is active and its host may be asked now."""
    return _claim(Source, Source.objects.all(), "w.active", "w.id", now=now, limit=1, among=[pk])


def claim_article(*, pk: int, now: datetime) -> list[Lease]:
    """Take a lease on this article, due or not, if it is unread and its host may be asked now."""
    rows = Article.objects.select_related("source")
    return _claim(Article, rows, UNREAD, "w.id", now=now, limit=1, among=[pk])


def claim_unread_articles(*, now: datetime, limit: int = 50, among: list[int] | None = None) -> list[Lease]:
    """Take leases on unread articles (of those `among`, if given), one per host that may be asked now."""
    rows = Article.objects.select_related("source")
    return _claim(Article, rows, f"{UNREAD} AND {FREE}", "w.id", now=now, limit=limit, among=among)


def _closed(now: datetime) -> bool:
    """Whether the tracker is closed: then no lease is taken, so nothing is read."""
    return Newsroom.get().is_closed(timezone.localdate(now))


@transaction.atomic
def _claim(
    model: type[Source] | type[Article],
    rows: QuerySet[Any],
    waiting: str,
    order: str,
    *,
    now: datetime,
    limit: int,
    among: list[int] | None = None,
) -> list[Lease]:
    if _closed(now):
        return []
    until = now + timedelta(seconds=settings.WATCH_CLAIM_SECONDS)
    parameters: dict[str, Any] = {"now": now, "limit": limit, "among": among, "until": until}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            f"""
            SELECT id, host FROM (
                SELECT DISTINCT ON (w.host) w.id, w.host, w.place FROM (
                    SELECT w.id, {HOST} AS host, {order} AS place FROM {model._meta.db_table} w
                    WHERE {waiting} {"" if among is None else "AND w.id = ANY(%(among)s)"}
                ) w LEFT JOIN pledges_host h ON h.name = w.host
                WHERE h.next_request_at IS NULL OR h.next_request_at <= %(now)s
                ORDER BY w.host, w.place NULLS FIRST, w.id
            ) free ORDER BY place NULLS FIRST, id LIMIT %(limit)s
            """,
            parameters,
        )
        host_of = dict(cursor.fetchall())
        locked = {row.pk: row for row in rows.select_for_update(of=("self",), skip_locked=True).filter(pk__in=host_of)}
        names = sorted(host_of[pk] for pk in locked)
        cursor.execute(
            "INSERT INTO pledges_host (name, robots, robots_failure) SELECT unnest(%s::text[]), '', '' "
            "ON CONFLICT DO NOTHING",
            [names],
        )
        Host.objects.filter(pk__in=names).update(next_request_at=until)
    hosts = Host.objects.in_bulk(names)
    model.objects.filter(pk__in=locked).update(claimed_until=until)
    leases = []
    for pk in host_of:
        if row := locked.get(pk):
            row.claimed_until = until
            leases.append(Lease(row, hosts[host_of[pk]]))
    return leases


def free_hosts(*, until: dict[str, datetime], robots: Iterable[Host] = ()) -> None:
    """Store when each host (by name) may be asked next, and the robots.txt of those in `robots`."""
    robots_of = {host.pk: (host.robots, host.robots_read_at, to_text(host.robots_failure)) for host in robots}
    rows = [(name, at, *robots_of.get(name, (None, None, None))) for name, at in until.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE pledges_host h SET next_request_at = v.at, robots = coalesce(v.robots, h.robots),
                robots_read_at = coalesce(v.read_at, h.robots_read_at),
                robots_failure = coalesce(v.failure, h.robots_failure)
            FROM unnest(%s::text[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::text[])
                AS v (name, at, robots, read_at, failure)
            WHERE h.name = v.name
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )


def waiting(*, now: datetime) -> tuple[int, int]:
    """How many sources are due and how many articles unread without a lease, each counted up to a thousand."""
    if _closed(now):
        return 0, 0
    counts = []
    with connection.cursor() as cursor:
        for model, condition in ((Source, DUE), (Article, UNREAD)):
            table = model._meta.db_table
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM {table} w WHERE {condition} AND {FREE} LIMIT 1000) w",
                {"now": now},
            )
            counts.append(cursor.fetchone()[0])
    return counts[0], counts[1]


def waiting_since(model: type[Source] | type[Article], *, now: datetime) -> datetime | None:
    """Since when the row of `model` that waits longest has been free to lease; None if none is free."""
    if _closed(now):
        return None
    condition, since = (DUE, "w.next_due_at") if model is Source else (UNREAD, "w.found_at")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(greatest(w.since, w.claimed_until, h.next_request_at)) FROM (SELECT {HOST} AS host, "
            f"{since} AS since, w.claimed_until FROM {model._meta.db_table} w WHERE {condition} AND {FREE}) w "
            "LEFT JOIN pledges_host h ON h.name = w.host "
            "WHERE h.next_request_at IS NULL OR h.next_request_at <= %(now)s",
            {"now": now},
        )
        return cursor.fetchone()[0]


def next_free_host(model: type[Source] | type[Article], *, now: datetime) -> datetime | None:
    """When the first of the hosts that due rows of `model` wait for may be asked again; None if no row is due."""
    if _closed(now):
        return None
    condition = DUE if model is Source else UNREAD
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(coalesce(h.next_request_at, %(now)s)) FROM (SELECT {HOST} AS host FROM "
            f"{model._meta.db_table} w WHERE {condition} AND {FREE}) w LEFT JOIN pledges_host h ON h.name = w.host",
            {"now": now},
        )
        return cursor.fetchone()[0]
