"""Every address of the desk and of accounts, and every action of a list, tried by everybody: as the table has it.

An address that the table does not name fails the test, so whoever adds one says who may use it.
"""

from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from pledges import models
from pledges.accounts import urls
from pledges.tests.support import desk_pages, factories, permission_table

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "desk-accounts.md"
STANDARD = ("changelist", "add", "change", "delete", "history")
SIGNS = "01SREPX"  # from nobody to superuser; whoever stands further right may all that one further left may
CLOSED = {403, 404, 405}
# Which row an address is about, where it is not the first of the model that its path names.
ROWS = {
    "pledges_capture_warc": lambda: models.Capture.objects.first(),
    "pledges_source_searches": lambda: models.Pledge.objects.first(),
    "pledges_notice_follow": lambda: models.Pledge.objects.first(),
    "notice": lambda: models.Notice.objects.create(
        user=factories.ReporterFactory(), kind="lead", key="1", noted_at=timezone.now()
    ),
    "retraction": lambda: models.Retraction.objects.filter(state="draft").first(),
    "account_end_session": lambda: models.User.objects.first(),  # nobody's session
    "mfa_edit_webauthn": lambda: models.User.objects.first(),
    "mfa_remove_webauthn": lambda: models.User.objects.first(),
    "update": lambda: models.Update.objects.filter(state="draft", corrects=None, moved_by=None).first(),
    "wording": lambda: models.Wording.objects.filter(state="draft").first(),
    "user": lambda: factories.ReporterFactory(),
    "group": lambda: Group.objects.get(name="Reporter"),
}


@pytest.fixture
def everybody(first_edition, db):
    """A session of each, in the order of `SIGNS`, beside a row of everything."""
    desk_pages.make_rows(factories.EditorFactory())
    people = [
        factories.UserFactory(is_staff=False),
        factories.UserFactory(),
        factories.ReporterFactory(),
        factories.EditorFactory(),
        factories.PublisherFactory(),
        factories.SuperuserFactory(),
    ]
    sessions = [None]
    for person in people:
        client = Client()
        client.force_login(person)
        sessions.append(client.cookies["sessionid"].value)
    return dict(zip(SIGNS, zip([None, *people], sessions, strict=True), strict=True))


def addresses() -> dict[str, tuple[str, list[str]]]:
    """Every named address as {name: (pattern, its parameters)}."""
    found = {}

    def walk(patterns, prefix, outer):
        for each in patterns:
            here, parameters = prefix + str(each.pattern), [*outer, *each.pattern.regex.groupindex]
            if hasattr(each, "url_patterns"):
                walk(each.url_patterns, here, parameters)
            elif each.name:
                found[each.name] = (here, parameters)

    walk(admin.site.urls[0], "", [])
    walk(urls.urlpatterns, "account/", [])
    return found


def url_of(name: str, pattern: str, parameters: list[str], rows: dict) -> str:
    prefix = "" if pattern.startswith("account/") else "admin:"
    key = pattern.split("/")[1] if pattern.count("/") > 1 else ""
    special = {"app_label": "pledges", "uidb36": "1", "key": "set-password", "url": "x"}
    special |= {"model": "pledge", "path": "en/"}

    def row() -> int:
        which = name if name in ROWS else key
        if which not in rows:
            model = next((each for each in admin.site._registry if each._meta.model_name == key), None)
            found = ROWS[which]() if which in ROWS else model and model._default_manager.first()
            assert found is not None, f"No row for {name}: make one in desk_pages.make_rows, or name it in ROWS."
            rows[which] = found.pk
        return rows[which]

    return reverse(prefix + name, kwargs={each: special.get(each) or row() for each in parameters})


def is_let_in(session: str | None, method: str, url: str) -> bool:
    """Whether an answer is more than a refusal or the way to the login; what it changes is undone."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies["sessionid"] = session
    with transaction.atomic():
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    assert response.status_code < 500, (method, url)
    logins = (reverse("account_login"), reverse("admin:login"))
    return response.status_code not in CLOSED and not (
        response.status_code == 302 and response.url.startswith(logins) and url not in logins and "logout" not in url
    )


def sign(allowed: list[bool]) -> str:
    """The sign of the first who may, if everybody after may as well; else the signs of all who may; "-" is nobody."""
    if not any(allowed):
        return "-"
    signs = "".join(each for each, may in zip(SIGNS, allowed, strict=True) if may)
    return signs[0] if allowed == sorted(allowed) else signs


def lines(text: str) -> dict[str, str]:
    return dict(line.split(maxsplit=1) for line in text.strip().splitlines() if line.strip())


def as_text(found: dict[str, str]) -> str:
    return "\n".join(f"{name:<42} {value}" for name, value in sorted(found.items()))


def test_every_address_opens_to_whom_the_table_says(everybody, monkeypatch):
    # Whom a page opens to is decided before it is written, which is what takes the time.
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    rows, cells = {}, {}
    for name, (pattern, parameters) in addresses().items():
        url = url_of(name, pattern, parameters, rows)
        cells[name] = "".join(
            sign([is_let_in(session, method, url) for _person, session in everybody.values()])
            for method in ("get", "post")
        )
    grid = {
        model._meta.model_name: "  ".join(
            cells.pop(f"{model._meta.app_label}_{model._meta.model_name}_{view}") for view in STANDARD
        )
        for model in admin.site._registry
    }
    found = {name: " ".join(value.split()) for name, value in {**grid, **cells}.items()}
    table = lines(permission_table.MODELS) | lines(permission_table.OTHERS)
    known = {name: " ".join(value.split()) for name, value in table.items()}
    wrong = {name: value for name, value in found.items() if known.get(name) != value}
    assert not wrong, f"Not in the table, or otherwise there:\n{as_text(wrong)}"
    assert not known.keys() - found.keys(), "in the table, but nowhere else"


def test_every_action_of_a_list_is_offered_to_whom_the_table_says(everybody):
    found = {}
    for model, shown in admin.site._registry.items():
        offered = {}
        for who, (person, _session) in everybody.items():
            request = RequestFactory().get("/")
            if person is None:
                continue
            request.user = models.User.objects.get(pk=person.pk)
            for action in shown.get_actions(request):
                offered.setdefault(action, set()).add(who)
        for action, who in offered.items():
            name = f"{model._meta.model_name}.{action}"
            found[name] = sign([each in who for each in SIGNS])
    assert as_text(found) == as_text(lines(permission_table.ACTIONS)), as_text(found)


def test_the_document_shows_this_very_table():
    document = DOCUMENT.read_text(encoding="utf-8")
    for table in (permission_table.MODELS, permission_table.OTHERS, permission_table.ACTIONS):
        assert table.strip() in document, "Copy the tables of permission_table.py into docs/desk-accounts.md."
