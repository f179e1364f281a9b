"""The Celery application. The schedule stands in settings; tasks only say "look", the rows are the queue."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

app = Celery("tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def look_at_once(**_signal) -> None:
    """A worker that has just started does not wait for beat's next minute."""
    app.send_task("pledges.tasks.poll")
