"""Second opinions by an OpenAI-compatible endpoint that the operator configures: optional, off by default.

`lead_opinion` asks it about leads, and `pledges.watch.extraction.llm_review` about the pledges found in a document. A
failure is logged once, and the watch goes on without the opinion.
"""

import json
import logging
import math
import time
from functools import lru_cache
from typing import Any

from pledges.watch.web import endpoint

log = logging.getLogger(__name__)

MOST_SHIFT = 0.7  # in log-odds: one half becomes a third or two thirds, so that our own score stays decisive
LONGEST_ANSWER = 100_000  # bytes
_REFUSES_SCHEMA = (400, 422)  # HTTP statuses of servers that do not know `response_format`


def moved(probability: float, opinion: float) -> float:
    """The probability with its log-odds shifted by an opinion from 0 to 1, by `MOST_SHIFT` at most.

    It never becomes certain.
    """
    if not 0 < probability < 1:
        return probability
    odds = probability / (1 - probability) * math.exp(MOST_SHIFT * (2 * opinion - 1))
    return odds / (1 + odds)


@lru_cache(maxsize=100)
def warn_once(message: str) -> None:
    """Log a failure once per process: it may recur with every article."""
    log.warning("%s", message)


class Endpoint:
    """The endpoint (`…/v1`); `url` is the address that is asked."""

    def __init__(self, url: str, model: str, key: str = "", *, seconds: float = 20):
        self.url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._seconds = seconds

    def ask(self, task: str, data: dict[str, Any], *, schema: dict[str, Any], most_tokens: int) -> str:
        """The model's answer to a task about a JSON object: JSON by a schema, where the server holds the model to it.

        A server that refuses the schema is asked once more without, in the time that is left. Raises one of
        `endpoint.FAILURES` if there is no answer.
        """
        body: dict[str, Any] = {
            "model": self._model,
            "temperature": 0,
            "max_tokens": most_tokens,
            "messages": [
                {"role": "system", "content": task},
                {"role": "user", "content": json.dumps(data, ensure_ascii=False)},
            ],
        }
        form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
        end = time.monotonic() + self._seconds
        try:
            received = self._send(body | {"response_format": form}, end)
        except endpoint.BadStatus as error:
            if error.status not in _REFUSES_SCHEMA:
                raise
            received = self._send(body, end)
        content: str = json.loads(received)["choices"][0]["message"]["content"]
        return content

    def _send(self, body: dict[str, Any], end: float) -> bytes:
        left = max(end - time.monotonic(), 0.1)
        return endpoint.ask(self.url, body, key=self._key, seconds=left, longest=LONGEST_ANSWER)


def json_object(answer: str) -> str:
    """The JSON object in an answer, with or without a code fence around it. Raises ValueError if there is none."""
    begin, end = answer.find("{"), answer.rfind("}")
    if begin < 0 or end < begin:
        raise ValueError("the answer holds no JSON object")
    return answer[begin : end + 1]
