"""The Wayback Machine's Save Page Now 2: submit an address, and poll for the result. The caller passes the client.

By its public documentation (draft of 2022-04-05), POST /save with a form returns a job; GET /save/status/JOB returns
pending, success with the time of the capture, or error with a code. Keys are sent as "Authorization: LOW key:secret".
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from pledges.domain.messages import DeferredMessage, UserFacingError, deferred_message

HOME = "https://web.archive.org"
# Errors that concern the service or our account, not the page: all captures wait.
_SERVICE_ERRORS = frozenset(
    {
        *("error:user-session-limit", "error:too-many-requests", "error:service-unavailable", "error:bandwidth-limit"),
        *("error:celery", "error:internal-server-error", "error:browsing-timeout", "error:capture-location-error"),
        *("error:too-many-daily-captures", "error:not-enough-credentials", "error:no-access", "error:unauthorized"),
    }
)
_STAMP = re.compile(r"[0-9]{14}")
_JOB = re.compile(r"[!-~]{1,100}")  # printable ASCII, as long as the column that keeps it
_LONGEST_URL = 1_100  # with the archive's own part no longer than the column


@dataclass(frozen=True)
class Answer:
    """The archive's HTTP response, with header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class SavedCapture:
    """An archived page: its public address in the archive, and the time of the capture (UTC)."""

    url: str
    at: datetime


class ArchiveError(UserFacingError):
    """A failure. `for_all` is true if it concerns all pages, not only this one; `retry_after` is in seconds."""

    def __init__(self, sentence: DeferredMessage, *, for_all: bool = False, retry_after: float | None = None):
        super().__init__(sentence)
        self.for_all = for_all
        self.retry_after = retry_after


# (method, address, headers, form fields) -> Answer; raises OSError if there is no response.
Client = Callable[[str, str, dict[str, str], dict[str, str]], Answer]


class Archive:
    """Save Page Now through `client`; `keys` are "access:secret", or "" for anonymous access."""

    def __init__(self, client: Client, *, keys: str = "", home: str = HOME):
        self._client = client
        self._home = home.rstrip("/")
        self._headers = {"Accept": "application/json"} | ({"Authorization": f"LOW {keys}"} if keys else {})

    def save(self, url: str) -> str:
        """Submit an address and return the id of the job. Raises ArchiveError.

        A capture of the last day is accepted instead of a new one.
        """
        fields = {"url": url, "skip_first_archive": "1", "if_not_archived_within": "1d"}
        reply = self._ask("POST", f"{self._home}/save", fields)
        job = reply.get("job_id")
        if not isinstance(job, str) or not _JOB.fullmatch(job):
            raise self._refusal(reply)
        return job

    def saved(self, job: str) -> SavedCapture | None:
        """The result of a job; None while it is running. Raises ArchiveError if it failed."""
        reply = self._ask("GET", f"{self._home}/save/status/{quote(job, safe='')}", {})
        if reply.get("status") == "pending":
            return None
        stamp, original = str(reply.get("timestamp") or ""), str(reply.get("original_url") or "")
        is_address = original.startswith("http") and original.isprintable() and len(original) <= _LONGEST_URL
        if reply.get("status") != "success" or not _STAMP.fullmatch(stamp) or not is_address:
            raise self._refusal(reply)
        try:
            at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            raise self._refusal(reply) from None
        return SavedCapture(f"{HOME}/web/{stamp}/{original}", at)

    def _ask(self, method: str, address: str, fields: dict[str, str]) -> dict[str, Any]:
        try:
            answer = self._client(method, address, self._headers, fields)
        except OSError as error:
            message = deferred_message("The archive could not be reached; it is tried again later.")
            raise ArchiveError(message, for_all=True) from error
        if answer.status in (401, 403):
            raise ArchiveError(
                deferred_message("The archive does not accept our keys: check WAYBACK_KEYS."), for_all=True
            )
        if answer.status == 429 or answer.status >= 500:
            seconds = answer.headers.get("retry-after", "")
            wait = float(seconds[:7]) if seconds.isascii() and seconds.isdigit() else None
            message = deferred_message("The archive asks us to come later (%(status)s).", status=answer.status)
            raise ArchiveError(message, for_all=True, retry_after=wait)
        try:
            reply = json.loads(answer.body)
        except (ValueError, RecursionError):  # the latter for a hundred thousand brackets
            reply = None
        if not isinstance(reply, dict):
            raise ArchiveError(
                deferred_message("The archive's answer (%(status)s) cannot be read.", status=answer.status)
            )
        return reply

    def _refusal(self, reply: dict[str, Any]) -> ArchiveError:
        code = str(reply.get("status_ext") or reply.get("exception") or "")
        words = " ".join(str(reply.get("message") or code).split())
        reason = "".join(filter(str.isprintable, words))[:200] or deferred_message("no reason was given")
        message = deferred_message("The archive did not take it: %(reason)s", reason=reason)
        return ArchiveError(message, for_all=code in _SERVICE_ERRORS)
