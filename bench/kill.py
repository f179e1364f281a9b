"""Nothing is lost: `python -m bench.kill [--feeds 500] [--kills 20] [--restarts 2]`.

Real workers poll local feeds of 30 entries while one is killed with SIGKILL again and again (the whole worker, or one
of its processes, by turns), and the broker with everything in it a few times. Whenever all feeds have been read they
publish 30 new entries, so that each kill strikes in the middle of a poll. Claims are let go after five seconds here, so
that it does not take all day. In the end every article of every version must be there, once. Exits with 1 if not.
"""

import argparse
import os
import random
import signal
import sys
import threading
import time

import psutil

from bench.running import Press, Tracker, look, make_sources

ENTRIES = 30


class Beat(threading.Thread):
    """What beat does, every second; a broker that is away is no reason to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()

    def run(self) -> None:
        """Say "look" until told to stop."""
        while not self.over.wait(1):
            try:
                look()
            except Exception as error:
                print(f"  beat: {type(error).__name__}", file=sys.stderr)


class Poll:
    """The feeds and how far they have been read."""

    def __init__(self, press: Press) -> None:
        self.press, self.version = press, 1
        make_sources(press.origins)
        press.control(latency=0.4, spread=1)

    def read(self) -> int:
        """How many sources have been read in this version."""
        from pledges.models import Source

        return Source.objects.filter(etag=f'"v{self.version}"').count()

    def publish(self) -> None:
        """Each feed has thirty new entries, and is due."""
        from pledges.models import Source

        self.version += 1
        self.press.control(version=self.version)
        Source.objects.update(next_due_at=None)

    def wait(self, seconds: float) -> bool:
        """Wait until all are read; whether they were within this time."""
        end = time.monotonic() + seconds
        while self.read() < self.press.feeds:
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True


def strike(tracker: Tracker, number: int) -> str:
    """Kill the worker with all its processes, or one of them; what was done."""
    worker = tracker.workers[-1]
    children = psutil.Process(worker.pid).children()
    if number % 2 and children:
        victim = random.choice(children)
        os.kill(victim.pid, signal.SIGKILL)
        return "one process of the worker"
    tracker.kill(worker)
    return "the whole worker"


def main() -> int:
    """Kill, and count."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=500)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--restarts", type=int, default=2)
    chosen = options.parse_args()
    broker_goes = {chosen.kills * (n + 1) // (chosen.restarts + 1) for n in range(chosen.restarts)}
    started, amid = time.monotonic(), 0
    environment = {"WATCH_CLAIM_SECONDS": "5", "WATCH_HOST_DELAY_SECONDS": "0.1"}
    with Press(chosen.feeds, ENTRIES) as press, Tracker(press.origins, **environment) as tracker:
        from django.db.models import Count

        from pledges.models import Article, Source

        poll, beat = Poll(press), Beat()
        beat.start()
        for number in range(chosen.kills):
            if not tracker.workers:
                tracker.start_worker("--exclude-queues", "pages")
            if poll.read() == chosen.feeds:
                poll.publish()
            time.sleep(random.uniform(0.3, 1.8))
            read = poll.read()
            amid += read < chosen.feeds
            said = strike(tracker, number)
            print(f"kill {number + 1:2}: {said}, version {poll.version}, {read} of {chosen.feeds} read", flush=True)
            if number in broker_goes:
                tracker.restart_broker()
                print("         and the broker, with everything in it", flush=True)
        if not tracker.workers:
            tracker.start_worker("--exclude-queues", "pages")
        whole = poll.wait(120)
        beat.over.set()
        beat.join()
        wanted = chosen.feeds * ENTRIES * poll.version
        stored = Article.objects.count()
        twice = (
            Article.objects.values("source", "entry_id").annotate(n=Count("pk")).filter(n__gt=1).count()
            + Article.objects.values("url").annotate(n=Count("pk")).filter(n__gt=1).count()
        )
        failing = Source.objects.exclude(failure="").values_list("failure", flat=True)
        print(
            f"{chosen.kills} kills ({amid} amid a poll), {chosen.restarts} broker restarts, {chosen.feeds} feeds, "
            f"{poll.version} versions: {stored} articles stored of {wanted}, {wanted - stored} lost, {twice} twice, "
            f"{len(failing)} sources failing, {press.control()} requests, {time.monotonic() - started:.0f} s"
        )
        for failure in set(failing):
            print(f"  failing: {failure}")
        return 0 if whole and stored == wanted and not twice and not failing else 1


if __name__ == "__main__":
    sys.exit(main())
