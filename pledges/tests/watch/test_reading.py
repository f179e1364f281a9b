"""What an article suggests for a pledge's status: a change, as before, or nothing; with the encoder and without."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pledges.domain.rules import Status
from pledges.watch.matching.matcher import Index, Profile
from pledges.watch.status import reading
from pledges.watch.status.reading import OUTCOMES, Reading, Standing
from pledges.watch.text import encoder as encoders

DAY = date(2025, 5, 5)
BRIDGE = Profile(
    "bridge",
    {
        "en": "A bridge to Saint Elm island\nMarina Paz promised a road bridge to Saint Elm.",
        "es": "Un puente a la isla de San Telmo\nMarina Paz prometió un puente de carretera a San Telmo.",
    },
    context=("Costaverde", "Marina Paz"),
    criteria={
        "en": {
            "kept": "The bridge is open to traffic.",
            "partly_kept": "It opens only to walkers or with one lane.",
            "in_progress": "It is designed, contracted or being built.",
            "stalled": "The works stop or the tender fails.",
            "broken": "The project is cancelled.",
        },
        "es": {
            "kept": "El puente está abierto al tráfico.",
            "partly_kept": "Se abre solo a peatones o con un carril.",
            "in_progress": "Se diseña, se contrata o se construye.",
            "stalled": "Las obras se paran o la licitación fracasa.",
            "broken": "El proyecto se cancela.",
        },
    },
    history=((date(2024, 3, 1), "in_progress"),),
    deadline=date(2026, 12, 31),
)
TENDER = "No company bid for the bridge to Saint Elm, and the tender has to be repeated."
PAINTERS = "Painters show forty views of the strait where the bridge to Saint Elm is to stand."


def match(text, language="en", *, pledge=BRIDGE, day=DAY, encoder=None):
    (found,) = Index([pledge]).match("", text, language, threshold=0.0, day=day, encoder=encoder)
    return found


@pytest.fixture(scope="module")
def encoder():
    found = encoders.local()
    if found is None:
        pytest.skip("the sentence encoder cannot run on this machine")
    return found


# --- without the encoder ----------------------------------------------------------------------------------------------


def test_explicit_words_suggest_a_change():
    found = match("Works on the bridge to Saint Elm have been suspended.")
    assert (found.suggestion, found.suggested_status, found.status_before) == ("change", "stalled", "in_progress")
    assert found.cue and found.cue in found.sentence


def test_the_same_words_are_as_before_where_the_pledge_stands_there_already():
    stalled = replace(BRIDGE, history=((date(2025, 1, 9), "stalled"),))
    found = match("Works on the bridge to Saint Elm have been suspended.", pledge=stalled)
    assert (found.suggestion, found.suggested_status, found.cue) == ("as_before", "", "")
    assert found.status_before == "stalled"


def test_what_was_published_later_than_the_article_is_not_known():
    later = replace(BRIDGE, history=((date(2024, 3, 1), "in_progress"), (date(2025, 6, 1), "stalled")))
    assert match("Works on the bridge to Saint Elm have been suspended.", pledge=later).suggestion == "change"


def test_without_a_cue_the_pledge_stands_as_before():
    found = match(PAINTERS)
    assert (found.suggestion, found.suggested_status, found.cue) == ("as_before", "", "")


# --- with the encoder -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "status"),
    [
        (TENDER, "en", "stalled"),
        ("Los obreros del puente de San Telmo fueron despedidos y el campamento está vacío.", "es", "stalled"),
    ],
)
def test_a_change_is_read_without_explicit_words(text, language, status, encoder):
    found = match(text, language, encoder=encoder)
    assert (found.suggestion, found.suggested_status, found.cue) == ("change", status, text)
    assert match(text, language).suggestion == "as_before"  # the words alone do not tell


def test_what_bears_on_nothing_is_no_change(encoder):
    assert match(PAINTERS, encoder=encoder).suggestion in ("as_before", "")


def test_a_pledge_without_criteria_or_in_one_language_is_read_all_the_same(encoder):
    assert match(TENDER, pledge=replace(BRIDGE, criteria={}), encoder=encoder).suggestion
    spanish = replace(BRIDGE, texts={"es": BRIDGE.texts["es"]}, criteria={"es": BRIDGE.criteria["es"]})
    assert match(TENDER, pledge=spanish, encoder=encoder).suggested_status == "stalled"


def test_a_failing_encoder_means_reading_without():
    class Failing(encoders.Encoder):
        name = "failing"

        def encode(self, texts):
            raise encoders.EncoderError("no answer")

    assert match(TENDER, encoder=Failing()).suggestion == "as_before"


def test_a_cue_is_a_clause_of_a_long_sentence():
    long = "The tender for the bridge failed, " + "as the ministry of public works said in a very long letter, " * 6
    cue = reading.clause_of(long)
    assert long.startswith(cue) and 100 < len(cue) <= reading.LONGEST_CUE and cue.endswith("letter")
    assert reading.clause_of("x" * 500) == "x" * reading.LONGEST_CUE
    assert reading.clause_of("Work began.") == "Work began."


# --- the model --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", list(Status))
def test_no_change_is_suggested_to_the_status_that_a_pledge_has(before):
    random = np.random.default_rng(4)

    def unit(rows):
        vectors = random.normal(size=(rows, 384)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    for cue_status in ("", *Status):
        for overdue in (False, True):
            criteria = dict(zip(("kept", "stalled", "broken"), unit(3), strict=True))
            standing = Standing(before.value, overdue)
            found = reading.read(unit(9), unit(1)[0], criteria, ("en", "es"), standing, str(cue_status))
            assert found.status != before
            assert (found.kind == "change") == bool(found.status) and 0 <= found.row < 9
    assert reading.without_encoder(before.value, Standing(before.value)) == Reading("as_before")


def test_the_committed_model_knows_every_status_and_learned_the_plain_things():
    model = reading.coefficients()
    assert set(model.table) == set(Status) and all(row.shape == (len(OUTCOMES),) for row in model.table.values())
    assert all(np.isfinite(array).all() for array in (model.tone, model.bias, model.criteria, model.overdue))
    assert model.cue > 0  # explicit words count
    assert model.criteria.mean() > 0  # so does likeness to a criterion
    assert model.overdue_stay < 0  # and a deadline that has passed
