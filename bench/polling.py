"""Polling against `reader` (PyPI), side by side: `python -m bench.polling [--feeds 500] [--rounds 3]`.

Both read the same local feeds of 30 entries, each on a host of its own and with an ETag. Ours is the whole chain by
real Celery workers (with the project's own command line) into PostgreSQL: lease, robots.txt (on the first poll: twice
the requests), fetch, parse, store the articles and the state of each source. Pages are a second stage, on a queue of
their own, and not measured. `reader` reads with one worker and with twenty, and the faster one counts.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import psutil

from bench.running import ROOT, FeedServer, Tracker, enqueue_poll, make_sources

READER = ("reader==3.26", "sgmllib3k")  # its copy of feedparser imports sgmllib without requiring it
CASES = ((0.0, "first", 3), (0.0, "unchanged", 2), (0.2, "first", 5), (0.2, "unchanged", 5))


def reader_python(folder: Path) -> str:
    """The Python of a new virtual environment with `reader`."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *READER], check=True)
    return python


def time_reader(python: str, server: FeedServer, folder: Path, workers: int) -> tuple[float, float]:
    """Feeds per second with `reader`: (first poll, unchanged feeds)."""
    database = folder / "reader.sqlite"
    database.unlink(missing_ok=True)
    script = str(ROOT / "bench" / "polling_reader.py")
    command = [python, script, str(server.port), str(server.feeds), str(workers), str(database)]
    first, unchanged, counts = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split(
        "\n"
    )[:3]
    if counts != f"{server.feeds * 30} 0":
        raise SystemExit(f"reader found entries and failures: {counts}")
    return server.feeds / float(first), server.feeds / float(unchanged)


def time_ours(server: FeedServer) -> tuple[float, float]:
    """Feeds per second with the watch: (first poll, unchanged feeds)."""
    from pledges.models import Article

    make_sources(server.origins)
    first = poll(server.feeds)
    if Article.objects.count() != server.feeds * 30:
        raise SystemExit(f"{Article.objects.count()} articles instead of {server.feeds * 30}")
    time.sleep(1.5)  # the delay between two requests to a host
    return first, poll(server.feeds)


def poll(feeds: int) -> float:
    """Feeds per second from enqueuing the poll until all sources are stored as read."""
    from django.utils import timezone

    from pledges.models import Source

    Source.objects.update(next_due_at=None)
    began = timezone.now()
    started = time.perf_counter()
    enqueue_poll()
    while Source.objects.filter(last_success_at__gte=began).count() < feeds:
        if time.perf_counter() - started > 120:
            why = Source.objects.exclude(failure="").values_list("failure", flat=True).first()
            raise SystemExit(f"Not all sources were read within two minutes: {why}")
        time.sleep(0.02)
    return feeds / (time.perf_counter() - started)


def memory(worker: subprocess.Popen) -> list[int]:
    """The resident memory in MB of the worker's processes, in descending order."""
    main = psutil.Process(worker.pid)
    return sorted((p.memory_info().rss // 2**20 for p in [main, *main.children(recursive=True)]), reverse=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ours", action="store_true", help="without `reader`")
    options = parser.parse_args()
    ours: dict[tuple, list[float]] = {}
    theirs: dict[tuple, dict[int, list[float]]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="bench-reader-") as name,
        FeedServer(options.feeds, 30) as server,
        Tracker(server.origins) as tracker,
    ):
        folder = Path(name)
        python = "" if options.ours else reader_python(folder)
        worker = tracker.start_worker(exclude_queues=["pages"])
        warm_up = server.origins[:40]
        make_sources(warm_up)
        poll(len(warm_up))
        for number in range(options.rounds):
            for latency in (0.0, 0.2):
                server.control(latency=latency)
                for case, rate in zip(("first", "unchanged"), time_ours(server), strict=True):
                    ours.setdefault((latency, case), []).append(rate)
                for workers in (1, 20) if latency == 0 else (20,):
                    if python:
                        rates = time_reader(python, server, folder, workers)
                        for case, rate in zip(("first", "unchanged"), rates, strict=True):
                            theirs.setdefault((latency, case), {}).setdefault(workers, []).append(rate)
            print(f"round {number + 1} of {options.rounds} done", file=sys.stderr, flush=True)
        resident = memory(worker)
    print(
        f"feeds per second; {options.feeds} feeds of 30 entries, medians of {options.rounds} rounds, "
        f"{os.cpu_count()} cores"
    )
    for latency, case, wanted in CASES:
        rate = statistics.median(ours[latency, case])
        line = f"{latency * 1000:4.0f} ms {case:10} ours {rate:7.1f}"
        if python:
            workers, best = max(
                ((workers, statistics.median(rates)) for workers, rates in theirs[latency, case].items()),
                key=lambda pair: pair[1],
            )
            line += f"   reader ({workers:2} workers) {best:7.1f}   {rate / best:5.2f}x (wanted {wanted}x)"
        print(line)
    print(f"resident memory of the worker's processes, MB: {resident} (wanted: each under 200)")


if __name__ == "__main__":
    main()
