"""The Celery application. The schedule is in settings. Tasks carry no data: the rows are the queue."""

import os

from celery import Celery, Task
from celery.signals import task_postrun, worker_ready
from celery.states import SUCCESS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")


class RecordedTask(Task):
    """A task whose name is stored in the audit log with its changes, as the user of a request is."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        from pghistory import context  # which needs Django to be set up

        with context(task=self.name):
            return super().__call__(*args, **kwargs)


app = Celery("tracker", task_cls=RecordedTask)
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
