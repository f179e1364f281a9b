"""Every address of the URL configuration, and every action of a list, tried by everybody with every method.

An address that the table does not name fails the test, so whoever adds one says who may use it.
"""

import logging
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from pledges import models
from pledges.tests.support import desk_pages, every_address, factories, permission_table
from pledges.tests.support.rows_written import rows_written

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "desk-accounts.md"
STANDARD = ("changelist", "add", "change", "delete", "history")
SIGNS = "01SREPX"  # from nobody to superuser; whoever stands further right may all that one further left may
CLOSED = {403, 404, 405}
OTHER_METHODS = ("head", "put", "patch", "delete", "options")
METHODS = ("get", "post", *OTHER_METHODS)
# Noted about a session whatever it asks for.
OF_SESSIONS = {"django_session", "usersessions_usersession", "pledges_user"}


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


def of_the_desk() -> dict[str, str]:
    """The path of every address of the desk and of accounts, by its name in the table."""
    rows: dict[str, int] = {}
    desk = [address for address in every_address.walk() if address.is_of_the_desk]
    return {address.name.removeprefix("admin:"): every_address.path_of(address, rows) for address in desk}


def of_the_public() -> dict[str, str]:
    """The path of every other address, by its name in the table."""
    public = [address for address in every_address.walk() if not address.is_of_the_desk]
    return {address.name: every_address.path_of(address, {}) for address in public}


def ask(session: str | None, method: str, url: str) -> HttpResponse:
    """The answer; what it changes is undone."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies["sessionid"] = session
    with transaction.atomic():
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    assert response.status_code < 500 or response.status_code == 503, (method, url)
    return response


def written() -> dict[str, int]:
    """How many rows of each table this transaction wrote so far, but for those of sessions."""
    return {table: rows for table, rows in rows_written().items() if table not in OF_SESSIONS}


def is_let_in(response: HttpResponse, url: str) -> bool:
    """Whether an answer is more than a refusal or the way to the login."""
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


@pytest.fixture
def unwritten(monkeypatch):
    """Whom a page opens to is decided before it is written, which is what takes the time; so does a log of refusals."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


def test_every_desk_address_opens_to_whom_the_table_says(everybody, unwritten):
    cells = {}
    for name, url in of_the_desk().items():
        cells[name] = "".join(
            sign([is_let_in(ask(session, method, url), url) for _person, session in everybody.values()])
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


def test_every_desk_address_opens_by_no_other_method_to_more_and_writes_no_more_than_by_get(everybody, unwritten):
    """HEAD, PUT, PATCH, DELETE and OPTIONS, by everybody."""
    wrong = []
    for name, url in of_the_desk().items():
        start = written()
        for _person, session in everybody.values():
            ask(session, "get", url)
        after_get = written()
        for who, (_person, session) in everybody.items():
            answers = {method: ask(session, method, url) for method in OTHER_METHODS}
            if "Allow" in answers["options"]:  # names the methods of a page, and shows nothing of it
                del answers["options"]
            let_in = [method for method, answer in answers.items() if is_let_in(answer, url)]
            if let_in and who not in opened_to(name):
                wrong.append((name, who, let_in))
        more = {table for table, rows in written().items() if rows != after_get.get(table)}
        if more := more - {table for table, rows in after_get.items() if rows != start.get(table)}:
            wrong.append((name, "writes to", more))
    assert not wrong


def opened_to(name: str) -> str:
    """The signs of all who may open an address of the desk by GET or POST, as the table has it."""
    cell = (lines(permission_table.MODELS) | lines(permission_table.OTHERS)).get(name)
    if cell is None:  # one of Django's five pages of a model
        model, view = name.partition("_")[2].rsplit("_", 1)
        cell = lines(permission_table.MODELS)[model].split()[STANDARD.index(view)]
    if len(cell) > 2:  # the login: whoever is logged in is led on
        return SIGNS
    return "".join({SIGNS[SIGNS.index(each) :] for each in cell if each != "-"})


def test_the_public_addresses_open_by_the_methods_of_the_table_and_to_everybody_alike(everybody, unwritten, settings):
    """To nobody and to a superuser, who are enough: these pages ask for no role."""
    settings.API_REQUESTS_PER_MINUTE = 0  # fewer than are sent here
    sessions = [everybody[who][1] for who in "0X"]
    found, differ, before = {}, [], written()
    for name, url in of_the_public().items():
        statuses = {method: [ask(session, method, url).status_code for session in sessions] for method in METHODS}
        differ += [(name, method, each) for method, each in statuses.items() if len(set(each)) > 1]
        found[name] = " ".join(method.upper() for method, each in statuses.items() if each[0] != 405)
    assert not differ
    assert written() == before
    known = lines(permission_table.PUBLIC)
    assert {name: value for name, value in found.items() if known.get(name) != value} == {}


def test_every_address_is_in_the_table_whoever_added_it():
    every = {address.name for address in every_address.walk()}
    public = set(lines(permission_table.PUBLIC))
    others = set(lines(permission_table.OTHERS))
    models_of = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    grid = {f"{name}_{view}" for name in models_of for view in STANDARD}
    known = public | {f"admin:{name}" for name in others | grid} | others
    assert every <= known, f"Not in the table: {sorted(every - known)}"
    assert public <= every, f"In the table, but nowhere else: {sorted(public - every)}"


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
