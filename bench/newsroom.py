"""A newsroom at work through the front door: people who publish, schedule, accept leads and import at the desk.

Each is a thread with a session of its own, logged in by the form. What the site answers with success is noted as
acknowledged. Whoever gets no answer, or an error, tries the same again, as a person does.
"""

import itertools
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import requests

PASSWORD = "correct horse battery staple"
WORDS = "road ports pledge work government kept done trabajo promesa carretera prision nothing".split()
PAGES = (
    "/en/",
    "/en/pledges/",
    "/en/pledges/?q={word}",
    "/en/changes/",
    "/es/",
    "/es/promesas/?q={word}",
    "/api/v1/pledges",
)
DESK_PAGES = ("/admin/", "/admin/pledges/lead/", "/admin/pledges/lead/?q={word}", "/admin/pledges/update/?state=draft")
PATIENCE_SECONDS = 60.0  # for which what got no answer is tried again in the end
ROWS = 3  # of an imported sheet
SHEET = "pledge,happened_on,happened_precision,text_en,text_es,status,evidence_1_url,evidence_1_publisher,"
SHEET += "evidence_1_title,evidence_1_published_on,evidence_1_language,evidence_1_sentence\n"


@dataclass
class Journal:
    """What was acknowledged: the ids of updates that were published or scheduled, the drafts (ids) of accepted leads by
    their ids, the numbers of imported sheets; and how often each status was answered (0: no answer)."""

    published: set[int] = field(default_factory=set)
    scheduled: set[int] = field(default_factory=set)
    accepted: dict[int, int] = field(default_factory=dict)
    imported: set[int] = field(default_factory=set)
    answers: dict[str, Counter[int]] = field(default_factory=dict)
    slowest: dict[str, float] = field(default_factory=dict)  # seconds

    def acknowledged(self) -> int:
        """How much was acknowledged so far."""
        return sum(map(len, (self.published, self.scheduled, self.accepted, self.imported)))


class Browser:
    """One person's session. Requests never raise: a status of 0 says that there was no answer."""

    def __init__(self, origin: str, who: str, journal: Journal) -> None:
        self.origin, self.who, self.session, self.journal = origin, who, requests.Session(), journal
        self.answers = journal.answers.setdefault(who, Counter())

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """The answer, without following redirects; `status_code` is 0 where none came."""
        headers = {"X-CSRFToken": self.session.cookies.get("csrftoken") or ""}
        started = time.monotonic()
        try:
            response = self.session.request(
                method, self.origin + path, headers=headers, timeout=60, allow_redirects=False, **options
            )
        except requests.RequestException:
            response = requests.Response()
            response.status_code = 0
            self.session.close()  # the next request opens a connection of its own
        self.answers[response.status_code] += 1
        slowest = max(self.journal.slowest.get(self.who, 0.0), time.monotonic() - started)
        self.journal.slowest[self.who] = slowest
        return response

    def log_in(self) -> None:
        """Log in by the form. Raises RuntimeError if it does not let this person in."""
        self.request("GET", "/admin/account/login/")
        response = self.request("POST", "/admin/account/login/", data={"login": self.who, "password": PASSWORD})
        if response.status_code != 302:
            raise RuntimeError(f"{self.who} cannot log in: {response.status_code} {response.text[:2000]}")

    def publish(self, pk: int) -> bool:
        """Publish a draft on its preview; whether it is acknowledged that it is published."""
        base = f"/admin/pledges/update/{pk}/"
        preview = self.request("GET", f"{base}preview/")
        if preview.status_code == 302:  # an earlier press, whose answer got lost, has published it
            return preview.headers["Location"].endswith(f"{base}change/")
        if preview.status_code != 200:
            return False
        response = self.request("POST", f"{base}publish/", data={"seen": _hidden(preview.text, "seen")})
        return response.status_code == 302 and response.headers["Location"].endswith(f"{base}change/")

    def schedule(self, pk: int, at: datetime) -> bool:
        """Schedule a draft's publication on its preview; whether it is acknowledged."""
        base = f"/admin/pledges/update/{pk}/"
        preview = self.request("GET", f"{base}preview/")
        if preview.status_code == 302:
            return True
        if preview.status_code != 200:
            return False
        if "This is scheduled" in preview.text or re.search(r'action="[^"]*/unschedule/"', preview.text):
            return True
        data = {"seen": _hidden(preview.text, "seen"), "at": f"{at:%Y-%m-%dT%H:%M:%S}"}
        response = self.request("POST", f"{base}schedule/", data=data)
        if response.status_code != 302:
            return False
        shown = self.request("GET", f"{base}preview/")  # a refusal is a redirect too: the page says which
        return shown.status_code == 302 or bool(re.search(r'action="[^"]*/unschedule/"', shown.text or ""))

    def accept(self, pk: int) -> int | None:
        """Accept a lead as a new draft; the id of the draft, if that is acknowledged."""
        response = self.request("POST", f"/admin/pledges/lead/{pk}/accept/", data={"draft": "new"})
        location = response.headers.get("Location", "") if response.status_code == 302 else ""
        draft = re.search(r"/pledges/update/(\d+)/change/", location)
        return int(draft[1]) if draft else None

    def import_updates(self, sheet: str) -> bool:
        """Import a sheet of updates, after its dry run; whether it is acknowledged that it is written."""
        address, file = "/admin/exchange/updates/import/", {"file": ("updates.csv", sheet.encode(), "text/csv")}
        dry_run = self.request("POST", address, files=file)
        if dry_run.status_code != 200:
            return False
        kept = _hidden(dry_run.text, "kept")
        if not kept:  # nothing in it is new: an earlier import, whose answer got lost, was written
            return 'class="errornote"' not in dry_run.text
        data = {"kept": kept, "seen": _hidden(dry_run.text, "seen")}
        return self.request("POST", address, data=data).status_code == 302


def _hidden(html: str, name: str) -> str:
    """The value of a hidden field of a page; "" if it has none of that name."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else ""


class Newsroom:
    """Rows to work on, made through the ORM before the work begins, and the people who work on them."""

    def __init__(self, origin: str, items: int, *, slower: float = 1.0, ahead: int = 95) -> None:
        """Make as many drafts to publish and leads to accept, and half as many drafts to schedule, for up to so many
        seconds `ahead`.

        People rest for less than a second between two items, or so many times longer.
        """
        self.origin, self.journal, self.over, self.slower = origin, Journal(), threading.Event(), slower
        self.threads: list[threading.Thread] = []
        self.ahead = ahead
        self.offset = timedelta()  # of the tracker's clock from ours
        self._make(items)

    def _make(self, items: int) -> None:
        from django.contrib.auth.hashers import make_password

        from pledges.tests.support import factories

        people = ("publisher", "scheduler", "importer", "judge", "editor")
        users = [factories.PublisherFactory(username=name) for name in people]
        password = make_password(PASSWORD)  # takes a good part of a second
        for user in users:
            user.password = password
            user.save()
        reporter = factories.ReporterFactory()
        topic, mandate = factories.TopicFactory(), factories.MandateFactory()
        pledges = [factories.PublishedPledgeFactory(topics=[topic], mandate=mandate) for _number in range(12)]
        factories.PublishedPledgeFactory(  # what the local feeds report on
            topics=[topic],
            mandate=mandate,
            wording__title_en="Build the road between the two ports",
            wording__statement_en="We will build a road between the two ports.",
        )
        self.slugs = [pledge.slug for pledge in pledges]
        turns = itertools.cycle(pledges)
        self.drafts = [factories.UpdateFactory(pledge=next(turns), author=reporter).pk for _number in range(items)]
        self.to_schedule = [
            factories.UpdateFactory(pledge=next(turns), author=reporter).pk for _number in range(items // 2)
        ]
        source = factories.SourceFactory(active=False)
        self.leads = [
            factories.LeadFactory(article=factories.ArticleFactory(source=source), pledge=next(turns)).pk
            for _number in range(items)
        ]

    def local_now(self) -> datetime:
        """The time that the tracker has, in the newsroom's time zone."""
        from django.utils import timezone

        return timezone.localtime() + self.offset

    def start(self) -> None:
        """Log all in, and let them work until `stop`."""
        work: dict[str, Callable[[Browser], None]] = {
            "publisher": self._publish,
            "scheduler": self._schedule,
            "judge": self._accept,
            "importer": self._import,
            "editor": partial(self._read, DESK_PAGES),
        }
        for name, run in work.items():
            browser = Browser(self.origin, name, self.journal)
            browser.log_in()
            self.threads.append(threading.Thread(target=run, args=(browser,), daemon=True))
        pages = [*PAGES, f"/en/pledges/{self.slugs[0]}/", f"/es/promesas/{self.slugs[1]}/"]
        reader = Browser(self.origin, "reader", self.journal)
        self.threads.append(threading.Thread(target=self._read, args=(pages, reader), daemon=True))
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let everybody come to the end of what they are at: what had no answer is tried until it has one."""
        self._stopped_at = time.monotonic()
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _each(self, items: Iterator[int], act: Callable[[int], bool], pause: float) -> None:
        for item in items:
            while not act(item):
                time.sleep(0.5)
                if self.over.is_set() and time.monotonic() > self._stopped_at + PATIENCE_SECONDS:
                    return
            if self.over.wait(pause * self.slower):
                return

    def _publish(self, browser: Browser) -> None:
        def act(pk: int) -> bool:
            if browser.publish(pk):
                self.journal.published.add(pk)
            return pk in self.journal.published

        self._each(iter(self.drafts), act, 0.4)

    def _schedule(self, browser: Browser) -> None:
        def act(pk: int) -> bool:
            if browser.schedule(pk, self.local_now() + timedelta(seconds=5 + pk % (self.ahead - 5))):
                self.journal.scheduled.add(pk)
            return pk in self.journal.scheduled

        self._each(iter(self.to_schedule), act, 1.0)

    def _accept(self, browser: Browser) -> None:
        def act(pk: int) -> bool:
            if (draft := browser.accept(pk)) is not None:
                self.journal.accepted[pk] = draft
            return pk in self.journal.accepted

        self._each(iter(self.leads), act, 0.4)

    def _import(self, browser: Browser) -> None:
        def act(number: int) -> bool:
            if browser.import_updates(self.sheet(number)):
                self.journal.imported.add(number)
            return number in self.journal.imported

        self._each(itertools.count(), act, 2.0)

    def sheet(self, number: int) -> str:
        """A sheet of three new updates, each on a day that no other sheet has for its pledge."""
        pledge, day = self.slugs[number % len(self.slugs)], date(2024, 1, 1) + timedelta(days=ROWS * number)
        rows = [
            f"{pledge},{day + timedelta(days=row)},day,Row {row} of sheet {number}.,Fila {row} de {number}.,"
            f"in_progress,https://daily.example/sheet/{number}/{row},Daily,Report {row},{day},en,Work began.\n"
            for row in range(ROWS)
        ]
        return SHEET + "".join(rows)

    def _read(self, pages: Sequence[str], browser: Browser) -> None:
        for number in itertools.count():
            browser.request("GET", pages[number % len(pages)].format(word=WORDS[number % len(WORDS)]))
            if self.over.wait(min(0.25 * self.slower, 1.0)):
                return
