"""Review days as a calendar with a secret address, for those who may see pledges at the desk, and no longer."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.utils import timezone
from icalendar import Calendar

from pledges.accounts import calendar_address
from pledges.actions import publishing
from pledges.models import Pledge
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour():
    pledge = factories.PublishedPledgeFactory(
        slug="harbour", wording__title_en="Mend the harbour", wording__title_es="Reparar el puerto"
    )
    Pledge.objects.filter(pk=pledge.pk).update(reviewed_on=date(2026, 1, 31), review_interval_days=30)
    return pledge


def path_of(person):
    return f"/admin/review-days/{calendar_address.token_of(person)}.ics"


def test_it_has_the_day_on_which_each_public_pledge_is_due_without_logging_in(harbour, client):
    factories.PledgeFactory(wording__title_en="Secret")
    response = client.get(path_of(factories.ReporterFactory()))
    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")
    assert "private" in response["Cache-Control"]
    [event] = Calendar.from_ical(response.content).events
    assert (event["SUMMARY"], event["DTSTART"].dt) == ("Look again: Mend the harbour", date(2026, 3, 2))
    assert event["URL"] == f"http://testserver/admin/pledges/pledge/{harbour.pk}/change/"
    assert event["UID"] == f"review-{harbour.pk}@testserver"
    etag = response["ETag"]
    again = client.get(response.wsgi_request.path, headers={"If-None-Match": etag})
    assert again.status_code == 304


def test_a_changed_interval_a_review_and_a_new_title_are_later_versions(harbour, client):
    path = path_of(factories.ReporterFactory())

    def event():
        [event] = Calendar.from_ical(client.get(path).content).events
        return event

    def change_interval():
        harbour.refresh_from_db()
        harbour.review_interval_days = 60
        harbour.save()

    def review():
        Pledge.objects.filter(pk=harbour.pk).update(reviewed_on=date(2026, 2, 1))

    def reword():
        draft = publishing.start_wording(pledge=harbour, by=factories.ReporterFactory())
        draft.title_en, draft.change_note_en = "Mend the port", "Its name."
        draft.save()
        publishing.publish(draft, by=factories.EditorFactory())

    before, now = event(), timezone.now()
    for minutes, change in enumerate((change_interval, review, reword), start=1):
        with mock.patch.object(timezone, "now", lambda minutes=minutes: now + timedelta(minutes=minutes)):
            change()
            after = event()
        assert (after["DTSTART"].dt, after["SUMMARY"]) != (before["DTSTART"].dt, before["SUMMARY"])
        assert after["SEQUENCE"] > before["SEQUENCE"]
        before = after
    assert (before["DTSTART"].dt, before["SUMMARY"]) == (date(2026, 4, 2), "Look again: Mend the port")
    assert before["SEQUENCE"] < 2**31


def test_it_is_in_the_persons_language_and_its_address_on_the_page_of_their_account(harbour, client):
    editor = factories.EditorFactory(language="es")
    client.force_login(editor)
    page = client.get("/admin/account/").content.decode()
    assert f"http://testserver{path_of(editor)}" in page
    [event] = Calendar.from_ical(client.get(path_of(editor)).content).events
    assert "Reparar el puerto" in event["SUMMARY"]
    client.force_login(factories.UserFactory())  # at the desk, but in no group
    assert "/admin/review-days/" not in client.get("/admin/account/").content.decode()


def test_it_ends_with_the_password_the_account_and_the_permission(harbour, client, settings):
    editor = factories.EditorFactory()
    path = path_of(editor)
    assert client.get(path).status_code == 200
    for changes in ({"is_active": False}, {"is_staff": False}, {"password": "pbkdf2$other"}):
        before = {name: getattr(editor, name) for name in changes}
        type(editor).objects.filter(pk=editor.pk).update(**changes)
        assert client.get(path).status_code == 404, changes
        type(editor).objects.filter(pk=editor.pk).update(**before)
    settings.REQUIRE_TWO_FACTORS = True
    assert client.get(path).status_code == 404
    settings.REQUIRE_TWO_FACTORS = False
    assert client.get(path).status_code == 200
    editor.groups.clear()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "a:b:c", "W10", "é", "x" * 5000, "[1]:no"])
def test_no_other_token_opens_it(harbour, client, token):
    factories.EditorFactory()
    assert client.get(f"/admin/review-days/{token}.ics").status_code == 404


def test_it_costs_the_same_with_many_pledges(harbour, client, django_assert_num_queries):
    path = path_of(factories.EditorFactory())
    for _more in range(3):
        client.get(path)
        factories.PublishedPledgeFactory()
        with django_assert_num_queries(6):
            assert client.get(path).status_code == 200
