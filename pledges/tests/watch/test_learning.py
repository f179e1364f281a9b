"""What decisions teach: little by one, much by ten that agree, nothing by words of every article."""

import pytest

from pledges.watch.matching import learning
from pledges.watch.matching.learning import Example, Known, learn
from pledges.watch.matching.matcher import Vocabulary, document_terms

NOTHING = Vocabulary()
PRISON = "Soldiers guard the new penitentiary in Archidona, the minister said."
PICTURE = "A photographer shows pictures of lighthouses in the gallery, the minister said."


def examples(count, text, *, about, start=0, language="en"):
    return [Example(start + number, f"Report {number}", text, language, about) for number in range(count)]


def weight(lessons, word, language="en"):
    return {lesson.word.casefold(): lesson.weight for lesson in lessons.get(language, [])}.get(word, 0.0)


def test_accepted_words_speak_for_a_pledge_and_dismissed_ones_against():
    lessons = learn([*examples(3, PRISON, about=True), *examples(3, PICTURE, about=False, start=10)], NOTHING, Known())
    assert weight(lessons, "penitentiary") > 0 > weight(lessons, "photographer")
    by_word = {lesson.word: lesson for lesson in lessons["en"]}
    assert by_word["penitentiary"].taught_by == (0, 1, 2)
    assert by_word["photographer"].taught_by == (10, 11, 12)


def test_a_weight_worked_out_by_hand():
    """Three accepted, none dismissed, an unseen word: background 0.02; shares (3+5*0.02)/8 and 0.02; support 3/6."""
    lessons = learn(examples(3, PRISON, about=True), NOTHING, Known())
    expected = ((3 + 0.1) / 8 - 0.02) * 0.98 * 0.5
    assert weight(lessons, "penitentiary") == pytest.approx(expected, abs=1e-4)


def test_one_decision_moves_little_and_ten_that_agree_move_much():
    one = weight(learn(examples(1, PRISON, about=True), NOTHING, Known()), "penitentiary")
    ten = weight(learn(examples(10, PRISON, about=True), NOTHING, Known()), "penitentiary")
    assert 0 < one < 0.05
    assert ten > 0.4
    assert -0.05 < weight(learn(examples(1, PICTURE, about=False), NOTHING, Known()), "photographer") < 0


def test_words_of_every_article_do_not_move():
    terms = document_terms("", "minister penitentiary", "en")
    everywhere = Vocabulary({"en": 1000}, {"en": {term: 990 if "minist" in term else 5 for term in terms}})
    lessons = learn(examples(10, PRISON, about=True), everywhere, Known())
    assert abs(weight(lessons, "minister")) < 0.01
    assert weight(lessons, "penitentiary") > 0.4


def test_words_that_both_kinds_share_do_not_move():
    lessons = learn([*examples(5, PRISON, about=True), *examples(5, PICTURE, about=False, start=10)], NOTHING, Known())
    assert weight(lessons, "minister") == 0


def test_an_editors_word_never_sinks_below_zero_and_a_pledges_own_sinks_by_half():
    against = examples(10, PICTURE, about=False)
    free = weight(learn(against, NOTHING, Known()), "lighthouses")
    kept = weight(learn(against, NOTHING, Known(kept={"en": ["the lighthouse"]})), "lighthouses")
    own = weight(learn(against, NOTHING, Known(texts={"en": "Repair the lighthouse"})), "lighthouses")
    assert free < -0.3
    assert kept == 0
    assert own == pytest.approx(free / 2, abs=1e-4)


def test_a_struck_word_is_not_learned_in_any_of_its_forms():
    told = examples(5, PRISON, about=True)
    assert weight(learn(told, NOTHING, Known(struck={"en": ["penitentiaries"]})), "penitentiary") == 0
    assert weight(learn(told, NOTHING, Known(struck={"es": ["penitentiary"]})), "penitentiary") > 0


def test_each_language_learns_by_itself_and_an_unknown_one_is_found_out():
    spanish = "El ministro dijo que los soldados vigilan la nueva penitenciaría de Archidona y que no habrá visitas."
    lessons = learn(
        [*examples(2, PRISON, about=True), *examples(2, spanish, about=True, start=5, language="")], NOTHING, Known()
    )
    assert lessons.keys() == {"en", "es"}
    assert weight(lessons, "penitenciaría", "es") > 0
    assert weight(lessons, "penitenciaría", "en") == 0


def test_only_the_newest_two_hundred_count():
    newest = examples(learning.MOST_EXAMPLES, PRISON, about=True)
    lessons = learn([*newest, *examples(500, PICTURE, about=False, start=1000)], NOTHING, Known())
    assert weight(lessons, "photographer") == 0


def test_weights_stay_between_minus_one_and_one_and_are_few():
    long = " ".join(f"word{number}x" for number in range(300))
    lessons = learn(
        [*examples(100, long, about=True), *examples(100, PICTURE, about=False, start=200)], NOTHING, Known()
    )
    assert len(lessons["en"]) == learning.MOST_WORDS
    assert all(-1 <= lesson.weight <= 1 for lesson in lessons["en"])


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("accepted", "", True),
        ("dismissed", "nothing_new", True),
        ("dismissed", "duplicate", True),
        ("dismissed", "not_about", False),
        ("dismissed", "unreliable", None),
        ("dismissed", "other", None),
        ("open", "", None),
        ("snoozed", "", None),
    ],
)
def test_what_a_decision_says_of_aboutness(state, reason, expected):
    assert learning.about(state, reason) is expected


def test_no_example_teaches_nothing():
    assert learn([], NOTHING, Known()) == {}
