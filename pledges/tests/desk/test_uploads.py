"""What may be sent: forms, the documents that they are read as, Django's own limits and the proxy's agree."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pledges.desk.documents import forms as document_forms
from pledges.desk.exchange import files
from pledges.desk.exchange.pages import UploadForm
from pledges.desk.reference import look
from pledges.desk.reference.forms import FiguresForm
from pledges.jobs import documents
from pledges.models import Intake
from pledges.watch.sources import documents as sources_documents
from tracker import web_worker

ROOT = Path(settings.BASE_DIR)
PROXY = (ROOT / "Caddyfile").read_text(encoding="utf-8")
MB = 1_000_000
MULTIPART = MB  # for a form's other fields, and what separates them
FORMS = {
    document_forms.IntakeForm: documents.LARGEST,
    UploadForm: files.LARGEST,
    FiguresForm: FiguresForm.largest,
}
PICTURES = {look.NewsroomForm: look.LARGEST}


def most_of_the_proxy(matcher: str = "desk") -> int:
    """The bytes of a request that the proxy passes on, to the desk or to the public site."""
    [(number, unit)] = re.findall(rf"request_body @{matcher} {{\n\s+max_size (\d+)([KM]B)\n", PROXY)
    return int(number) * {"KB": 1000, "MB": MB}[unit]


@pytest.mark.parametrize(("form", "largest"), FORMS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_the_largest_file_of_a_form_passes_the_proxy_and_the_form_says_how_large_it_is(form, largest):
    assert largest + document_forms.LONGEST_TEXT * 4 + MULTIPART <= most_of_the_proxy()
    assert f"up to {largest // MB} MB" in str(form.base_fields["file"].help_text)


def test_every_form_that_takes_a_file_is_among_these():
    """One that is added has its limit held against the proxy's as well."""
    modules = [path for path in (ROOT / "pledges").rglob("*.py") if "tests" not in path.parts]
    fields = sum(len(re.findall(r"forms\.(?:File|Image)Field\(", path.read_text(encoding="utf-8"))) for path in modules)
    assert fields == len(FORMS | PICTURES)


def test_a_picture_says_how_large_it_may_be():
    for form, largest in PICTURES.items():
        assert f"up to {largest // 1000} kB" in str(form.base_fields["logo_file"].help_text)


def test_what_a_form_takes_its_reader_reads():
    assert documents.LARGEST == sources_documents.MOST_BYTES


@pytest.mark.parametrize(
    ("guide", "largest"),
    [("editors.md", documents.LARGEST), ("import.md", files.LARGEST)],
    ids=["editors", "import"],
)
def test_the_guides_say_the_same(guide, largest):
    assert f"up to {largest // MB} MB" in (ROOT / "docs" / guide).read_text(encoding="utf-8")


def test_the_longest_text_that_may_be_pasted_is_let_in_by_django():
    assert document_forms.LONGEST_TEXT * 4 + MULTIPART <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= most_of_the_proxy()


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_said_by_the_form(client, editor, mandate):
    """In a request of more than the 2.5 MB that Django takes unless it is told."""
    where = reverse("admin:pledges_intake_add")
    answer = client.post(where, {"mandate": mandate.pk, "pasted": "ñandú " * (document_forms.LONGEST_TEXT // 4)})
    assert answer.status_code == 422
    assert "too long to be pasted" in " ".join(answer.context["form"].errors["pasted"])
    assert not Intake.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_said_by_the_form(client, editor, mandate):
    where = reverse("admin:pledges_intake_add")
    file = SimpleUploadedFile("large.txt", b"x" * (documents.LARGEST + 1))
    answer = client.post(where, {"mandate": mandate.pk, "file": file})
    assert answer.status_code == 422
    assert "larger than 20 MB" in " ".join(answer.context["form"].errors["file"])


def test_the_proxy_and_the_web_server_take_the_same():
    """Whichever is asked first says 413, with the same page."""
    assert most_of_the_proxy("desk") == web_worker.DESK.bytes
    assert most_of_the_proxy("public") == web_worker.PUBLIC.bytes
    at_the_desk = f"{{\n\t\tpath {web_worker.DESK_PATH}*\n\t\theader Cookie *{web_worker.SESSION_COOKIE}=*\n\t}}"
    assert f"@desk {at_the_desk}" in PROXY and f"@public not {at_the_desk}" in PROXY
    assert settings.SESSION_COOKIE_NAME == web_worker.SESSION_COOKIE


@pytest.mark.django_db
def test_files_are_taken_at_the_desk_alone_from_who_has_a_session(client, editor):
    cookies = client.cookies.output(header="", sep=";")
    desk, public = ("admin:index", "exchange:index"), ("alert", "mcp")
    assert {web_worker.limits_of(reverse(name), cookies) for name in desk} == {web_worker.DESK}
    assert {web_worker.limits_of(reverse(name), cookies) for name in public} == {web_worker.PUBLIC}
    assert {web_worker.limits_of(reverse(name), "csrftoken=x") for name in desk} == {web_worker.PUBLIC}


def test_what_the_proxy_does_not_take_it_says_in_both_languages():
    sizes = [0, 1, 99_999, 999_999, files.LARGEST]
    patterns = re.findall(r"header_regexp Content-Length (\S+)", PROXY)
    for pattern, most in zip(patterns, (most_of_the_proxy("desk"), most_of_the_proxy("public")), strict=True):
        for size in (*sizes, most - 1, most, most + 1, 10 * most, 10**12):
            assert bool(re.search(pattern, str(size))) == (size >= most), size
    page = (ROOT / "static" / "large.html").read_text(encoding="utf-8")
    assert f"The desk takes {most_of_the_proxy() // MB} MB" in page and 'lang="es"' in page
    assert re.findall(r"(?:src|href)=\"([^\"]+)\"", page) == []
    before, _mark, errors = PROXY.partition("handle_errors {")
    assert "error @large 413" in before and "{err.status_code} == 413" in errors
    # Outside of errors, Caddy's file_server answers a POST with 405.
    assert "file_server" not in before and "rewrite * /large.html" in errors
    assert "./static/large.html:/srv/large.html:ro" in (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
