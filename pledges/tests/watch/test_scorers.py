"""Second looks: a model moves a probability within bounds, and never fails."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pledges.watch.matching import second_opinion
from pledges.watch.matching.second_opinion import LeadCandidate, Opinion, moved

ASKED = LeadCandidate("Repair the lighthouse", "Army at work", "Soldiers repair the lighthouse.", "en")


@pytest.fixture(autouse=True)
def nothing_said_yet():
    second_opinion.warn_once.cache_clear()
    second_opinion.sentence_model.cache_clear()


# --- what an opinion does -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probability", "score", "expected"),
    [(0.5, 1, 0.6682), (0.5, 0, 0.3318), (0.5, 0.5, 0.5), (0.95, 1, 0.9745), (0.0, 1, 0.0), (1.0, 0, 1.0)],
)
def test_an_opinion_moves_a_probability_within_bounds(probability, score, expected):
    assert moved(probability, Opinion(score)) == pytest.approx(expected, abs=1e-4)
    assert moved(probability, None) == probability


# --- a sentence model -----------------------------------------------------------------------------------------------


class Stub(second_opinion.SentenceModel):
    """The model without its file: texts are placed by hand."""

    def __init__(self, places):
        import numpy

        self.vector = lambda text: numpy.array(places[text], float)


def test_a_near_sentence_speaks_for_a_lead_and_a_far_one_against():
    places = {ASKED.pledge: (1, 0), ASKED.sentence: (0.9, 0.1), ASKED.title: (0, 1)}
    assert Stub(places).opinion(ASKED).score == 1
    assert Stub(places | {ASKED.sentence: (0.1, 0.9)}).opinion(ASKED).score == 0
    assert Stub(places | {ASKED.sentence: (0.4, 0.9)}).opinion(ASKED).score == pytest.approx(0.5)


def test_a_model_that_fails_is_said_once_and_not_missed(caplog):
    broken = Stub({})
    assert broken.opinion(ASKED) is None
    assert broken.opinion(ASKED) is None
    assert Stub(dict.fromkeys((ASKED.pledge, ASKED.sentence, ASKED.title), (float("nan"), 0))).opinion(ASKED) is None
    assert [record.getMessage() for record in caplog.records if "KeyError" in record.getMessage()] == [
        f"The sentence model fails, and the watch does without it: KeyError: '{ASKED.pledge}'"
    ]


def test_no_folder_is_no_model(caplog):
    assert second_opinion.sentence_model("") is None
    assert caplog.records == []


@pytest.mark.parametrize("content", [None, b"this is no model"])
def test_a_folder_without_a_model_is_said_once(tmp_path, caplog, content):
    if content:
        (tmp_path / "model.onnx").write_bytes(content)
        (tmp_path / "tokenizer.json").write_bytes(content)
    assert second_opinion.sentence_model(str(tmp_path)) is None
    assert second_opinion.sentence_model(str(tmp_path)) is None
    assert len([record for record in caplog.records if "cannot be used" in record.getMessage()]) == 1


# --- an endpoint ----------------------------------------------------------------------------------------------------


@contextmanager
def endpoint(answer, status=200, wait=0.0, headers=(), drip=False):
    """A server that gives this answer to each question, with this status (or the one that a function makes of the
    question's body); yields (address, the questions)."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, dict(self.headers), body))
            time.sleep(wait)
            self.send_response(status(body) if callable(status) else status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            try:
                for at in range(0, len(answer), 1 if drip else len(answer) or 1):
                    self.wfile.write(answer[at : at + (1 if drip else len(answer))])
                    time.sleep(0.05 if drip else 0)
            except OSError:
                pass

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


def completion(content):
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
