"""Two pages for machines: whether this process lives (/healthz), and whether the tracker does its work (/readyz)."""

import time
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pledges.domain.process_cache import Turns, kept
from pledges.jobs import readiness
from tracker import __version__

# Seconds for which a process gives strangers one answer: its checks cost a dozen queries.
KEPT_SECONDS = 5
_turns = Turns()


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200: this process answers. It asks nobody else, so it is right while everything else is gone."""
    return JsonResponse({"status": "ok", "version": __version__})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 if database, broker, beat and workers do their work, else 503; the JSON lists the checks.

    Through the proxy it says only "ok" or "failing": who attacks the site need not read here how well it goes.
    """
    if "X-Forwarded-For" in request.headers:
        status = _status_for_all(int(time.monotonic()) // KEPT_SECONDS)
        return _answer({"status": status})
    return _answer({**readiness.read(), "version": __version__})


def _answer(content: dict[str, Any]) -> JsonResponse:
    return JsonResponse(content, status=200 if content["status"] == "ok" else 503)


@kept()
def _status(_step: int) -> str:
    return readiness.read()["status"]


def _status_for_all(step: int) -> str:
    """One thread reads it; the others get the last answer meanwhile, and "failing" before there is one."""
    if _status.has(step):
        return _status(step)
    with _turns.first("status", seconds=0) as is_first:
        return _status(step) if is_first else _status.last or "failing"
