"""The processes behind the pages: `python -m tracker.background watch`, `publisher` or `beat`.

What each gets of Celery is decided here, for docker-compose.yml, `make run` and the benches. Celery's own command line
is not used: it imports a shell with completion, 9 MB in each process.
"""

import logging
import os
import sys
from typing import Any

# Gossip, mingle, heartbeats and remote control (a setting) are for workers that look at each other, and for monitors. A
# worker with the queues of gossip or of remote control may end itself when it loses the broker
# (docs/adr/0062-workers-that-lose-the-broker.md).
ALONE = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True}
# The publisher's tasks wait for the database and the mail server: threads of one process take less memory than
# processes, and there are more of them than tasks that can wait for the mail server at once.
POOLS: dict[str, dict[str, Any]] = {
    "watch": {"pool_cls": "prefork", "concurrency": 2},
    "publisher": {"pool_cls": "threads", "concurrency": 8},
}
# Which tasks a process knows, as CELERY_TASKS has it.
TASKS = {"watch": "worker", "publisher": "publisher", "beat": "none"}


def worker_options(name: str) -> dict[str, Any]:
    """What Celery's worker gets to be one of the two: "watch" or "publisher"."""
    from django.conf import settings

    queues = {"watch": settings.WATCH_QUEUES, "publisher": settings.PUBLISHING_QUEUES}[name]
    return {"hostname": f"{name}@%h", "queues": list(queues), **ALONE, **POOLS[name]}


def run(name: str, **options: Any) -> int:
    """Be the process with this name until it ends, with more options of Celery's worker or beat; its exit code."""
    os.environ["CELERY_TASKS"] = TASKS[name]
    from tracker.celery import app

    common = {"loglevel": logging.INFO, "quiet": True}
    if name == "beat":
        app.Beat(**common, **options).run()
        return 0
    worker = app.Worker(**worker_options(name), **common, **options)
    worker.start()
    return worker.exitcode or 0


if __name__ == "__main__":
    if sys.argv[1:] not in [[name] for name in TASKS]:
        sys.exit(f"usage: python -m tracker.background {'|'.join(TASKS)}")
    sys.exit(run(sys.argv[1]))
