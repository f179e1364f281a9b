"""What failed is said in each reader's own language: made by the watch, kept in a column, read at the desk."""

import ast
from pathlib import Path

import pytest
from django.core import serializers
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from hypothesis import given
from hypothesis import strategies as st

from pledges.domain import messages
from pledges.domain.messages import (
    LONGEST_VALUE,
    DeferredMessage,
    UserFacingError,
    deferred_message,
    from_text,
    to_text,
)
from pledges.jobs import desk_requests, documents, polling  # noqa: F401  # the first two for their errors
from pledges.management.commands.messages import template
from pledges.models import Article, Host, Preservation, Source
from pledges.tests.support import factories
from pledges.watch.extraction import document_reader

ROOT = Path(__file__).resolve().parents[3]
SPANISH = {
    "No site called %(host)s was found: check it.": "No se encontró ningún sitio llamado %(host)s: compruébelo.",
    "It is not read: %(reason)s": "No se lee: %(reason)s",
    "Larger than %(megabytes)s MB, %(rows)s rows.": "Más de %(megabytes)s MB, %(rows)s filas.",
    "Wrongly translated: %(host)s": "Mal traducido: %(hots)s",
}


@pytest.fixture
def spanish(monkeypatch):
    """Sentences of this test have a translation."""
    real = messages.gettext
    monkeypatch.setattr(
        messages, "gettext", lambda text: SPANISH.get(text, real(text)) if get_language() == "es" else real(text)
    )


def failing(failure, **fields):
    return factories.SourceFactory(failing_since=timezone.now(), failures=1, failure=failure, **fields)


# --- the plain case: a source fails, and each editor reads why --------------------------------------------------------


@pytest.mark.django_db
def test_a_source_that_fails_says_why_in_the_editors_language(client, editor, web):
    web.serve("/empty.csv", b" ")
    columns = {"series": "rate", "period_column": "Year", "value_column": "Rate"}
    source = factories.SourceFactory(
        kind="data", url=f"{web.origin}/empty.csv", indicator=factories.IndicatorFactory(), **columns
    )
    polling.read_source(source.pk)
    source.refresh_from_db()
    assert source.failure == deferred_message("The file is empty.")
    page = f"/admin/pledges/source/{source.pk}/change/"
    assert "The file is empty." in client.get(page).content.decode()
    assert "El archivo está vacío." in client.get(page, headers={"accept-language": "es"}).content.decode()


@pytest.mark.django_db
def test_so_do_articles_and_evidence(client, editor):
    article = factories.ArticleFactory(state="failed", failure=deferred_message("The file is empty."))
    factories.PublishedUpdateFactory()
    Preservation.objects.update(failure=deferred_message("The file is empty."))
    row = Preservation.objects.get()
    for page in (f"/admin/pledges/article/{article.pk}/change/", f"/admin/pledges/preservation/{row.pk}/change/"):
        assert "The file is empty." in client.get(page).content.decode()
        assert "El archivo está vacío." in client.get(page, headers={"accept-language": "es"}).content.decode()


@pytest.mark.django_db
def test_what_an_older_row_holds_is_still_shown(client, editor):
    source = failing("HTTP 403: 100% {refused} %(by)s")
    assert Source.objects.get().failure == "HTTP 403: 100% {refused} %(by)s"
    page = client.get(f"/admin/pledges/source/{source.pk}/change/", headers={"accept-language": "es"})
    assert "HTTP 403: 100% {refused} %(by)s" in page.content.decode()


def test_a_sentence_within_a_sentence_and_numbers_are_of_the_readers_language(spanish):
    said = deferred_message(
        "It is not read: %(reason)s",
        reason=deferred_message("No site called %(host)s was found: check it.", host="a.example"),
    )
    size = deferred_message("Larger than %(megabytes)s MB, %(rows)s rows.", megabytes=2.5, rows=100_000)
    with override("es"):
        assert str(said) == "No se lee: No se encontró ningún sitio llamado a.example: compruébelo."
        assert str(size) == "Más de 2,5 MB, 100.000 filas."
        assert size.english == "Larger than 2.5 MB, 100,000 rows."
    with override("en"):
        assert str(said) == said.english == "It is not read: No site called a.example was found: check it."
        assert str(size) == "Larger than 2.5 MB, 100,000 rows."


def test_an_error_is_english_for_logs_and_a_sentence_for_people(spanish):
    error = UserFacingError(deferred_message("No site called %(host)s was found: check it.", host="a.example"))
    with override("es"):
        assert str(error) == "No site called a.example was found: check it."
        assert str(error.sentence).startswith("No se encontró")


# --- in the database --------------------------------------------------------------------------------------------------

names = st.sampled_from(["host", "reason", "template", "values", "self"])
plain = st.text(max_size=20) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def of_values(values):
    return st.builds(
        lambda template, values: deferred_message(template, **values),
        st.text(min_size=1, max_size=20),
        st.dictionaries(names, values),
    )


said = of_values(plain) | of_values(plain | of_values(plain))


@given(said)
def test_what_is_stored_comes_back_and_can_always_be_read(sentence):
    kept = to_text(sentence)
    assert from_text(kept) == sentence
    assert (hash(from_text(kept)), str(from_text(kept))) == (hash(sentence), str(sentence))
    assert sentence.english is not None


@given(st.text())
def test_any_other_text_reads_as_itself(text):
    assert from_text(text) == text
    assert to_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *('{"say": ', '{"say": "x"}', '{"say": 3, "with": {}}', '{"say": "", "with": {}}', '{"say": "x", "with": []}'),
        *('{"say": "x", "with": {"a": null}}', '{"say": "x", "with": {"a": {}}}', '{"say": "x", "with": {"a": [1]}}'),
        '{"say": "x", "with": {"a": ' * 50_000,
    ],
)
def test_what_only_looks_like_one_reads_as_itself(text):
    assert from_text(text) == text


@pytest.mark.django_db
def test_columns_keep_sentences_whole_however_they_are_written():
    long = deferred_message("It is not read: %(reason)s", reason="ñ" * LONGEST_VALUE)
    source = failing(long)
    Host.objects.create(name="a.example", robots_failure=long)
    factories.ArticleFactory(failure=long, source=source)
    Article.objects.update(failure=deferred_message("%(host)s", host="b.example"))
    assert Source.objects.get(failure=long).failure == long
    assert Source.objects.filter(failure__contains="not read").exists()  # a search is of the English
    assert list(Host.objects.values_list("robots_failure", flat=True)) == [long]
    assert Article.objects.get().failure == deferred_message("%(host)s", host="b.example")
    [again] = serializers.deserialize("json", serializers.serialize("json", [source]))
    assert again.object.failure == long
    source.refresh_from_db()
    source.full_clean()
    assert source.failure == long


@pytest.mark.django_db
@pytest.mark.parametrize("since", [None, timezone.now()])
def test_a_failing_source_says_why_and_one_that_does_well_says_nothing(since):
    source = factories.SourceFactory()
    assert not Source.objects.get().failure
    for failure in ("", deferred_message("The file is empty.")):
        change = Source.objects.filter(pk=source.pk)
        values = {"failing_since": since, "failures": int(bool(since)), "failure": failure}
        if bool(since) == bool(failure):
            change.update(**values)
        else:
            with pytest.raises(IntegrityError, match="source_failing_says_why"), transaction.atomic():
                change.update(**values)


@pytest.mark.django_db
def test_a_dead_link_says_why():
    row = Preservation.objects.create(
        evidence=factories.EvidenceFactory(), failure=deferred_message("The file is empty.")
    )
    with pytest.raises(IntegrityError, match="preservation_dead_link_says_why"), transaction.atomic():
        Preservation.objects.filter(pk=row.pk).update(dead_since=timezone.now(), failure="")


# --- hostile values, careless code ------------------------------------------------------------------------------------


def test_a_value_is_one_line_of_text_that_can_be_kept():
    sentence = deferred_message("It is not read: %(reason)s", reason="a\0b\r\n\tc\ud800" + "d" * 10_000)
    assert sentence.english.startswith("It is not read: a b c?ddd")
    assert len(sentence.english) == len("It is not read: ") + LONGEST_VALUE
    assert deferred_message("%(a)s", a="%(b)s %d").english == "%(b)s %d"


@pytest.mark.parametrize("value", [None, True, [], {}, b"x", ValueError("x")])
def test_only_plain_values_are_taken(value):
    with pytest.raises(TypeError):
        deferred_message("%(value)s", value=value)


def test_a_row_of_other_code_or_a_wrong_translation_costs_no_page(spanish):
    assert str(DeferredMessage("100% of %(what)s")) == "100% of %(what)s"
    with override("es"):
        assert (
            str(deferred_message("Wrongly translated: %(host)s", host="a.example")) == "Wrongly translated: a.example"
        )


def test_what_is_wrong_with_a_document_comes_out_of_its_own_process():
    with pytest.raises(document_reader.DocumentReaderError) as caught:
        document_reader.read(b"%PDF-1.7 no more", document_reader.DocumentHints(name="a.pdf"), seconds=30)
    assert isinstance(caught.value.sentence, DeferredMessage)
    assert "PDF" in str(caught.value)


# --- in the code ------------------------------------------------------------------------------------------------------

CODE = [
    path
    for folder in ("pledges/watch", "pledges/jobs", "pledges/actions")
    for path in sorted((ROOT / folder).rglob("*.py"))
] + [ROOT / "pledges/jobs/desk_requests.py", ROOT / "pledges/jobs/documents.py"]


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def errors() -> set[str]:
    found, waiting = set(), [UserFacingError]
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        found |= {one.__name__ for one in below}
    return found


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_whatever_goes_wrong_is_said_in_a_sentence_that_is_translated(path):
    """No error with words of its own, no sentence that `make messages` cannot collect or that lacks a value."""
    kinds = errors()
    assert {"FetchError", "SeriesError", "Problem"} <= kinds
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        where = f"{path.name}:{getattr(node, 'lineno', 0)}"
        if called(node) in kinds:
            sentence = node.args[1 if called(node) == "FetchError" else 0]
            assert not isinstance(sentence, ast.Constant | ast.JoinedStr), f"{where}: use deferred_message()"
            assert not (isinstance(sentence, ast.Call) and called(sentence) == "str"), f"{where}: use .sentence"
        if called(node) == "deferred_message":
            template = node.args[0]
            assert isinstance(template, ast.Constant), f"{where}: a template is written where it is said"
            given_ = {each.arg: "x" for each in node.keywords}
            assert template.value % given_ != template.value or not given_, f"{where}: a value that is not said"


def test_every_sentence_is_collected_for_translation():
    said_in_code = {
        node.args[0].value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and called(node) == "deferred_message"
    }
    assert len(said_in_code) > 100
    assert said_in_code <= {message.id for message in template("es")}
