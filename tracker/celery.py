"""The Celery application. The schedule is in settings. Tasks carry no data: the rows are the queue."""

import os
from typing import Any

from celery import Celery, Task
from celery.result import AsyncResult
from celery.signals import task_postrun, worker_ready
from celery.states import SUCCESS
from kombu import Connection

from tracker.breaker import BREAKERS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")


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
        transport = {"socket_timeout": timeout, "socket_connect_timeout": timeout}
        return super().connection_for_write(url, transport_options=transport, **options)

    def send_task(self, *args: Any, **options: Any) -> AsyncResult:
        """Send a message. Raises `tracker.breaker.Unavailable` while the broker is left alone, as the cache does."""
        with BREAKERS["broker"].guard():
            return super().send_task(*args, **options)


app = Tracker("tracker", task_cls=RecordedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def enqueue_at_start(**_signal: object) -> None:
    """Poll and publish as soon as a worker has started, without waiting for beat's next minute."""
    app.send_task("pledges.tasks.poll")
    app.send_task("pledges.tasks.publish_scheduled")


@task_postrun.connect
def note_done(task: Task, state: str | None = None, **_signal: object) -> None:
    """Store when a task of this queue last succeeded, for the health page."""
    from django.utils import timezone  # which needs Django to be set up

    from pledges.queries import pulse

    if state == SUCCESS:
        pulse.note_done(task.request.delivery_info["routing_key"], timezone.now())
