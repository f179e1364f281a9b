"""Where Celery looks for the tasks."""

from pledges import jobs  # noqa: F401
