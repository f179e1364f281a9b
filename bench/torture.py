"""A thousand SIGKILLs, and nothing is lost: `python -m bench.torture [--kills 1000] [--feeds 200] [--seed 1]`.

The whole tracker runs as by docker-compose (bench/supervisor.py) on a database of its own, and is killed at random: web
and one of its processes, the worker and one of its processes, the publisher, beat, the broker, the cache, a connection
of the database and its postmaster. Meanwhile a newsroom publishes, schedules, accepts leads and imports
(bench/newsroom.py), the watch polls local feeds, and a receiver of webhooks notes what it gets. Then everything is
given time to come to its end, and bench/torture_audit.py looks whether all that was acknowledged took effect exactly
once. It prints how often what was killed and what the audit found, and exits with 1 if that is anything.

Leases of the watch end after five seconds here, to save time, and those of deliveries once nothing is killed any more;
there is no sentence encoder.
"""

import argparse
import contextlib
import random
import sys
import threading
import time
from collections import Counter
from functools import partial
from typing import Any

import psutil

from bench import torture_audit
from bench.newsroom import Journal, Newsroom
from bench.running import FeedServer, Poll, Supervised, free_port, persistently, send

# How often each is killed, in relation to the others.
WEIGHTS = {
    "web": 10,
    "process of web": 20,
    "worker": 10,
    "process of worker": 20,
    "publisher": 15,
    "beat": 5,
    "broker": 5,
    "cache": 3,
    "connection of the database": 8,
    "database": 4,
}
BEAT = ("poll", "publish_scheduled", "send_deliveries", "make_snapshots")
BREATH = 4  # kills
SHORT = 20  # kills; up to so many the newsroom works with less haste and nothing is scheduled far ahead, to cost less
MOST_TO_READ = 600  # articles; with more waiting the feeds have nothing new: a slow machine would never come to its end
CALM_SECONDS = 240.0  # for which it is waited for the next step, once nothing is killed any more


def victims(tracker: Supervised, kind: str) -> list[psutil.Process]:
    """The processes of a kind that can be killed now."""
    if kind in ("broker", "cache"):
        return tracker.servers(kind)
    if kind.endswith("database"):
        postmasters = tracker.servers("postgres")
        if kind == "database":
            return postmasters
        backends = [child for process in postmasters for child in process.children()]
        return [process for process in backends if "tracker_app" in "".join(process.cmdline())]
    name = kind.removeprefix("process of ")
    leaders = [process for process in tracker.children() if process.name() == f"tracker {name}"[:15]]
    return leaders if kind == name else [child for process in leaders for child in process.children()]


def kill_one(tracker: Supervised, chance: random.Random) -> str:
    """Kill a process at random; the kind that it is of. "" if there was none of the kind that was chosen."""
    kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    with contextlib.suppress(psutil.NoSuchProcess, IndexError):
        chance.choice(victims(tracker, kind)).kill()
        return kind
    return ""


class Beat(threading.Thread):
    """Sends what beat sends every minute, every few seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(daemon=True)
        self.seconds, self.over = seconds, threading.Event()

    def run(self) -> None:
        """Send until `over` is set, also while the broker is down."""
        while not self.over.wait(self.seconds):
            with contextlib.suppress(Exception):
                send(*BEAT)


def torment(tracker: Supervised, poll: Poll, journal: Journal, options: argparse.Namespace) -> Counter[str]:
    """Kill as often as asked; how often each kind was killed.

    After a few kills something has to be acknowledged before it goes on, or half a minute to pass: on a busy machine
    nothing would be done else, and so nothing could be lost.
    """
    chance, killed, started = random.Random(options.seed), Counter[str](), time.monotonic()
    acknowledged = journal.acknowledged()
    while killed.total() < options.kills:
        time.sleep(chance.uniform(0.1, 2 * options.pause))
        if killed.total() % BREATH == 0:
            patience = time.monotonic() + 30
            while journal.acknowledged() == acknowledged and time.monotonic() < patience:
                time.sleep(0.05)
            acknowledged = journal.acknowledged()
        if kind := kill_one(tracker, chance):
            killed[kind] += 1
            if killed.total() % 50 == 0:
                seconds = time.monotonic() - started
                print(f"{killed.total()} kills in {seconds:.0f} s, feeds at version {poll.version}", flush=True)
        if killed.total() % 10 == 0:
            if persistently(articles_to_read) > MOST_TO_READ:
                poll.make_due()
            elif poll.publish_once_read():
                print(f"the feeds have version {poll.version}", flush=True)
    return killed


def articles_to_read() -> int:
    """How many have been found in feeds and not been read yet."""
    from pledges.models import Article

    return Article.objects.filter(state=Article.State.NEW).count()


def wait_for_calm(poll: Poll) -> bool:
    """Wait until nothing is left to be done; False once nothing more has been done for a while."""
    from django.utils import timezone

    from pledges.models import Delivery

    time.sleep(2.0)
    ended_leases, changed_at, before = 0.0, time.monotonic(), [""]
    while time.monotonic() < changed_at + CALM_SECONDS:
        if time.monotonic() - ended_leases > 10:  # of a publisher that was killed: they would last for five minutes
            claimed = Delivery.objects.filter(state="waiting", claimed_until__gt=timezone.now())
            persistently(partial(claimed.update, claimed_until=timezone.now()))
            ended_leases = time.monotonic()
        unfinished = torture_audit.unfinished(poll)
        if not unfinished:
            return True
        if unfinished != before:
            before, changed_at = unfinished, time.monotonic()
        time.sleep(1.0)
    return False


def report(title: str, counts: Counter[Any] | dict[Any, Any]) -> None:
    """Print counts in one line."""
    print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items())), flush=True)


def main() -> int:
    """Torture and audit; 1 if the audit finds anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--entries", type=int, default=3, help="new ones in each version of a feed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.6, help="seconds between two kills, on average")
    options = parser.parse_args()
    started, short = time.monotonic(), options.kills <= SHORT
    problems: list[str] = []
    with FeedServer(options.feeds, options.entries) as server:
        from pledges.tests.support.receiver import Receiver

        receiver = Receiver()
        # The encoder has nothing to lose, and takes seconds to load in each new process.
        environment = {"WATCH_CLAIM_SECONDS": "5", "WATCH_HOST_DELAY_SECONDS": "0.1", "ENCODER": "off"}
        before = torture_audit.shared_memory()
        with Supervised([*server.origins, receiver.origin], port=free_port(), **environment) as tracker:
            poll = Poll(server)
            items = max(12, int(options.kills * options.pause * 1.5))
            slower, ahead = (2.0, 15) if short else (1.0, 95)
            newsroom = Newsroom(tracker.origin, items, slower=slower, ahead=ahead)
            torture_audit.make_destination(receiver.origin)
            newsroom.start()
            beat = Beat(1.0 if short else 2.0)
            beat.start()
            print(f"ready after {time.monotonic() - started:.0f} s", flush=True)
            killed = torment(tracker, poll, newsroom.journal, options)
            newsroom.stop()
            beat.seconds = 2.0
            calm = wait_for_calm(poll)
            beat.over.set()
            beat.join()
            if not calm:
                problems += torture_audit.unfinished(poll)
            problems += torture_audit.audit(newsroom, poll, receiver.posts)
            done = torture_audit.counts(newsroom, receiver.posts)
            stopped = tracker.stop()
            problems += [f"did not end when asked: {name}" for name in stopped["left"]]
            problems += torture_audit.leftovers(tracker.folder, before, killed)
        receiver.close()
    report(f"{options.kills} kills, seed {options.seed}", killed)
    report("started again", stopped["restarts"])
    report("acknowledged and audited", done)
    for who, answers in newsroom.journal.answers.items():
        report(f"answers to {who} (0: none; slowest {newsroom.journal.slowest[who]:.1f} s)", answers)
    for problem in problems:
        print(f"PROBLEM: {problem}")
    print(f"{len(problems)} problems; {time.monotonic() - started:.0f} s")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
