"""The Wayback Machine's Save Page Now 2: hand in an address, ask what became of it. The client is given.

As its public documentation (draft of 2022-04-05) has it: POST /save with a form gives a job; GET /save/status/JOB
says pending, success with the time of the capture, or error with a code. Keys go in as "Authorization: LOW key:secret".
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
# These say something of the hour or of our account, not of the page: everything waits.
_NOT_OF_THE_PAGE = frozenset(
    {
        *("error:user-session-limit", "error:too-many-requests", "error:service-unavailable", "error:bandwidth-limit"),
        *("error:celery", "error:internal-server-error", "error:browsing-timeout", "error:capture-location-error"),
        *("error:too-many-daily-captures", "error:not-enough-credentials", "error:no-access", "error:unauthorized"),
    }
)
_STAMP = re.compile(r"\d{14}")


@dataclass(frozen=True)
class Answer:
    """What the archive's server answered: header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class SavedCapture:
    """A page that the archive has: its public address there, and when it was taken (UTC)."""

    url: str
    at: datetime


class ArchiveError(UserFacingError):
    """It did not work. `sentence` says why; `for_all`: not for this page alone; `retry_after` is in seconds."""

    def __init__(self, sentence: DeferredMessage, *, for_all: bool = False, retry_after: float | None = None):
        super().__init__(sentence)
        self.for_all = for_all
        self.retry_after = retry_after


# (method, address, headers, form fields) -> Answer; raises OSError where nothing came.
Client = Callable[[str, str, dict[str, str], dict[str, str]], Answer]


class Archive:
    """Save Page Now, asked through `client`; `keys` are "access:secret", or empty to ask as anybody may."""

    def __init__(self, client: Client, *, keys: str = "", home: str = HOME):
        self._client = client
        self._home = home.rstrip("/")
        self._headers = {"Accept": "application/json"} | ({"Authorization": f"LOW {keys}"} if keys else {})

    def save(self, url: str) -> str:
        """Hand in an address and return the name of the job. Raises ArchiveError.

        A capture of the last day is as good as a new one, and spares both sides the work.
        """
        fields = {"url": url, "skip_first_archive": "1", "if_not_archived_within": "1d"}
        told = self._ask("POST", f"{self._home}/save", fields)
        job = told.get("job_id")
        if not isinstance(job, str) or not job:
            raise self._refusal(told)
        return job

    def saved(self, job: str) -> SavedCapture | None:
        """What became of a job: None while it is at work. Raises ArchiveError when it failed."""
        told = self._ask("GET", f"{self._home}/save/status/{quote(job, safe='')}", {})
        if told.get("status") == "pending":
            return None
        stamp, original = str(told.get("timestamp") or ""), str(told.get("original_url") or "")
        if told.get("status") != "success" or not _STAMP.fullmatch(stamp) or not original.startswith("http"):
            raise self._refusal(told)
        try:
            at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            raise self._refusal(told) from None
        return SavedCapture(f"{HOME}/web/{stamp}/{original}", at)

    def _ask(self, method: str, address: str, fields: dict[str, str]) -> dict[str, Any]:
        try:
            answer = self._client(method, address, self._headers, fields)
        except OSError as error:
            said = deferred_message("The archive could not be reached; it is tried again later.")
            raise ArchiveError(said, for_all=True) from error
        if answer.status in (401, 403):
            raise ArchiveError(
                deferred_message("The archive does not accept our keys: check WAYBACK_KEYS."), for_all=True
            )
        if answer.status == 429 or answer.status >= 500:
            asked = answer.headers.get("retry-after", "")
            wait = float(asked[:7]) if asked.isascii() and asked.isdigit() else None
            said = deferred_message("The archive asks us to come later (%(status)s).", status=answer.status)
            raise ArchiveError(said, for_all=True, retry_after=wait)
        try:
            told = json.loads(answer.body)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise ArchiveError(
                deferred_message("The archive's answer (%(status)s) cannot be read.", status=answer.status)
            )
        return told

    def _refusal(self, told: dict[str, Any]) -> ArchiveError:
        code = str(told.get("status_ext") or told.get("exception") or "")
        words = " ".join(str(told.get("message") or code).split())[:200] or deferred_message("no reason was given")
        said = deferred_message("The archive did not take it: %(reason)s", reason=words)
        return ArchiveError(said, for_all=code in _NOT_OF_THE_PAGE)
