"""Finding what can be read at an address that an editor pasted: feeds, sitemaps, files, the page itself.

The requests are sent from here; the answers are parsed in a child process.
"""

import dataclasses
import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from celery import shared_task
from django.utils import timezone

from pledges.actions import address_lookups
from pledges.domain.messages import DeferredMessage, deferred_message, from_text, to_text
from pledges.jobs import web
from pledges.models import Source
from pledges.watch import discovery, isolation
from pledges.watch.sources import articles, feeds, sitemaps
from pledges.watch.web import client
from pledges.watch.web.charsets import decode
from pledges.watch.web.urls import canonical_url

PATIENCE = 20.0  # seconds in all, because an editor waits
ONE_ANSWER = client.Limits(total_seconds=8, connect_seconds=4)
ONE_PARSE = 8.0  # seconds
AT_ONCE = 3  # requests: they mostly go to one host, which did not ask for them
MOST_FOUND = 6
NEWEST = 5
LONGEST_ADDRESS = 1000

Tell = Callable[[DeferredMessage], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Find:
    """Something that can be read: `kind` is a Source.Kind; `newest` holds (title, time or None), the newest first.

    `language` is a guess, or "". `excerpt` is the beginning of the text that would be kept of a page.
    """

    kind: str
    url: str
    title: str
    language: str = ""
    count: int = 0
    newest: tuple[tuple[str, datetime | None], ...] = ()
    excerpt: str = ""
    problem: DeferredMessage | str = ""


@dataclass(frozen=True)
class Probed:
    """What was found at an address: `finds`, the best first; `problem` says what is wrong, or is ""."""

    url: str
    publisher: str
    finds: tuple[Find, ...]
    problem: DeferredMessage | str = ""


@shared_task(name="pledges.tasks.find_source", soft_time_limit=90, time_limit=120)
def find_source(pk: int) -> None:
    """Find what can be read at the address of one lookup; does nothing if it is done or has a lease."""
    row = address_lookups.claim_lookup(pk=pk, now=timezone.now())
    if row is None:
        return
    try:
        probed = probe(row.address, tell=lambda line: address_lookups.note_lookup_progress(lookup=row, line=line))
    except Exception as error:  # without an answer the editor would wait for ever
        log.exception("The address %s cannot be probed", row.address)
        probed = Probed(row.address, "", (), web.internal_error_message(error))
    address_lookups.record_lookup(lookup=row, found=as_data(probed), now=timezone.now())


def probe(address: str, *, tell: Tell = lambda _line: None) -> Probed:
    """What can be read at an address that an editor pasted. It raises nothing and takes half a minute at most.

    The address itself comes first, then what its page declares; the usual places are tried only if that yields
    nothing. `tell` is called with a message before each step.
    """
    deadline = time.monotonic() + PATIENCE
    url = _complete(address)
    if not url:
        return Probed(
            address,
            "",
            (),
            deferred_message("This is not a web address: it should look like https://example.org/news."),
        )
    site = discovery.site_of(url)
    tell(deferred_message("%(site)s is asked for the address…", site=site))
    try:
        answer = web.get(url, limits=ONE_ANSWER)
        tell(deferred_message("What it answered is read…"))
        here = _parsed(discovery.discover, answer, deadline)
    except (client.FetchError, isolation.IsolationError) as error:
        return Probed(url, site, (), error.sentence)
    url = canonical_url(answer.permanent_url) or url
    itself = [
        candidate for candidate in here.candidates if candidate.url == answer.url and candidate.kind != discovery.PAGE
    ]
    finds = [replace(find, url=url) for candidate in itself if (find := _find(candidate, answer, deadline))]
    if all(find.problem for find in finds):
        declared = [
            candidate for candidate in here.candidates if candidate.declared and candidate.kind != discovery.PAGE
        ]
        if declared:
            tell(deferred_message("The feeds that the page names are tried…"))
        finds = _first_that_work(declared, deadline, tell)
    if not finds and here.kind == discovery.PAGE:
        finds = _first_that_work([candidate for candidate in here.candidates if not candidate.declared], deadline, tell)
    problem = "" if finds else here.problem
    if here.kind == discovery.PAGE:
        tell(deferred_message("The page itself is read…"))
        page = _page(answer, here.title, deadline)
        finds.append(page)
        if len(finds) == 1:
            problem = problem or deferred_message(
                "No feed and no sitemap was found here, neither declared nor at the usual places."
            )
    elif not finds:
        problem = problem or _why_not(answer, deadline)
    publisher = here.title if here.kind == discovery.PAGE and len(here.title) <= 40 else site
    return Probed(url, publisher or site, tuple(finds[: MOST_FOUND + 1]), problem)


def as_data(probed: Probed) -> dict[str, Any]:
    """What was found, as JSON. `from_data` is its inverse."""
    data = dataclasses.asdict(replace(probed, finds=(), problem=to_text(probed.problem)))
    data["finds"] = [
        dataclasses.asdict(replace(find, kind=str(find.kind), problem=to_text(find.problem)))
        | {"newest": [(title, when and when.isoformat()) for title, when in find.newest]}
        for find in probed.finds
    ]
    return data


def from_data(data: dict[str, Any]) -> Probed:
    """The inverse of `as_data`."""
    finds = tuple(
        Find(
            **{
                **find,
                "problem": from_text(find["problem"]),
                "newest": tuple((title, when and datetime.fromisoformat(when)) for title, when in find["newest"]),
            }
        )
        for find in data["finds"]
    )
    return Probed(**{**data, "finds": finds, "problem": from_text(data["problem"])})


def _parsed(
    function: Callable[..., Any], answer: client.Fetched, deadline: float, *first: object, **more: object
) -> Any:
    """`function` of an answer, in a child process. Raises what it raises, and IsolationError."""
    seconds = min(ONE_PARSE, max(2.0, deadline - time.monotonic()))
    return isolation.call(
        function, *first, answer.body, url=answer.url, content_type=answer.content_type, seconds=seconds, **more
    )


def _complete(address: str) -> str:
    """The address with its scheme, in canonical form; "" if it is not a web address."""
    address = "".join(address.split())
    if address.lower().startswith("feed:"):
        address = address[5:].removeprefix("//")
    if "://" not in address[:12]:
        address = f"https://{address}"
    scheme, _colon, rest = address.partition("://")
    return canonical_url(f"{scheme.lower()}://{rest}")[:LONGEST_ADDRESS]


def _first_that_work(candidates: list[discovery.SourceCandidate], deadline: float, tell: Tell) -> list[Find]:
    """The candidates that can be read: all that the site declares, but only the first of the usual places."""
    finds: list[Find] = []
    tried: set[str] = set()
    waiting = list(candidates)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while waiting and len(finds) < MOST_FOUND and time.monotonic() < deadline:
            batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            batch = [candidate for candidate in batch if candidate.url not in tried]
            tried |= {candidate.url for candidate in batch}
            if batch and not batch[0].declared:
                tell(deferred_message("The usual places are tried: %(address)s…", address=batch[0].url))
            for candidate, answer in zip(batch, threads.map(partial(_fetch, deadline), batch), strict=True):
                if answer is None:
                    continue
                if candidate.kind == "robots":
                    named = discovery.sitemaps_in(decode(answer.body, answer.content_type), url=answer.url)
                    waiting[:0] = [discovery.SourceCandidate("sitemap", url, declared=False) for url in named]
                    continue
                if (find := _find(candidate, answer, deadline)) and not find.problem:
                    finds.append(find)
                elif candidate.kind == discovery.SITEMAP:
                    waiting[:0] = _children(answer, deadline)
            if finds and not any(candidate.declared for candidate in waiting):
                break
    unique = {(find.newest, find.count): find for find in reversed(finds)}  # one feed often answers at two addresses
    return [find for find in finds if unique.get((find.newest, find.count)) is find]


def _fetch(deadline: float, candidate: discovery.SourceCandidate) -> client.Fetched | None:
    """The answer of a candidate; None if there is none or the time is up."""
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    try:
        seconds = min(left, ONE_ANSWER.total_seconds)
        return web.get(candidate.url, limits=client.Limits(total_seconds=seconds, connect_seconds=4))
    except client.FetchError:
        return None


def _children(answer: client.Fetched, deadline: float) -> list[discovery.SourceCandidate]:
    """The newest sitemaps of an index, which itself lists no pages."""
    try:
        index = _parsed(sitemaps.parse, answer, deadline)
    except (feeds.FeedError, isolation.IsolationError):
        return []
    return [discovery.SourceCandidate(discovery.SITEMAP, url, declared=False) for url in index.children[:AT_ONCE]]


def _find(candidate: discovery.SourceCandidate, answer: client.Fetched, deadline: float) -> Find | None:
    """What a candidate offers; None if it is not of its kind, and with `problem` if it is but cannot be read."""
    if candidate.kind == discovery.DATA:
        return Find(Source.Kind.DATA, answer.url, candidate.title)
    try:
        zone = timezone.get_default_timezone()
        title, entries = _parsed(discovery.check, answer, deadline, candidate.kind, now=timezone.now(), zone=zone)
    except isolation.IsolationError as error:
        return Find(candidate.kind, answer.url, candidate.title, problem=error.sentence)
    except feeds.FeedError as error:
        gdelt = candidate.kind == discovery.GDELT
        return Find(candidate.kind, answer.url, candidate.title, problem=error.sentence) if gdelt else None
    if not entries and candidate.kind == discovery.SITEMAP:
        return None
    dated = sorted(
        (entry for entry in entries if entry.published_at), key=lambda entry: entry.published_at, reverse=True
    )
    newest = [*dated, *(entry for entry in entries if not entry.published_at)][:NEWEST]
    languages = Counter(entry.language for entry in entries if entry.language)
    return Find(
        candidate.kind,
        canonical_url(answer.url) if not candidate.declared else candidate.url,
        title or candidate.title,
        language=languages.most_common(1)[0][0] if languages else "",
        count=len(entries),
        newest=tuple((entry.title, entry.published_at) for entry in newest),
    )


def _page(answer: client.Fetched, title: str, deadline: float) -> Find:
    """The page itself, to be watched for change."""
    url = canonical_url(answer.url)
    try:
        page = _parsed(articles.extract, answer, deadline)
    except isolation.IsolationError as error:
        return Find(Source.Kind.PAGE, url, title, problem=error.sentence)
    except articles.ArticleError:
        problem = deferred_message(
            "Its whole text cannot be told from what surrounds it: name the part to watch by a CSS selector."
        )
        return Find(Source.Kind.PAGE, url, title, problem=problem)
    return Find(Source.Kind.PAGE, url, title or page.title, language=page.language, excerpt=page.text[:300])


def _why_not(answer: client.Fetched, deadline: float) -> DeferredMessage | str:
    """Why an address that is no page cannot be read."""
    try:
        _parsed(feeds.parse, answer, deadline)
    except (feeds.FeedError, isolation.IsolationError) as error:
        return error.sentence
    return deferred_message("There is nothing here that can be read.")
