"""Where log lines go, and in which form; the forms themselves are in `tracker.logs`."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

FORMAT = os.environ.get("LOG_FORMAT") or "plain"
if FORMAT not in {"plain", "json"}:
    raise ImproperlyConfigured("LOG_FORMAT must be plain or json.")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "tracker.logs.PlainFormatter", "fmt": "{levelname} {name}: {message}", "style": "{"},
        "json": {"()": "tracker.logs.JsonLineFormatter"},
    },
    "filters": {"breaker": {"()": "tracker.breaker.LogFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": FORMAT, "filters": ["breaker"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    # No line for each task received and finished: the tasks log what matters themselves. Nor for each request to /mcp.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.app.trace", "celery.worker.strategy", "mcp")}
    # Whatever LOG_LEVEL is: on lower levels both write whole addresses of chat services, which are secrets.
    | {"apprise": {"level": "WARNING", "propagate": False}, "urllib3.connectionpool": {"level": "INFO"}},
}
