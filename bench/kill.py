"""Nothing is lost when workers and the broker die: `python -m bench.kill [--feeds 500] [--kills 20] [--restarts 2]`.

Real workers poll local feeds of 30 entries while one is killed with SIGKILL again and again (the whole worker and one
of its processes in turn), and the broker with all its messages a few times. Whenever all feeds have been read they
publish 30 new entries, so that the kills happen during polls. Leases end after five seconds here, to save time. In the
end every article of every version must be stored once; otherwise it exits with 1.
"""

import argparse
import os
import random
import signal
import sys
import threading
import time

import psutil

from bench.running import FeedServer, Tracker, enqueue_poll, make_sources

ENTRIES = 30


class Beat(threading.Thread):
    """Does what Celery beat does, every second. It goes on while the broker is down."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()

    def run(self) -> None:
        """Enqueue polls until `over` is set."""
        while not self.over.wait(1):
            try:
                enqueue_poll()
            except Exception as error:
                print(f"  beat: {type(error).__name__}", file=sys.stderr)


class Poll:
    """The feeds and how far they have been read."""

    def __init__(self, server: FeedServer) -> None:
        self.server, self.version = server, 1
        make_sources(server.origins)
        server.control(latency=0.4, spread=1)

    def read(self) -> int:
        """How many sources have been read in the current version."""
        from pledges.models import Source

        return Source.objects.filter(etag=f'"v{self.version}"').count()

    def publish(self) -> None:
        """Publish thirty new entries in each feed, and make all sources due."""
        from pledges.models import Source

        self.version += 1
        self.server.control(version=self.version)
        Source.objects.update(next_due_at=None)

    def wait(self, seconds: float) -> bool:
        """Wait until all sources are read; False if that takes longer than this."""
        end = time.monotonic() + seconds
        while self.read() < self.server.feeds:
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True


def strike(tracker: Tracker, number: int) -> str:
    """Kill the worker with all its processes, or one of them; returns what was killed."""
    worker = tracker.workers[-1]
    children = psutil.Process(worker.pid).children()
    if number % 2 and children:
        victim = random.choice(children)
        os.kill(victim.pid, signal.SIGKILL)
        return "one process of the worker"
    tracker.kill(worker)
    return "the whole worker"


def main() -> int:
    """Kill, and count the articles; 1 if any are lost or stored twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--restarts", type=int, default=2)
    options = parser.parse_args()
    restarts_after = {options.kills * (n + 1) // (options.restarts + 1) for n in range(options.restarts)}
    started, during_poll = time.monotonic(), 0
    environment = {"WATCH_CLAIM_SECONDS": "5", "WATCH_HOST_DELAY_SECONDS": "0.1"}
    with FeedServer(options.feeds, ENTRIES) as server, Tracker(server.origins, **environment) as tracker:
        from django.db.models import Count

        from pledges.models import Article, Source

        poll, beat = Poll(server), Beat()
        beat.start()
        for number in range(options.kills):
            if not tracker.workers:
                tracker.start_worker("--exclude-queues", "pages")
            if poll.read() == options.feeds:
                poll.publish()
            time.sleep(random.uniform(0.3, 1.8))
            read = poll.read()
            during_poll += read < options.feeds
            killed = strike(tracker, number)
            print(f"kill {number + 1:2}: {killed}, version {poll.version}, {read} of {options.feeds} read", flush=True)
            if number in restarts_after:
                tracker.restart_broker()
                print("         and the broker, with everything in it", flush=True)
        if not tracker.workers:
            tracker.start_worker("--exclude-queues", "pages")
        complete = poll.wait(120)
        beat.over.set()
        beat.join()
        expected = options.feeds * ENTRIES * poll.version
        stored = Article.objects.count()
        twice = (
            Article.objects.values("source", "entry_id").annotate(n=Count("pk")).filter(n__gt=1).count()
            + Article.objects.values("url").annotate(n=Count("pk")).filter(n__gt=1).count()
        )
        failing = Source.objects.exclude(failure="").values_list("failure", flat=True)
        print(
            f"{options.kills} kills ({during_poll} during a poll), {options.restarts} broker restarts, "
            f"{options.feeds} feeds, {poll.version} versions: {stored} articles stored of {expected}, "
            f"{expected - stored} lost, {twice} twice, "
            f"{len(failing)} sources failing, {server.control()} requests, {time.monotonic() - started:.0f} s"
        )
        for failure in set(failing):
            print(f"  failing: {failure}")
        return 0 if complete and stored == expected and not twice and not failing else 1


if __name__ == "__main__":
    sys.exit(main())
