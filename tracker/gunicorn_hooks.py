"""gunicorn's configuration: the application is loaded once, before its processes are forked, which then get ready."""

from threading import Thread

preload_app = True


def post_worker_init(worker: object) -> None:
    """Get ready beside the first requests: a process that does not answer for half a minute is killed."""
    from pledges.queries.standings import get_ready

    Thread(target=get_ready, name="getting ready", daemon=True).start()
