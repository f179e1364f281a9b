"""Polling against `reader` (PyPI), side by side: `python -m bench.polling [--feeds 500] [--rounds 3]`.

The same local feeds of 30 entries, each a host of its own, served with an ETag. Ours is the whole chain by real Celery
workers (the project's own command line) into PostgreSQL: claim, robots.txt (on the first poll: twice the requests),
fetch, parse, store the articles, note how each source does. Pages are a second stage, on their own queue, and no part
of it. `reader` reads with one worker and with twenty, and the quicker counts.
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

from bench.running import ROOT, Press, Tracker, look, make_sources

READER = ("reader==3.26", "sgmllib3k")  # its copy of feedparser imports sgmllib, and nothing brings it
CASES = ((0.0, "first", 3), (0.0, "unchanged", 2), (0.2, "first", 5), (0.2, "unchanged", 5))


def reader_python(folder: Path) -> str:
    """An interpreter that has `reader`, in its own environment."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *READER], check=True)
    return python


def time_reader(python: str, press: Press, folder: Path, workers: int) -> tuple[float, float]:
    """Feeds a second of `reader`: first poll, unchanged."""
    database = folder / "reader.sqlite"
    database.unlink(missing_ok=True)
    script = str(ROOT / "bench" / "polling_reader.py")
    command = [python, script, str(press.port), str(press.feeds), str(workers), str(database)]
    first, unchanged, counts = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split(
        "\n"
    )[:3]
    if counts != f"{press.feeds * 30} 0":
        raise SystemExit(f"reader found entries and failures: {counts}")
    return press.feeds / float(first), press.feeds / float(unchanged)


def time_ours(press: Press) -> tuple[float, float]:
    """Feeds a second of the watch: first poll, unchanged."""
    from pledges.models import Article

    make_sources(press.origins)
    first = poll(press.feeds)
    if Article.objects.count() != press.feeds * 30:
        raise SystemExit(f"{Article.objects.count()} articles instead of {press.feeds * 30}")
    time.sleep(1.5)  # the hosts' delay, which is on
    return first, poll(press.feeds)


def poll(feeds: int) -> float:
    """Feeds a second from "look" until all sources are noted as read."""
    from django.utils import timezone

    from pledges.models import Source

    Source.objects.update(next_due_at=None)
    began = timezone.now()
    started = time.perf_counter()
    look()
    while Source.objects.filter(last_success_at__gte=began).count() < feeds:
        if time.perf_counter() - started > 120:
            why = Source.objects.exclude(failure="").values_list("failure", flat=True).first()
            raise SystemExit(f"Not all sources were read within two minutes: {why}")
        time.sleep(0.02)
    return feeds / (time.perf_counter() - started)


def memory(worker: subprocess.Popen) -> list[int]:
    """Resident megabytes of the worker's processes, the largest first."""
    main = psutil.Process(worker.pid)
    return sorted((p.memory_info().rss // 2**20 for p in [main, *main.children(recursive=True)]), reverse=True)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=500)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--ours", action="store_true", help="without the peer")
    chosen = options.parse_args()
    ours: dict[tuple, list[float]] = {}
    peer: dict[tuple, dict[int, list[float]]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="bench-reader-") as name,
        Press(chosen.feeds, 30) as press,
        Tracker(press.origins) as tracker,
    ):
        folder = Path(name)
        python = "" if chosen.ours else reader_python(folder)
        worker = tracker.start_worker("--exclude-queues", "pages")
        make_sources(press.origins[:40])
        poll(40)  # what a process does once in its life is done
        for number in range(chosen.rounds):
            for latency in (0.0, 0.2):
                press.control(latency=latency)
                for case, rate in zip(("first", "unchanged"), time_ours(press), strict=True):
                    ours.setdefault((latency, case), []).append(rate)
                for workers in (1, 20) if latency == 0 else (20,):
                    if python:
                        rates = time_reader(python, press, folder, workers)
                        for case, rate in zip(("first", "unchanged"), rates, strict=True):
                            peer.setdefault((latency, case), {}).setdefault(workers, []).append(rate)
            print(f"round {number + 1} of {chosen.rounds} done", file=sys.stderr, flush=True)
        resident = memory(worker)
    print(
        f"{chosen.feeds} feeds of 30 entries, medians of {chosen.rounds} rounds, {os.cpu_count()} cores; feeds a second"
    )
    for latency, case, wanted in CASES:
        rate = statistics.median(ours[latency, case])
        line = f"{latency * 1000:4.0f} ms {case:10} ours {rate:7.1f}"
        if python:
            workers, best = max(
                ((workers, statistics.median(rates)) for workers, rates in peer[latency, case].items()),
                key=lambda pair: pair[1],
            )
            line += f"   reader ({workers:2} workers) {best:7.1f}   {rate / best:5.2f}x (wanted {wanted}x)"
        print(line)
    print(f"resident memory of the worker's processes, MB: {resident} (wanted: each under 200)")


if __name__ == "__main__":
    main()
