"""The trade's rules hold against any SQL that the application's own database role can run."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from pledges import models
from pledges.actions import errors as error_actions
from pledges.actions import publishing
from pledges.tests.support import factories
from pledges.tests.support.together import Other

HASH = "0" * 64


def run(statement: str, *parameters) -> None:
    """Run SQL in a savepoint, so that a refusal leaves the test's transaction usable."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def refused(statement: str, *parameters) -> str:
    """Run SQL that must be refused, and return the database's words."""
    with pytest.raises(DatabaseError) as caught:
        run(statement, *parameters)
    return str(caught.value)


def publish_by_hand(update: models.Update, *, by: models.User) -> None:
    edition = factories.EditionFactory(acts=[("published", update)], by=by)
    run(
        "UPDATE pledges_update SET state = 'published', published_by_id = %s, edition_id = %s WHERE id = %s",
        *(by.pk, edition.pk, update.pk),
    )


# --- what may become public


@pytest.mark.django_db
def test_an_update_with_evidence_and_two_people_is_published(app_role):
    update = factories.UpdateFactory()
    publish_by_hand(update, by=factories.EditorFactory())
    update.refresh_from_db()
    assert update.is_published


@pytest.mark.django_db
def test_no_update_is_published_without_evidence(app_role):
    update = factories.UpdateFactory(evidence=None)
    with pytest.raises(DatabaseError, match="without evidence"):
        publish_by_hand(update, by=factories.EditorFactory())


@pytest.mark.django_db
def test_no_update_is_inserted_as_published(app_role):
    update = factories.PublishedUpdateFactory()
    names = [f.column for f in models.Update._meta.concrete_fields if f.name not in {"id", "corrects"}]
    columns = ", ".join(names)
    words = refused(
        f"INSERT INTO pledges_update ({columns}) SELECT {columns} FROM pledges_update WHERE id = %s", update.pk
    )
    assert "without evidence" in words


@pytest.mark.django_db
@pytest.mark.parametrize("newsroom", ["none", "on"])
def test_the_author_does_not_publish(app_role, newsroom):
    if newsroom == "on":
        factories.NewsroomFactory(two_person_rule=True)
    author = factories.EditorFactory()
    update = factories.UpdateFactory(author=author)
    with pytest.raises(DatabaseError, match="two pairs of eyes"):
        publish_by_hand(update, by=author)


@pytest.mark.django_db
def test_the_author_publishes_in_a_newsroom_of_one(app_role):
    factories.NewsroomFactory(two_person_rule=False)
    author = factories.EditorFactory()
    update = factories.UpdateFactory(author=author)
    publish_by_hand(update, by=author)
    update.refresh_from_db()
    assert update.is_published


@pytest.mark.django_db
def test_who_changed_it_last_does_not_publish_it(app_role):
    editor = factories.EditorFactory()
    update = factories.UpdateFactory()
    models.Update.objects.filter(pk=update.pk).update(edited_by=editor)
    with pytest.raises(DatabaseError, match="two pairs of eyes"):
        publish_by_hand(update, by=editor)


@pytest.mark.django_db
def test_publication_does_not_change_who_wrote_it(app_role):
    editor, other = factories.EditorFactory(), factories.ReporterFactory()
    update = factories.UpdateFactory(author=editor)
    edition = factories.EditionFactory(acts=[("published", update)], by=editor)
    words = refused(
        "UPDATE pledges_update SET state = 'published', author_id = %s, published_by_id = %s, edition_id = %s "
        "WHERE id = %s",
        *(other.pk, editor.pk, edition.pk, update.pk),
    )
    assert "does not change with its publication" in words


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["an older edition", "an edition that does not name it", "somebody else's edition"])
def test_nothing_slips_into_an_edition_that_did_not_publish_it(app_role, case):
    update, editor = factories.UpdateFactory(), factories.EditorFactory()
    named = [] if case == "an edition that does not name it" else [("published", update)]
    by = factories.EditorFactory() if case == "somebody else's edition" else editor
    edition = factories.EditionFactory(acts=named, by=by)
    if case == "an older edition":
        factories.EditionFactory()
    words = refused(
        "UPDATE pledges_update SET state = 'published', published_by_id = %s, edition_id = %s WHERE id = %s",
        *(editor.pk, edition.pk, update.pk),
    )
    assert "named by the newest edition" in words


@pytest.mark.django_db
def test_no_figure_slips_into_an_old_edition(app_role):
    edition = factories.EditionFactory()
    figure = factories.ObservationFactory()
    words = refused("UPDATE pledges_observation SET edition_id = %s WHERE id = %s", edition.pk, figure.pk)
    assert "named by the newest edition" in words


@pytest.mark.django_db
def test_the_author_of_a_wording_does_not_publish_it(app_role):
    wording = factories.WordingFactory()
    edition = factories.EditionFactory()
    words = refused(
        "UPDATE pledges_wording SET state = 'published', published_by_id = author_id, edition_id = %s WHERE id = %s",
        *(edition.pk, wording.pk),
    )
    assert "two pairs of eyes" in words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("text_en = '', text_es = ''", "update_has_text"),
        ("status = 'broken'", "update_failure_reason_where_it_failed"),
        ("status = 'unclear'", "update_detail_where_needed"),
        ("happened_on = CURRENT_DATE + 30", "in the future"),
        ("edition_id = NULL", "newest edition"),
    ],
)
def test_what_is_incomplete_is_not_published(app_role, change, words):
    update = factories.UpdateFactory()
    editor = factories.EditorFactory()
    edition = factories.EditionFactory(acts=[("published", update)], by=editor)
    sets = {"published_by_id": str(editor.pk), "edition_id": str(edition.pk), "state": "'published'"}
    sets |= dict(part.split(" = ") for part in change.split(", "))
    assignments = ", ".join(f"{name} = {value}" for name, value in sets.items())
    assert words in refused(f"UPDATE pledges_update SET {assignments} WHERE id = %s", update.pk)


@pytest.mark.django_db
def test_no_update_of_a_pledge_that_is_not_public(app_role):
    update = factories.UpdateFactory(pledge=factories.PledgeFactory())
    with pytest.raises(DatabaseError, match="criteria come before"):
        publish_by_hand(update, by=factories.EditorFactory())


@pytest.mark.django_db
def test_a_correction_is_of_the_same_pledge(app_role):
    other = factories.PublishedUpdateFactory()
    update = factories.UpdateFactory(corrects=other, correction_note_en="Wrong day.")
    with pytest.raises(DatabaseError, match="same pledge"):
        publish_by_hand(update, by=factories.EditorFactory())


# --- what is public is final


def published_observation() -> models.Observation:
    observation = factories.ObservationFactory()
    publishing.record_change(observation.indicator, by=factories.EditorFactory())
    observation.refresh_from_db()
    return observation


FINAL: dict[str, tuple[Callable[[], object], str]] = {
    "pledges_update": (factories.PublishedUpdateFactory, "text_en = 'other'"),
    "pledges_evidence": (lambda: factories.PublishedUpdateFactory().evidence.get(), "sentence = 'other'"),
    "pledges_wording": (lambda: factories.PublishedPledgeFactory().wordings.get(), "kept_en = 'other'"),
    "pledges_pledge": (factories.PublishedPledgeFactory, "slug = 'other'"),
    "pledges_edition": (factories.EditionFactory, "publisher = 'other'"),
    "pledges_editionitem": (lambda: factories.PublishedPledgeFactory().edition_items.first(), "title = 'other'"),
    "pledges_observation": (published_observation, "value = 1"),
    "pledges_capture": (factories.CaptureFactory, "body = ''"),
}


ATTACKS = {
    "change": "UPDATE {table} SET {change} WHERE {key} = {id}",
    "move": "UPDATE {table} SET {key} = {key} + 1000 WHERE {key} = {id}",
    "delete": "DELETE FROM {table} WHERE {key} = {id}",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} WHERE {key} = {id} ON CONFLICT ({key}) DO UPDATE SET {change}",
    "truncate": "TRUNCATE {table}",
    "truncate cascade": "TRUNCATE {table} CASCADE",
}
UNPUBLISH = "UPDATE {table} SET state = 'draft', edition_id = NULL, published_by_id = NULL WHERE {key} = {id}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "attack"),
    [
        *((table, attack) for table in FINAL for attack in ATTACKS.values()),
        ("pledges_update", UNPUBLISH),
        ("pledges_wording", UNPUBLISH),
    ],
)
def test_what_is_public_is_final(app_role, table, attack):
    make, change = FINAL[table]
    row = make()
    before = type(row).objects.filter(pk=row.pk).values().get()
    refused(attack.format(table=table, change=change, key=row._meta.pk.column, id=row.pk))
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.django_db
def test_published_evidence_is_neither_added_nor_moved(app_role):
    public = factories.PublishedUpdateFactory()
    draft = factories.UpdateFactory(pledge=public.pledge)
    assert "final" in refused(
        "INSERT INTO pledges_evidence (update_id, url, publisher, title, language, sentence)"
        " VALUES (%s, 'https://daily.example/late', 'Daily', '', '', '')",
        public.pk,
    )
    assert "final" in refused("UPDATE pledges_evidence SET update_id = %s WHERE update_id = %s", public.pk, draft.pk)
    assert "final" in refused("UPDATE pledges_evidence SET update_id = %s WHERE update_id = %s", draft.pk, public.pk)
    run("DELETE FROM pledges_evidence WHERE update_id = %s", draft.pk)  # a draft's evidence is its author's affair


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [factories.TopicFactory, factories.InstitutionFactory, factories.MandateFactory, factories.SourceDocumentFactory],
)
def test_what_an_edition_has_named_is_not_deleted(app_role, make):
    kept, free = make(), make()
    publishing.record_change(kept, by=factories.EditorFactory())
    table = kept._meta.db_table
    assert "it stays" in refused(f"DELETE FROM {table} WHERE id = %s", kept.pk)
    run(f"DELETE FROM {table} WHERE id = %s", free.pk)


# --- the chain of editions

EDITION = (
    "INSERT INTO pledges_edition (number, published_at, published_by_id, publisher, previous_hash, hash)"
    " VALUES (%s, now(), %s, 'x', %s, %s)"
)


@pytest.mark.django_db
def test_editions_have_no_gaps_and_carry_the_hash_before(app_role):
    last = factories.EditionFactory()
    user = factories.UserFactory()
    assert "without gaps" in refused(EDITION, last.number + 2, user.pk, last.hash, HASH)
    assert "without gaps" in refused(EDITION, last.number + 1, user.pk, HASH, HASH)
    assert "without gaps" in refused(EDITION, last.number - 1, user.pk, "", HASH)
    refused(EDITION, last.number + 1, user.pk, last.hash, "not a hash")
    run(EDITION, last.number + 1, user.pk, last.hash, HASH)


@pytest.mark.django_db
def test_an_old_edition_takes_nothing_more(app_role):
    old = factories.EditionFactory()
    new = factories.EditionFactory()
    item = (
        "INSERT INTO pledges_editionitem (edition_id, action, kind, key, title, sha256)"
        f" VALUES (%s, 'published', 'topic', '1', '', '{HASH}')"
    )
    assert "takes nothing more" in refused(item, old.number)
    run(item, new.number)
    assert "edition_item_once" in refused(item, new.number)


@pytest.mark.django_db
def test_one_lead_for_an_article_and_a_pledge(app_role):
    lead = factories.LeadFactory()
    names = [f.column for f in models.Lead._meta.concrete_fields if f.name != "id"]
    columns = ", ".join(names)
    words = refused(f"INSERT INTO pledges_lead ({columns}) SELECT {columns} FROM pledges_lead WHERE id = %s", lead.pk)
    assert "lead_once_an_article_and_pledge" in words


# --- the rules themselves


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE pledges_update DISABLE TRIGGER ALL",
        "ALTER TABLE pledges_update DISABLE TRIGGER USER",
        "ALTER TABLE pledges_update DROP CONSTRAINT update_has_text",
        "ALTER TABLE pledges_update OWNER TO CURRENT_USER",
        "DROP TABLE pledges_update CASCADE",
        "DROP TABLE pledges_updateevent",
        "DROP SCHEMA public CASCADE",
        "SET session_replication_role = replica",
        "SET LOCAL session_replication_role = replica",
        "CREATE FUNCTION public.harmless() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TEMPORARY TABLE pledges_evidence AS SELECT 1 AS update_id",
        "CREATE RULE quiet AS ON INSERT TO pledges_updateevent DO INSTEAD NOTHING",
        "UPDATE pledges_updateevent SET text_en = 'other'",
        "DELETE FROM pledges_updateevent",
        "TRUNCATE pledges_updateevent",
    ],
)
def test_the_rules_cannot_be_switched_off(app_role, attack):
    factories.PublishedUpdateFactory()
    refused(attack)


@pytest.mark.django_db
def test_the_triggers_cannot_be_ignored(app_role):
    update = factories.PublishedUpdateFactory()
    triggers = ",".join(
        f"{model._meta.db_table}:{trigger.get_pgid(model)}"
        for model in (models.Update, models.Evidence)
        for trigger in model._meta.triggers
    )
    with transaction.atomic():
        run("SELECT set_config('pgtrigger.ignore', %s, true)", "{" + triggers + "}")
        refused("UPDATE pledges_update SET text_en = 'other' WHERE id = %s", update.pk)
        refused("DELETE FROM pledges_evidence WHERE update_id = %s", update.pk)


# --- two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_hand", [False, True])
def test_the_last_evidence_goes_while_another_publishes(by_hand):
    update, editor = factories.UpdateFactory(), factories.EditorFactory()

    def publish() -> None:
        if by_hand:
            publish_by_hand(update, by=editor)
        else:
            publishing.publish(update, by=editor)

    with transaction.atomic():
        run("DELETE FROM pledges_evidence WHERE update_id = %s", update.pk)
        other = Other(publish)
        other.waits_for_us()
    other.join()
    update.refresh_from_db()
    assert isinstance(other.error, DatabaseError if by_hand else error_actions.Refused)
    assert not update.is_published


@pytest.mark.django_db(transaction=True)
def test_evidence_cannot_be_deleted_once_a_publication_has_begun():
    update, editor = factories.UpdateFactory(), factories.EditorFactory()
    with transaction.atomic():
        publishing.publish(update, by=editor)
        other = Other(lambda: models.Evidence.objects.filter(update=update).delete())
        other.waits_for_us()
    other.join()
    update.refresh_from_db()
    assert "is final" in str(other.error)
    assert update.is_published
    assert update.evidence.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_get_consecutive_numbers():
    updates = [factories.UpdateFactory() for _number in range(4)]
    editor = factories.EditorFactory()
    before = models.Edition.objects.count()
    others = [Other(lambda update=update: publishing.publish(update, by=editor)) for update in updates]
    for other in others:
        other.join()
    assert [other.error for other in others] == [None] * 4
    numbers = sorted(models.Edition.objects.values_list("number", flat=True))
    assert numbers == list(range(1, before + 5))
    assert publishing.verify() == []


@pytest.mark.django_db(transaction=True)
def test_one_update_published_by_two_people_at_once_is_in_one_edition():
    update, editors = factories.UpdateFactory(), [factories.EditorFactory(), factories.EditorFactory()]
    before = models.Edition.objects.count()
    others = [Other(lambda editor=editor: publishing.publish(update, by=editor)) for editor in editors]
    for other in others:
        other.join()
    errors = [other.error for other in others]
    assert sorted(type(error).__name__ for error in errors) == ["NoneType", "RefusedItems"]
    assert models.Edition.objects.count() == before + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("suggestion", "status", "allowed"),
    [
        ("change", "kept", True),
        ("as_before", "", True),
        ("", "", True),
        ("change", "", False),
        ("as_before", "kept", False),
        ("", "kept", False),
        ("guess", "", False),
    ],
)
def test_a_lead_suggests_a_status_if_and_only_if_it_suggests_a_change(app_role, suggestion, status, allowed):
    lead = factories.LeadFactory()
    statement = "UPDATE pledges_lead SET suggestion = %s, suggested_status = %s WHERE id = %s"
    if allowed:
        run(statement, suggestion, status, lead.pk)
    else:
        assert "lead_change_has_status" in refused(statement, suggestion, status, lead.pk)
