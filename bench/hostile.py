"""A hundred thousand hostile inputs: `python -m bench.hostile [--inputs 100000] [--only form,…] [--seed 0]`.

Requests to every address as everybody, and answers of feeds, pages, documents, archives, receivers and models, made by
hypothesis with a seed, so that a run repeats. After each: no error of the server, no error logged, at most two seconds
(what took longer is tried again at the end, three times: only then is it the input and not a busy machine), and if it
was refused, no table has another content than before. Each input is undone, so all begin with the same database. Prints
the counts by kind and each distinct fault with the shortest input that has it; exits with 1 if there is one. With
--schemathesis PROGRAM the API is tried with that program, too, on a server of its own.
"""

import argparse
import logging
import os
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, strategies

from bench.hostile_inputs import Inputs
from bench.running import ROOT, Tracker, free_port

SECONDS = 2.0
TRIES = 3  # of what took longer
CHUNK = 200  # inputs of one kind before the next kind has its turn
REFUSED = {400, 401, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 422, 429, 431, 501, 503}
ROLES = ("nobody", "reporter", "editor", "publisher", "superuser")
# The share of each kind in thousandths: what costs little more often.
SHARES = {
    "address": 130,
    "parameters": 130,
    "one parameter": 120,
    "header": 90,
    "cookie": 50,
    "body": 60,
    "form": 110,
    "upload": 30,
    "api": 90,
    "embed": 40,
    "mcp": 30,
    "source": 40,
    "page": 20,
    "document": 10,
    "receiver": 20,
    "headers": 20,
    "model": 10,
}
# Written though an input is refused, on purpose: who sent it when, and what a person had typed.
KEPT_ON_REFUSAL = {"usersessions_usersession", "django_session", "pledges_typed"}


@dataclass
class Fault:
    """What went wrong, how often, and the shortest input that shows it."""

    what: str
    count: int = 0
    example: str = ""

    def add(self, example: str) -> None:
        """One more of it."""
        self.count += 1
        if not self.example or len(example) < len(self.example):
            self.example = example


@dataclass
class Outcome:
    """What an input did: its status, how long it took (seconds), the errors, and the tables that it wrote to."""

    status: str
    is_refused: bool
    seconds: float
    errors: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


class _Errors(logging.Handler):
    """Errors with a traceback that anything logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        refused_request = record.name.startswith("django.security")  # Django answers 400, and logs why
        if record.exc_info and record.exc_info[1] is not None and not refused_request:
            self.seen.append(named(record.exc_info[1]))


def named(error: BaseException) -> str:
    """The exception and the innermost line of ours that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/pledges/" in frame.filename or "/tracker/" in frame.filename] or frames[-1:]
    where = f"{ours[-1].filename.rpartition('/pledges/')[2]}:{ours[-1].lineno}" if ours else "?"
    notes = [line.strip() for note in getattr(error, "__notes__", []) for line in note.splitlines() if "File" in line]
    return f"{type(error).__name__} at {where} {notes[-1] if notes else ''}: {str(error)[:160]!r}".strip()


class Trial:
    """Tries inputs and keeps the books. Every input is undone; one that takes longer than `slow` seconds is a fault."""

    def __init__(self, slow: float = SECONDS) -> None:
        self.slow = slow
        self.counts: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.slowest: dict[str, tuple[float, str]] = {}
        self.faults: dict[str, Fault] = {}
        self._late: list[tuple[str, Any]] = []
        self._before: dict[str, str] = {}
        self._logged = _Errors()
        logging.getLogger().addHandler(self._logged)

    def close(self) -> None:
        """Listen to no more logs."""
        logging.getLogger().removeHandler(self._logged)

    def judge(self, kind: str, case: Any) -> None:
        """Try one input of a kind."""
        outcome = self._attempt(case)
        self.counts[kind] += 1
        self.statuses[f"{kind} {outcome.status}"] += 1
        if outcome.seconds > self.slowest.get(kind, (0.0, ""))[0]:
            self.slowest[kind] = (outcome.seconds, str(case))
        faults = [*outcome.errors, *(f"half-written: {table}" for table in outcome.written)]
        if outcome.seconds > self.slow:
            self._late.append((kind, case))
        for what in dict.fromkeys(faults):
            self._note(what, outcome, case)

    def judge_late(self) -> None:
        """Try those again that took too long; a fault is what takes too long each time."""
        for kind, case in self._late:
            outcome = min((self._attempt(case) for _time in range(TRIES)), key=lambda each: each.seconds)
            print(f"again: {outcome.seconds:.2f} s {kind} {str(case)[:120]}", file=sys.stderr, flush=True)
            if outcome.seconds > self.slow:
                self._note(f"{kind}: over {self.slow:g} s", outcome, case)

    def _note(self, what: str, outcome: Outcome, case: Any) -> None:
        example = f"{outcome.seconds:.2f} s {outcome.status} {case}"
        if what not in self.faults:
            self.faults[what] = Fault(what)
            print(f"{what}\n  {example}", file=sys.stderr, flush=True)
        self.faults[what].add(example)

    def _attempt(self, case: Any) -> Outcome:
        from django.db import connection, transaction

        from pledges.domain import process_cache
        from pledges.tests.support.rows_written import rows_written

        self._logged.seen.clear()
        began = time.perf_counter()
        errors, status, refused, written, wrote = [], "", False, [], []
        try:
            with transaction.atomic():
                before = rows_written()
                began = time.perf_counter()
                try:
                    status, refused = _act(case)
                except Exception as error:
                    errors.append(named(error))
                seconds = time.perf_counter() - began
                if not connection.needs_rollback:
                    try:
                        connection.check_constraints()  # what would only be found when it is committed
                    except Exception as error:
                        errors.append(f"at commit: {named(error)}")
                    else:
                        wrote = [table for table, rows in rows_written().items() if rows != before.get(table)]
                        written = self._changed(wrote) if refused else []
                transaction.set_rollback(True)
        except Exception as error:
            seconds = time.perf_counter() - began
            errors.append(named(error))
        if wrote:
            process_cache.reset()  # what it keeps by editions, of which one may have been undone
        return Outcome(status, refused, seconds, list(dict.fromkeys([*errors, *self._logged.seen])), written)

    def _changed(self, tables: list[str]) -> list[str]:
        """Those of the tables that have another content than at the start."""
        names = [table for table in tables if table not in KEPT_ON_REFUSAL]
        return [table for table in names if _checksum(table) != self._before.get(table, "")]

    def remember(self) -> None:
        """Take the checksum of each table: what they have to have after every input that is refused."""
        from django.db import connection

        self._before = {table: _checksum(table) for table in connection.introspection.table_names()}

    def report(self) -> str:
        """The counts by kind, the slowest input of each, and the faults, as Markdown."""
        lines = ["| kind | inputs | slowest (s) |", "|---|---:|---:|"]
        lines += [
            f"| {kind} | {count:,} | {self.slowest[kind][0]:.2f} |" for kind, count in sorted(self.counts.items())
        ]
        lines.append(f"| **all** | **{self.counts.total():,}** | |")
        lines.append("\nAnswers: " + ", ".join(f"{name} {count:,}" for name, count in sorted(self.statuses.items())))
        slowest = sorted(self.slowest.items(), key=lambda item: -item[1][0])[:5]
        lines += [f"\nslowest, {kind}: {seconds:.2f} s {case[:300]}" for kind, (seconds, case) in slowest]
        lines.append(f"\n{len(self._late)} took over {self.slow:g} s at first and were tried again")
        lines.append(f"\n{len(self.faults)} distinct faults")
        lines += [f"\n- {fault.count} × {fault.what}\n  {fault.example}" for fault in self.faults.values()]
        return "\n".join(lines)


def _act(case: Any) -> tuple[str, bool]:
    """Send a request, or do what a worker does with an answer; returns its status and whether it was refused."""
    from bench.hostile_answers import Answer

    if isinstance(case, Answer):
        refused = case.act()
        return ("refused" if refused else "taken"), False
    response = case.send()
    if response.streaming:
        for _part in response.streaming_content:
            pass
    if response.exc_info:
        raise response.exc_info[1]
    # 501 is oEmbed's word for a format that is not there, 503 says when to come back.
    if response.status_code >= 500 and response.status_code not in (501, 503):
        raise AssertionError(f"status {response.status_code}")
    to_login = response.status_code == 302 and "/login/" in response["Location"]
    return f"{response.status_code}{' login' * to_login}", response.status_code in REFUSED or to_login


def _checksum(table: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
        return str(cursor.fetchone()[0])


def run(inputs: Inputs, trial: Trial, counts: dict[str, int], seed: int, until: float = float("inf")) -> None:
    """Try so many inputs of each kind, in turns, until a time of `time.monotonic()`."""
    left, turn = {kind: count for kind, count in counts.items() if count}, 0
    while left and time.monotonic() < until:
        for kind, count in list(left.items()):
            now = min(CHUNK, count)
            draw(inputs.strategies[kind], now, seed + turn, partial(trial.judge, kind))
            left[kind] -= now
            if not left[kind]:
                del left[kind]
            print(f"{trial.counts.total():,} inputs, {len(trial.faults)} faults", file=sys.stderr, flush=True)
            if time.monotonic() > until:
                break
        turn += 1


def draw(strategy: strategies.SearchStrategy[Any], count: int, seed: int, each: Callable[[Any], None]) -> None:
    """Call `each` with so many examples, always the same for a seed."""

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def generate(case: Any) -> None:
        each(case)

    generate()


@contextmanager
def limits_off() -> Iterator[None]:
    """Without limits of how often, whose answers would hide all others; with a mail server that sends nothing."""
    from django.test.utils import override_settings

    with override_settings(
        ACCOUNT_RATE_LIMITS=False,
        API_REQUESTS_PER_MINUTE=0,
        EMAIL_HOST="mail.invalid",
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ALLOWED_HOSTS=["testserver"],
    ):
        yield


def schemathesis(program: str, tracker: Tracker, examples: int) -> int:
    """Try the API with schemathesis, by its own document, on a server that is started for it; returns its exit code."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    environment = os.environ | {"API_REQUESTS_PER_MINUTE": "0", "SITE_URL": origin, "HTTPS": "no"}
    command = [sys.executable, "-m", "gunicorn", "tracker.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"]
    with (tracker.folder / "web.log").open("ab") as log:
        web = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        time.sleep(5)
        checks = "not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance"
        options = ["--checks", checks, "--max-examples", str(examples), "--seed", "0", "--max-response-time", "2"]
        return subprocess.run([program, "run", f"{origin}/api/v1/openapi.json", *options], check=False).returncode
    finally:
        web.terminate()
        web.wait()


def main() -> None:
    """Read the options, make a tracker, try everything, print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--only", default="", help="kinds, with commas between")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=0, help="stop after so many")
    parser.add_argument("--schemathesis", default="", help="the program, if it is installed")
    parser.add_argument("--examples", type=int, default=300, help="of schemathesis, for each operation")
    options = parser.parse_args()
    chosen = {kind: share for kind, share in SHARES.items() if kind in (options.only or ",".join(SHARES)).split(",")}
    counts = {kind: options.inputs * share // sum(chosen.values()) for kind, share in chosen.items()}
    failed = 0
    with Tracker([], ENCODER="off", ALLOWED_HOSTS="testserver,127.0.0.1", COMPRESS_STATIC="no") as tracker:
        from django.conf import settings
        from django.core.management import call_command

        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        logging.getLogger().handlers.clear()  # the errors are in the report
        call_command("load_first_edition", verbosity=0)
        with limits_off():
            trial, inputs = Trial(), Inputs()
            trial.remember()
            until = time.monotonic() + options.minutes * 60 if options.minutes else float("inf")
            for stop in (signal.SIGINT, signal.SIGTERM):
                signal.signal(stop, signal.default_int_handler)
            with suppress(KeyboardInterrupt):  # the report is of what was tried until then
                run(inputs, trial, counts, options.seed, until)
            trial.judge_late()
            inputs.port.close()
            trial.close()
        print(trial.report())
        if options.schemathesis:
            failed = schemathesis(options.schemathesis, tracker, options.examples)
    sys.exit(1 if trial.faults or failed else 0)


if __name__ == "__main__":
    main()
