"""Second opinions on a lead from an optional model: sentence embeddings or an LLM endpoint. Both are off by default.

A scorer has one method: `opinion(candidate)` returns an `Opinion` or None, and never raises. A failure is logged once,
and the watch goes on without the opinion.
"""

import json
import logging
import math
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import urllib3

if TYPE_CHECKING:
    import numpy

log = logging.getLogger(__name__)

_REFUSES_SCHEMA = (400, 422)  # HTTP statuses of servers that do not know `response_format`
MOST_SHIFT = 0.7  # in log-odds: one half becomes a third or two thirds, so that our own score stays decisive
LONGEST_ANSWER = 100_000  # bytes
MODEL_TOKENS = 256
_MIDDLE, _SPREAD = 0.40, 0.25  # cosine that gives a score of 0.5, and the distance from it to a score of 0 or 1


class BadStatus(Exception):
    """An endpoint answers with an HTTP status other than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(f"it answers with HTTP status {status}")
        self.status = status


class TooSlow(Exception):
    """An endpoint's answer takes longer than allowed."""


@dataclass(frozen=True)
class LeadCandidate:
    """A possible lead: the pledge's wording and the article's title and sentence, both in `language`."""

    pledge: str
    title: str
    sentence: str
    language: str


@dataclass(frozen=True)
class Opinion:
    """How likely the sentence is about the pledge, 0 to 1, and why in a few words (may be empty)."""

    score: float
    words: str = ""


class Scorer(Protocol):
    """A model that gives second opinions."""

    def opinion(self, candidate: LeadCandidate) -> Opinion | None:
        """None without an opinion. Never raises."""


def moved(probability: float, opinion: Opinion | None) -> float:
    """The probability with its log-odds shifted by the opinion, by `MOST_SHIFT` at most; it never becomes certain."""
    if opinion is None or not 0 < probability < 1:
        return probability
    odds = probability / (1 - probability) * math.exp(MOST_SHIFT * (2 * opinion.score - 1))
    return odds / (1 + odds)


@lru_cache(maxsize=100)
def warn_once(message: str) -> None:
    """Log a failure once per process: it may recur with every article."""
    log.warning("%s", message)


# --- a sentence-embedding model ------------------------------------------------------------------------------------


class SentenceModel:
    """A BERT-like sentence-embedding model in ONNX format, with mean pooling, from a folder with `model.onnx` and
    `tokenizer.json`. Needs onnxruntime, tokenizers and numpy (requirements-models.txt)."""

    def __init__(self, folder: Path):
        import numpy
        import onnxruntime
        import tokenizers

        self._numpy = numpy
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # parallelism comes from the workers
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._input_names = {model_input.name for model_input in self._session.get_inputs()}
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MODEL_TOKENS)
        self._tokenizer.no_padding()
        self.vector = lru_cache(maxsize=2_000)(self._vector)  # the same pledges recur

    def _vector(self, text: str) -> "numpy.ndarray":
        np = self._numpy
        encoding = self._tokenizer.encode(text)
        inputs = {
            "input_ids": np.array([encoding.ids], np.int64),
            "attention_mask": np.array([encoding.attention_mask], np.int64),
            "token_type_ids": np.array([encoding.type_ids], np.int64),
        }
        out = self._session.run(None, {name: inputs[name] for name in inputs.keys() & self._input_names})[0]
        pooled = out[0].mean(axis=0) if out.ndim == 3 else out[0]
        unit: numpy.ndarray = pooled / max(float(np.linalg.norm(pooled)), 1e-9)
        return unit

    def opinion(self, candidate: LeadCandidate) -> Opinion | None:
        """The similarity between the pledge and the sentence, or the title if that is more similar."""
        try:
            pledge = self.vector(candidate.pledge)
            texts = [text for text in (candidate.sentence, candidate.title) if text.strip()]
            cosine = max(float(pledge @ self.vector(text)) for text in texts)
            if math.isnan(cosine):
                raise ValueError("the model answers with something that is no number")
        except Exception as error:  # whatever the operator's model does, the watch goes on
            warn_once(f"The sentence model fails, and the watch does without it: {type(error).__name__}: {error}")
            return None
        return Opinion(min(max(0.5 + (cosine - _MIDDLE) / (2 * _SPREAD), 0.0), 1.0))


@lru_cache(maxsize=2)
def sentence_model(folder: str) -> Scorer | None:
    """The model in a folder, loaded once per process; None without a folder or if it cannot be loaded."""
    if not folder:
        return None
    try:
        return SentenceModel(Path(folder))
    except Exception as error:  # a missing library, an invalid file
        warn_once(f"The sentence model in {folder} cannot be used: {type(error).__name__}: {error}")
        return None


# --- an LLM endpoint -----------------------------------------------------------------------------------------------


class Endpoint:
    """An OpenAI-compatible endpoint that the operator configures (`…/v1`); `url` is where it is asked."""

    def __init__(self, url: str, model: str, key: str = "", *, seconds: float = 20):
        self.url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._seconds = seconds

    def ask(self, task: str, data: dict[str, Any], *, schema: dict[str, Any], most_tokens: int) -> str:
        """The model's answer to a task about a JSON object: JSON by a schema, if the server can hold the model to it.

        A server that refuses the schema is asked once more without. Raises any kind of exception if there is no answer.
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
        except BadStatus as error:
            if error.status not in _REFUSES_SCHEMA:
                raise
            received = self._send(body, end)
        content: str = json.loads(received)["choices"][0]["message"]["content"]
        return content

    def _send(self, body: dict[str, Any], end: float) -> bytes:
        seconds = max(end - time.monotonic(), 0.1)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        with urllib3.PoolManager() as pool:
            answer = pool.request(
                "POST",
                self.url,
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
                    if len(received) > LONGEST_ANSWER:
                        raise ValueError("its answer is too long")
                    if time.monotonic() > end:
                        raise TooSlow("its answer is too slow")
                return received
            finally:
                answer.close()


def json_object(answer: str) -> str:
    """The JSON object in an answer, with or without a code fence around it. Raises ValueError if there is none."""
    begin, end = answer.find("{"), answer.rfind("}")
    if begin < 0 or end < begin:
        raise ValueError("the answer holds no JSON object")
    return answer[begin : end + 1]
