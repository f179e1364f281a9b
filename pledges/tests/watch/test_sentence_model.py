"""Sentences judged by their vectors, beside the grammar."""

import time

import numpy as np
import pytest

from pledges.watch.extraction import extract, judged, read, sentence_model
from pledges.watch.text import encoder
from pledges.watch.text.encoder import Encoder, EncoderError

SILENT, FOUND, OTHERS = "Nights in the ward stay free.", "The port will be dredged.", "The union will strike."
TEXT = f"{SILENT}\n{FOUND}\n{OTHERS}"


class Fixed(Encoder):
    """Gives each sentence a vector for which the model has the log-odds in `odds`, or 0."""

    def __init__(self, **odds):
        self.odds, self.asked = odds, []

    def encode(self, texts):
        self.asked += texts
        weights, bias = sentence_model._coefficients()
        vectors = weights[: encoder.SIZE]
        rest = sentence_model.plain_features(texts) @ weights[encoder.SIZE :] + bias
        wanted = np.array([self.odds.get(text.split()[0], 0) for text in texts])
        return np.outer((wanted - rest) / (vectors @ vectors), vectors)


def sentences(pledges):
    return [each.sentence for each in pledges]


def test_a_sentence_on_which_the_grammar_is_silent_is_proposed_if_it_is_like_a_pledge():
    assert sentences(extract(TEXT, "en")) == [FOUND]
    new, old = extract(TEXT, "en", encoder=Fixed(Nights=2.0))
    assert (new.sentence, new.action, new.reason, new.kind) == (SILENT, SILENT, SILENT, "pledge")
    assert new.confidence == pytest.approx(1 / (1 + np.exp(-2)), abs=0.01)  # its probability
    assert old == extract(TEXT, "en")[0]


def test_a_proposal_that_is_unlike_a_pledge_is_taken_back_and_listed():
    reading = judged(read(TEXT, "en"), Fixed(The=-2.0))
    assert reading.pledges == ()
    (taken_back,) = [each for each in reading.rejected if each.sentence == FOUND]
    assert (taken_back.why_not, taken_back.confidence, taken_back.reason) == ("vague", 0.0, "will")


def test_a_proposal_of_which_the_grammar_is_sure_stands():
    encoder_ = Fixed(We=-5.0)
    assert sentences(extract("We will open a port.", "en", encoder=encoder_)) == ["We will open a port."]
    assert encoder_.asked == []


def test_in_doubt_the_grammar_decides():
    assert extract(TEXT, "en", encoder=Fixed(Nights=0.9, The=-0.9)) == extract(TEXT, "en")


def test_the_words_of_others_are_not_opened_again():
    encoder_ = Fixed(The=5.0)
    assert sentences(extract(TEXT, "en", encoder=encoder_)) == [FOUND]
    assert OTHERS not in encoder_.asked


def test_open_sentences_are_encoded_first_and_no_more_than_are_allowed(monkeypatch):
    monkeypatch.setattr(sentence_model, "MOST_SENTENCES", 1)
    encoder_ = Fixed(Nights=2.0, The=-2.0)
    assert sentences(extract(TEXT, "en", encoder=encoder_)) == [SILENT, FOUND]
    assert encoder_.asked == [SILENT]


def test_without_time_or_with_an_encoder_that_fails_the_grammar_decides_alone():
    class Broken(Fixed):
        def encode(self, texts):
            raise EncoderError("no answer")

    reading = read(TEXT, "en")
    assert judged(reading, Fixed(Nights=9.0), until=time.monotonic() - 1).pledges == reading.pledges
    assert judged(reading, Broken()).pledges == reading.pledges


def test_one_sentence_with_two_pledges_is_judged_once():
    text = "The port will be dredged and the road will be mended."
    encoder_ = Fixed(The=3.0)
    assert len(extract(text, "en", encoder=encoder_)) == 2
    assert encoder_.asked == [text]
    assert extract(text, "en", encoder=Fixed(The=-3.0)) == []


@pytest.mark.skipif(bool(encoder.why_not_local()), reason="the encoder cannot run here")
def test_with_the_encoder_pledges_without_a_verb_of_promising_are_found():
    pledges = ["Free public transport for pensioners.", "Nueva ley de alquileres con un tope de subida anual."]
    none = ["Every day, people here get up before dawn to open their shops.", "La deuda equivale al 70 % del producto."]
    read_by = encoder.local()
    for language, pledge, other in zip(("en", "es"), pledges, none, strict=True):
        text = f"{pledge}\n{other}"
        assert extract(text, language) == []
        assert sentences(extract(text, language, encoder=read_by)) == [pledge]
