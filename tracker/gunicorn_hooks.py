"""gunicorn's configuration: the application is loaded once, before the processes are forked that serve it."""

from threading import Thread

preload_app = True
worker_class = "tracker.web_worker.BufferingWorker"


def post_worker_init(worker: object) -> None:
    """Fill the caches in a thread: gunicorn kills a process that does not respond for half a minute."""
    from pledges.queries.standings import get_ready

    Thread(target=get_ready, name="getting ready", daemon=True).start()
