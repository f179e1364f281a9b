"""At the desk: a button on the public pledge's page, a form with the present values, review, publication."""

import html
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pledges.actions import pledge_corrections, publishing
from pledges.jobs.mail import staff_notices
from pledges.models import Pledge, PledgeCorrection
from pledges.queries import pulse
from pledges.tests.desk.exchange.test_desk import as_csv, errors, pledge_row, upload
from pledges.tests.desk.test_pledges import frame, page, words
from pledges.tests.desk.test_review import at, messages, seen
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge():
    return factories.PublishedPledgeFactory(slug="harbor", made_on=date(2023, 12, 5))


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def begin(client, pledge) -> PledgeCorrection:
    response = client.post(reverse("admin:pledges_pledge_correct", args=[pledge.pk]), follow=True)
    assert response.status_code == 200
    return PledgeCorrection.objects.exclude(state="published").get(pledge=pledge)


def typed(draft, **values) -> dict:
    names = ("slug", "mandate_id", "made_on", "made_on_precision", "note_en", "note_es")
    return {name.removesuffix("_id"): getattr(draft, name) for name in names} | values


def test_a_day_is_corrected_from_the_pledge_to_the_log(client, editor, pledge):
    assert "Correct the day, mandate or address…" in text_of(client.get(page(pledge)))
    draft = begin(client, pledge)
    form = text_of(client.get(page(draft)))
    assert 'value="harbor"' in form
    assert "2023" in form
    response = client.post(
        page(draft), typed(draft, made_on="2023-11-30", note_es="Día mal copiado.") | {"_submit": "1"}
    )
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.state == "review"
    client.force_login(factories.EditorFactory())
    assert "?waits=me" in text_of(client.get(reverse("admin:index")))
    review = text_of(client.get(at(draft)))
    assert review.index("<del>5 December 2023</del>") < review.index("<ins>30 November 2023</ins>")
    assert review.index("<ins>30 November 2023</ins>") < review.index(">Status<")
    assert "30 November 2023" in text_of(client.get(at(draft, "preview_page")))
    response = client.post(at(draft, "publish"), seen(draft), follow=True)
    assert "Published in edition 2." in messages(response)
    assert Pledge.objects.get(pk=pledge.pk).made_on == date(2023, 11, 30)
    pulse.refresh()
    assert "Día mal copiado." in text_of(client.get(reverse("corrections")))
    history = text_of(client.get(reverse("admin:pledges_pledge_history", args=[pledge.pk])))
    assert "<del>5 December 2023</del>" in history


def test_it_is_begun_once_and_gone_on_with(client, editor, pledge):
    assert begin(client, pledge) == begin(client, pledge)
    assert "Open the correction of the day, mandate or address" in text_of(client.get(page(pledge)))


def test_what_cannot_be_is_said_at_its_field_with_what_there_is(client, editor, pledge):
    factories.PublishedUpdateFactory(pledge=pledge)
    factories.PledgeFactory(slug="bridge")
    draft = begin(client, pledge)
    response = client.post(page(draft), typed(draft, made_on="2024-07-02", slug="bridge") | {"_continue": "1"})
    assert response.status_code == 200
    found = response.context["adminform"].form.errors
    assert "Another pledge has this address, or had it once." in found["slug"][0]
    assert "The source document is of 5 December 2023" in found["made_on"][0]
    assert "happened before this day: 1 July 2024." in found["made_on"][1]
    draft.refresh_from_db()
    assert draft.slug == "harbor"


@pytest.mark.parametrize("value", ["", "a b", "x" * 81, "\x00"])
def test_an_address_that_is_none_is_an_error_of_the_form(client, editor, pledge, value):
    draft = begin(client, pledge)
    response = client.post(page(draft), typed(draft, slug=value) | {"_publish": "1"})
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["slug"]


def test_without_a_reason_it_stays_a_draft_and_says_what_is_missing(client, editor, pledge):
    draft = begin(client, pledge)
    response = client.post(page(draft), typed(draft, slug="harbour") | {"_submit": "1"}, follow=True)
    assert "Say what was wrong, in at least one language." in messages(response)
    draft.refresh_from_db()
    assert (draft.state, draft.slug) == ("draft", "harbour")


def test_a_draft_is_discarded_and_leaves_nothing(client, editor, pledge):
    draft = begin(client, pledge)
    client.post(at(draft, "comment"), {"text": "Which day?"})
    client.post(reverse("admin:pledges_pledgecorrection_delete", args=[draft.pk]), {"post": "yes"})
    assert not PledgeCorrection.objects.exists()


def test_who_may_publish_it_is_told_that_it_waits(pledge):
    draft = pledge_corrections.start_pledge_correction(pledge=pledge, by=factories.EditorFactory())
    draft.slug, draft.note_en = "harbour", "Mistyped."
    draft.save()
    publishing.submit_for_review(item=draft, by=draft.author)
    assert list(staff_notices.reviews_for(factories.EditorFactory())) == [draft]
    assert list(staff_notices.reviews_for(draft.author)) == []
    assert list(staff_notices.reviews_for(factories.ReporterFactory())) == []


def test_the_list_in_a_fixed_number_of_queries(client, editor, django_assert_num_queries):
    def add():
        one = factories.PublishedPledgeFactory()
        draft = pledge_corrections.start_pledge_correction(pledge=one, by=factories.EditorFactory())
        PledgeCorrection.objects.filter(pk=draft.pk).update(mandate=factories.MandateFactory(), slug=f"{one.slug}-x")

    url = reverse("admin:pledges_pledgecorrection_changelist")
    add()
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        assert client.get(url).status_code == 200
    for _ in range(4):
        add()
    with django_assert_num_queries(len(one)):
        assert client.get(url).status_code == 200


def test_a_reporter_sees_it_and_changes_nothing(client, reporter, pledge):
    assert "Correct the day" not in text_of(client.get(page(pledge)))
    assert client.post(reverse("admin:pledges_pledge_correct", args=[pledge.pk])).status_code == 403


def test_a_new_pledge_does_not_get_an_address_that_another_had(client, editor, pledge):
    draft = begin(client, pledge)
    client.post(page(draft), typed(draft, slug="harbour", note_en="Mistyped.") | {"_continue": "1"})
    draft.refresh_from_db()
    publishing.publish(draft, by=factories.EditorFactory())
    other = factories.PledgeFactory(wording=None)
    data = frame(other, slug="harbor") | {
        "wordings-TOTAL_FORMS": "1",
        "wordings-INITIAL_FORMS": "0",
        **{f"wordings-0-{name}": value for name, value in words().items()},
    }
    response = client.post(reverse("admin:pledges_pledge_add"), data)
    [error] = response.context["adminform"].form.errors["slug"]
    assert error == "The address “harbor” is taken. This one is free: harbor-2"
    said = errors(upload(client, "pledges", as_csv([pledge_row(slug="harbor")])))
    assert any("or had it once" in str(each) for each in said)


def test_it_is_found_at_the_desk_by_the_address_that_it_had(client, editor, pledge):
    draft = begin(client, pledge)
    client.post(page(draft), typed(draft, slug="seaport", note_en="Mistyped.") | {"_continue": "1"})
    draft.refresh_from_db()
    publishing.publish(draft, by=factories.EditorFactory())
    update = factories.UpdateFactory(pledge=Pledge.objects.get(pk=pledge.pk))
    for name, row in (("pledge", pledge), ("update", update)):
        found = client.get(reverse(f"admin:pledges_{name}_changelist"), {"q": "harbor"}).context["cl"].result_list
        assert [each.pk for each in found] == [row.pk]


def test_an_import_does_not_correct_a_public_pledge(client, editor, pledge):
    said = errors(upload(client, "pledges", as_csv([pledge_row(slug="harbor", made_on="2023-11-30")])))
    assert any("An import does not correct the mandate or day" in str(each) for each in said)
