"""What a destination is to be told of, and the payload of each event. Read-only; times are UTC.

The events are found in the rows themselves (editions, leads, drafts, pledges), whenever somebody looks: none is lost
when a process is killed between an act and the telling of it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from pledges.domain import rules
from pledges.models import Destination, Draftable, Edition, Event, Lead, Newsroom, Pledge, Update, User
from pledges.queries import desk_events, offices, visibility
from pledges.queries.change_text import TextWriter, describe
from pledges.queries.changes import Change, Moment
from pledges.queries.changes_between import between
from pledges.queries.desk_events import Due
from pledges.queries.published import PublicUpdate
from pledges.queries.standings import standings_uncached

VERSION = 1  # of the payloads: it grows when a key is removed or changes its meaning, not when one is added
TYPES = {
    Event.EDITION: "edition.published",
    Event.LEAD: "lead.raised",
    Event.REVIEW: "review.waiting",
    Event.DUE: "pledge.due",
    Event.PING: "ping",
}
MOST_CHANGES = 50  # of an edition in its payload; "changes_url" has all
MOST_AT_ONCE = 100  # events of a kind that are noted for a destination at one look; the next look notes more
Payload = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """An event that a destination has not been told of yet, by its key; `payload` builds its payload."""

    event: Event
    key: str
    payload: Callable[[], Payload]


class EventFinder:
    """Finds the events for any number of destinations at one time: what they share is read once."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self._due: dict[str, Due] | None = None
        self._payloads: dict[tuple[Event, str], Payload] = {}
        self._newsroom: Newsroom | None = None

    @property
    def due(self) -> dict[str, Due]:
        """What is due now, by its key."""
        if self._due is None:
            self._due = desk_events.due_now(today=timezone.localdate(self.now))
        return self._due

    def find(self, destination: Destination, event: Event) -> Iterator[Found]:
        """The events of a kind that happened since the destination is active, and are not among its deliveries."""
        finders: Mapping[Event, Callable[[Destination], Iterator[Found]]] = {
            Event.EDITION: self._editions,
            Event.LEAD: self._leads,
            Event.REVIEW: self._reviews,
            Event.DUE: self._due_pledges,
        }
        return finders[event](destination)

    def current_keys(self) -> set[tuple[str, str]]:
        """The (event, key) of what waits or is due now, however long it has: as long as it does, it is the same event
        and its delivery has to be kept, so that it is not sent once more."""
        reviews = {
            (str(Event.REVIEW), key)
            for model in desk_events.REVIEWED.values()
            for key in desk_events.review_keys(desk_events.in_review(model))
        }
        return reviews | {(str(Event.DUE), key) for key in self.due}

    def _editions(self, destination: Destination) -> Iterator[Found]:
        rows = visibility.public_editions().filter(number__gt=destination.noted_edition).order_by("number")
        for row in rows[:MOST_AT_ONCE]:
            yield self._found(Event.EDITION, str(row.number), edition_payload, row)

    def _leads(self, destination: Destination) -> Iterator[Found]:
        rows = desk_events.recent_leads(least_percent=destination.least_percent, now=self.now)
        rows = rows.filter(raised_at__gte=destination.since)
        if destination.group_id:
            rows = rows.filter(pledge__followers__in=self._people(destination)).distinct()
        noted = destination.deliveries.filter(event=Event.LEAD, noted_at__gte=self.now - 2 * desk_events.LOOKED_BACK)
        keys = set(noted.values_list("key", flat=True))
        pks = rows.order_by("raised_at", "pk").values_list("pk", flat=True)
        fresh = [pk for pk in pks if str(pk) not in keys][:MOST_AT_ONCE]
        if not fresh:
            return
        leads = Lead.objects.filter(pk__in=fresh).select_related("article", "pledge").defer("article__text")
        for lead in leads.prefetch_related("pledge__wordings").order_by("raised_at", "pk"):
            yield self._found(Event.LEAD, str(lead.pk), lead_payload, lead)

    def _reviews(self, destination: Destination) -> Iterator[Found]:
        if destination.group_id:
            queries = [rows for user in self._people(destination) for rows in desk_events.reviews_by_kind(user)]
        else:
            queries = [desk_events.in_review(model) for model in desk_events.REVIEWED.values()]
        items: dict[str, tuple[type[Draftable], int]] = {}
        for rows in queries:
            keys = desk_events.review_keys(rows, since=destination.since)
            items |= {key: (rows.model, pk) for key, pk in keys.items()}
        pks: dict[type[Draftable], list[int]] = defaultdict(list)
        for key in self._fresh(destination, Event.REVIEW, items):
            pks[items[key][0]].append(items[key][1])
        for model, fresh in pks.items():
            for item in desk_events.in_review(model).filter(pk__in=fresh).order_by("submitted_at", "pk"):
                yield self._found(Event.REVIEW, desk_events.review_key(item), review_payload, item)

    def _due_pledges(self, destination: Destination) -> Iterator[Found]:
        since = timezone.localdate(destination.since)
        due = {
            key: entry for key, entry in self.due.items() if entry.day >= since or entry.public_at >= destination.since
        }
        if destination.group_id:
            pledges = Pledge.objects.filter(followers__in=self._people(destination))
            followed = set(pledges.values_list("pk", flat=True))
            due = {key: entry for key, entry in due.items() if entry.pledge in followed}
        fresh = self._fresh(destination, Event.DUE, due)
        rows = Pledge.objects.prefetch_related("wordings").in_bulk({due[key].pledge for key in fresh})
        for key in fresh:
            yield self._found(Event.DUE, key, due_payload, due[key], rows[due[key].pledge])

    def _people(self, destination: Destination) -> list[User]:
        return list(User.objects.filter(groups=destination.group_id, is_active=True, is_staff=True))

    def _fresh(self, destination: Destination, event: Event, keys: Mapping[str, object]) -> list[str]:
        noted = set(destination.deliveries.filter(event=event, key__in=list(keys)).values_list("key", flat=True))
        return [key for key in keys if key not in noted][:MOST_AT_ONCE]

    def _found(self, event: Event, key: str, build: Callable[..., Payload], *rows: object) -> Found:
        """The event, whose payload is built once for all destinations."""

        def payload() -> Payload:
            if (event, key) not in self._payloads:
                self._newsroom = self._newsroom or Newsroom.get()
                data = build(*rows, languages=self._newsroom.languages)
                self._payloads[event, key] = envelope(event, data, now=self.now)
            return self._payloads[event, key]

        return Found(event, key, payload)


def envelope(event: Event, data: Payload, *, now: datetime) -> Payload:
    """A payload as Standard Webhooks has it: type, timestamp, data; and the version of its form."""
    return {"type": TYPES[event], "version": VERSION, "timestamp": _time(now), "data": data}


def ping_payload(*, destination: Destination, now: datetime) -> Payload:
    """The payload of a test."""
    return envelope(Event.PING, {"destination": destination.name, "tracker": address("/")}, now=now)


def edition_payload(edition: Edition, *, languages: tuple[str, ...]) -> Payload:
    """What an edition published, as the page of changes says it, in each of the newsroom's languages."""
    number, day = edition.number, timezone.localdate(edition.published_at)
    published = between(Moment(number - 1, day), Moment(number, day))
    writer = TextWriter(named=offices.of_several_people(standings_uncached(number, day)))
    return {
        "edition": number,
        "published_at": _time(edition.published_at),
        "publisher": edition.publisher,
        "hash": edition.hash,
        "url": _urls("edition", number, languages=languages),
        "changes_url": _urls(
            "changes_json", languages=languages, query=f"?from_edition={number - 1}&to_edition={number}"
        ),
        "count": len(published),
        "changes": [_change(change, number, writer, languages) for change in published[:MOST_CHANGES]],
    }


def _change(change: Change, edition: int, writer: TextWriter, languages: tuple[str, ...]) -> Payload:
    standing = change.standing
    pinned = f"?edition={edition}" if change.now else ""
    updates = change.updates or ((change.cause,) if change.cause else ())
    deadline = standing.wording.deadline_end if standing else None
    return {
        "kind": str(change.kind),
        "day": change.day.isoformat(),
        "sentence": _in_each(languages, lambda: describe(change, writer).sentence),
        "pledge": standing.pledge.slug if standing else None,
        "title": _in_each(languages, lambda: standing.wording.title) if standing else None,
        "url": _urls("pledge", standing.pledge.slug, languages=languages, query=pinned) if standing else None,
        "before": change.before or None,
        "after": change.after or None,
        "since": change.now.since.isoformat() if change.now and change.now.since else None,
        "deadline": deadline.isoformat() if deadline else None,
        "updates": [_update(update, languages) for update in updates],
    }


def _update(update: PublicUpdate, languages: tuple[str, ...]) -> Payload:
    return {
        "id": update.pk,
        "happened_on": update.happened_on.isoformat(),
        "precision": update.happened_precision,
        "status": update.status,
        "text": _in_each(languages, lambda: update.text),
        "evidence": [{"url": piece.url, "publisher": piece.publisher} for piece in update.evidence],
    }


def lead_payload(lead: Lead, *, languages: tuple[str, ...]) -> Payload:
    """A lead: the article, what it may be about, and what the watch says of it."""
    article = lead.article
    return {
        "lead": lead.pk,
        "raised_at": _time(lead.raised_at),
        **_pledge(lead.pledge, languages),
        "score": round(lead.score, 4),
        "suggestion": lead.suggestion or None,
        "suggested_status": lead.suggested_status or None,
        "sentence": lead.sentence,
        "article": {
            "title": article.title,
            "url": article.url,
            "publisher": article.publisher,
            "language": article.language,
            "published_at": _time(article.published_at) if article.published_at else None,
        },
        "desk_url": _desk(lead),
    }


def review_payload(item: Draftable, *, languages: tuple[str, ...]) -> Payload:
    """A draft that waits for review: what it is, whose, and the sentence that it quotes; not its own words."""
    update = item if isinstance(item, Update) else None
    piece = update.evidence.order_by("pk").first() if update else None
    return {
        "draft": item.pk,
        "kind": item._meta.model_name,
        "author": item.author.public_name,
        "submitted_at": _time(item.submitted_at) if item.submitted_at else None,
        **_pledge(item.pledge, languages),
        "proposed_status": update.status if update else None,
        "sentence": piece.sentence if piece else "",
        "desk_url": _desk(item),
    }


def due_payload(due: Due, pledge: Pledge, *, languages: tuple[str, ...]) -> Payload:
    """A pledge that is due, why, and since when."""
    return {"reason": due.reason, "since": due.day.isoformat(), **_pledge(pledge, languages), "desk_url": _desk(pledge)}


def _pledge(pledge: Pledge, languages: tuple[str, ...]) -> Payload:
    """What is public of a pledge: of one that was never published neither its words nor its slug are."""
    wording = pledge.public_wording
    updates = visibility.in_order(visibility.public_updates().filter(pledge=pledge).select_related("pledge"))
    changed = [(update.happened_on, update.status) for update in updates]
    status, _since = rules.standing(changed, timezone.localdate())
    deadline = wording.deadline_end if wording else None
    return {
        "pledge": pledge.slug if wording else None,
        "title": _in_each(languages, lambda: wording.title) if wording else None,
        "url": _urls("pledge", pledge.slug, languages=languages) if wording else None,
        "status": status,
        "deadline": deadline.isoformat() if deadline else None,
    }


def address(path: str) -> str:
    """A path of this site as a whole address; as it is if SITE_URL is not set."""
    return f"{settings.SITE_URL}{path}"


def _desk(row: Lead | Pledge | Draftable) -> str:
    return address(reverse(f"admin:pledges_{row._meta.model_name}_change", args=[row.pk]))


def _urls(name: str, *args: object, languages: tuple[str, ...], query: str = "") -> dict[str, str]:
    return _in_each(languages, lambda: address(reverse(name, args=args) + query))


def _in_each(languages: tuple[str, ...], text: Callable[[], object]) -> dict[str, str]:
    """A text in each of the languages, by its code."""
    texts = {}
    for language in languages:
        with translation.override(language):
            texts[language] = str(text())
    return texts


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
