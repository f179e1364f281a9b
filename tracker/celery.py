"""The Celery application. The schedule is in settings. The rows are the queue: tasks carry no data, but for what
strangers do at the login (pledges/jobs/account_requests.py)."""

import gc
import os
import time
from collections.abc import Sequence
from typing import Any

from celery import Celery, Task
from celery.result import AsyncResult
from celery.signals import (
    after_task_publish,
    beat_init,
    before_task_publish,
    task_postrun,
    task_prerun,
    worker_before_create_process,
    worker_init,
    worker_ready,
)
from celery.states import SUCCESS
from kombu import Connection

from tracker import logs
from tracker.breaker import BREAKERS

SENT_AT = "sent_at"  # the header of a message with the time at which it was sent, in seconds since 1970
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# Django's checks import every page, which a worker does not need: 40 MB. prepare_database makes them at every start.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")


class RecordedTask(Task):
    """A task whose name is stored in the audit log with its changes, as the user of a request is."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        from pghistory import context  # which needs Django to be set up

        with context(task=self.name):
            return super().__call__(*args, **kwargs)


class Tracker(Celery):
    """Nobody who sends a message waits for a broker that hangs or is gone: the rows keep the work."""

    def connection_for_write(self, url: str | None = None, **options: Any) -> Connection:
        """A connection for sending, which waits for a short time only; workers receive by one that may wait."""
        from django.conf import settings  # whose module is named above

        timeout = settings.REDIS_TIMEOUT_SECONDS
        given = options.pop("transport_options", None) or {}  # None by the banners of worker and beat
        transport = {"socket_timeout": timeout, "socket_connect_timeout": timeout} | given
        return super().connection_for_write(url, transport_options=transport, **options)

    def send_task(self, *args: Any, **options: Any) -> AsyncResult:
        """Send a message. Raises `tracker.breaker.Unavailable` while the broker is left alone, as the cache does."""
        with BREAKERS["broker"].guard():
            return super().send_task(*args, **options)

    def send_within(self, name: str, arguments: Sequence[object], *, most: int) -> bool:
        """Send a message and return True; False if `most` messages wait in its queue. Raises as `send_task` does."""
        with BREAKERS["broker"].guard(), self.producer_or_acquire() as producer:
            queue = self.amqp.router.route({}, name)["queue"].name
            if producer.channel.client.llen(queue) >= most:
                return False
            super().send_task(name, arguments, producer=producer)
            return True


def task_modules() -> list[str]:
    """The modules whose tasks this process runs, by CELERY_TASKS: beat runs none, each worker those of its queues. What
    the publisher runs needs neither the watch nor its libraries (docs/adr/0057-seeing-inside.md)."""
    modules = {"publisher": ["pledges.jobs.publisher"], "worker": ["pledges.jobs.worker"], "none": []}
    return modules.get(os.environ.get("CELERY_TASKS", ""), ["pledges.tasks"])


app = Tracker("tracker", task_cls=RecordedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(task_modules, related_name=None)  # read when a worker starts, which may be after a fork


@before_task_publish.connect
def label_message(headers: dict[str, Any], **_signal: object) -> None:
    """Write into the message when it was sent, for the age of the queues, and by which request, for the log."""
    headers[SENT_AT] = time.time()
    if current := logs.request_id.get():
        headers["request_id"] = current


@task_prerun.connect
def label_log(task_id: str, task: Task, **_signal: object) -> None:
    """What is logged from now on belongs to this task, and to the request that it came from."""
    logs.task.set((task_id, task.name))
    logs.request_id.set((task.request.headers or {}).get("request_id", ""))


@worker_init.connect
def count_tasks(**_signal: object) -> None:
    """Count tasks where somebody asks for metrics."""
    from django.conf import settings

    if settings.METRICS:
        from tracker import metrics

        metrics.count_tasks()


@beat_init.connect
def note_ticks(**_signal: object) -> None:
    """In beat: store when it last sent a message, for /readyz."""
    after_task_publish.connect(note_tick)


def note_tick(**_signal: object) -> None:
    """Beat has sent a message, and the broker has taken it."""
    from django.utils import timezone

    from pledges.queries import beat_tick

    beat_tick.note(timezone.now())


@worker_before_create_process.connect
def share_memory(**_signal: object) -> None:
    """Before a worker forks: its first collection would copy what both share."""
    gc.freeze()


@worker_ready.connect
def enqueue_at_start(**_signal: object) -> None:
    """Poll and publish as soon as a worker has started, without waiting for beat's next minute."""
    app.send_task("pledges.tasks.poll")
    app.send_task("pledges.tasks.publish_scheduled")


@task_postrun.connect
def note_done(task: Task, state: str | None = None, **_signal: object) -> None:
    """Store when a task of this queue last succeeded, for /readyz; and give back the memory that the task needed."""
    from django.utils import timezone  # which needs Django to be set up

    from pledges.domain.process_cache import give_back
    from pledges.queries import pulse

    if state == SUCCESS:
        pulse.note_done(task.request.delivery_info["routing_key"], timezone.now())
    give_back()
    logs.task.set(("", ""))
    logs.request_id.set("")
