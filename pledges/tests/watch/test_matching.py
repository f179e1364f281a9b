import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pledges.watch.matching import pledge_files
from pledges.watch.matching.matcher import THRESHOLD, Index, Profile, Vocabulary, document_terms
from pledges.watch.text import encoder

FERRY = Profile(
    "ferry",
    {
        "en": "Start a ferry line to the islands\nMarina Paz promised a daily passenger ferry from Puerto Viejo.",
        "es": "Abrir una línea de transbordadores a las islas\nMarina Paz prometió un transbordador diario.",
    },
    {"en": ("island ferry", "ferry line"), "es": ("transbordador a las islas", "línea de transbordadores")},
    ("Costaverde", "Marina Paz"),
)
LIBRARY = Profile(
    "library",
    {"en": "Open a public library in every district", "es": "Abrir una biblioteca pública en cada distrito"},
    {"en": ("district libraries",), "es": ("bibliotecas de distrito",)},
    ("Costaverde", "Marina Paz"),
)
TAX = Profile("tax", {"en": "Abolish the transport tax on bicycles"}, {}, ("Costaverde",))
INDEX = Index([FERRY, LIBRARY, TAX])

ARTICLE = """Marina Paz was in Puerto Viejo on Monday.
The first passenger ferry to the islands was inaugurated there, the port of Costaverde said. The weather was fair."""
NOTICIA = """La presidenta Marina Paz visitó Puerto Viejo.
El transbordador a las islas fue inaugurado, según el puerto de Costaverde."""


def pledges(matches):
    return [match.pledge for match in matches]


def test_finds_the_pledge_the_sentence_and_the_words():
    (match,) = INDEX.match("Islands get their boat", ARTICLE, "en")
    assert match.pledge == "ferry"
    assert THRESHOLD <= match.score <= 1
    assert match.sentence == (
        "The first passenger ferry to the islands was inaugurated there, the port of Costaverde said."
    )
    assert match.sentence in ARTICLE
    assert {"passenger", "ferry", "islands"} <= set(match.words) and all(
        word in ARTICLE + "Islands get their boat" for word in match.words
    )
    assert (match.suggested_status, match.cue) == ("kept", "inaugurated")


def test_an_article_is_matched_in_its_own_language_with_or_without_accents():
    assert pledges(INDEX.match("Zarpa el primer barco", NOTICIA, "es")) == ["ferry"]
    assert pledges(INDEX.match("", "Costaverde: abren la LINEA de transbordadores a las islas", "es")) == ["ferry"]


def test_an_unknown_language_is_found_out():
    assert pledges(INDEX.match("Zarpa el primer barco", NOTICIA, "")) == ["ferry"]
    assert pledges(INDEX.match("Costaverde: island ferry line", "", "")) == ["ferry"]


def test_a_pledge_without_the_other_language_is_found_by_cognates():
    (match,) = INDEX.match(
        "", "Costaverde abolió el tributo al transporte: adiós a la tasa de bicicletas.", "es", threshold=0
    )[:1]
    assert match.pledge == "tax" and "bicicletas" in match.words


def test_other_news_is_left_alone():
    for text in (
        "Marina Paz opened the football season of Costaverde on Monday and promised a trophy.",
        "The weather on the islands of Costaverde will be fair.",
        "",
    ):
        assert INDEX.match("Today in Costaverde", text, "en") == []


def test_a_document_without_the_context_gets_far_less():
    near_miss = ARTICLE.replace("Costaverde", "Norway").replace("Marina Paz", "The king")
    assert INDEX.match("Islands get their boat", near_miss, "en") == []
    inside = INDEX.match("Islands get their boat", ARTICLE, "en", threshold=0)[0].score
    outside = INDEX.match("Islands get their boat", near_miss, "en", threshold=0)[0].score
    assert 0 < outside < inside / 2


def test_never_keeps_a_document_away():
    index = Index([Profile("ferry", FERRY.texts, FERRY.aliases, FERRY.context, never={"en": ("toy ferry",)})])
    assert index.match("", ARTICLE, "en")
    assert index.match("", ARTICLE + " It was a Toy  Ferry.", "en", threshold=0) == []


def test_an_alias_counts_as_a_phrase_only():
    index = Index([Profile("x", {"en": "Stop"}, {"en": ("blue line",)})])
    phrase = index.match("", "The Blue Line was shut.", "en", threshold=0)[0].score
    scattered = index.match("", "The line at the shop was long and the sky was blue.", "en", threshold=0)[0].score
    assert phrase > scattered


def test_words_seen_everywhere_weigh_less():
    documents = [f"Costaverde ferry news number {number} about {word}" for number, word in enumerate("abcdefgh" * 20)]
    seen = Counter(key for text in documents for key in document_terms(text, "", "en"))
    text = "A passenger ferry was late in Costaverde."
    fresh = Index([FERRY]).match("", text, "en", threshold=0)[0].score
    vocabulary = Vocabulary({"en": len(documents)}, {"en": seen})
    seasoned = Index([FERRY], vocabulary).match("", text, "en", threshold=0)[0].score
    assert seasoned < fresh


def test_the_sentence_that_says_what_happened_is_preferred():
    text = (
        "The island ferry of Costaverde has long been awaited by everybody. "
        "On Friday the court suspended the island ferry of Costaverde."
    )
    (match,) = INDEX.match("", text, "en")
    assert (match.suggested_status, match.cue) == ("stalled", "suspended")
    assert match.sentence.startswith("On Friday")


def test_best_first_and_the_threshold_holds():
    text = "In Costaverde Marina Paz opened the ferry line to the islands. Each district hopes for a public library."
    matches = INDEX.match("", text, "en", threshold=0)
    assert set(pledges(matches)[:2]) == {"ferry", "library"}
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
    assert INDEX.match("", text, "en", threshold=1.01) == []


@pytest.mark.parametrize("text", ["", "...", "\0\0", "😀 😀", "a" * 100_000, "ferry " * 20_000])
def test_odd_documents_do_no_harm(text):
    for match in INDEX.match(text, text, "en", threshold=0):
        assert 0 <= match.score <= 1


def test_no_profiles_and_empty_profiles():
    assert Index([]).match("", ARTICLE, "en", threshold=0) == []
    assert Index([Profile(1, {}), Profile(2, {"en": " "})]).match("", ARTICLE, "en", threshold=0) == []


def test_must_wants_every_phrase():
    index = Index([Profile("ferry", FERRY.texts, FERRY.aliases, must={"en": ("puerto viejo", "islands")})])
    assert index.match("", ARTICLE, "en")
    assert index.match("", ARTICLE.replace("islands", "isles"), "en", threshold=0) == []


def test_another_word_for_it_is_found_and_so_is_the_other_language():
    prison = Profile("prison", {"en": "Build two maximum security prisons"})
    text = "El gobierno inicia la obra de una cárcel de máxima seguridad."
    (match,) = Index([prison]).match("", text, "es", threshold=0.2)  # the pledge has no Spanish text, nor a country
    assert match.pledge == "prison" and "cárcel" in match.words
    assert Index([prison]).match("", "Works begin on a maximum-security penitentiary, the government says.", "en")


@pytest.fixture
def sentence_encoder():
    chosen = encoder.local()
    if chosen is None:
        pytest.skip(encoder.why_not_local())
    return chosen


def scores_of(name, article, chosen):
    folder = Path(__file__).parents[1] / "data/articles"
    rows = map(json.loads, (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    row = next(row for row in rows if row["id"] == article)
    index = Index(pledge_files.read(folder / f"{name}.pledges.json"))
    found = index.match(row["title"], row["text"], row["lang"], threshold=0, encoder=chosen)
    return {match.pledge: match.probability for match in found}


def test_with_the_encoder_shared_words_are_not_enough_and_other_words_are(sentence_encoder):
    pun = "memoir-recalls-promise-of-a-lost-jail"
    assert max(scores_of("newswire", pun, None).values()) > THRESHOLD
    assert max(scores_of("newswire", pun, sentence_encoder).values()) < THRESHOLD
    assert scores_of("albion", "albion-34", None)["homes-300000"] < THRESHOLD
    assert scores_of("albion", "albion-34", sentence_encoder)["homes-300000"] > THRESHOLD


def test_an_encoder_that_fails_changes_nothing():
    class Failing(encoder.Encoder):
        def _vectors(self, texts):
            raise encoder.EncoderError("out of order")

    text = ("Islands get their boat", ARTICLE, "en")
    assert INDEX.match(*text, encoder=Failing()) == INDEX.match(*text)


def test_a_page_that_says_its_title_again_scores_the_same():
    once = INDEX.match("Islands get their boat", ARTICLE, "en")
    assert INDEX.match("Islands get their boat", f"Islands get their boat\n{ARTICLE}", "en") == once


def learned(weights, text=ARTICLE):
    index = Index([Profile("ferry", FERRY.texts, FERRY.aliases, FERRY.context, learned={"en": weights}), LIBRARY])
    return next((one.probability for one in index.match("", text, "en", threshold=0) if one.pledge == "ferry"), 0.0)


def test_what_was_learned_brings_documents_nearer_or_pushes_them_away():
    assert learned({"en:weather": -1.0}) < learned({}) < learned({"en:weather": 1.0})
    odds = [one / (1 - one) for one in (learned({"en:fair": -1.0, "en:port": -1.0}), learned({}))]
    assert 0 < odds[0] < odds[1] / 20
    assert learned({"en:harbourmast": 1.0}, "The harbourmaster spoke.") > 0  # found by what was learned alone


def test_a_word_that_was_learned_for_several_pledges_says_less_of_each():
    def of_ferry(*others):
        taught = {"en": {"en:weather": 1.0}}
        ferry = Profile("ferry", FERRY.texts, FERRY.aliases, FERRY.context, learned=taught)
        library = Profile("library", LIBRARY.texts, context=LIBRARY.context, learned=dict(*others))
        found = Index([ferry, library]).match("", ARTICLE, "en", threshold=0)
        return next(one.probability for one in found if one.pledge == "ferry")

    assert learned({}) < of_ferry({"en": {"en:weather": 1.0}}) < of_ferry({})


TERMS = sorted(document_terms("", ARTICLE, "en"))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(TERMS), st.floats(-1, 1), max_size=12),
    st.sampled_from(TERMS),
    st.floats(0, 1),
)
def test_a_learned_word_with_a_positive_weight_never_lowers_a_score(weights, term, more):
    weights.pop(term, None)
    assert learned({**weights, term: more}) >= learned(weights) - 1e-6
    assert learned({**weights, term: -more}) <= learned(weights) + 1e-6


WORDS = st.lists(
    st.sampled_from(
        "ferry islands líneas 6.000 mil Costaverde ¿qué? island-ferry u.s. \0 😀 \n . -- the de".split(" ")
    ),
    max_size=30,
).map(" ".join)
TEXTS = st.one_of(st.text(max_size=200), WORDS)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.one_of(st.sampled_from(["en", "es", "", "pt", "en-GB", "??"]), st.text(max_size=5)), TEXTS)
def test_no_text_and_no_language_can_break_it(title, text, language, pledge):
    index = Index([FERRY, Profile(7, {"en": pledge}, {"es": (pledge,)}, (pledge,)), Profile(8, {"es": pledge})])
    for match in index.match(title, text, language, threshold=0):
        assert 0 <= match.score <= 1
        assert match.sentence in title or match.sentence in text
    assert isinstance(document_terms(title, text, language), frozenset)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["ferry", "islands", "Línea", "port", "toy ferry", "the"]), min_size=1, max_size=3), TEXTS
)
def test_must_and_never_always_hold(phrases, text):
    text = f"{text} {ARTICLE}"
    found = {}
    for rule in ("must", "never"):
        index = Index([Profile("x", FERRY.texts, **{rule: {"en": tuple(phrases)}})])
        found[rule] = bool(index.match("", text, "en", threshold=0))
    told = f" {' '.join(text.lower().replace('.', ' ').replace(',', ' ').split())} "
    there = [f" {phrase.lower()} " in told for phrase in phrases]
    if any(there):
        assert not found["never"]
    if "toy ferry" in phrases and "toy" not in told:
        assert not found["must"]
