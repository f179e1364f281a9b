"""The health page, for the operator's monitoring and the health check of Docker Compose."""

from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pledges.jobs import backlog
from pledges.queries import pulse
from tracker import __version__

POLL_LATE = timedelta(minutes=5)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 if database and broker answer, the watch polls and no queue is stuck, else 503; the JSON lists the checks.

    It also says how the sentence encoder does, without which everything works.
    """
    checks: dict[str, str] = {}
    encoder = "unknown"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
    except DatabaseError as error:
        checks["database"] = f"does not answer: {type(error).__name__}"
    try:
        polled = pulse.last_poll()
        encoder = _encoder(pulse.encoder())
        checks["broker"] = "ok"
        late = polled is None or timezone.now() - polled > POLL_LATE
        last = f"last poll {_time(polled)}" if polled else "no poll in the last hour"
        checks["watch"] = f"late: {last}" if late else "ok"
        if checks["database"] == "ok":
            stuck = {
                late.kind: f"late: nothing done since {_time(late.since)}" for late in backlog.late(now=timezone.now())
            }
            checks |= {kind: stuck.get(kind, "ok") for kind in backlog.LABELS}
    except pulse.UNREACHABLE as error:
        checks["broker"] = f"does not answer: {type(error).__name__}"
        checks["watch"] = "unknown"
    healthy = all(value == "ok" for value in checks.values())
    answer = {"status": "ok" if healthy else "failing", "version": __version__, **checks, "encoder": encoder}
    return JsonResponse(answer, status=200 if healthy else 503)


def _encoder(noted: tuple[str, str] | None) -> str:
    name, problem = noted or ("not used in the last day", "")
    without = "Everything works without it; matches and suggested statuses are less exact."
    return f"off: {problem}. {without}" if problem else name


def _time(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
