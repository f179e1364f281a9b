"""What the desk asks the watch while somebody waits: what an address could be read as, what a file of figures holds.

The admin imports this and not the monitor or the tasks (docs/adr/0006-probing.md). Nothing is written here.
"""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from babel import Locale
from django.utils import timezone

from pledges.models import Pledge, Source, WatchTerm
from pledges.monitor import articles, discovery, feeds, fetch, queries, series, sitemaps, webpage
from pledges.monitor.addresses import canonical_url
from pledges.sentences import SaidError, Sentence, say
from pledges.tasks import web

PATIENCE = 20.0  # seconds for all of it: somebody waits
ONE_ANSWER = fetch.Limits(total_seconds=8, connect_seconds=4)
AT_ONCE = 3  # of one host, which has not asked for any of this
MOST_FOUND = 6
NEWEST = 5
LONGEST_ADDRESS = 1000


class Problem(SaidError):
    """It cannot be read; `sentence` is for an editor."""


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
    problem: Sentence | str = ""


@dataclass(frozen=True)
class Probed:
    """What was found at an address: `finds`, the best first; `problem` says plainly what is wrong, or ""."""

    url: str
    publisher: str
    finds: tuple[Find, ...]
    problem: Sentence | str = ""


@dataclass(frozen=True)
class Search:
    """A search made of a pledge's words, as a source: not asked yet."""

    kind: str
    url: str
    name: str
    publisher: str
    language: str


def probe(address: str) -> Probed:
    """What could be read at an address that somebody pasted. It never fails and takes at most half a minute.

    The site's own word comes first (the address itself, then what its page declares); only where that leads nowhere
    are the usual places tried.
    """
    until = time.monotonic() + PATIENCE
    url = _complete(address)
    if not url:
        return Probed(address, "", (), "This is not a web address: it should look like https://example.org/news.")
    site = discovery.site_of(url)
    try:
        got = web.get(url, limits=ONE_ANSWER)
    except fetch.FetchError as error:
        return Probed(url, site, (), error.sentence)
    url = canonical_url(got.permanent_url) or url
    here = discovery.discover(got.body, url=got.url, content_type=got.content_type)
    own = [one for one in here.candidates if one.url == got.url and one.kind != discovery.PAGE]
    finds = [replace(find, url=url) for one in own if (find := _find(one, got))]
    if not any(not find.problem for find in finds):
        finds = _first_that_work([one for one in here.candidates if one.declared and one.kind != "page"], until)
    if not finds and here.kind == discovery.PAGE:
        finds = _first_that_work([one for one in here.candidates if not one.declared], until)
    problem = "" if finds else here.problem
    if here.kind == discovery.PAGE:
        page = _page(got, here.title)
        finds.append(page)
        if len(finds) == 1:
            problem = problem or say("No feed and no sitemap was found here, neither declared nor at the usual places.")
    elif not finds:
        problem = problem or _why_not(got)
    publisher = here.title if here.kind == discovery.PAGE and len(here.title) <= 40 else site
    return Probed(url, publisher or site, tuple(finds[: MOST_FOUND + 1]), problem)


def searches(pledge: Pledge) -> list[Search]:
    """The searches that a pledge's words make: Google News and GDELT, in each of its languages."""
    wording = pledge.public_wording or pledge.latest_wording
    if wording is None:
        return []
    country = pledge.mandate.country
    terms = list(pledge.watch_terms.filter(rule__in=[WatchTerm.Rule.MUST, WatchTerm.Rule.NEVER]))
    words = {code: _words(pledge, wording, code, country, terms) for code in ("en", "es")}
    spoken = [code for code in ("en", "es") if words[code].title or words[code].aliases]
    named = {code: Locale(code).languages[code].capitalize() for code in spoken}
    made = []
    for code in spoken:
        title = words[code].title or words[code].aliases[0]
        url = queries.google_news(words[code], language=code, country=country)
        made.append(Search(Source.Kind.FEED, url, f"Google News: {title}"[:160], "Google News", code))
    asked = "en" if "en" in spoken else "es"  # GDELT searches English translations
    place = Locale("en").territories.get(country.upper(), "")
    for code in spoken:
        title = words[asked].title or words[asked].aliases[0]
        url = queries.gdelt(words[asked], language=code, words_language=asked, country=place)
        made.append(Search(Source.Kind.GDELT, url, f"GDELT ({named[code]}): {title}"[:160], "GDELT", code))
    return [search for search in made if len(search.url) <= LONGEST_ADDRESS]


def figures_in(body: bytes, *, path: str, period_column: str, value_column: str) -> tuple[series.Figure, ...]:
    """The figures in an uploaded file. Raises Problem."""
    try:
        return series.read(body, path=path, period_column=period_column, value_column=value_column)
    except feeds.FeedError as error:
        raise Problem(error.sentence) from error


def changes(before: str, after: str) -> webpage.Change:
    """What is new in the later of two texts of a page, and what is absent from it."""
    return webpage.compare(before, after)


def selected(url: str, selector: str) -> str:
    """What the part of a page that a selector names says now. Raises Problem."""
    try:
        got = web.get(url, limits=ONE_ANSWER)
        return webpage.read(got.body, url=got.url, content_type=got.content_type, selector=selector)
    except (fetch.FetchError, articles.ArticleError) as error:
        raise Problem(error.sentence) from error


def _complete(address: str) -> str:
    address = "".join(address.split())
    if address.lower().startswith("feed:"):
        address = address[5:].removeprefix("//")
    if "://" not in address[:12]:
        address = f"https://{address}"
    scheme, _colon, rest = address.partition("://")
    return canonical_url(f"{scheme.lower()}://{rest}")[:LONGEST_ADDRESS]


def _first_that_work(candidates: list[discovery.Candidate], until: float) -> list[Find]:
    """The candidates that can be read: all that the site declares, of the usual places the first that answer."""
    finds: list[Find] = []
    tried: set[str] = set()
    waiting = list(candidates)
    with ThreadPoolExecutor(AT_ONCE) as workers:
        while waiting and len(finds) < MOST_FOUND and time.monotonic() < until:
            batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            batch = [one for one in batch if one.url not in tried]
            tried |= {one.url for one in batch}
            for one, got in zip(batch, workers.map(_got(until), batch), strict=True):
                if got is None:
                    continue
                if one.kind == "robots":
                    named = discovery.sitemaps_in(got.body.decode("utf-8", "replace"), url=got.url)
                    waiting[:0] = [discovery.Candidate("sitemap", url, declared=False) for url in named]
                    continue
                if (find := _find(one, got)) and not find.problem:
                    finds.append(find)
                elif one.kind == discovery.SITEMAP:
                    waiting[:0] = _children(got)
            if finds and not any(one.declared for one in waiting):
                break
    unique = {(find.newest, find.count): find for find in reversed(finds)}  # one feed often answers at two addresses
    return [find for find in finds if unique.get((find.newest, find.count)) is find]


def _got(until: float) -> Callable[[discovery.Candidate], fetch.Fetched | None]:
    def get(candidate: discovery.Candidate) -> fetch.Fetched | None:
        left = until - time.monotonic()
        if left <= 0:
            return None
        try:
            seconds = min(left, ONE_ANSWER.total_seconds)
            return web.get(candidate.url, limits=fetch.Limits(total_seconds=seconds, connect_seconds=4))
        except fetch.FetchError:
            return None

    return get


def _children(got: fetch.Fetched) -> list[discovery.Candidate]:
    """The newest sitemaps of an index, which says less than they do."""
    try:
        listed = sitemaps.parse(got.body, url=got.url, content_type=got.content_type)
    except feeds.FeedError:
        return []
    return [discovery.Candidate(discovery.SITEMAP, url, declared=False) for url in listed.children[:AT_ONCE]]


def _find(candidate: discovery.Candidate, got: fetch.Fetched) -> Find | None:
    """What a candidate gives; None where it is not of its kind, with `problem` where it is, but cannot be read."""
    if candidate.kind == discovery.DATA:
        return Find(Source.Kind.DATA, got.url, candidate.title)
    try:
        title, entries = discovery.check(
            candidate.kind,
            got.body,
            url=got.url,
            content_type=got.content_type,
            now=timezone.now(),
            zone=timezone.get_default_timezone(),
        )
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


def _page(got: fetch.Fetched, title: str) -> Find:
    """The page itself, to be watched for change."""
    url = canonical_url(got.url)
    try:
        page = articles.extract(got.body, url=got.url, content_type=got.content_type)
    except articles.ArticleError:
        said = say("Its whole text cannot be told from what surrounds it: name the part to watch by a CSS selector.")
        return Find(Source.Kind.PAGE, url, title, problem=said)
    return Find(Source.Kind.PAGE, url, title or page.title, language=page.language, excerpt=page.text[:300])


def _why_not(got: fetch.Fetched) -> Sentence:
    try:
        feeds.parse(got.body, url=got.url, content_type=got.content_type)
    except feeds.FeedError as error:
        return error.sentence
    return say("There is nothing here that can be read.")


def _words(pledge: Pledge, wording, code: str, country: str, terms: list[WatchTerm]) -> queries.Words:
    named = Locale(code).territories.get(country.upper(), "")
    return queries.Words(
        title=getattr(wording, f"title_{code}"),
        aliases=tuple(getattr(pledge, f"also_called_{code}")),
        must=tuple(t.phrase for t in terms if t.language == code and t.rule == WatchTerm.Rule.MUST),
        never=tuple(t.phrase for t in terms if t.language == code and t.rule == WatchTerm.Rule.NEVER),
        context=tuple(name for name in (named, pledge.mandate.person) if name),
    )
