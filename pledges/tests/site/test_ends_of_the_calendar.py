"""Rows whose days lie at an end of the calendar, and addresses that ask for such days, take no page down.

No form, import or feed makes such rows; somebody with SQL may, and then the newsroom has to mend them at the desk.
"""

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from pledges.tests.support import desk_pages, factories, public_pages
from pledges.tests.support.emptied import empty_caches

pytestmark = [pytest.mark.usefixtures("first_edition"), pytest.mark.django_db]
FIRST, LAST = "0001-01-01", "9999-12-31"
ROWS = {
    FIRST: [
        f"UPDATE pledges_article SET published_at = '{FIRST} 00:00+00'",
        f"UPDATE pledges_pledge SET made_on = '{FIRST}'",
        f"UPDATE pledges_wording SET deadline = '{FIRST}', deadline_precision = 'day'",
        f"UPDATE pledges_update SET happened_on = '{FIRST}'",
        f"UPDATE pledges_evidence SET published_on = '{FIRST}'",
        f"UPDATE pledges_sourcedocument SET published_on = '{FIRST}'",
        f"UPDATE pledges_intake SET published_on = '{FIRST}'",
        f"UPDATE pledges_mandate SET starts_on = '{FIRST}', elected_on = '{FIRST}' WHERE slug = 'noboa-2023'",
        f"UPDATE pledges_observation SET starts_on = '{FIRST}' WHERE id = (SELECT min(id) FROM pledges_observation)",
    ],
    LAST: [
        f"UPDATE pledges_article SET published_at = '{LAST} 23:59+00'",
        f"UPDATE pledges_wording SET deadline = '{LAST}', deadline_precision = 'day'",
        f"UPDATE pledges_candidate SET deadline = '{LAST}', deadline_precision = 'day'",
        f"UPDATE pledges_evidence SET published_on = '{LAST}'",
        f"UPDATE pledges_sourcedocument SET published_on = '{LAST}'",
        f"UPDATE pledges_intake SET published_on = '{LAST}'",
        f"UPDATE pledges_mandate SET ends_on = '{LAST}' WHERE slug = 'noboa-2025'",
        f"UPDATE pledges_lead SET snoozed_until = '{LAST}' WHERE state = 'snoozed'",
        f"UPDATE pledges_newsroom SET closed_on = '{LAST}'",
        f"UPDATE pledges_observation SET ends_on = '{LAST}' WHERE id = (SELECT max(id) FROM pledges_observation)",
    ],
}


@pytest.mark.parametrize("end", ROWS)
def test_rows_at_an_end_of_the_calendar_take_no_page_down(client, end):
    public_pages.make_rows()
    root = factories.SuperuserFactory()
    desk_pages.make_rows(root)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in apps.get_app_config("pledges").get_models():
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        for statement in ROWS[end]:
            cursor.execute(statement)
            assert cursor.rowcount, statement
    empty_caches()
    client.force_login(root)
    for name, address in (desk_pages.addresses(root) | public_pages.addresses("en")).items():
        assert client.get(address).status_code < 500, name


def test_days_at_an_end_of_the_calendar_can_be_asked_for(client):
    public_pages.make_rows()
    client.force_login(factories.SuperuserFactory())
    addresses = public_pages.addresses("en")
    for name, query in (
        ("home", f"?on={FIRST}"),
        ("pledges", f"?on={FIRST}&since=30"),
        ("pledges", f"?since={FIRST}"),
        ("mandate of before", f"?on={FIRST}"),
        ("indicator of several sources", f"?on={FIRST}"),
        ("pledge in progress", f"?on={FIRST}"),
        ("changes", f"?from={FIRST}&to=2024-01-01"),
        ("changes", f"?from={FIRST}&to={LAST}"),
        ("home", f"?on={LAST}"),
    ):
        address = addresses.get(name) or reverse(name)
        assert client.get(address + query).status_code < 500, (name, query)
    for week, status in (("0001-W01", 200), ("9999-W52", 404)):
        assert client.get(f"{addresses['this week']}{week}/").status_code in (status, 404), week
    record = reverse("admin:pledges_record")
    assert client.get(f"{record}?since={FIRST}&until={LAST}").status_code == 200
