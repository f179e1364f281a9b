"""The newsroom's colour and logo: chosen on its form, shown on every page, and nothing that could run is served."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from pledges.models import Edition, Logo, Newsroom
from pledges.models.logo import LARGEST
from pledges.queries.sealed_content import content
from pledges.tests.domain.test_pictures_and_colours import JPEG, PNG
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
ADDRESS = reverse("admin:pledges_newsroom_change", args=[1])


@pytest.fixture
def save(client, django_capture_on_commit_callbacks):
    """`save(accent="#d91023", logo_file=…)`: the newsroom's form, saved by a publisher."""
    newsroom = factories.NewsroomFactory()
    client.force_login(factories.PublisherFactory())

    def post(**changed):
        form = client.get(ADDRESS).context["adminform"].form
        data = {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(ADDRESS, data | changed)

    newsroom.refresh_from_db()
    return post


def picture(body: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="image/png")


def errors(response) -> str:
    assert response.status_code in (200, 422)
    return str(response.context["adminform"].form.errors)


def test_a_colour_is_in_an_edition_and_on_every_page_in_a_style_sheet_of_this_site(client, save):
    before = client.get("/en/")
    assert "/look/" not in before.content.decode()
    assert save(accent=" #D91023").status_code == 302
    assert (Newsroom.get().accent, Edition.objects.count()) == ("#d91023", 1)
    page = client.get("/en/")
    assert '<link rel="stylesheet" href="/look/d91023.css">' in page.content.decode()
    assert page["Content-Security-Policy"] == before["Content-Security-Policy"]
    style = client.get("/look/d91023.css")
    assert style["Content-Type"] == "text/css"
    assert "border-top: .35rem solid #d91023" in style.content.decode()
    assert "immutable" in style["Cache-Control"]


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#0a4f;}body{display:none", "url(//x)"])
def test_what_is_no_colour_is_refused_at_the_field_by_the_address_and_by_the_database(client, save, colour):
    assert "<li>accent" in errors(save(accent=colour))
    assert client.get(f"/look/{colour[1:]}.css").status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Newsroom.objects.update(accent=colour[:7])


def test_a_logo_stands_before_the_name_and_is_served_so_that_nothing_of_it_can_run(client, save):
    assert save(logo_file=picture(PNG)).status_code == 302
    digest = hashlib.sha256(PNG).hexdigest()
    assert content(Newsroom.get())["logo_id"] == digest
    html = client.get("/en/").content.decode()
    assert f'src="/look/{digest}"' in html
    assert 'width="320"' in html
    served = client.get(f"/look/{digest}")
    assert (served.content, served["Content-Type"]) == (PNG, "image/png")
    assert served["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/look/{digest}", headers={"If-None-Match": served["ETag"]}).status_code == 304

    assert "Now: PNG, 320 × 80 pixels." in client.get(ADDRESS).content.decode()
    save(about_en="Another change.")
    assert Newsroom.get().logo_id == digest
    save(without_logo="on")
    assert Newsroom.get().logo is None
    assert "/look/" not in client.get("/en/").content.decode()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<svg onload='alert(1)'/>", "not a PNG, JPEG or WebP picture"),
        (PNG + bytes(LARGEST), "larger than 100 kB"),
        (PNG[:16] + b"\0\0\0\x08\0\0\xff\xff" + PNG[24:], "8 × 65535 pixels"),
        (b"", "The file is empty."),
    ],
)
def test_another_file_is_refused_at_the_field_whatever_its_name_says(save, body, problem):
    assert problem in errors(save(logo_file=picture(body)))
    assert not Logo.objects.exists()


def test_the_database_keeps_a_logo_as_it_is_and_the_application_cannot_change_it(app_role):
    digest = hashlib.sha256(JPEG).hexdigest()
    fields = {"kind": "jpeg", "width": 320, "height": 80, "body": JPEG}
    for wrong in ({"sha256": "0" * 64}, {"kind": "svg"}, {"width": 8}, {"height": 3000}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Logo.objects.create(**{"sha256": digest, **fields} | wrong)
    large = JPEG + bytes(LARGEST)
    with pytest.raises(IntegrityError, match="logo_is_small"), transaction.atomic():
        Logo.objects.create(**fields | {"sha256": hashlib.sha256(large).hexdigest(), "body": large})
    row = Logo.objects.create(sha256=digest, **fields)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Logo.objects.filter(pk=row.pk).update(width=100)


def test_an_edition_that_was_made_without_them_has_the_same_content():
    assert {"accent", "logo_id"}.isdisjoint(content(factories.NewsroomFactory()))
