"""The public site under load, beside a bare Django view: `python -m bench.site_load [--pledges 10000] [--rounds 5]`.

Starts PostgreSQL, Redis and two gunicorns of its own in a temporary folder: one serves the tracker with the first data
set (or with a made set of so many pledges and five times as many updates), the other a view that answers with 20 kB and
has no middleware. wrk (`apt-get install wrk`) asks both by turns with 16 connections, as browsers do: with gzip. Prints
Markdown, each figure the median of all rounds and with its ratio to the bare view's of the same round: requests a
second, the 99th percentile, and the workers' processor time a request, which other work on the machine disturbs least.
Then the processor time of what is asked for the first time (in this process, without PostgreSQL's), and what a fresh
process and one at rest take.

To measure an older version, copy this file and bench/environment.py into its checkout (and bench/many.py, if it has
none): therefore it starts its tracker itself, and takes nothing from bench/running.py that older versions do not have.
"""

import argparse
import contextlib
import gzip
import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psutil

from bench import environment, many
from bench.running import ROOT, free_port

CONNECTIONS, WORKERS, THREADS = 16, 2, 4
GZIP = {"Accept-Encoding": "gzip"}
Server = tuple[str, psutil.Process]  # its origin and main process
FIRST_TIMES = 25  # distinct addresses of which the processor time is measured
# wrk asks for another pair of words each time; its threads begin at different pairs.
DISTINCT = """
local words = {WORDS}
local starts = 0
function setup(thread) thread:set("n", starts * 7919); starts = starts + 1 end
function request()
  n = n + 1
  local first, second = words[n % #words + 1], words[math.floor(n / #words) % #words + 1]
  return wrk.format("GET", "/en/pledges/?q=" .. first .. "+" .. second)
end
"""


def bare_application():
    """A WSGI application of Django's with one view of 20 kB."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    body = b"<p>Twenty thousand bytes.</p>\n" * 667
    urls = ModuleType("urls")
    urls.urlpatterns = [path("", lambda _request: HttpResponse(body))]
    settings.configure(ROOT_URLCONF=urls, ALLOWED_HOSTS=["*"], SECRET_KEY="bench", MIDDLEWARE=[])
    return get_wsgi_application()


@contextlib.contextmanager
def gunicorn(application: str, *options: str) -> Iterator[Server]:
    """Serve an application as the tracker is served: (origin, the main process)."""
    from tracker import gunicorn_hooks

    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "warning", *options]
    command += ["--worker-class", getattr(gunicorn_hooks, "worker_class", "gthread")]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        origin, end = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{origin}/", timeout=30).close()
                break
            time.sleep(0.1)
        yield origin, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def tracker(pledges: int) -> Iterator[None]:
    """PostgreSQL and Redis in a folder of their own, with data, and Django set up in this process."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as state:
        Path(state).chmod(0o755)  # so that the database's account can enter
        environment.forget_settings()
        os.environ |= {"STATE_DIR": state, "STATIC_ROOT": f"{state}/static", "SECRET_KEY": "bench", "DEBUG": "no"}
        os.environ |= {"ALLOWED_HOSTS": "127.0.0.1,testserver", "HTTPS": "no", "COMPRESS_STATIC": "no"}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "tracker.settings", "LOG_LEVEL": "ERROR", "ENCODER": "off"}
        from tracker import embedded

        os.environ |= {"DATABASE_URL": embedded.owner_database_url()}
        with embedded.start(durable=False):
            import django
            from django.core.management import call_command

            django.setup()
            call_command("collectstatic", interactive=False, verbosity=0)
            call_command("migrate", verbosity=0)
            if pledges:
                many.fill(pledges, 5 * pledges)
            else:
                call_command("load_first_edition", verbosity=0)
            yield
        shutil.rmtree(embedded.sockets_dir(), ignore_errors=True)


def forget() -> None:
    """Empty every cache, of this process and of all."""
    from django.conf import settings
    from django.core.cache import caches

    from pledges.domain import process_cache

    for alias in settings.CACHES:
        caches[alias].clear()
    process_cache.reset()


def words() -> list[str]:
    """Words of the pledges and updates, from common ones to rare ones."""
    from pledges.models import Update, Wording

    texts = [*Wording.objects.values_list("title_en", flat=True)[:300]]
    texts += Update.objects.values_list("text_en", flat=True)[:300]
    return sorted({word for text in texts for word in re.findall(r"[a-z]{4,}|\d{3,}", text.lower())})


def first_time(addresses: list[str]) -> float:
    """The median of the processor time in milliseconds that this process takes to answer each address."""
    from django.test import Client

    client, times = Client(), []
    for number, address in enumerate(addresses):
        started = time.process_time()
        response = client.get(address, headers=GZIP)
        times.append(time.process_time() - started)
        assert response.status_code == 200, (address, response.status_code)
        if not number:
            times.clear()  # what the process reads once
    return 1000 * statistics.median(times)


def fresh() -> dict[str, float]:
    """The seconds and megabytes that the front page takes in this process, which has answered nothing yet."""
    import django

    django.setup()
    from django.test import Client

    from tracker.gunicorn_hooks import load_pages

    forget()
    client = Client()
    client.handler.load_middleware()  # this and the pages are there before gunicorn forks
    load_pages()
    before, started = psutil.Process().memory_info().rss, time.perf_counter()
    assert client.get("/en/", headers=GZIP).status_code == 200
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "megabytes": (psutil.Process().memory_info().rss - before) / 1e6}


def wrk(server: Server, target: dict[str, str], seconds: float) -> tuple[float, float, float]:
    """(requests a second, 99th percentile in milliseconds, milliseconds of the server's processor a request).

    Raises SystemExit if an answer was an error.
    """
    origin, main = server
    command = ["wrk", f"-c{CONNECTIONS}", "-t2", f"-d{seconds:g}s", "--latency", "-HAccept-Encoding: gzip"]
    command += [f"-HIf-None-Match: {target['etag']}"] if "etag" in target else []
    command += ["-s", target["script"]] if "script" in target else []
    before = processor_seconds(main)
    text = subprocess.run([*command, origin + target["path"]], capture_output=True, text=True, check=True).stdout
    used = processor_seconds(main) - before
    if "Non-2xx" in text:
        raise SystemExit(f"{target}:\n{text}")
    figures = re.search(r"99%\s+([\d.]+)(us|ms|s).*?(\d+) requests in.*?Requests/sec:\s+([\d.]+)", text, re.DOTALL)
    assert figures, text
    p99 = float(figures[1]) * {"us": 0.001, "ms": 1, "s": 1000}[figures[2]]
    return float(figures[4]), p99, 1000 * used / max(1, int(figures[3]))


def processor_seconds(main: psutil.Process) -> float:
    """What the workers of a server have used so far."""
    return sum(sum(process.cpu_times()[:2]) for process in main.children())


def under_load(server: Server, bare: Server, targets: dict[str, dict[str, str]], rounds: int, seconds: float) -> None:
    """Print the figures of each target (path, ETag, script), asked by turns with `bare`."""
    results: dict[str, list[tuple[float, ...]]] = {"a bare view of 20 kB": [], **{name: [] for name in targets}}
    for target in targets.values():
        wrk(server, {"path": target["path"]}, 1)  # what each process makes once
    for _round in range(rounds):
        base = wrk(bare, {"path": "/"}, seconds)
        results["a bare view of 20 kB"].append((*base, 1.0, 1.0, 1.0))
        for name, target in targets.items():
            rate, p99, processor = wrk(server, target, seconds)
            results[name].append((rate, p99, processor, rate / base[0], p99 / base[1], base[2] / processor))
    print(f"\nMedians of {rounds} rounds of {seconds:g} s, {WORKERS} workers, {CONNECTIONS} connections:\n")
    print("| page | requests/s | × the bare view | p99, ms | × its p99 | ms of processor | the bare view's ÷ it |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, figures in results.items():
        rate, p99, processor, ratio, slower, cheaper = (
            statistics.median(column) for column in zip(*figures, strict=True)
        )
        print(f"| {name} | {rate:,.0f} | {ratio:.2f} | {p99:.1f} | {slower:.1f} | {processor:.3f} | {cheaper:.2f} |")


def targets(origin: str, folder: str) -> dict[str, dict[str, str]]:
    """What wrk asks for, by name."""
    from pledges.models import Pledge

    vocabulary = words()
    script = Path(folder) / "distinct.lua"
    script.write_text(DISTINCT.replace("WORDS", ", ".join(f'"{word}"' for word in vocabulary)))
    with urllib.request.urlopen(urllib.request.Request(f"{origin}/en/", headers=GZIP)) as response:
        etag, size = response.headers["ETag"], len(gzip.decompress(response.read()))
    print(f"The home page has {size / 1000:.0f} kB, and is sent compressed.")
    slug = Pledge.objects.filter(wordings__state="published").order_by("pk").values_list("slug", flat=True)[0]
    return {
        "home, cached": {"path": "/en/"},
        "the list, cached": {"path": "/en/pledges/"},
        "a pledge, cached": {"path": f"/en/pledges/{slug}/"},
        "home, 304 by ETag": {"path": "/en/", "etag": etag},
        "a search, asked again": {"path": f"/en/pledges/?q={vocabulary[len(vocabulary) // 2]}"},
        "distinct searches of two words": {"path": "/en/pledges/", "script": str(script)},
    }


def measure(pledges: int, rounds: int, seconds: float) -> None:
    """Everything, printed."""
    with tracker(pledges), tempfile.TemporaryDirectory() as folder:
        fresh_runs = [
            json.loads(subprocess.check_output([sys.executable, "-m", "bench.site_load", "--fresh"]))
            for _run in range(3)
        ]
        vocabulary = words()
        pairs = [f"{first}+{second}" for first, second in itertools.pairwise(vocabulary)]
        few = pairs[:: max(1, len(pairs) // FIRST_TIMES)][: FIRST_TIMES + 1]
        forget()
        processor = {"a search of two words": first_time([f"/en/pledges/?q={pair}" for pair in few])}
        single = vocabulary[:: max(1, len(vocabulary) // FIRST_TIMES)][: FIRST_TIMES + 1]
        processor["a search of one word"] = first_time([f"/en/pledges/?q={word}" for word in single])
        processor["the list"] = first_time([f"/en/pledges/?page={number}" for number in range(2, 9)])
        facets = [f"/en/pledges/?status=in_progress&status={status}" for status in ("kept", "broken", "stalled")]
        facets += [f"/en/pledges/?status=in_progress&sort={sort}" for sort in ("title", "deadline", "status")]
        processor["the list with a facet"] = first_time(facets)
        with (
            gunicorn("tracker.wsgi:application", "--config", "python:tracker.gunicorn_hooks") as server,
            gunicorn("bench.site_load:bare_application()") as bare,
        ):
            time.sleep(5)
            rest = [process.memory_info().rss / 1e6 for process in server[1].children()]
            under_load(server, bare, targets(server[0], folder), rounds, seconds)
            loaded = [process.memory_info().rss / 1e6 for process in server[1].children()]
    print("\n| asked for the first time, in a warm process | ms of processor |\n|---|--:|")
    for name, milliseconds in processor.items():
        print(f"| {name} | {milliseconds:.1f} |")
    print("\n| a process | seconds | MB |\n|---|--:|--:|")
    seconds, megabytes = (statistics.median(run[name] for run in fresh_runs) for name in ("seconds", "megabytes"))
    print(f"| the front page of a fresh process, and what it adds | {seconds:.2f} | {megabytes:.0f} |")
    print(f"| web at rest (RSS) | | {statistics.mean(rest):.0f} |")
    print(f"| web after the load | | {statistics.mean(loaded):.0f} |")


def main() -> int:
    """The command line; 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pledges", type=int, default=0, help="a made set of so many; the first data set by default")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="of each of wrk's runs")
    parser.add_argument("--fresh", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fresh:
        print(json.dumps(fresh()))
    elif not shutil.which("wrk"):
        raise SystemExit("wrk is not installed, and this bench needs it: apt-get install wrk")
    else:
        measure(options.pledges, options.rounds, options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
