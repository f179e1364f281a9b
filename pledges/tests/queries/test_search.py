"""Search finds what a person expects, in either language, with or without accents, and survives any words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledges.actions import publishing
from pledges.management.commands import prepare_database
from pledges.models import Pledge, Update, Wording
from pledges.queries.search import fulltext
from pledges.tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]


@pytest.fixture
def data(first_edition, db):
    """The data set, for every test here."""


def found(words):
    """The slugs found, best first, and whether all words were."""
    ranks, all_words = fulltext.find(words)
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


@pytest.mark.parametrize("char", [*"&|!:'()*\\<>\"%_;,./?#@$`~^+=[]{}", "<->", ":*", "';--", "\\'"])
def test_the_databases_own_syntax_is_harmless(char):
    plain, _all_words = found("prison ships")
    for words in (f"prison{char} {char}ships", f"{char} prison ships {char}", f"prison {char}{char} ships"):
        assert found(words)[0] == plain
    assert found(char) == ([], True)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_words_break_it(words):
    ranks, _all_words = fulltext.find(words)
    assert all(rank >= 0 for rank in ranks.values())


def test_a_very_long_search_is_cut():
    assert found("prison ships " + "ships " * 5_000)[0] == ["prison-barges"]


def test_what_is_published_is_found_at_once_and_what_was_corrected_no_more():
    pledge = Pledge.objects.get(slug="ports-airports")
    update = factories.PublishedUpdateFactory(pledge=pledge, text_en="A zeppelin was seen.")
    assert found("zeppelin")[0] == ["ports-airports"]
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(text_en="A balloon was seen.", correction_note_en="No.")
    assert found("balloon")[0] == []
    factories.PublishedUpdateFactory(pledge=pledge, text_en="Nothing was seen.")
    assert found("zeppelin")[0] == ["ports-airports"]  # the correction is only a draft
    publishing.publish(Update.objects.get(pk=draft.pk), by=factories.EditorFactory())
    assert found("zeppelin")[0] == []
    assert found("balloon")[0] == ["ports-airports"]


def test_the_words_of_an_earlier_wording_no_longer_find_it():
    pledge = factories.PublishedPledgeFactory(wording__title_en="Build a monorail")
    draft = publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    Wording.objects.filter(pk=draft.pk).update(title_en="Build a funicular", change_note_en="Misheard.")
    assert found("monorail")[0] == [pledge.slug]
    publishing.publish(Wording.objects.get(pk=draft.pk), by=factories.EditorFactory())
    assert found("monorail")[0] == []
    assert found("funicular")[0] == [pledge.slug]


def test_a_renamed_topic_is_found_by_its_new_name():
    pledge = Pledge.objects.get(slug="ports-airports")
    topic = pledge.topics.first()
    topic.name_en = "Zeppelins"
    topic.save()
    publishing.record_change(topic, by=factories.EditorFactory())
    assert "ports-airports" in found("zeppelins")[0]


def test_the_title_weighs_more_than_the_text_of_an_update():
    titled = factories.PublishedPledgeFactory(wording__title_en="Fly zeppelins")
    told = factories.PublishedUpdateFactory(text_en="Zeppelins, zeppelins, zeppelins.").pledge
    assert found("zeppelins")[0] == [titled.slug, told.slug]


# --- mistakes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant", "slug"),
    [
        ("prisson ships", "prison ships", "prison-barges"),
        ("prison shipps", "prison ships", "prison-barges"),
        ("barcasas", "barcazas", "prison-barges"),
        ("puetros", "puertos", "ports-airports"),
        ("inteligensia", "inteligencia", "intelligence-unit"),
        ("weaopns", "weapons", "tactical-weapons"),
    ],
)
def test_a_slip_in_a_word_is_mended_and_said(typed, meant, slug):
    found = fulltext.search(typed)
    assert Pledge.objects.get(slug=slug).pk in found.ranks
    assert found.all_words
    assert found.corrected_query == meant
    ((wrong, right),) = found.corrections
    assert (wrong in typed, right in meant) == (True, True)
    assert found.ranks.keys() == fulltext.search(meant).ranks.keys()


@pytest.mark.parametrize(
    "forms",
    [
        ("prisión", "prision", "prisiones", "PRISIÓN"),
        ("puerto", "puertos"),
        ("barcaza", "barcazas"),
        ("juez", "jueces"),
        ("operación", "operacion", "operaciones"),
        ("port", "ports"),
    ],
)
def test_the_forms_of_a_word_find_the_same(forms):
    pledge = factories.PublishedUpdateFactory(
        text_es="El juez anunció la operación en la prisión del puerto y una barcaza.", text_en="A judge at the port."
    ).pledge
    first = fulltext.search(forms[0]).ranks.keys()
    assert pledge.pk in first
    for form in forms[1:]:
        found = fulltext.search(form)
        assert found.ranks.keys() == first, form
        assert not found.corrections, form


def test_a_word_that_something_has_is_never_taken_for_another():
    factories.PublishedPledgeFactory(wording__title_en="Fly zeppelins")
    rare = factories.PublishedPledgeFactory(wording__title_en="Sell zepelins")
    found = fulltext.search("zepelins")
    assert (list(found.ranks), found.corrections) == ([rare.pk], ())


def test_what_is_too_far_off_is_only_offered():
    factories.PublishedPledgeFactory(wording__title_en="Build a funicular")
    assert fulltext.search("funcular").corrected_query == "funicular"
    far = fulltext.search("funikulr")  # of eight letters two may be wrong
    assert far.corrected_query == "funicular"
    short = fulltext.search("shps")
    assert (short.ranks, short.corrections, short.suggestions) == ({}, (), ("ships",))


def test_a_word_that_was_corrected_away_is_not_offered():
    update = factories.PublishedUpdateFactory(text_en="A zeppelin was seen.", text_es="")
    assert fulltext.search("zepelin").corrected_query == "zeppelin"
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(text_en="A balloon was seen.", correction_note_en="No.")
    publishing.publish(Update.objects.get(pk=draft.pk), by=factories.EditorFactory())
    found = fulltext.search("zepelin")
    assert (found.ranks, found.corrected_query, found.suggestions) == ({}, "", ())


def test_words_of_an_unpublished_draft_are_neither_found_nor_offered():
    factories.UpdateFactory(text_en="A zeppelin is planned.")
    assert fulltext.search("zeppelin").ranks == {}
    assert fulltext.search("zepelin").suggestions == ()


@pytest.mark.parametrize("begun", ["intel", "intellige", "intelligen", "intelligence", "inteligenc", "operati"])
def test_as_it_is_typed_on_a_word_goes_on_finding(begun):
    factories.PublishedUpdateFactory(pledge=Pledge.objects.get(slug="intelligence-unit"), text_en="An operation began.")
    assert "intelligence-unit" in found(begun)[0]


@pytest.mark.parametrize("words", ["the prison of ships", "los barcos de la prisión", "barcos at the prison"])
def test_words_without_meaning_ask_for_nothing(words):
    assert found(words) == (["prison-barges"], True)


def test_each_word_may_be_of_another_language():
    pledge = factories.PublishedPledgeFactory(
        wording__title_en="Open the harbour",
        wording__title_es="Abrir el muelle",
        wording__statement_en="For fishermen.",
    )
    assert found("muelle fishermen") == ([pledge.slug], True)


# --- updates, evidence, names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "evidence",
    [
        {"publisher": "Radio Zeppelin"},
        {"publisher": "zeppelin.ec"},
        {"title": "A zeppelin over Quito"},
        {"sentence": "Un zeppelin sobrevoló Quito."},
    ],
    ids=lambda evidence: next(iter(evidence)),
)
def test_a_word_that_is_only_in_the_evidence_is_found(evidence):
    pledge = Pledge.objects.get(slug="ports-airports")
    update = factories.UpdateFactory(pledge=pledge, evidence=None)
    factories.EvidenceFactory(update=update, **evidence)
    assert found("zeppelin")[0] == []
    publishing.publish(update, by=factories.EditorFactory())
    assert found("zeppelin") == (["ports-airports"], True)


@pytest.mark.parametrize("text", [{"text_es": "Se vio un zepelín."}, {"reason_detail_en": "Blocked by zepelins."}])
def test_a_word_that_is_only_in_an_update_is_found(text):
    update = factories.PublishedUpdateFactory(
        pledge=Pledge.objects.get(slug="ports-airports"), status="unclear", **{"reason_detail_es": "No se sabe."} | text
    )
    assert found("zepelin")[0] == [update.pledge.slug]


def test_the_document_that_a_pledge_was_read_in_finds_it():
    document = factories.SourceDocumentFactory(publisher="La Gaceta del Zepelín")
    pledge = factories.PublishedPledgeFactory(source_document=document)
    assert found("zepelin")[0] == [pledge.slug]
    document.publisher = "El Globo"
    document.save()
    publishing.record_change(document, by=factories.EditorFactory())
    assert found("zepelin")[0] == []
    assert found("globo")[0] == [pledge.slug]


def test_an_index_that_a_migration_emptied_is_made_anew():
    before = found("ports")
    Pledge.objects.update(search_en=None, search_es=None)
    assert found("ports")[0] == []
    prepare_database.index_what_is_missing()
    assert found("ports") == before
