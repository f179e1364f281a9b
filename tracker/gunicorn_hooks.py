"""gunicorn's configuration: the application is loaded once, before the worker processes are forked."""

import gc
from threading import Thread

preload_app = True


def when_ready(server: object) -> None:
    """Before the first fork: import the pages, and keep the garbage collector from writing to what all share.

    Otherwise each process imports them for itself at its first request, and its first collection copies the rest.
    """
    from django.urls import get_resolver

    get_resolver()._populate()
    gc.collect()
    gc.freeze()


def post_worker_init(worker: object) -> None:
    """Fill the caches in a thread: gunicorn kills a process that does not respond for half a minute."""
    from pledges.queries.standings import get_ready

    Thread(target=get_ready, name="getting ready", daemon=True).start()
