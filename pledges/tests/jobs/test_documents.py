"""Which encoder reads an editor's document: the child's own, an address that the web process asks, or none."""

import pytest

from pledges.jobs import documents, encoders
from pledges.tests.watch.test_sentence_model import Fixed
from pledges.watch.extraction import document_reader
from pledges.watch.text import encoder

SILENT = "Free public transport for pensioners."
TEXT = f"We will open a port.\n{SILENT}\nIt rained."
pytestmark = pytest.mark.usefixtures("patience")


@pytest.fixture
def unloaded(monkeypatch):
    """The encoder of this machine, which this process must not load."""
    for module in (encoder, document_reader):
        monkeypatch.setattr(module, "local", lambda: pytest.fail("the web process loads the encoder"))


def proposed():
    return [pledge.sentence for pledge in documents.read_text(TEXT, language="en").found]


@pytest.mark.skipif(bool(encoder.why_not_local()), reason="the encoder cannot run here")
def test_the_child_encodes_and_the_web_process_does_not(settings, unloaded):
    settings.ENCODER = ""
    assert proposed() == ["We will open a port.", SILENT]


def test_an_operator_who_wants_no_encoder_gets_the_grammar_alone(settings, unloaded):
    settings.ENCODER, settings.ENCODER_URL = "off", "http://localhost:1/v1"
    assert proposed() == ["We will open a port."]


def test_an_address_is_asked_instead_of_the_child(settings, unloaded, monkeypatch):
    settings.ENCODER, settings.ENCODER_URL = "", "http://localhost:1/v1"
    address = Fixed(Free=2.0)
    monkeypatch.setattr(encoders, "endpoint", lambda **_limits: address)
    assert proposed() == ["We will open a port.", SILENT]
    assert address.asked == [SILENT, "It rained."]


def test_an_address_that_does_not_answer_leaves_the_grammar(settings, unloaded):
    settings.ENCODER, settings.ENCODER_URL = "", "http://127.0.0.1:1/v1"
    assert proposed() == ["We will open a port."]
