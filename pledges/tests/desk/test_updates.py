"""Updates at the desk: written, submitted, sent back, published by somebody else, corrected; nothing typed is lost."""

import pytest
from django.urls import reverse

from pledges.actions import leads, publishing
from pledges.desk.writing.updates import UpdateAdmin
from pledges.models import Evidence, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
ADD = reverse("admin:pledges_update_add")
LIST = reverse("admin:pledges_update_changelist")


def page(update: Update) -> str:
    return reverse("admin:pledges_update_change", args=[update.pk])


def typed(update: Update | None = None, *, evidence: bool = True, **changes) -> dict:
    """What the browser sends of the form as it stands, with changes."""
    pieces = list(update.evidence.all()) if update else []
    data = {
        "pledge": update.pledge_id if update else "",
        "happened_on": update.happened_on if update else "2024-07-01",
        "happened_precision": "day",
        "status": update.status if update else "in_progress",
        "failure_reason": "",
        **{f"{name}_{code}": "" for name in ("reason_detail", "text") for code in ("en", "es")},
        "text_en": update.text_en if update else "Work began.",
        "text_es": update.text_es if update else "",
        "evidence-TOTAL_FORMS": len(pieces) + 1,
        "evidence-INITIAL_FORMS": len(pieces),
        "evidence-MIN_NUM_FORMS": 0,
        "evidence-MAX_NUM_FORMS": 1000,
    }
    for number, piece in enumerate(pieces):
        names = ("id", "url", "publisher", "title", "published_on", "language", "sentence")
        data |= {f"evidence-{number}-{name}": getattr(piece, name) or "" for name in names}
        data |= {f"evidence-{number}-update": update.pk}
    if evidence and not pieces:
        data |= {"evidence-0-url": "https://daily.example/1", "evidence-0-publisher": "Daily"}
    if update:
        data["seen"] = update.updated_at.isoformat()
    return data | changes


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_reporter_writes_and_submits(client, reporter):
    pledge = factories.PublishedPledgeFactory()
    client.post(ADD, typed(pledge=pledge.pk) | {"_submit": "1"})
    update = Update.objects.get()
    assert (update.author, update.state, update.evidence.count()) == (reporter, "review", 1)


def test_the_pledge_stands_beside_its_new_update(client, reporter):
    pledge = factories.PublishedPledgeFactory(wording__kept_en="The prison holds people.")
    html = client.get(f"{ADD}?pledge={pledge.pk}").content.decode()
    assert "The prison holds people." in html
    assert client.get(f"{ADD}?pledge=x").status_code == 200


def test_an_editor_publishes_what_another_wrote(client, editor):
    update = factories.UpdateFactory()
    publishing.submit_for_review(item=update, by=update.author)
    update.refresh_from_db()
    response = client.post(page(update), typed(update) | {"_publish": "1"}, follow=True)
    update.refresh_from_db()
    assert (update.state, update.published_by, update.edited_by) == ("published", editor, None)
    assert f"Published in edition {update.edition_id}." in messages(response)
    assert publishing.verify() == []


@pytest.mark.parametrize("change", [{"text_en": "Rewritten."}, {"evidence-0-publisher": "Another daily"}])
def test_who_rewrites_a_draft_does_not_publish_it(client, editor, change):
    update = factories.UpdateFactory(state="review")
    response = client.post(page(update), typed(update) | change | {"_publish": "1"}, follow=True)
    assert "somebody else has to publish it" in messages(response)
    update.refresh_from_db()
    assert (update.state, update.edited_by) == ("review", editor)
    client.post(page(update), typed(update) | change | {"_publish": "1"})  # nor with a second click
    update.refresh_from_db()
    assert update.state == "review"


def test_the_author_who_takes_over_what_a_reviewer_wrote_does_not_free_the_reviewer(client, editor):
    update = factories.UpdateFactory(author=factories.ReporterFactory())
    client.post(page(update), typed(update, text_en="Rewritten.") | {"_continue": "1"})
    update.refresh_from_db()
    client.force_login(update.author)
    client.post(page(update), typed(update) | {"_submit": "1"})
    client.force_login(editor)
    update.refresh_from_db()
    client.post(page(update), typed(update) | {"_publish": "1"})
    update.refresh_from_db()
    assert (update.state, update.text_en) == ("review", "Rewritten.")


def test_line_ends_of_the_browser_are_no_change(client, editor):
    update = factories.UpdateFactory(text_en="One.\nTwo.")
    client.post(page(update), typed(update, text_en="One.\r\nTwo.") | {"_publish": "1"})
    update.refresh_from_db()
    assert update.is_published


def test_the_author_is_told_why_not_and_keeps_what_was_typed(client, editor):
    update = factories.UpdateFactory(author=editor)
    response = client.post(page(update), typed(update, text_en="New words.") | {"_publish": "1"}, follow=True)
    update.refresh_from_db()
    assert (update.state, update.text_en) == ("draft", "New words.")
    assert "somebody else has to publish it (two pairs of eyes)" in messages(response)


def test_without_evidence_the_draft_is_saved_and_the_rest_refused(client, reporter):
    pledge = factories.PublishedPledgeFactory()
    response = client.post(ADD, typed(pledge=pledge.pk, evidence=False) | {"_submit": "1"}, follow=True)
    update = Update.objects.get()
    assert (update.state, update.text_en) == ("draft", "Work began.")
    assert "Add at least one piece of evidence" in messages(response)
    assert "saved as the draft" in messages(response)


def test_what_only_the_database_refuses_is_explained(client, editor, monkeypatch):
    update = factories.UpdateFactory(author=editor)
    monkeypatch.setattr("pledges.actions.publishing.publication_problems", lambda *_args, **_kwargs: [])
    response = client.post(page(update), typed(update, text_en="New words.") | {"_publish": "1"}, follow=True)
    update.refresh_from_db()
    assert (update.state, update.text_en) == ("draft", "New words.")
    assert "Two pairs of eyes" in messages(response)


def test_a_reporter_cannot_publish_or_send_back(client, reporter):
    update = factories.UpdateFactory(author=reporter)
    assert "_publish" not in client.get(page(update)).content.decode()
    for button in ("_publish", "_send_back"):
        assert client.post(page(update), typed(update, text_en="New.") | {button: "1"}).status_code == 403
    update.refresh_from_db()
    assert (update.state, update.text_en) == ("draft", "Work began.")


def test_a_reporter_edits_only_own_drafts(client, reporter):
    others, waiting = factories.UpdateFactory(), factories.UpdateFactory(author=reporter)
    publishing.submit_for_review(item=waiting, by=reporter)
    for update in (others, waiting):
        assert 'name="_continue"' not in client.get(page(update)).content.decode()
        assert client.post(page(update), typed(update, text_en="New.") | {"_continue": "1"}).status_code == 403
        assert client.post(reverse("admin:pledges_update_delete", args=[update.pk]), {"post": "yes"}).status_code == 403
    assert Update.objects.filter(text_en="Work began.").count() == 2


def test_sending_back_with_a_note(client, editor):
    update = factories.UpdateFactory()
    publishing.submit_for_review(item=update, by=update.author)
    update.refresh_from_db()
    data = typed(update) | {"_send_back": "1"}
    assert "Say what should be changed." in messages(client.post(page(update), data, follow=True))
    update.refresh_from_db()
    data["seen"] = update.updated_at.isoformat()
    client.post(page(update), data | {"review_note": "Which <day>?"})
    update.refresh_from_db()
    assert (update.state, update.review_note) == ("draft", "Elena: Which <day>?")
    client.force_login(update.author)
    assert "Elena: Which &lt;day&gt;?" in client.get(page(update)).content.decode()


def test_discarding_opens_the_lead_again(client, reporter):
    lead = factories.LeadFactory()
    update = leads.accept_lead(lead=lead, by=reporter)
    client.post(reverse("admin:pledges_update_delete", args=[update.pk]), {"post": "yes"})
    lead.refresh_from_db()
    assert lead.state == "open"
    assert not Update.objects.exists()


def test_a_published_update_is_read_only_and_whole(client, editor):
    update = factories.PublishedUpdateFactory(text_en="It opened.")
    html = client.get(page(update)).content.decode()
    for part in ("It opened.", update.evidence.get().url, f"/admin/pledges/edition/{update.edition_id}/", "Correct…"):
        assert part in html, part
    assert 'name="text_en"' not in html
    assert 'name="_publish"' not in html


def test_who_saves_after_the_publication_is_told(client, reporter):
    update = factories.UpdateFactory(author=reporter)
    data = typed(update, text_en="Late words.")
    publishing.publish(update, by=factories.EditorFactory(byline="Elena"))
    response = client.post(page(update), data | {"_continue": "1"}, follow=True)
    assert "Elena has published this in edition" in messages(response)
    update.refresh_from_db()
    assert update.text_en == "Work began."


def test_who_publishes_at_the_same_moment_as_another_is_told(client, editor, monkeypatch):
    update = factories.UpdateFactory()
    data = typed(update)
    real = UpdateAdmin.get_object

    def and_meanwhile(self, *args):
        monkeypatch.setattr(UpdateAdmin, "get_object", real)
        seen = real(self, *args)
        publishing.publish(update, by=factories.EditorFactory(byline="Elvira"))
        return seen

    monkeypatch.setattr(UpdateAdmin, "get_object", and_meanwhile)
    response = client.post(page(update), data | {"_publish": "1"}, follow=True)
    assert "Elvira has published this in edition" in messages(response)


def test_who_saves_over_another_is_warned_once(client, editor):
    update = factories.UpdateFactory()
    data = typed(update, text_en="Mine.") | {"_continue": "1"}
    Update.objects.get(pk=update.pk).save()
    response = client.post(page(update), data)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Somebody else has saved this" in html
    assert "Mine." in html
    update.refresh_from_db()
    assert update.text_en == "Work began."
    assert f'name="seen" value="{update.updated_at.isoformat()}"' in html
    client.post(page(update), data | {"seen": update.updated_at.isoformat()})
    update.refresh_from_db()
    assert update.text_en == "Mine."


def test_correcting(client, editor):
    update = factories.PublishedUpdateFactory(status="kept")
    correct = reverse("admin:pledges_update_correct", args=[update.pk])
    assert client.get(correct).status_code == 405
    response = client.post(correct, follow=True)
    draft = Update.objects.get(corrects=update)
    assert response.redirect_chain[-1][0] == page(draft)
    assert 'name="correction_note_en"' in response.content.decode()
    client.post(
        page(draft),
        typed(draft, status="in_progress", correction_note_en="Not yet.", correction_note_es="") | {"_submit": "1"},
    )
    draft.refresh_from_db()
    assert (draft.state, draft.correction_note_en, draft.pledge) == ("review", "Not yet.", update.pledge)
    client.force_login(factories.ReporterFactory())
    assert client.post(correct).status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"failure_reason": "lapsed"}, "Say why it failed"),
        ({"happened_on": "2999-01-01"}, "its day is in the future"),
        ({"evidence-0-url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"evidence-0-url": "ftp://daily.example/1"}, "must begin with http"),
        ({"pledge": "0"}, "not one of the choices"),
    ],
)
def test_a_form_that_is_wrong_says_where(client, reporter, change, words):
    pledge = factories.PublishedPledgeFactory()
    response = client.post(ADD, typed(pledge=pledge.pk) | change | {"_continue": "1"})
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Update.objects.exists()


def test_the_language_left_empty_is_marked(client, reporter):
    update = factories.UpdateFactory(author=reporter, text_es="")
    html = client.get(page(update)).content.decode()
    assert "readers of Spanish see the English" in html
    assert "readers of English see the Spanish" not in html
    assert 'lang="es"' in html


def test_the_list_in_a_fixed_number_of_queries(client, editor, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    factories.UpdateFactory()
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _number in range(5):
        factories.UpdateFactory()
    with django_assert_num_queries(len(one)):
        response = client.get(LIST)
    assert len(response.context["cl"].result_list) == 6


def test_the_list_by_state(client, editor):
    factories.PublishedUpdateFactory()
    draft = factories.UpdateFactory()
    response = client.get(LIST, {"state": "draft"})
    assert list(response.context["cl"].result_list) == [draft]


def test_a_superuser_cannot_delete_what_is_published(client):
    client.force_login(factories.SuperuserFactory())
    update = factories.PublishedUpdateFactory()
    url = reverse("admin:pledges_update_delete", args=[update.pk])
    response = client.post(url, {"post": "yes"}, follow=True)
    assert "never deleted" in messages(response)
    assert Evidence.objects.filter(update=update).exists()
