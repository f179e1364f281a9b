"""Publication: all or nothing, in editions that `verify` can prove."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from pledges import models
from pledges.actions import errors, leads, publishing
from pledges.domain.rules import Status
from pledges.queries.search import fulltext
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


def test_an_update_is_published_in_the_next_edition():
    update, editor = factories.UpdateFactory(), factories.EditorFactory(byline="Elena")
    last = models.Edition.objects.count()
    edition = publishing.publish(update, by=editor)
    update.refresh_from_db()
    assert (update.state, update.published_by, update.edition) == ("published", editor, edition)
    assert (edition.number, edition.publisher) == (last + 1, "Elena")
    item = edition.items.get()
    assert (item.action, item.kind, item.key, item.pledge) == ("published", "update", str(update.pk), update.pledge)
    assert publishing.verify() == []


def test_a_pledge_and_its_first_update_are_published_together():
    pledge = factories.PledgeFactory()
    update = factories.UpdateFactory(pledge=pledge)
    edition = publishing.publish(update, pledge.wordings.get(), by=factories.EditorFactory())
    assert sorted(edition.items.values_list("kind", flat=True)) == ["pledge", "update", "wording"]
    assert publishing.verify() == []


def test_every_problem_is_said_at_once_and_nothing_is_written():
    author = factories.EditorFactory()
    update = factories.UpdateFactory(
        author=author, evidence=None, text_en="", text_es="", happened_on=timezone.localdate() + timedelta(days=3)
    )
    editions = models.Edition.objects.count()
    with pytest.raises(errors.Refused) as caught:
        publishing.publish(update, by=author)
    words = " ".join(caught.value.messages)
    for part in ("two pairs of eyes", "at least one piece of evidence", "in the future", "at least one language"):
        assert part in words
    update.refresh_from_db()
    assert update.state == "draft"
    assert models.Edition.objects.count() == editions


def test_the_author_publishes_in_a_newsroom_of_one():
    factories.NewsroomFactory(two_person_rule=False)
    author = factories.EditorFactory()
    publishing.publish(factories.UpdateFactory(author=author), by=author)
    assert publishing.verify() == []


def test_what_is_published_is_not_published_again():
    update = factories.PublishedUpdateFactory()
    with pytest.raises(errors.Refused, match="already published"):
        publishing.publish(update, by=factories.EditorFactory())


def test_a_correction_replaces_what_it_corrects():
    update = factories.PublishedUpdateFactory(status=Status.KEPT)
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    assert draft.evidence.count() == 1
    assert publishing.start_correction(update=update, by=factories.EditorFactory()) == draft
    with pytest.raises(errors.Refused, match="what was wrong"):
        publishing.publish(draft, by=factories.EditorFactory())
    models.Update.objects.filter(pk=draft.pk).update(correction_note_en="It was not.", status=Status.IN_PROGRESS)
    edition = publishing.publish(draft, by=factories.EditorFactory())
    assert edition.items.get().action == "corrected"
    with pytest.raises(errors.Refused, match="correct the correction"):
        publishing.start_correction(update=update, by=factories.EditorFactory())
    assert publishing.verify() == []


def test_submission_and_return():
    update, editor = factories.UpdateFactory(), factories.EditorFactory(byline="Elena")
    publishing.submit_for_review(item=update, by=update.author)
    update.refresh_from_db()
    assert update.state == "review" and update.submitted_at
    with pytest.raises(errors.Refused, match="Only a draft"):
        publishing.submit_for_review(item=update, by=update.author)
    with pytest.raises(errors.Refused, match="what should be changed"):
        publishing.send_back(item=update, by=editor, note="  ")
    publishing.send_back(item=update, by=editor, note="Which day?")
    update.refresh_from_db()
    assert (update.state, update.submitted_at, update.review_note) == ("draft", None, "Elena: Which day?")


def test_nothing_without_evidence_is_submitted():
    update = factories.UpdateFactory(evidence=None)
    with pytest.raises(errors.Refused, match="evidence"):
        publishing.submit_for_review(item=update, by=update.author)


def test_a_discarded_draft_gives_its_lead_back():
    lead = factories.LeadFactory()
    update = leads.accept_lead(lead=lead, by=factories.ReporterFactory())
    publishing.discard_draft(item=update, by=update.author)
    lead.refresh_from_db()
    assert lead.state == "open"
    assert not models.Update.objects.filter(pk=update.pk).exists()


def test_what_is_published_is_not_discarded():
    with pytest.raises(errors.Refused, match="never deleted"):
        publishing.discard_draft(item=factories.PublishedUpdateFactory(), by=factories.SuperuserFactory())


def test_a_new_wording_needs_a_note_and_keeps_the_old_one():
    pledge = factories.PublishedPledgeFactory()
    old = pledge.wordings.get()
    new = publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    assert (new.number, new.title_en, new.state) == (2, old.title_en, "draft")
    assert publishing.start_wording(pledge=pledge, by=factories.EditorFactory()) == new
    with pytest.raises(errors.Refused, match="why the published wording"):
        publishing.publish(new, by=factories.EditorFactory())
    models.Wording.objects.filter(pk=new.pk).update(change_note_en="Clearer.", title_en="Clearer title")
    edition = publishing.publish(new, by=factories.EditorFactory())
    assert [item.action for item in edition.items.all()] == ["corrected"]
    assert pledge.wordings.count() == 2
    assert publishing.verify() == []


def test_a_change_of_reference_data_is_an_edition_and_one_of_a_draft_pledge_is_none():
    topic = factories.TopicFactory()
    editor = factories.EditorFactory()
    assert publishing.record_change(topic, by=editor).items.get().action == "published"
    topic.name_en = "Harbours"
    topic.save()
    assert publishing.record_change(topic, by=editor).items.get().action == "changed"
    assert publishing.record_change(factories.PledgeFactory(), by=editor) is None
    assert publishing.verify() == []


def test_an_indicator_takes_its_new_figures_along():
    observation = factories.ObservationFactory()
    edition = publishing.record_change(observation.indicator, by=factories.EditorFactory())
    observation.refresh_from_db()
    assert observation.edition == edition
    assert publishing.verify() == []


# --- all or nothing


def everything() -> tuple:
    counted = (models.Edition, models.EditionItem, models.Update.pgh_event_model)
    return (*(model.objects.count() for model in counted), models.Update.objects.filter(state="published").count())


def break_edition_items(monkeypatch) -> None:
    def fail(*_args, **_kwargs):
        raise RuntimeError("the items cannot be written")

    monkeypatch.setattr(type(models.EditionItem.objects), "bulk_create", fail)


def break_search(monkeypatch) -> None:
    def fail(_ids):
        raise RuntimeError("the index cannot be written")

    monkeypatch.setattr(fulltext, "index", fail)


def break_audit(_monkeypatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pledges_updateevent ADD CONSTRAINT broken CHECK (state <> 'published') NOT VALID")


@pytest.mark.parametrize("broken", [break_edition_items, break_search, break_audit])
def test_a_write_that_fails_takes_all_others_back(monkeypatch, broken):
    update, editor = factories.UpdateFactory(), factories.EditorFactory()
    before = everything()
    broken(monkeypatch)
    with pytest.raises((RuntimeError, DatabaseError)), transaction.atomic():
        publishing.publish(update, by=editor)
    assert everything() == before


# --- verify


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        ("UPDATE pledges_update SET text_en = 'other' WHERE id = {update}", "update {update} "),
        ("UPDATE pledges_update SET status = 'kept' WHERE id = {update}", "update {update} "),
        ("UPDATE pledges_update SET happened_on = '2020-01-01' WHERE id = {update}", "update {update} "),
        ("UPDATE pledges_update SET edition_id = 1 WHERE id = {update}", "update {update} "),
        ("UPDATE pledges_evidence SET sentence = 'other' WHERE update_id = {update}", "update {update} "),
        ("DELETE FROM pledges_evidence WHERE update_id = {update}", "update {update} "),
        ("UPDATE pledges_wording SET kept_en = 'easier' WHERE id = {wording}", "wording {wording} "),
        ("UPDATE pledges_pledge SET slug = 'other' WHERE id = {pledge}", "pledge {pledge} "),
        ("DELETE FROM pledges_pledge_topics WHERE pledge_id = {pledge}", "pledge {pledge} "),
        ("UPDATE pledges_observation SET value = 1 WHERE id = {observation}", "observation {observation} "),
        ("UPDATE pledges_edition SET published_at = published_at - interval '1 day' WHERE number = 2", "Edition 2 "),
        ("UPDATE pledges_edition SET publisher = 'Somebody' WHERE number = 2", "Edition 2 "),
        ("UPDATE pledges_editionitem SET title = 'other' WHERE edition_id = 2", "Edition 2 "),
        ("DELETE FROM pledges_editionitem WHERE edition_id = 2", "Edition 2 "),
        ("DELETE FROM pledges_edition WHERE number = 2", "Edition 2 is missing"),
        ("UPDATE pledges_capture SET body = 'other' WHERE id = {capture}", "capture {capture} "),
        (
            "DELETE FROM pledges_evidence WHERE update_id = {update}; DELETE FROM pledges_update WHERE id = {update}",
            "update {update} ",
        ),
        (
            "INSERT INTO pledges_editionitem (edition_id, action, kind, key, title, sha256)"
            " VALUES (1, 'published', 'topic', '9', '', repeat('0', 64))",
            "Edition 1 ",
        ),
    ],
)
def test_verify_names_what_was_tampered_with(tampering, words):
    pledge = factories.PublishedPledgeFactory()
    update = factories.UpdateFactory(pledge=pledge)
    capture = factories.CaptureFactory()
    update.evidence.update(capture=capture)
    publishing.publish(update, by=factories.EditorFactory())
    observation = factories.ObservationFactory()
    publishing.record_change(observation.indicator, by=factories.EditorFactory())
    ids = {
        "update": update.pk,
        "wording": pledge.wordings.get().pk,
        "pledge": pledge.pk,
        "observation": observation.pk,
        "capture": capture.pk,
    }
    assert models.Edition.objects.count() == 3
    assert publishing.verify() == []
    with transaction.atomic():
        with connection.cursor() as cursor:  # as the owner, with every trigger and foreign key switched off
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(tampering.format(**ids))
        problems = publishing.verify()
        transaction.set_rollback(True)
    assert any(problem.startswith(words.format(**ids)) for problem in problems), problems


def test_verify_takes_as_many_queries_for_many_updates_as_for_one(django_assert_max_num_queries):
    pledge = factories.PublishedPledgeFactory()
    for day in range(5):
        factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 1, day + 1))
    with django_assert_max_num_queries(30):
        assert publishing.verify() == []


def test_who_changed_a_draft_does_not_publish_it():
    editor = factories.EditorFactory()
    update = factories.UpdateFactory(edited_by=editor)
    with pytest.raises(errors.Refused, match="two pairs of eyes"):
        publishing.publish(update, by=editor)
    publishing.publish(update, by=factories.EditorFactory())


def test_a_new_wording_does_not_inherit_who_changed_the_last():
    changer = factories.EditorFactory()
    pledge = factories.PublishedPledgeFactory()
    draft = publishing.start_wording(pledge=pledge, by=factories.EditorFactory())
    type(draft).objects.filter(pk=draft.pk).update(edited_by=changer, change_note_en="Clearer.")
    publishing.publish(draft, by=factories.EditorFactory())
    assert publishing.start_wording(pledge=pledge, by=changer).edited_by is None
