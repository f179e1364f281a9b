"""The rules of withdrawals hold against any SQL that the application's own database role can run."""

import pytest
from django.db import DatabaseError, connection, transaction

from pledges.actions import publishing
from pledges.actions import withdrawal as actions
from pledges.models import Update, Withdrawal
from pledges.tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("app_role")]


@pytest.fixture
def update():
    return factories.PublishedUpdateFactory()


@pytest.fixture
def road():
    return factories.PublishedPledgeFactory()


def draft_of(update, to=None):
    draft = actions.start_withdrawal(update=update, by=factories.EditorFactory(), to=to)
    Withdrawal.objects.filter(pk=draft.pk).update(note_en="It was another pier.")
    draft.refresh_from_db()
    return draft


def refused(statement, *parameters):
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(caught.value)


def by_hand(*rows, by=None):
    """The statement that publishes the first of these rows in an edition that names them all."""
    by = by or factories.PublisherFactory()
    edition = factories.EditionFactory(acts=[("published", row) for row in rows], by=by)
    return (
        f"UPDATE {rows[0]._meta.db_table} SET state = 'published', published_by_id = %s, edition_id = %s WHERE id = %s",
        *(by.pk, edition.pk, rows[0].pk),
    )


def test_only_what_is_published_and_not_corrected_is_withdrawn(update):
    unpublished = factories.UpdateFactory(pledge=update.pledge)
    columns = {"pledge": update.pledge, "author": factories.EditorFactory(), "note_en": "x"}
    early = Withdrawal.objects.create(update=unpublished, **columns)
    assert "only a published update" in refused(*by_hand(early))
    late = draft_of(update)
    correction = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=correction.pk).update(correction_note_en="A slip.")
    publishing.publish(correction, by=factories.EditorFactory())
    assert "its correction is what can be withdrawn" in refused(*by_hand(late))


def test_an_update_is_withdrawn_once(update):
    draft = draft_of(update)
    again = "INSERT INTO pledges_withdrawal (state, author_id, review_note, created_at, updated_at, update_id,"
    again += " pledge_id, note_en, note_es) VALUES ('draft', %s, '', now(), now(), %s, %s, 'x', '')"
    assert "update_id" in refused(again, draft.author_id, update.pk, update.pledge_id)


def test_it_is_not_corrected_afterwards(update):
    correction = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=correction.pk).update(correction_note_en="A slip.")
    publishing.publish(draft_of(update), by=factories.EditorFactory())
    assert "was withdrawn" in refused(*by_hand(correction))


def test_a_withdrawal_is_final(update, road):
    publishing.publish(draft_of(update), by=factories.EditorFactory())
    for change in (
        *("state = 'draft', published_by_id = NULL, edition_id = NULL", "note_en = 'x'"),
        f"moved_to_id = {factories.UpdateFactory(pledge=road).pk}",
    ):
        refused(f"UPDATE pledges_withdrawal SET {change}")
    refused("DELETE FROM pledges_withdrawal")


def test_no_author_no_empty_reason_and_no_other_pledge(update, road):
    draft = draft_of(update)
    assert "two pairs of eyes" in refused(*by_hand(draft, by=draft.author))
    assert "pledge of its update" in refused("UPDATE pledges_withdrawal SET pledge_id = %s", road.pk)
    Withdrawal.objects.update(note_en="")
    assert "withdrawal_has_note" in refused(*by_hand(draft))
    Withdrawal.objects.update(note_en="x")
    assert "newest edition" in refused(
        "UPDATE pledges_withdrawal SET state = 'published', published_by_id = %s, edition_id = 1",
        factories.PublisherFactory().pk,
    )


def test_a_move_is_published_in_one_edition_with_its_withdrawal(update, road):
    draft = draft_of(update, to=road)
    assert "in the edition that withdraws it" in refused(*by_hand(draft.moved_to))
    assert "in the edition that withdraws it" in refused(*by_hand(draft, draft.moved_to))


def test_a_move_goes_to_another_pledge_and_corrects_nothing(update, road):
    draft = draft_of(update)
    here = factories.UpdateFactory(pledge=update.pledge)
    told = factories.PublishedUpdateFactory(pledge=road)
    correction = publishing.start_correction(update=told, by=factories.ReporterFactory())
    for row in (here, correction):
        assert "moves to another pledge" in refused("UPDATE pledges_withdrawal SET moved_to_id = %s", row.pk)
    earlier = "UPDATE pledges_withdrawal SET moved_to_id = %s WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(earlier, [told.pk, draft.pk])
    draft.refresh_from_db()
    assert "in the edition that withdraws it" in refused(*by_hand(draft))


def test_contributors_of_a_withdrawal_are_remembered(update):
    draft = draft_of(update)
    assert draft.contributors.get().person == draft.author
    assert "remembered" in refused("DELETE FROM pledges_contributor WHERE withdrawal_id = %s", draft.pk)
    publishing.discard_draft(item=draft, by=draft.author)
