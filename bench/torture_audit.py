"""What a tracker has to show after it was tortured (bench/torture.py): everything once, and nothing left over.

Each function that returns a list of problems returns an empty one if all is well.
"""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import psutil

from bench.newsroom import ROWS, Newsroom
from bench.running import ROOT, Poll, persistently

READY_SECONDS = 90.0  # beat sends every minute, and what was killed last has to note that it works
Posts = list[tuple[str, dict[str, str], bytes]]
# What a stopped tracker leaves in its folder: data, logs, locks, and beat's own memory.
KEPT = re.compile(
    r"postgres|broker|cache|static|tmp|.*\.log|(run|servers)\.lock|secret-key|time-zone|beat-schedule(\.\w+)?"
)


def make_destination(origin: str) -> None:
    """Have everything that happens from now on sent to a receiver."""
    from pledges.models import Edition
    from pledges.tests.support import factories

    last = Edition.objects.order_by("-number").values_list("number", flat=True).first() or 0
    factories.DestinationFactory(address=f"{origin}/hook", noted_edition=last)


def unfinished(poll: Poll, offset: timedelta = timedelta()) -> list[str]:
    """What is still to be done, or a lease that stands; `offset` is that of the tracker's clock from ours."""
    from django.utils import timezone

    from pledges.models import Article, Delivery, Edition, Source, Update

    def read() -> list[str]:
        now = timezone.now() + offset
        active = Source.objects.filter(active=True)
        counts = {
            "sources have not been read": poll.server.feeds - poll.read(),
            "articles are to be read": Article.objects.filter(state="new").count(),
            "publications are overdue": Update.objects.filter(publish_at__isnull=False).count(),
            "deliveries wait": Delivery.objects.filter(state="waiting").count(),
            "leases on sources stand": active.filter(claimed_until__gt=now).count(),
            "leases on articles stand": Article.objects.filter(claimed_until__gt=now).count(),
            "editions have not been noted": Edition.objects.count() and editions_not_noted(),
        }
        return [f"{count} {words}" for words, count in counts.items() if count]

    return persistently(read)


def editions_not_noted() -> int:
    """How many editions the destination has not been told of."""
    from pledges.models import Delivery, Destination, Edition

    destination = Destination.objects.get()
    told = Delivery.objects.filter(event="edition").count()
    last = Edition.objects.order_by("-number").values_list("number", flat=True)[0]
    return max(last - destination.noted_edition, last - first_told() - told + 1 if told else 0)


def first_told() -> int:
    """The first edition of which the destination was told."""
    from pledges.models import Delivery

    return min(map(int, Delivery.objects.filter(event="edition").values_list("key", flat=True)))


def audit(newsroom: Newsroom, poll: Poll, posts: Posts) -> list[str]:
    """All that is wrong with what the database, the receiver and the site show."""
    from django.db import connection

    connection.close()  # the server may have been started again since it was used
    return [
        *_publications(newsroom),
        *_leads(newsroom),
        *_imports(newsroom),
        *_articles(poll),
        *_deliveries(posts),
        *_chain(),
        *_site(newsroom),
        *_half_written(),
    ]


def _publications(newsroom: Newsroom) -> Iterable[str]:
    """Each acknowledged publication is in exactly one edition; those that were scheduled by now, too."""
    from pledges.models import EditionItem, Update

    journal = newsroom.journal
    items = Counter(EditionItem.objects.filter(kind="update").values_list("key", flat=True))
    states = dict(Update.objects.values_list("pk", "state"))
    for words, pks in (("published", journal.published), ("scheduled", journal.scheduled)):
        for pk in pks:
            if states.get(pk) != "published" or items[str(pk)] != 1:
                yield f"update {pk} was {words}: it is {states.get(pk)}, in {items[str(pk)]} editions"
    for key, count in items.items():
        if count != 1 or states.get(int(key)) != "published":
            yield f"update {key} is {states.get(int(key))}, in {count} editions"
    for pk, state in states.items():
        if state == "published" and str(pk) not in items:
            yield f"update {pk} is published, in no edition"


def _leads(newsroom: Newsroom) -> Iterable[str]:
    """Each accepted lead has its one draft with its article as evidence; no story has two leads for a pledge."""
    from django.db.models import Count

    from pledges.models import Lead, Update

    for pk, draft in newsroom.journal.accepted.items():
        lead = Lead.objects.select_related("article").get(pk=pk)
        pieces = Update.objects.filter(evidence__url=lead.article.url).count()
        if lead.state != "accepted" or lead.update_id != draft or pieces != 1:
            yield f"lead {pk} was accepted as {draft}: it is {lead.state}, as {lead.update_id} with {pieces} articles"
    leads = Lead.objects.filter(merged_into=None)
    for fields in (["story", "pledge"], ["article", "pledge"]):
        twice = leads.exclude(**{fields[0]: None}).values(*fields).annotate(n=Count("pk")).filter(n__gt=1)
        yield from (f"leads twice: {row}" for row in twice)


def _imports(newsroom: Newsroom) -> Iterable[str]:
    """Each imported row is there once, with its evidence, and of no sheet only a part."""
    from pledges.models import Update

    rows: Counter[int] = Counter()
    for text, pk in Update.objects.filter(text_en__regex=r"^Row \d of sheet \d+\.$").values_list("text_en", "pk"):
        rows[int(text.rpartition(" ")[2][:-1])] += 1
        if Update.objects.get(pk=pk).evidence.count() != 1:
            yield f"{text}: not one piece of evidence"
    for number in {*rows, *newsroom.journal.imported}:
        if rows[number] != ROWS:
            yield f"sheet {number}: {rows[number]} rows"


def _articles(poll: Poll) -> Iterable[str]:
    """Each entry of each feed is stored once and was read, and no source counts as failing."""
    from django.db.models import Count

    from pledges.models import Article, Source

    articles = Article.objects.filter(source__active=True)
    expected = poll.server.feeds * poll.server.entries * poll.version
    if (stored := articles.count()) != expected:
        yield f"{stored} articles stored of {expected}"
    for fields in (["source", "entry_id"], ["url"]):
        if twice := articles.values(*fields).annotate(n=Count("pk")).filter(n__gt=1).count():
            yield f"{twice} articles twice, by {fields}"
    for state, count in articles.exclude(state="read").values_list("state").annotate(n=Count("pk")):
        reason = articles.filter(state=state).values_list("failure", flat=True).first()
        yield f"{count} articles are {state}: {reason}"
    for name, failure in Source.objects.exclude(failure="").values_list("name", "failure"):
        yield f"{name} fails: {failure}"


def _deliveries(posts: Posts) -> Iterable[str]:
    """Each event has one delivery, each delivery arrived at least once, always with its id and the same content."""
    from django.db.models import Count

    from pledges.models import Delivery

    arrived: dict[str, set[bytes]] = {}
    for _path, headers, body in list(posts):
        arrived.setdefault(headers["webhook-id"], set()).add(body)
    rows = dict(Delivery.objects.values_list("message_id", "state"))
    for message_id, state in rows.items():
        if state != "sent" or message_id not in arrived:
            yield f"delivery {message_id} is {state}, {'' if message_id in arrived else 'not '}arrived"
    for message_id, bodies in arrived.items():
        if message_id not in rows or len(bodies) > 1:
            yield f"{len(bodies)} contents arrived as {message_id}, which is {rows.get(message_id, 'unknown')}"
    twice = Delivery.objects.values("event", "key").annotate(n=Count("pk")).filter(n__gt=1)
    yield from (f"delivered twice: {row}" for row in twice)


def _chain() -> Iterable[str]:
    """`manage.py verify` agrees."""
    done = subprocess.run([sys.executable, "manage.py", "verify"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        yield f"verify: {done.stdout}{done.stderr}"


def _site(newsroom: Newsroom) -> Iterable[str]:
    """The site is at the last edition, and the tracker says that it does its work."""
    import requests

    from pledges.models import Edition

    last = Edition.objects.order_by("-number").values_list("number", flat=True)[0]
    for path, words in (("/en/changes.json", f'"edition": {last}'), ("/en/editions/", f"/en/editions/{last}/")):
        response = requests.get(newsroom.origin + path, timeout=60)
        if response.status_code != 200 or words not in response.text:
            yield f"{path} answers {response.status_code} and does not have edition {last}"
    end = time.monotonic() + READY_SECONDS
    while (ready := requests.get(f"{newsroom.origin}/readyz", timeout=60)).status_code != 200:
        if time.monotonic() > end:
            yield f"/readyz: {ready.text}"
            return
        time.sleep(0.5)


def _half_written() -> Iterable[str]:
    """No draft without the evidence that it was made with."""
    from pledges.models import Update

    for pk in Update.objects.filter(evidence=None).values_list("pk", flat=True):
        yield f"update {pk} has lost its evidence"


def counts(newsroom: Newsroom, posts: Posts) -> dict[str, int]:
    """How much was acknowledged, and how much there is."""
    from pledges.models import Article, Delivery, Edition, Lead

    journal = newsroom.journal
    return {
        "publications": len(journal.published),
        "scheduled publications": len(journal.scheduled),
        "accepted leads": len(journal.accepted),
        "imported sheets": len(journal.imported),
        "editions": Edition.objects.count(),
        "articles": Article.objects.filter(source__active=True).count(),
        "leads of the watch": Lead.objects.filter(article__source__active=True).count(),
        "deliveries": Delivery.objects.count(),
        "deliveries received": len(posts),
    }


def shared_memory() -> set[str]:
    """PostgreSQL's segments of shared memory on this machine."""
    return {path.name for path in Path("/dev/shm").glob("PostgreSQL.*")}


def leftovers(folder: Path, before: set[str], killed: Counter[str]) -> list[str]:
    """Processes, sockets and temporary files that a stopped tracker has left behind.

    Of the parts of which single processes were killed temporary files may be left: they end with the container.
    `before` are the segments of shared memory that there were before it was started.
    """
    from tracker import embedded

    problems = []
    for process in psutil.process_iter():
        try:
            about = [process.cwd(), *process.cmdline(), process.environ().get("STATE_DIR", "")]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if process != psutil.Process() and any(str(folder) in text for text in about):
            problems.append(f"left: process {process.pid} {' '.join(process.cmdline())[:200]}")
    if embedded.sockets_dir().exists():
        problems.append(f"left: {embedded.sockets_dir()}")
    problems += [f"left: {path}" for path in folder.iterdir() if not KEPT.fullmatch(path.name)]
    for part in (folder / "tmp").iterdir():
        if not killed[f"process of {part.name}"]:
            problems += [f"left: {path}" for path in part.rglob("*")]
    problems += [f"left: {path}" for path in (folder / "postgres").rglob("pgsql_tmp*/*")]
    mapped = set()
    for process in psutil.process_iter():
        try:
            mapped |= {Path(region.path).name for region in process.memory_maps() if "PostgreSQL." in region.path}
        except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            continue
    return problems + [f"left: shared memory {name}" for name in shared_memory() - before - mapped]
