"""Failures sent to a Sentry, loaded only where SENTRY_DSN is set. Nothing of a visitor is sent: no address, cookie,
header, form, query or local variable; the request's id in the log leads to the rest."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration

from tracker import __version__, logs

KEPT_OF_A_REQUEST = {"method", "url"}


def start(dsn: str) -> None:
    """Send the failures of this process and those it forks to this address."""
    sentry_sdk.init(
        dsn=dsn,
        release=__version__,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,  # what was logged and asked before may name people
        traces_sample_rate=None,
        auto_session_tracking=False,
        send_client_reports=False,
        # Without those that write headers of Sentry, with the DSN's key, into requests to others.
        trace_propagation_targets=[],
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(),
            CeleryIntegration(propagate_traces=False),
            DedupeIntegration(),
            DjangoIntegration(),
            ExcepthookIntegration(),
            LoggingIntegration(),
            ThreadingIntegration(),
        ],
        before_send=cleaned,
    )


def cleaned(event: Any, hint: dict[str, Any]) -> Any:
    """The event without what may name a person."""
    request = event.get("request") or {}
    event["request"] = {name: value for name, value in request.items() if name in KEPT_OF_A_REQUEST}
    if url := event["request"].get("url"):
        event["request"]["url"] = urlunsplit(urlsplit(url)._replace(query="", fragment=""))
    for name in ("user", "breadcrumbs", "extra", "server_name", "modules"):
        event.pop(name, None)
    event["tags"] = {"request_id": logs.request_id.get()} | (event.get("tags") or {})
    return _scrubbed(event)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return logs.scrubbed(value)
    if isinstance(value, dict):
        return {name: _scrubbed(each) for name, each in value.items()}
    return [_scrubbed(each) for each in value] if isinstance(value, list | tuple) else value
