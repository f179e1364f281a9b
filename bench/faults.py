"""What readers, the desk and jobs see while something is away: `python -m bench.faults [--only clock,broker,…]`.

One whole tracker (bench/supervisor.py), and one fault after the other: the broker and the cache emptied; the broker,
the cache and the database away, and hanging (SIGSTOP), for a minute each; the disk full (a tmpfs for STATE_DIR: needs
root); the clock a day ahead, and back again (bench/clock.c: needs a C compiler). Prints what each page answers before,
during and after it, with the milliseconds that it takes, and how many lines each part logs. Then it waits until a
publication, one at a set time, new articles and a delivery have gone through, and /readyz agrees. Exits with 1 if
anything does not recover within four minutes.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis
import requests

from bench import torture_audit
from bench.newsroom import PASSWORD, Browser, Newsroom
from bench.running import ROOT, FeedServer, Poll, Supervised, free_port, send

PATIENCE = 15  # seconds for which a reader waits
AWAY_SECONDS, RECOVERY_SECONDS = 60.0, 240.0
DISK_MEGABYTES = 400
PARTS = ("web", "worker", "publisher", "beat", "postgres", "broker", "cache")
Probe = Callable[[], requests.Response]


class Night:
    """The tracker with everything that a fault is put into."""

    def __init__(self, tracker: Supervised, poll: Poll, newsroom: Newsroom) -> None:
        self.tracker, self.newsroom, self.poll, self.number = tracker, newsroom, poll, 0
        self.browser = Browser(tracker.origin, "publisher", newsroom.journal)
        self.browser.log_in()
        self.drafts, self.to_schedule = iter(newsroom.drafts), iter(newsroom.to_schedule)

    # --- pages ------------------------------------------------------------------------------------------------------
    def probes(self) -> dict[str, Probe]:
        """What is asked for, by name."""
        self.number += 1
        origin, number = self.tracker.origin, self.number

        def get(path: str, **options: Any) -> Probe:
            return lambda: requests.get(origin + path, timeout=PATIENCE, allow_redirects=False, **options)

        def publish() -> requests.Response:
            cookies = self.browser.session.cookies
            pk = next(self.drafts)
            preview = requests.get(f"{origin}/admin/pledges/update/{pk}/preview/", cookies=cookies, timeout=PATIENCE)
            if preview.status_code != 200:
                return preview
            seen = preview.text.partition('name="seen" value="')[2].partition('"')[0]
            data = {"seen": seen, "csrfmiddlewaretoken": cookies["csrftoken"]}
            address = f"{origin}/admin/pledges/update/{pk}/publish/"
            return requests.post(address, data, cookies=cookies, timeout=PATIENCE, allow_redirects=False)

        def log_in() -> requests.Response:
            session = requests.Session()
            address = f"{origin}/admin/account/login/"
            form = session.get(address, timeout=PATIENCE)
            if form.status_code != 200:
                return form
            data = {
                "login": "editor",
                "password": PASSWORD,
                "csrfmiddlewaretoken": session.cookies.get("csrftoken", ""),
            }
            return session.post(address, data, timeout=PATIENCE, allow_redirects=False)

        return {
            "home, in the cache": get("/en/"),
            "home again, by ETag": get("/en/", headers={"If-None-Match": requests_etag(origin)}),
            "a pledge, in the cache": get(f"/en/pledges/{self.newsroom.slugs[0]}/"),
            "a page not in the cache": get(f"/en/?on=2024-{number % 12 + 1:02}-{number % 28 + 1:02}"),
            "a search": get(f"/en/pledges/?q=road+{number}"),
            "feed": get("/en/changes/feed/"),
            "API": get("/en/changes.json"),
            "alerts, the form": get("/en/alerts/"),
            "log in": log_in,
            "desk": get("/admin/", cookies=self.browser.session.cookies),
            "publish": publish,
            "/readyz": get("/readyz"),
        }

    def look(self) -> dict[str, str]:
        """Ask for everything at once: the status and milliseconds of each, or that nothing came."""

        def ask(probe: Probe) -> str:
            started = time.monotonic()
            try:
                status = str(probe().status_code)
            except requests.Timeout:
                status = "none"
            except requests.RequestException:
                status = "refused"
            return f"{status} {1000 * (time.monotonic() - started):.0f}"

        probes = self.probes()
        with ThreadPoolExecutor(len(probes)) as threads:
            return dict(zip(probes, threads.map(ask, probes.values()), strict=True))

    # --- jobs -------------------------------------------------------------------------------------------------------
    def log_sizes(self) -> dict[str, int]:
        """The size of each log in bytes."""
        logs = {name: self.tracker.folder / f"{name}.log" for name in PARTS}
        return {name: log.stat().st_size if log.exists() else 0 for name, log in logs.items()}

    def logged(self, since: dict[str, int]) -> dict[str, str]:
        """For each log how many lines it got, and how many of them are errors, with the most frequent one."""
        words = {}
        for name, start in since.items():
            log = self.tracker.folder / f"{name}.log"
            data = log.read_bytes()[start:] if log.exists() else b""
            lines = data.decode(errors="replace").splitlines()
            errors = [line for line in lines if line.startswith(("ERROR", "CRITICAL")) or "FATAL" in line]
            last = f": {errors[-1][:110]}" if errors else ""
            words[name] = f"{len(lines)} lines, {len(errors)} errors{last}"
        return words

    def works(self) -> list[str]:
        """Have something published at a set time and new articles polled; what has not gone through in time."""
        end = time.monotonic() + RECOVERY_SECONDS
        missing = ["nothing is answered"]
        begun = False
        pk = next(self.to_schedule)
        while time.monotonic() < end:
            time.sleep(1)
            try:
                if not begun:
                    if not self.browser.schedule(pk, self.newsroom.local_now() + timedelta(seconds=4)):
                        missing = [f"nothing can be scheduled: {dict(self.browser.answers)}"]
                        continue
                    self.poll.publish_once_read()
                    begun = True
                with contextlib.suppress(Exception):
                    send("poll", "publish_scheduled", "send_deliveries")
                missing = torture_audit.unfinished(self.poll, self.newsroom.offset)
                if not missing:
                    bad = {name: answer for name, answer in self.look().items() if not answer.startswith(("2", "3"))}
                    missing = [f"{name} answers {answer}" for name, answer in bad.items()]
            except Exception as error:
                missing = [f"{type(error).__name__}: {error}"]
            if begun and not missing:
                break
        return missing


def requests_etag(origin: str) -> str:
    """The ETag of the home page now; "" if it does not answer."""
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{origin}/en/", timeout=2).headers.get("ETag", "")
    return ""


# --- faults ---------------------------------------------------------------------------------------------------------
def server_processes(night: Night, name: str) -> list[psutil.Process]:
    """The processes of a server: "postgres", "broker" or "cache"."""
    first = night.tracker.servers(name)
    return [*first, *(child for process in first for child in process.children())]


@contextlib.contextmanager
def emptied(night: Night) -> Iterator[None]:
    """The broker and the cache forget everything, once."""
    from tracker import embedded

    for path in embedded.sockets_dir().glob("*.sock"):
        with redis.Redis(unix_socket_path=str(path)) as client:
            client.flushall()
    yield


def hanging(name: str) -> Callable[[Night], contextlib.AbstractContextManager[None]]:
    """A server that is stopped (SIGSTOP): connections are accepted, and nothing is answered."""

    @contextlib.contextmanager
    def fault(night: Night) -> Iterator[None]:
        stopped = server_processes(night, name)
        for process in stopped:
            process.suspend()
        yield
        for process in stopped:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

    return fault


def away(name: str) -> Callable[[Night], contextlib.AbstractContextManager[None]]:
    """A server that is gone: connections are refused."""

    @contextlib.contextmanager
    def fault(night: Night) -> Iterator[None]:
        hold = night.tracker.folder / f"{name}.hold"
        hold.touch()
        for process in server_processes(night, name):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        yield
        hold.unlink()

    return fault


@contextlib.contextmanager
def disk_full(night: Night) -> Iterator[None]:
    """No byte is free in STATE_DIR, and the database has used up the files that it had made beforehand."""
    from tracker import embedded

    filler = night.tracker.folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 65_536)
    with (
        contextlib.suppress(psycopg.Error),
        psycopg.connect(embedded.owner_database_url(), autocommit=True) as connection,
    ):
        for _number in range(8):
            connection.execute("SELECT pg_logical_emit_message(false, 'full', repeat('x', 4000)), pg_switch_wal()")
    yield
    filler.unlink()


def clock(offset: timedelta) -> Callable[[Night], contextlib.AbstractContextManager[None]]:
    """The clock of all processes is stepped to this offset from the true time, and stays so."""

    @contextlib.contextmanager
    def fault(night: Night) -> Iterator[None]:
        set_clock(night.tracker.folder, offset)
        night.newsroom.offset = offset
        yield

    return fault


def set_clock(folder: Path, offset: timedelta) -> None:
    """Have bench/clock.c add this to the time of day in all processes."""
    with (folder / "clock-offset").open("r+b" if (folder / "clock-offset").exists() else "wb") as file:
        file.write(int(offset.total_seconds()).to_bytes(8, sys.byteorder, signed=True))


def prepare_clock(folder: Path) -> dict[str, str]:
    """Compile bench/clock.c; the environment of processes whose clock can be set. Empty without a C compiler."""
    compiler = shutil.which("cc")
    if not compiler:
        return {}
    library = folder / "clock.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(ROOT / "bench/clock.c")], check=True)
    set_clock(folder, timedelta())
    return {"LD_PRELOAD": str(library), "CLOCK_OFFSET_FILE": str(folder / "clock-offset")}


FAULTS: dict[str, tuple[Callable[[Night], contextlib.AbstractContextManager[None]], float]] = {
    "broker and cache emptied": (emptied, 5),
    "broker away": (away("broker"), AWAY_SECONDS),
    "broker hanging": (hanging("broker"), AWAY_SECONDS),
    "cache away": (away("cache"), AWAY_SECONDS),
    "cache hanging": (hanging("cache"), AWAY_SECONDS),
    "database away": (away("postgres"), AWAY_SECONDS),
    "database hanging": (hanging("postgres"), AWAY_SECONDS),
    "disk full": (disk_full, AWAY_SECONDS),
    "clock a day ahead": (clock(timedelta(days=1)), 20),
    "clock back again": (clock(timedelta()), 20),
}


def suffer(night: Night, name: str) -> list[str]:
    """Put one fault into the tracker and print what is seen; what has not recovered."""
    fault, seconds = FAULTS[name]
    night.look()  # for the cache
    before, sizes = night.look(), night.log_sizes()
    started = time.monotonic()
    with fault(night):
        time.sleep(2)
        first = night.look()
        time.sleep(max(0.0, started + seconds - PATIENCE - time.monotonic()))
        second = night.look()
        time.sleep(max(0.0, started + seconds - time.monotonic()))
    ended, logged = time.monotonic(), night.logged(sizes)
    missing = night.works()
    recovered, after = time.monotonic() - ended, night.look()
    print(f"\n{name}, {ended - started:.0f} s (status and milliseconds before, at its start, at its end, after it)")
    for page, answer in before.items():
        print(f"  {page:26}{answer:>12}{first[page]:>14}{second[page]:>14}{after[page]:>12}")
    for part, words in logged.items():
        print(f"  {part:10} {words}")
    print(f"  all works again after {recovered:.0f} s" if not missing else f"  NOT RECOVERED: {'; '.join(missing)}")
    for part in ("supervisor", "postgres") if missing else ():
        log = (night.tracker.folder / f"{part}.log").read_text(errors="replace")
        print(f"  end of {part}.log:\n    " + "\n    ".join(log.splitlines()[-12:]))
    sys.stdout.flush()
    return missing


def main() -> int:
    """Print the tables; 1 if something has not recovered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="words of the faults' names, with commas between")
    options = parser.parse_args()
    wanted = [word.strip() for word in options.only.split(",")]
    names = [name for name in FAULTS if any(word in name for word in wanted)]
    root = os.geteuid() == 0
    environment = {"WATCH_CLAIM_SECONDS": "5", "WATCH_HOST_DELAY_SECONDS": "0.1", "ENCODER": "off"}
    with FeedServer(20, 3) as server:
        from pledges.tests.support.receiver import Receiver

        receiver = Receiver()
        tracker = Supervised([*server.origins, receiver.origin], port=free_port(), **environment)
        if root:
            size = f"size={DISK_MEGABYTES}m,mode=0711"
            subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(tracker.folder)], check=True)
        if any("clock" in name for name in names):
            tracker.environment = prepare_clock(tracker.folder)
        names = [name for name in names if tracker.environment or "clock" not in name]
        names = [name for name in names if root or "disk" not in name]
        failed = []
        try:
            with tracker:
                poll = Poll(server)
                newsroom = Newsroom(tracker.origin, items=30 * len(names))
                torture_audit.make_destination(receiver.origin)
                night = Night(tracker, poll, newsroom)
                failed = [name for name in names if suffer(night, name)]
                failed += torture_audit.audit(newsroom, poll, receiver.posts)
                stopped = tracker.stop()
                print(f"\nstarted again: {stopped['restarts']}; did not end when asked: {stopped['left'] or 'none'}")
        finally:
            if root:
                subprocess.run(["umount", "--lazy", str(tracker.folder)], check=False)
                shutil.rmtree(tracker.folder, ignore_errors=True)
            receiver.close()
    for problem in failed:
        print(f"PROBLEM: {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
