"""The Celery application. The schedule stands in settings; tasks only say "look", the rows are the queue."""

import os

from celery import Celery, Task
from celery.signals import task_postrun, worker_ready
from celery.states import SUCCESS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")


class RecordedTask(Task):
    """A task whose changes carry its name in the record, as those of a request carry the person's."""

    def __call__(self, *args, **kwargs):
        from pghistory import context  # only once Django is set up

        with context(task=self.name):
            return super().__call__(*args, **kwargs)


app = Celery("tracker", task_cls=RecordedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def look_at_once(**_signal) -> None:
    """A worker that has just started does not wait for beat's next minute."""
    app.send_task("pledges.tasks.poll")
    app.send_task("pledges.tasks.publish_scheduled")


@task_postrun.connect
def note_done(task: Task, state: str | None = None, **_signal) -> None:
    """Remember that the queue of this task moves; the health page asks for it."""
    from django.utils import timezone  # only once Django is set up

    from pledges.queries import pulse

    if state == SUCCESS:
        pulse.note_done(task.request.delivery_info["routing_key"], timezone.now())
