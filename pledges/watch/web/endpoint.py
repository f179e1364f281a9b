"""Questions to an OpenAI-compatible endpoint that the operator configures, bounded in time and length."""

import json
import time
from typing import Any

import urllib3


class BadStatus(Exception):
    """An endpoint answers with another HTTP status than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(f"it answers with HTTP status {status}")
        self.status = status


class TooSlow(Exception):
    """An endpoint's answer takes longer than allowed."""


# What `ask` and reading its answer raise. Named one by one: Celery ends a task by an exception, too.
FAILURES = (
    BadStatus,
    TooSlow,
    urllib3.exceptions.HTTPError,
    OSError,
    ValueError,  # of JSON, too
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,  # an integer that no float can hold
    RecursionError,  # JSON of a hundred thousand brackets
)


def ask(url: str, body: dict[str, Any], *, key: str, seconds: float, longest: int) -> bytes:
    """The bytes of the answer, at most `longest`, to a JSON object that is sent within `seconds`.

    Raises BadStatus, TooSlow, ValueError if the answer is too long, and what urllib3 raises.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    end = time.monotonic() + seconds
    with urllib3.PoolManager() as pool:
        answer = pool.request(
            "POST",
            url,
            body=json.dumps(body).encode(),
            headers=headers,
            redirect=False,  # the key is sent only to the address that the operator configured
            retries=False,
            preload_content=False,
            timeout=urllib3.Timeout(connect=min(5, seconds), read=seconds),
        )
        try:
            if answer.status != 200:
                raise BadStatus(answer.status)
            received = b""
            while part := answer.read1(16_384):
                received += part
                if len(received) > longest:
                    raise ValueError("its answer is too long")
                if time.monotonic() > end:
                    raise TooSlow("its answer is too slow")
            return received
        finally:
            answer.close()
