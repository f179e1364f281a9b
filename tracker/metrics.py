"""Metrics for Prometheus, loaded only where METRICS is set (docs/adr/0057-seeing-inside.md).

Each process writes its counters into files of its own (prometheus_client's multi-process mode). The process that began
the others (gunicorn's arbiter, a worker's main process) serves their sum on a port of its own, which the proxy does not
publish, and reads gauges from database and broker when it is asked.
"""

import atexit
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SHARED = os.environ.get("METRICS_DIR", "")  # of `make run`, whose web serves the figures of all processes
DIRECTORY = Path(SHARED or Path(tempfile.gettempdir()) / f"tracker-metrics-{os.getpid()}")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(DIRECTORY)  # read by prometheus_client when it is imported
DIRECTORY.mkdir(parents=True, exist_ok=True)

import prometheus_client  # noqa: E402
from prometheus_client import CollectorRegistry, Counter, Histogram, multiprocess, values  # noqa: E402
from prometheus_client.core import GaugeMetricFamily, Metric  # noqa: E402

log = logging.getLogger(__name__)
_name = [f"main-{os.getpid()}"]
# By a name that its successor takes over: by the process id, a worker that is replaced every 500 tasks would leave a
# file behind each time.
values.ValueClass = values.MultiProcessValue(lambda: _name[0])

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
TASK_SECONDS = (0.05, 0.25, 1, 5, 15, 60, 240)
REQUESTS = Counter("tracker_http_requests", "Requests; cache: a cache had the page.", ["view", "status", "cache"])
DURATIONS = Histogram("tracker_http_request_duration_seconds", "Time of a response.", ["view"], buckets=SECONDS)
TASKS = Counter("tracker_tasks", "Tasks that ended.", ["task", "state"])
TASK_DURATIONS = Histogram("tracker_task_duration_seconds", "Time of a task.", ["task"], buckets=TASK_SECONDS)

# What `measures.read` gives, by its name: the help text and the label.
FIGURES = {
    "sources": ("Watched sources: active, due, failing.", "state"),
    "source_oldest_due_seconds": ("Seconds for which the source that waits longest has been due.", ""),
    "articles_unread": ("Articles that were found and not read yet.", ""),
    "leads": ("Leads by state.", "state"),
    "deliveries": ("Deliveries to webhooks and chats by state.", "state"),
    "edition_number": ("Number of the newest edition.", ""),
    "edition_published_timestamp_seconds": ("When the newest edition was published.", ""),
    "backup_made_timestamp_seconds": ("When the last nightly backup was made.", ""),
}


def become(name: str) -> None:
    """In a process that has just begun: count under this name, which no process that lives has too."""
    _name[0] = name


class RequestMetricsMiddleware:
    """Outermost: counts and times each response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        view, cache = _view(request, response)
        REQUESTS.labels(view, str(response.status_code), cache).inc()
        DURATIONS.labels(view).observe(time.perf_counter() - began)
        return response


def _view(request: HttpRequest, response: HttpResponse) -> tuple[str, str]:
    """The name of the view, and "hit" if a cache had the page. Their number is bounded: no address is among them."""
    match = request.resolver_match
    was_cached = response.status_code == 304 or getattr(response, "was_cached", False)
    if match:
        return match.view_name or "unnamed", "hit" if was_cached else "made"
    if request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
        return "static", "made"
    # Answered before the address was resolved: a page that was in memory, or what has none.
    return ("front", "hit") if response.status_code in (200, 304) else ("none", "made")


# --- tasks ------------------------------------------------------------------------------------------------------------
_began: dict[str, float] = {}


def count_tasks() -> None:
    """In a worker, before it forks: count and time its tasks, and serve the figures."""
    from billiard import current_process
    from celery.signals import task_postrun, task_prerun, worker_process_init

    role = os.environ.get("CELERY_TASKS") or "worker"
    become(role)
    task_prerun.connect(_note_began, weak=False)
    task_postrun.connect(_note_ended, weak=False)
    worker_process_init.connect(lambda **_signal: become(f"{role}-{current_process().index}"), weak=False)
    if not SHARED:
        serve([])


def _note_began(task_id: str, **_signal: object) -> None:
    _began[task_id] = time.perf_counter()


def _note_ended(task_id: str, task: Any, state: str | None = None, **_signal: object) -> None:
    TASKS.labels(task.name, state or "").inc()
    if began := _began.pop(task_id, None):
        TASK_DURATIONS.labels(task.name).observe(time.perf_counter() - began)


# --- served -----------------------------------------------------------------------------------------------------------
class WorkCollector:
    """What database, broker and cache say; each bounded in time, as for /readyz."""

    def collect(self) -> Iterator[Metric]:
        """The metrics. What cannot be read is left out; `tracker_check_ok` says which that is."""
        from pledges.jobs import backlog, measures, readiness

        answer = readiness.read()
        checks = GaugeMetricFamily("tracker_check_ok", "1 for a check of /readyz that is ok.", labels=["check"])
        for name in ("database", "broker", "cache", "beat", "watch", "backup", *backlog.LABELS):
            checks.add_metric([name], float(answer[name] == "ok"))
        yield checks
        messages = GaugeMetricFamily("tracker_queue_messages", "Messages that wait in the broker.", labels=["queue"])
        age = "tracker_queue_oldest_message_age_seconds"
        ages = GaugeMetricFamily(age, "Age of the oldest message that waits; 0 if none does.", labels=["queue"])
        for name, queue in answer["queues"].items():
            messages.add_metric([name], queue["messages"])
            ages.add_metric([name], queue["oldest_seconds"] or 0.0)
        yield from (messages, ages)
        figures = readiness.in_time({"measures": measures.read})["measures"]
        if not isinstance(figures, str):
            for name, rows in figures.items():
                about, label = FIGURES[name]
                family = GaugeMetricFamily(f"tracker_{name}", about, labels=[label] if label else [])
                for value, number in rows.items():
                    family.add_metric([value] if label else [], number)
                yield family


class MemoryCollector:
    """The memory of the processes that the one that serves began, itself included, by the name that `top` shows."""

    def collect(self) -> Iterator[Metric]:
        """Their number and their memory, shared pages by share (PSS)."""
        count = GaugeMetricFamily("tracker_processes", "Processes by name.", labels=["process"])
        memory = GaugeMetricFamily(
            "tracker_process_memory_bytes", "Memory (PSS) of the processes of a name together.", labels=["process"]
        )
        sizes: dict[str, list[int]] = {}
        for pid in _family(os.getppid() if SHARED else os.getpid()):
            try:
                name = Path(f"/proc/{pid}/comm").read_text().strip()
                size = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            except OSError:  # it has ended, or is another user's
                continue
            if size:
                sizes.setdefault(name, []).append(int(size[1]) * 1024)
        for name, found in sizes.items():
            count.add_metric([name], len(found))
            memory.add_metric([name], sum(found))
        yield from (count, memory)


def _family(ancestor: int) -> Iterable[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            children.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
        except OSError:  # it has ended
            continue
    family, waiting = [], [ancestor]
    while waiting:
        family.append(waiting.pop())
        waiting += children.get(family[-1], [])
    return family


def registry(collectors: Iterable[Any]) -> CollectorRegistry:
    """The figures of this process and those it begins, and what these collectors add."""
    made = CollectorRegistry()
    multiprocess.MultiProcessCollector(made)
    for collector in (MemoryCollector(), *collectors):
        made.register(collector)
    return made


def serve(collectors: Iterable[Any]) -> None:
    """Serve the `registry` at the address METRICS, in a thread."""
    host, _colon, port = settings.METRICS.rpartition(":")
    prometheus_client.start_http_server(int(port), host or "127.0.0.1", registry(collectors))
    atexit.register(_clean, os.getpid())
    log.info("metrics at http://%s:%s/metrics", host or "127.0.0.1", port)


def _clean(owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(DIRECTORY, ignore_errors=True)
