"""Withdrawing an update at the desk, and moving it to the pledge it belongs to: begun by one, published by another."""

import html

import pytest
from django.urls import reverse

from pledges.actions import withdrawal as actions
from pledges.jobs.mail import staff_notices
from pledges.models import Update, Withdrawal
from pledges.tests.actions.test_withdrawal import draft_of, withdraw
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def road():
    return factories.PublishedPledgeFactory(wording__title_en="Mend the road", wording__kept_en="The road is mended.")


@pytest.fixture
def kept():
    return factories.PublishedUpdateFactory(
        pledge__wording__title_en="Mend the harbour", status="kept", text_en="The road is laid."
    )


def url(route, row):
    return reverse(f"admin:pledges_{row._meta.model_name}_{route}", args=[row.pk])


def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def test_an_editor_begins_it_and_another_publishes_it(client, editor, kept):
    assert "Withdraw…" in read(client, url("change", kept))
    response = client.post(url("withdraw", kept))
    draft = Withdrawal.objects.get()
    assert response.url == url("change", draft)
    assert "The road is laid." in read(client, response.url)
    seen = draft.updated_at.isoformat()
    client.post(response.url, {"note_en": "", "note_es": "Era otro muelle.", "seen": seen, "_submit": "1"})
    draft.refresh_from_db()
    assert (draft.state, draft.note_es) == ("review", "Era otro muelle.")
    client.post(url("publish", draft), {"seen": draft.updated_at.isoformat()})
    assert not Withdrawal.objects.get().is_published
    other = factories.EditorFactory()
    client.force_login(other)
    assert list(staff_notices.reviews_for(other)) == [draft]
    assert "Withdrawals waiting for your review" in read(client, reverse("admin:index"))
    client.post(url("publish", draft), {"seen": draft.updated_at.isoformat()})
    assert Withdrawal.objects.get().is_published
    page = read(client, url("change", kept))
    assert "This update was withdrawn" in page
    assert "Withdraw…" not in page and "Correct…" not in page and "Move to another pledge…" not in page


def test_the_reason_is_asked_for_at_the_form(client, editor, kept):
    draft = draft_of(kept, note_en="")
    page = read(client, url("change", draft))
    assert "Needed in at least one language." in page
    response = client.post(url("change", draft), {"note_en": "", "note_es": "", "_submit": "1"}, follow=True)
    assert "Say why the update is withdrawn." in html.unescape(response.content.decode())


def test_the_pledges_are_listed_those_of_the_same_topic_first(client, editor, kept, road):
    road.topics.set(kept.pledge.topics.all())
    other = factories.PublishedPledgeFactory(wording__title_en="Build a bridge")
    hidden = factories.PledgeFactory(wording__title_en="Not public")
    page = read(client, url("move", kept))
    assert page.index("Mend the road") < page.index("Build a bridge")
    assert str(hidden) not in page and f'value="{kept.pledge_id}"' not in page
    found = read(client, url("move", kept) + "?q=bridge")
    assert f'value="{other.pk}"' in found and f'value="{road.pk}"' not in found
    assert "No pledge is found by these words." in read(client, url("move", kept) + "?q=xyzzy")


@pytest.mark.parametrize("pledge", ["", "x", "0", "999999999", "99999999999999999999"])
def test_without_a_pledge_it_asks_for_one(client, editor, kept, road, pledge):
    response = client.post(url("move", kept), {"pledge": pledge})
    assert response.status_code == 422
    assert "Choose the pledge to which the update belongs." in response.content.decode()
    assert not Withdrawal.objects.exists()


def test_a_move_is_reviewed_with_both_pledges_and_published_at_once(client, editor, kept, road):
    response = client.post(url("move", kept), {"pledge": road.pk})
    draft = Withdrawal.objects.get()
    moved = Update.objects.get(pledge=road)
    assert (response.url, draft.moved_to) == (url("change", draft), moved)
    assert url("change", moved) in read(client, response.url)
    there = read(client, url("change", moved))
    assert "This repeats an update of “Mend the harbour”" in there
    for button in ('name="pledge"', "_submit", "_publish", "Discard draft"):
        assert button not in there
    Withdrawal.objects.update(note_en="It was the road.")
    client.force_login(factories.EditorFactory())
    preview = read(client, url("preview", draft))
    for words in ("What is withdrawn", "<del>The road is laid.</del>", "It was the road.", "Moved to “Mend the road”"):
        assert words in preview
    page = read(client, url("preview_page", draft))
    assert "was withdrawn in edition" in page and "Not yet rated" in page
    assert client.get(url("preview_strips", draft)).status_code == 200
    draft.refresh_from_db()
    client.post(url("publish", draft), {"seen": draft.updated_at.isoformat()})
    moved.refresh_from_db()
    draft.refresh_from_db()
    assert moved.is_published and draft.edition_id == moved.edition_id


def test_a_draft_there_that_was_changed_meanwhile_is_looked_at_again(client, editor, kept, road):
    draft = draft_of(kept, to=road)
    seen = draft.updated_at.isoformat()
    moved = draft.moved_to
    data = {"happened_on": "2024-07-01", "happened_precision": "day", "status": "kept", "text_en": "Laid on Monday."}
    piece = moved.evidence.get()
    data |= {"evidence-TOTAL_FORMS": 1, "evidence-INITIAL_FORMS": 1, "evidence-0-id": piece.pk}
    data |= {"evidence-0-update": moved.pk, "evidence-0-url": piece.url, "evidence-0-publisher": piece.publisher}
    data |= {
        "evidence-0-title": piece.title,
        "evidence-0-sentence": piece.sentence,
        "seen": moved.updated_at.isoformat(),
    }
    client.post(url("change", moved), data)
    moved.refresh_from_db()
    assert moved.text_en == "Laid on Monday."
    client.force_login(factories.EditorFactory())
    response = client.post(url("publish", draft), {"seen": seen})
    assert "#changed" in response.url
    draft.refresh_from_db()
    assert not draft.is_published


def test_a_withdrawal_that_is_discarded_leaves_nothing(client, editor, kept, road):
    draft = actions.start_withdrawal(update=kept, by=editor, to=road)
    assert client.get(url("delete", draft.moved_to)).status_code == 403
    client.post(url("delete", draft), {"post": "yes"})
    assert (Withdrawal.objects.count(), Update.objects.filter(pledge=road).count()) == (0, 0)


@pytest.mark.parametrize(("who", "status"), [("Reporter", 403), ("Editor", 302), ("Publisher", 302)])
def test_who_may_begin_one(client, kept, road, who, status):
    client.force_login(factories.UserFactory(group=who))
    assert ("Withdraw…" in read(client, url("change", kept))) == (status == 302)
    assert client.post(url("withdraw", kept)).status_code == status
    assert client.post(url("move", kept), {"pledge": road.pk}).status_code == status
    assert client.get(url("move", kept)).status_code == (200 if status == 302 else 403)
    assert Withdrawal.objects.exists() == (status == 302)


def test_what_cannot_be_withdrawn_says_why(client, editor, kept):
    withdraw(kept)
    response = client.post(url("withdraw", kept), follow=True)
    assert "This update was withdrawn already." in html.unescape(response.content.decode())
    assert client.post(reverse("admin:pledges_update_withdraw", args=[999999])).status_code == 302
