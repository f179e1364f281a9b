"""Finding out what could be read at an address that an editor pasted: its feeds, sitemaps, files, the page itself.

The web is asked from here; what it answers is parsed in the isolated child process.
"""

import dataclasses
import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
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

PATIENCE = 20.0  # seconds for all of it: somebody waits
ONE_ANSWER = client.Limits(total_seconds=8, connect_seconds=4)
ONE_PARSE = 8.0  # seconds
AT_ONCE = 3  # of one host, which has not asked for any of this
MOST_FOUND = 6
NEWEST = 5
LONGEST_ADDRESS = 1000

Tell = Callable[[DeferredMessage], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Find:
    """Something that can be read: its `kind` is a Source.Kind; `newest` holds (title, when or None), the newest first.

    `language` is a guess ("" where there is none). Of a page, `excerpt` is what a watch of it would keep.
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
    """What was found at an address: `finds`, the best first; `problem` says plainly what is wrong, or ""."""

    url: str
    publisher: str
    finds: tuple[Find, ...]
    problem: DeferredMessage | str = ""


@shared_task(name="pledges.tasks.find_source", soft_time_limit=90, time_limit=120)
def find_source(pk: int) -> None:
    """Find out what could be read at the address of one lookup; nothing where that is done or somebody is at it."""
    row = address_lookups.claim_lookup(pk=pk, now=timezone.now())
    if row is None:
        return
    try:
        found = probe(row.address, tell=lambda line: address_lookups.note_lookup_progress(lookup=row, line=line))
    except Exception as error:  # ours, not theirs: without an answer somebody would wait for ever
        log.exception("The address %s cannot be looked at", row.address)
        found = Probed(row.address, "", (), web.internal_error_message(error))
    address_lookups.record_lookup(lookup=row, found=as_data(found), now=timezone.now())


def probe(address: str, *, tell: Tell = lambda _line: None) -> Probed:
    """What could be read at an address that somebody pasted. It never fails and takes about half a minute at most.

    The site's own word comes first (the address itself, then what its page declares); only where that leads nowhere
    are the usual places tried. `tell` is called with what is done next.
    """
    until = time.monotonic() + PATIENCE
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
        got = web.get(url, limits=ONE_ANSWER)
        tell(deferred_message("What it answered is read…"))
        here = _parsed(discovery.discover, got, until)
    except (client.FetchError, isolation.IsolationError) as error:
        return Probed(url, site, (), error.sentence)
    url = canonical_url(got.permanent_url) or url
    own = [one for one in here.candidates if one.url == got.url and one.kind != discovery.PAGE]
    finds = [replace(find, url=url) for one in own if (find := _find(one, got, until))]
    if not any(not find.problem for find in finds):
        declared = [one for one in here.candidates if one.declared and one.kind != discovery.PAGE]
        if declared:
            tell(deferred_message("The feeds that the page names are tried…"))
        finds = _first_that_work(declared, until, tell)
    if not finds and here.kind == discovery.PAGE:
        finds = _first_that_work([one for one in here.candidates if not one.declared], until, tell)
    problem = "" if finds else here.problem
    if here.kind == discovery.PAGE:
        tell(deferred_message("The page itself is read…"))
        page = _page(got, here.title, until)
        finds.append(page)
        if len(finds) == 1:
            problem = problem or deferred_message(
                "No feed and no sitemap was found here, neither declared nor at the usual places."
            )
    elif not finds:
        problem = problem or _why_not(got, until)
    publisher = here.title if here.kind == discovery.PAGE and len(here.title) <= 40 else site
    return Probed(url, publisher or site, tuple(finds[: MOST_FOUND + 1]), problem)


def as_data(probed: Probed) -> dict[str, Any]:
    """What was found, as JSON holds it. `from_data` is its inverse."""
    data = dataclasses.asdict(replace(probed, finds=(), problem=to_text(probed.problem)))
    data["finds"] = [
        dataclasses.asdict(
            replace(
                find,
                kind=str(find.kind),
                problem=to_text(find.problem),
                newest=tuple((title, when and when.isoformat()) for title, when in find.newest),
            )
        )
        for find in probed.finds
    ]
    return data


def from_data(data: dict[str, Any]) -> Probed:
    """What `as_data` was given."""
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


def _parsed(function: Callable, got: client.Fetched, until: float, *first: object, **more: object) -> Any:
    """`function` of an answer, in the isolated child process. Raises what it raises, and IsolationError."""
    seconds = min(ONE_PARSE, max(2.0, until - time.monotonic()))
    answer = {"url": got.url, "content_type": got.content_type}
    return isolation.call(function, *first, got.body, **answer, seconds=seconds, **more)


def _complete(address: str) -> str:
    address = "".join(address.split())
    if address.lower().startswith("feed:"):
        address = address[5:].removeprefix("//")
    if "://" not in address[:12]:
        address = f"https://{address}"
    scheme, _colon, rest = address.partition("://")
    return canonical_url(f"{scheme.lower()}://{rest}")[:LONGEST_ADDRESS]


def _first_that_work(candidates: list[discovery.SourceCandidate], until: float, tell: Tell) -> list[Find]:
    """The candidates that can be read: all that the site declares, of the usual places the first that answer."""
    finds: list[Find] = []
    tried: set[str] = set()
    waiting = list(candidates)
    with ThreadPoolExecutor(AT_ONCE) as workers:
        while waiting and len(finds) < MOST_FOUND and time.monotonic() < until:
            batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            batch = [one for one in batch if one.url not in tried]
            tried |= {one.url for one in batch}
            if batch and not batch[0].declared:
                tell(deferred_message("The usual places are tried: %(address)s…", address=batch[0].url))
            for one, got in zip(batch, workers.map(_got(until), batch), strict=True):
                if got is None:
                    continue
                if one.kind == "robots":
                    named = discovery.sitemaps_in(decode(got.body, got.content_type), url=got.url)
                    waiting[:0] = [discovery.SourceCandidate("sitemap", url, declared=False) for url in named]
                    continue
                if (find := _find(one, got, until)) and not find.problem:
                    finds.append(find)
                elif one.kind == discovery.SITEMAP:
                    waiting[:0] = _children(got, until)
            if finds and not any(one.declared for one in waiting):
                break
    unique = {(find.newest, find.count): find for find in reversed(finds)}  # one feed often answers at two addresses
    return [find for find in finds if unique.get((find.newest, find.count)) is find]


def _got(until: float) -> Callable[[discovery.SourceCandidate], client.Fetched | None]:
    def get(candidate: discovery.SourceCandidate) -> client.Fetched | None:
        left = until - time.monotonic()
        if left <= 0:
            return None
        try:
            seconds = min(left, ONE_ANSWER.total_seconds)
            return web.get(candidate.url, limits=client.Limits(total_seconds=seconds, connect_seconds=4))
        except client.FetchError:
            return None

    return get


def _children(got: client.Fetched, until: float) -> list[discovery.SourceCandidate]:
    """The newest sitemaps of an index, which says less than they do."""
    try:
        listed = _parsed(sitemaps.parse, got, until)
    except (feeds.FeedError, isolation.IsolationError):
        return []
    return [discovery.SourceCandidate(discovery.SITEMAP, url, declared=False) for url in listed.children[:AT_ONCE]]


def _find(candidate: discovery.SourceCandidate, got: client.Fetched, until: float) -> Find | None:
    """What a candidate gives; None where it is not of its kind, with `problem` where it is, but cannot be read."""
    if candidate.kind == discovery.DATA:
        return Find(Source.Kind.DATA, got.url, candidate.title)
    try:
        zone = timezone.get_default_timezone()
        title, entries = _parsed(discovery.check, got, until, candidate.kind, now=timezone.now(), zone=zone)
    except isolation.IsolationError as error:
        return Find(candidate.kind, got.url, candidate.title, problem=error.sentence)
    except feeds.FeedError as error:
        gdelt = candidate.kind == discovery.GDELT
        return Find(candidate.kind, got.url, candidate.title, problem=error.sentence) if gdelt else None
    if not entries and candidate.kind == discovery.SITEMAP:
        return None
    dated = sorted((entry for entry in entries if entry.published_at), key=lambda e: e.published_at, reverse=True)
    newest = [*dated, *(entry for entry in entries if not entry.published_at)][:NEWEST]
    languages = Counter(entry.language for entry in entries if entry.language)
    return Find(
        candidate.kind,
        canonical_url(got.url) if not candidate.declared else candidate.url,
        title or candidate.title,
        language=languages.most_common(1)[0][0] if languages else "",
        count=len(entries),
        newest=tuple((entry.title, entry.published_at) for entry in newest),
    )


def _page(got: client.Fetched, title: str, until: float) -> Find:
    """The page itself, to be watched for change."""
    url = canonical_url(got.url)
    try:
        page = _parsed(articles.extract, got, until)
    except isolation.IsolationError as error:
        return Find(Source.Kind.PAGE, url, title, problem=error.sentence)
    except articles.ArticleError:
        said = deferred_message(
            "Its whole text cannot be told from what surrounds it: name the part to watch by a CSS selector."
        )
        return Find(Source.Kind.PAGE, url, title, problem=said)
    return Find(Source.Kind.PAGE, url, title or page.title, language=page.language, excerpt=page.text[:300])


def _why_not(got: client.Fetched, until: float) -> DeferredMessage:
    try:
        _parsed(feeds.parse, got, until)
    except (feeds.FeedError, isolation.IsolationError) as error:
        return error.sentence
    return deferred_message("There is nothing here that can be read.")
