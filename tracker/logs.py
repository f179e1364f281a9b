"""Log lines: what request or task each belongs to, as JSON when LOG_FORMAT=json, and without addresses of readers."""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from pythonjsonlogger.json import JsonFormatter

# What the proxy sends must look like this; whatever else asks for a place in the log gets an id of ours.
VALID = re.compile(r"[\w-]{8,64}", re.ASCII)
# Each run of characters is read once, from its beginning: strangers write what is logged, as long as they like.
MAIL_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]++@[\w-]++(?:\.[\w-]++)++")
# A link's token is the permission: those of alerts and calendars (40 characters and more, with capitals), and those
# with which a password is set.
TOKEN = re.compile(r"/(?=[\w:=-]*[A-Z])[\w:=-]{40,}|[0-9a-z]{6}-[0-9a-f]{32}", re.ASCII)

request_id: ContextVar[str] = ContextVar("request_id", default="")
task: ContextVar[tuple[str, str]] = ContextVar("task", default=("", ""))  # id and name


def scrubbed(text: str) -> str:
    """The text without e-mail addresses and without tokens of links."""
    text = MAIL_ADDRESS.sub("[address]", text) if "@" in text else text
    return TOKEN.sub("/[token]", text)


class RequestIdMiddleware:
    """Outermost: gives each request an id, for the log, the tasks that it enqueues, and whoever reports a failure.

    The proxy's is taken where there is one, which writes it anew for each request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
        current = given if VALID.fullmatch(given) else uuid4().hex
        request_id.set(current)
        response = self.get_response(request)
        response["X-Request-ID"] = current
        return response


@receiver(request_finished)
def _forget(**_signal: object) -> None:
    """Not in the middleware: Django logs a failing response after all of them."""
    request_id.set("")


class PlainFormatter(logging.Formatter):
    """Lines for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, scrubbed."""
        return scrubbed(super().format(record))


class JsonLineFormatter(JsonFormatter):
    """One JSON object a line: time (UTC), level, logger, message, and where there are any request_id, task_id, task,
    exception."""

    def __init__(self) -> None:
        names = {"levelname": "level", "name": "logger", "exc_info": "exception", "timestamp": "time"}
        super().__init__("{levelname}{name}{message}", style="{", rename_fields=names, timestamp=True)

    def add_fields(self, log_data: dict, record: logging.LogRecord, message_dict: dict) -> None:
        """The fields of a line, scrubbed: JSON's escapes would hide where an address begins. Of what else is on the
        record (django.request puts the request there) nothing is."""
        super().add_fields(log_data, record, message_dict)
        for name in log_data.keys() - {"level", "logger", "message", "time", "exc_info", "exception", "stack_info"}:
            del log_data[name]
        log_data.update({name: scrubbed(value) for name, value in log_data.items() if isinstance(value, str)})
        task_id, task_name = task.get()
        ids = {"request_id": request_id.get(), "task_id": task_id, "task": task_name}
        log_data.update({name: value for name, value in ids.items() if value})
