"""gunicorn's configuration: the application is loaded once, before the processes are forked that serve it."""

import gc
from threading import Thread
from typing import Any

preload_app = True
worker_class = "tracker.web_worker.BufferingWorker"


def load_pages() -> None:
    """Import all pages, and make out their addresses in each language, for which a page links to itself."""
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils import translation

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            get_resolver()._populate()


def when_ready(server: object) -> None:
    """Before the first fork: import the pages, and keep the garbage collector from writing to what all share.

    Otherwise each process imports them for itself at its first request, and its first collection copies the rest.
    """
    from django.conf import settings

    load_pages()
    if settings.METRICS:
        from tracker import metrics

        metrics.become("web")
        metrics.serve([metrics.WorkCollector()])
    gc.collect()
    gc.freeze()


def pre_fork(server: Any, worker: Any) -> None:
    """Give the process that is forked the lowest number that no other one has; one that is replaced leaves it free."""
    taken = {each.slot for each in server.WORKERS.values()}
    worker.slot = next(number for number in range(len(taken) + 1) if number not in taken)


def post_worker_init(worker: Any) -> None:
    """Fill the caches in a thread: gunicorn kills a process that does not respond for half a minute."""
    from django.conf import settings

    from pledges.queries.standings import get_ready

    if settings.METRICS:
        from tracker import metrics

        metrics.become(f"web-{worker.slot}")
    Thread(target=get_ready, name="getting ready", daemon=True).start()
