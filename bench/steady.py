"""Whether memory, connections, open files and threads stay as they are: `nice python -m bench.steady [--minutes 60]`.

The whole tracker (bench/supervisor.py) bears a mixed load: public pages, searches, desk pages, publications, imports
and accepted leads now and then (bench/newsroom.py), and the polling of local feeds with new entries every five minutes.
Every minute the memory of each process is noted (PSS: what it shares is divided among those that share it), its open
files and threads, and the connections of the database. Prints a table, and exits with 1 if the last quarter of the time
is more than 5 % above the second quarter in anything but the two servers, which fill their buffers up to their limits.
"""

import argparse
import contextlib
import statistics
import sys
import time
from collections import defaultdict

import psutil

from bench.newsroom import Newsroom
from bench.running import FeedServer, Poll, Supervised, free_port, persistently

Sample = dict[str, float]
MOST = 1.05
SLOWER = 25.0  # than the newsroom of the torture: a publication in ten seconds
NEW_ENTRIES_MINUTES = 5
SERVERS = ("postgres", "redis-server")


def sample(tracker: Supervised) -> Sample:
    """What is measured now, by name: megabytes of PSS, numbers of open files, threads and connections."""
    values: defaultdict[str, float] = defaultdict(float)
    for process in tracker.children():
        name = process.name().removeprefix("tracker ")
        processes = [process, *process.children(recursive=True)]
        for number, each in enumerate(processes):
            label = name if number == 0 else f"{name} {number}"
            if name in SERVERS:  # its processes come and go
                label = name
            elif each.name() != process.name():
                label = f"{name}, readers of pages"  # pledges/watch/isolation.py
            with contextlib.suppress(psutil.NoSuchProcess):
                values[f"{label}: MB"] += each.memory_full_info().pss / 2**20
                values[f"{label}: files"] += each.num_fds()
                values[f"{label}: threads"] += each.num_threads()
    values["connections"] = persistently(connections)
    return values


def connections() -> int:
    """How many connections the tracker's database has, this script's own left out."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def print_table(samples: list[Sample]) -> list[str]:
    """Print the quarters' medians; returns the names of what has grown. What was not there always is not judged."""
    quarter = len(samples) // 4
    quarters = [samples[number * quarter : (number + 1) * quarter] for number in range(4)]
    grown = []
    print(f"medians of the four quarters of {len(samples)} samples")
    for name in sorted(set().union(*samples)):
        medians = [statistics.median(values.get(name, 0.0) for values in part) for part in quarters]
        # One more file or thread among a few is no growth: the next median would show it.
        limit = max(medians[1] * MOST, medians[1] + (2.0 if name.endswith("MB") else 1.0))
        judged = not name.startswith(SERVERS) and "readers of pages" not in name
        mark = "  GROWN" if judged and medians[3] > limit else ""
        grown += [name] if mark else []
        ratio = f"{medians[3] / medians[1]:5.2f}x" if medians[1] else "     -"
        print(f"{name:32}" + "".join(f"{value:9.1f}" for value in medians) + f"  {ratio}{mark}")
    return grown


def main() -> int:
    """Load and measure; 1 if anything has grown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--feeds", type=int, default=100)
    options = parser.parse_args()
    samples: list[Sample] = []
    with (
        FeedServer(options.feeds, 5) as server,
        Supervised(server.origins, port=free_port()) as tracker,
    ):
        poll = Poll(server)
        newsroom = Newsroom(tracker.origin, items=options.minutes * 7, slower=SLOWER)
        newsroom.start()
        started = time.monotonic()
        for minute in range(1, options.minutes + 1):
            time.sleep(max(0.0, started + minute * 60 - time.monotonic()))
            samples.append(sample(tracker))
            if minute % NEW_ENTRIES_MINUTES == 0:
                poll.publish_once_read()
            megabytes = sum(value for name, value in samples[-1].items() if name.endswith("MB"))
            print(f"minute {minute}: {megabytes:.0f} MB, {samples[-1]['connections']:.0f} connections", flush=True)
        newsroom.stop()
        stopped = tracker.stop()
    grown = print_table(samples)
    journal = newsroom.journal
    for who, answers in journal.answers.items():
        print(f"answers to {who}: {dict(answers)}, slowest {journal.slowest[who]:.1f} s")
    print(f"ended by themselves: {stopped['restarts'] or 'none'}; grown: {', '.join(grown) or 'nothing'}")
    return 1 if grown or stopped["restarts"] else 0


if __name__ == "__main__":
    sys.exit(main())
