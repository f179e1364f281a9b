"""Search finds what a person expects, in either language, with or without accents, and survives any words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledges import actions, search
from pledges.models import Pledge, Update, Wording

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]


@pytest.fixture
def data(first_edition, db):
    """The data set, for every test here."""


def found(words):
    """The slugs found, best first, and whether all words were."""
    ranks, all_words = search.find(words)
    slugs = dict(Pledge.objects.values_list("pk", "slug"))
    return [slugs[pk] for pk in sorted(ranks, key=lambda pk: -ranks[pk])], all_words


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("barcos prisión", ["prison-barges"]),
        ("prison ships", ["prison-barges"]),
        ("PRISON SHIP", ["prison-barges"]),
        ("barcazas", ["prison-barges"]),
        ("puertos", ["ports-airports"]),
        ("ports", ["ports-airports"]),
        ("airport", ["ports-airports"]),
        ("CNI", ["intelligence-unit"]),
        ("inteligencia", ["intelligence-unit"]),
        ("empleo", ["jobs-urgent-reforms"]),
        ("weapons", ["tactical-weapons"]),
        ("judges", ["name-judges-prosecutors"]),
        ("jueces", ["name-judges-prosecutors"]),
        ("Israel", ["israel-prison-design"]),
        ("litoral", ["litoral-intervention"]),
        ("cárcel máxima seguridad", ["new-prisons"]),
    ],
)
def test_what_a_person_expects_comes_first(words, first):
    slugs, all_words = found(words)
    assert slugs[: len(first)] == first
    assert all_words


@pytest.mark.parametrize("words", ["cárcel", "carcel", "CÁRCEL", "carceles", "cárceles", "ca\u0301rcel"])
def test_accents_case_and_number_do_not_matter(words):
    slugs, _all_words = found(words)
    assert slugs == found("cárcel")[0]
    assert {"new-prisons", "prison-barges"} == set(slugs[:2])
    assert "minor-offender-separation" in slugs
    assert "ports-airports" not in slugs


@pytest.mark.parametrize(
    ("begun", "slug"), [("barc", "prison-barges"), ("intellig", "intelligence-unit"), ("prison shi", "prison-barges")]
)
def test_the_last_word_may_be_unfinished(begun, slug):
    assert found(begun)[0][0] == slug


def test_only_the_last_word_may_be():
    assert found("shi prison")[1] is False or found("shi prison")[0] == []


def test_the_order_of_words_does_not_matter():
    assert found("prisión barcos")[0] == found("barcos prisión")[0]


def test_words_of_both_languages_together_find_something():
    slugs, _all_words = found("barcos prison")
    assert slugs[0] == "prison-barges"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("words", ["barcos prisión", "prison ships"])
def test_both_languages_are_searched_whatever_the_pages_language(client, address, language, words):
    text = client.get(address("pledges", language=language), {"q": words}).content.decode()
    assert text.count('<article class="row">') == 1
    assert "prison-barges" in text


def test_when_no_pledge_has_all_words_those_with_some_are_given_and_it_is_said(client, address):
    slugs, all_words = found("prison dinosaurs")
    assert slugs
    assert not all_words
    assert "prison-barges" in slugs
    text = client.get(address("pledges"), {"q": "dinosaurs prison"}).content.decode()
    assert "No pledge has all the words of “dinosaurs prison”" in text


def test_nothing_found_says_what_to_try(client, address):
    assert found("dinosaurs") == ([], True)
    text = client.get(address("pledges"), {"q": "dinosaurs"}).content.decode()
    assert "Nothing here speaks of “dinosaurs”." in text


@pytest.mark.parametrize("char", [*"&|!:'()*\\<>-\"%_;,./?#@$`~^+=[]{}", "<->", ":*", "';--", "\\'"])
def test_the_databases_own_syntax_is_harmless(char):
    plain, _all_words = found("prison ships")
    for words in (f"prison{char} {char}ships", f"{char} prison ships {char}", f"prison {char}{char} ships"):
        assert found(words)[0] == plain
    assert found(char) == ([], True)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_words_break_it(words):
    ranks, _all_words = search.find(words)
    assert all(rank >= 0 for rank in ranks.values())


def test_a_very_long_search_is_cut():
    assert found("prison ships " + "ships " * 5_000)[0] == ["prison-barges"]


def test_what_is_published_is_found_at_once_and_what_was_corrected_no_more():
    pledge = Pledge.objects.get(slug="ports-airports")
    update = factories.PublishedUpdateFactory(pledge=pledge, text_en="A zeppelin was seen.")
    assert found("zeppelin")[0] == ["ports-airports"]
    draft = actions.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(text_en="A balloon was seen.", correction_note_en="No.")
    assert found("balloon")[0] == []
    factories.PublishedUpdateFactory(pledge=pledge, text_en="Nothing was seen.")
    assert found("zeppelin")[0] == ["ports-airports"]  # the correction is only a draft
    actions.publish(Update.objects.get(pk=draft.pk), by=factories.EditorFactory())
    assert found("zeppelin")[0] == []
    assert found("balloon")[0] == ["ports-airports"]


def test_the_words_of_an_earlier_wording_no_longer_find_it():
    pledge = factories.PublishedPledgeFactory(wording__title_en="Build a monorail")
    draft = actions.start_wording(pledge=pledge, by=factories.ReporterFactory())
    Wording.objects.filter(pk=draft.pk).update(title_en="Build a funicular", change_note_en="Misheard.")
    assert found("monorail")[0] == [pledge.slug]
    actions.publish(Wording.objects.get(pk=draft.pk), by=factories.EditorFactory())
    assert found("monorail")[0] == []
    assert found("funicular")[0] == [pledge.slug]


def test_a_renamed_topic_is_found_by_its_new_name():
    pledge = Pledge.objects.get(slug="ports-airports")
    topic = pledge.topics.first()
    topic.name_en = "Zeppelins"
    topic.save()
    actions.record_change(topic, by=factories.EditorFactory())
    assert "ports-airports" in found("zeppelins")[0]


def test_the_title_weighs_more_than_the_text_of_an_update():
    titled = factories.PublishedPledgeFactory(wording__title_en="Fly zeppelins")
    told = factories.PublishedUpdateFactory(text_en="Zeppelins, zeppelins, zeppelins.").pledge
    assert found("zeppelins")[0] == [titled.slug, told.slug]
