"""Two pairs of eyes: everybody who put words into a draft is remembered, and none of them publishes it."""

import csv
import importlib
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from pledges.actions import contributors, errors, leads, locks, publishing, retraction, scheduling
from pledges.desk.shared import site
from pledges.jobs.mail import staff_notices
from pledges.models import Comment, Contributor, Newsroom, Update, User, Wording
from pledges.tests.desk.test_updates import messages, page, typed
from pledges.tests.models.test_rules_in_database import publish_by_hand, refused, run
from pledges.tests.support import factories
from pledges.tests.support.together import Other

pytestmark = pytest.mark.django_db


def wrote(item) -> set[User]:
    return {row.person for row in item.contributors.select_related("person")}


def preview(client, item) -> str:
    return client.get(reverse(f"admin:pledges_{item._meta.model_name}_preview", args=[item.pk])).content.decode()


def publish_button(client, item):
    item.refresh_from_db()
    url = reverse(f"admin:pledges_{item._meta.model_name}_publish", args=[item.pk])
    return client.post(url, {"seen": item.updated_at.isoformat()}, follow=True)


@pytest.fixture
def three():
    """A reporter's draft, the editor who rewrites it, and the publisher who then touches one field."""
    people = [
        factories.ReporterFactory(byline="Rosa"),
        factories.EditorFactory(byline="Elena"),
        factories.PublisherFactory(byline="Pablo"),
    ]
    return factories.UpdateFactory(author=people[0]), *people


def write(client, by: User, update: Update, **changes) -> None:
    update.refresh_from_db()
    client.force_login(by)
    client.post(page(update), typed(update, **changes) | {"_continue": "1"})


# --- what the desk does


def test_who_wrote_nothing_publishes(client, editor):
    update = factories.UpdateFactory()
    assert "Published in edition" in messages(publish_button(client, update))
    assert wrote(update) == {update.author}


def test_an_editor_who_rewrote_it_does_not_publish_it_after_another_touched_one_field(client, three):
    update, rosa, elena, pablo = three
    write(client, elena, update, text_en="Rewritten from end to end.")
    write(client, pablo, update, text_es="Se inició la obra.")
    assert wrote(update) == {rosa, elena, pablo}
    for person in (elena, pablo):
        client.force_login(person)
        assert "somebody else has to publish it (two pairs of eyes)" in messages(publish_button(client, update))
    update.refresh_from_db()
    assert not update.is_published
    client.force_login(factories.EditorFactory())
    publish_button(client, update)
    update.refresh_from_db()
    assert update.is_published


def test_the_author_who_saves_it_again_does_not_free_its_editor(client, three):
    update, rosa, elena, _pablo = three
    write(client, elena, update, text_en="Rewritten.")
    write(client, rosa, update)
    write(client, rosa, update, text_en="Rewritten once more.")
    client.force_login(elena)
    assert "two pairs of eyes" in messages(publish_button(client, update))


def test_saving_without_a_change_puts_no_words_in(client, three):
    update, rosa, elena, _pablo = three
    write(client, elena, update)
    assert wrote(update) == {rosa}


def test_it_is_remembered_through_sending_back_and_handing_over_again(client, three):
    update, rosa, elena, pablo = three
    write(client, elena, update, text_en="Rewritten.")
    publishing.submit_for_review(item=update, by=rosa)
    publishing.send_back(item=update, by=pablo, note="Which day?")
    publishing.submit_for_review(item=update, by=rosa)
    assert wrote(update) == {rosa, elena}  # a note puts no words in
    with pytest.raises(errors.Refused, match="two pairs of eyes"):
        publishing.publish(update, by=elena)
    publishing.publish(update, by=pablo)


def test_a_discarded_draft_forgets_and_everything_else_goes_as_before(client, three):
    update, _rosa, elena, _pablo = three
    write(client, elena, update, text_en="Rewritten.")
    client.force_login(elena)
    client.post(reverse("admin:pledges_update_delete", args=[update.pk]), {"post": "yes"})
    assert not Update.objects.filter(pk=update.pk).exists()
    assert not Contributor.objects.filter(update=update.pk).exists()


def test_a_correction_begins_with_who_begins_it(three):
    update, _rosa, elena, pablo = three
    contributors.sign(item=update, by=elena)
    publishing.publish(update, by=pablo)
    assert wrote(publishing.start_correction(update=update, by=pablo)) == {pablo}


@pytest.mark.parametrize("kind", ["wording", "retraction"])
def test_wordings_and_retractions_as_well(client, kind):
    first, second, third = factories.PublisherFactory.create_batch(3)
    pledge = factories.PublishedPledgeFactory()
    if kind == "wording":
        draft = publishing.start_wording(pledge=pledge, by=first)
        data = {name: getattr(draft, name) or "" for name in draft_fields(Wording)} | {"change_note_en": "Clearer."}
    else:
        draft = retraction.start_retraction(pledge=pledge, by=first)
        data = {"note_en": "It was never made."}
    url = reverse(f"admin:pledges_{kind}_change", args=[draft.pk])
    key = next(name for name in data if name.endswith("note_en"))
    for person, words in ((second, "It was never made at all."), (third, "It was not made.")):
        client.force_login(person)
        client.post(url, data | {key: words, "_continue": "1"})
    assert wrote(draft) == {first, second, third}
    for person in (first, second, third):
        with pytest.raises(errors.Refused, match="two pairs of eyes"):
            publishing.publish(type(draft).objects.get(pk=draft.pk), by=person)
    publishing.publish(type(draft).objects.get(pk=draft.pk), by=factories.PublisherFactory())


def draft_fields(model) -> list[str]:
    return [name for name in ("title_en", "statement_en", "kept_en", "broken_en") if hasattr(model, name)]


def test_who_changes_what_a_first_wording_makes_public_put_words_into_it(client, editor):
    pledge = factories.PledgeFactory()
    wording = pledge.wordings.get()
    scheduler = factories.EditorFactory()
    scheduling.schedule(item=wording, by=scheduler, at=timezone.now() + timedelta(days=1))
    row = {"slug": pledge.slug, "mandate": pledge.mandate_id, "source_document": pledge.source_document_id}
    row |= {"made_on": pledge.made_on, "made_on_precision": "by", "topics": [t.pk for t in pledge.topics.all()]}
    row |= {"review_interval_days": 90, "watch_terms-TOTAL_FORMS": 0, "watch_terms-INITIAL_FORMS": 0}
    answer = client.post(reverse("admin:pledges_pledge_change", args=[pledge.pk]), row | {"_continue": "1"})
    assert answer.status_code == 302
    wording.refresh_from_db()
    assert (wrote(wording), wording.publish_at) == ({wording.author, editor}, None)
    with pytest.raises(errors.Refused, match="two pairs of eyes"):
        publishing.publish(wording, by=editor)


def test_a_first_wording_begun_anew_remembers_who_worked_on_its_pledge(client, editor):
    pledge = factories.PledgeFactory()
    topic, helper, other = factories.TopicFactory(), factories.EditorFactory(), factories.EditorFactory()
    publishing.record_change(pledge, by=helper)
    publishing.discard_draft(item=pledge.wordings.get(), by=helper)
    row = {"slug": pledge.slug, "mandate": pledge.mandate_id, "source_document": pledge.source_document_id}
    row |= {"made_on": pledge.made_on, "made_on_precision": "by", "topics": [topic.pk]}
    row |= {"review_interval_days": 90, "watch_terms-TOTAL_FORMS": 0, "watch_terms-INITIAL_FORMS": 0}
    assert client.post(reverse("admin:pledges_pledge_change", args=[pledge.pk]), row).status_code == 302
    again = publishing.start_wording(pledge=pledge, by=other)
    assert wrote(again) >= {helper, editor, other}
    publishing.discard_draft(item=again, by=other)

    importer = factories.EditorFactory(is_superuser=True)
    client.force_login(importer)
    url = reverse("exchange:import", args=["pledges"])
    mandate, document = pledge.mandate.slug, pledge.source_document.slug
    body = "slug,mandate,made_on,source_document,topics,title_en\n"
    body += f"{pledge.slug},{mandate},{pledge.made_on},{document},{topic.slug},Two hundred houses\n"
    shown = client.post(url, {"file": SimpleUploadedFile("file.csv", body.encode())})
    client.post(url, {"kept": shown.context["kept"], "seen": shown.context["fates"].fingerprint})
    assert wrote(pledge.wordings.get()) >= {helper, editor, other, importer}


# --- the other ways in


def test_an_import_into_a_draft_puts_words_in(client, three):
    update, rosa, elena, pablo = three
    client.force_login(elena)
    body = client.get(reverse("exchange:export", args=["updates", "csv"])).getvalue().decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(body))
    out = io.StringIO()
    table = csv.DictWriter(out, row)
    table.writeheader()
    table.writerow(row | {"text_en": "Rewritten in a spreadsheet."})
    url = reverse("exchange:import", args=["updates"])
    shown = client.post(url, {"file": SimpleUploadedFile("file.csv", out.getvalue().encode())})
    client.post(url, {"kept": shown.context["kept"], "seen": shown.context["fates"].fingerprint})
    update.refresh_from_db()
    assert update.text_en == "Rewritten in a spreadsheet."
    write(client, pablo, update, text_es="Otra cosa.")
    assert wrote(update) == {rosa, elena, pablo}


def test_an_import_of_what_a_first_wording_makes_public_puts_words_in(client, editor):
    pledge = factories.PledgeFactory()
    topic = factories.TopicFactory()
    mandate, document = pledge.mandate.slug, pledge.source_document.slug
    body = f"slug,mandate,made_on,source_document,topics\n{pledge.slug},{mandate},2023-12-06,{document},{topic.slug}\n"
    url = reverse("exchange:import", args=["pledges"])
    shown = client.post(url, {"file": SimpleUploadedFile("file.csv", body.encode())})
    client.post(url, {"kept": shown.context["kept"], "seen": shown.context["fates"].fingerprint})
    assert list(pledge.topics.all()) == [topic]
    assert editor in wrote(pledge.wordings.get())


def test_who_accepts_a_lead_into_a_draft_puts_words_in_and_undoing_it_too(three):
    update, rosa, elena, pablo = three
    lead = factories.LeadFactory(pledge=update.pledge)
    leads.accept_lead(lead=lead, by=elena, to=update)
    assert wrote(update) == {rosa, elena}
    lead.refresh_from_db()
    leads.undo_lead(lead=lead, by=pablo)
    assert wrote(update) == {rosa, elena, pablo}


def test_who_accepts_a_lead_begins_the_draft_and_a_merge_puts_no_words_in(three):
    _update, _rosa, elena, pablo = three
    pledge = factories.PublishedPledgeFactory()
    first, second = factories.LeadFactory.create_batch(2, pledge=pledge)
    draft = leads.accept_lead(lead=first, by=elena)
    before = draft.evidence.count()
    leads.merge_lead(lead=second, into=first, by=pablo)
    assert (wrote(draft), draft.evidence.count()) == ({elena}, before)


def test_what_is_typed_and_not_saved_puts_no_words_in(client, three):
    update, rosa, elena, _pablo = three
    client.force_login(elena)
    url = reverse("admin:pledges_update_typed", args=[update.pk])
    assert client.post(url, typed(update, text_en="Typed.")).status_code == 200
    assert wrote(update) == {rosa}


# --- publication at a set time


def test_words_after_the_time_was_set_take_it_back(client, three):
    update, _rosa, elena, pablo = three
    scheduling.schedule(item=update, by=pablo, at=timezone.now() + timedelta(hours=1))
    write(client, elena, update, text_en="Other words.")
    update.refresh_from_db()
    assert (update.publish_at, update.scheduled_by, update.state) == (None, None, "review")
    assert scheduling.publish_if_due(kind="update", pk=update.pk, now=timezone.now() + timedelta(hours=2)) is None


def test_who_set_the_time_is_who_publishes(three):
    update, _rosa, elena, pablo = three
    contributors.sign(item=update, by=elena)
    with pytest.raises(errors.Refused, match="two pairs of eyes"):
        scheduling.schedule(item=update, by=elena, at=timezone.now() + timedelta(hours=1))
    scheduling.schedule(item=update, by=pablo, at=timezone.now() + timedelta(hours=1))
    Update.objects.filter(pk=update.pk).update(edited_by=pablo)  # and then writes in it, by whatever means
    Update.objects.filter(pk=update.pk).update(edited_by=elena)
    assert scheduling.publish_if_due(kind="update", pk=update.pk, now=timezone.now() + timedelta(hours=2)) is None
    assert "two pairs of eyes" in Comment.objects.get(update=update).text


# --- the preview, the work list, the notices


def test_the_preview_says_who_may_publish_and_why_others_may_not(client, three):
    update, _rosa, elena, _pablo = three
    write(client, elena, update, text_en="Rewritten.")
    client.force_login(elena)
    shown = preview(client, update).partition('aria-labelledby="publishers"')[2].partition("</section>")[0]
    may, _why, wrote_in_it = shown.partition("because they wrote in it (two pairs of eyes)")
    assert "Pablo" in may and "Elena" not in may
    assert "Elena" in wrote_in_it and "Rosa" not in shown  # a reporter has no right to publish in any case


def test_the_preview_says_that_nobody_may(client):
    only = factories.EditorFactory(byline="Elena")
    update = factories.UpdateFactory(author=only)
    User.objects.exclude(pk=only.pk).update(is_active=False)
    factories.EditorFactory(is_staff=False)
    client.force_login(only)
    assert "Nobody: everybody with the right to publish wrote in it." in preview(client, update)


def test_the_lists_of_what_waits_leave_out_what_one_wrote_in(client, three):
    update, rosa, elena, pablo = three
    write(client, elena, update, text_en="Rewritten.")
    write(client, rosa, update, text_en="And again.")
    Update.objects.filter(pk=update.pk).update(state="review")
    assert [list(site.waiting(Update.objects.all(), person, "me")) for person in (elena, pablo)] == [[], [update]]
    assert [list(staff_notices.reviews_for(person)) for person in (elena, pablo)] == [[], [update]]


def test_a_newsroom_of_one_publishes_what_it_wrote(client, three):
    update, _rosa, elena, _pablo = three
    factories.NewsroomFactory(two_person_rule=False)
    write(client, elena, update, text_en="Rewritten.")
    client.force_login(elena)
    shown = preview(client, update)
    assert "because they wrote in it" not in shown and "Elena" in shown
    publish_button(client, update)
    update.refresh_from_db()
    assert update.is_published
    assert Newsroom.get().two_person_rule is False


# --- the database


def test_the_database_refuses_everybody_who_was_ever_named(app_role, three):
    update, rosa, elena, pablo = three
    for person in (elena, pablo, rosa):
        run("UPDATE pledges_update SET edited_by_id = %s WHERE id = %s", person.pk, update.pk)
    run("UPDATE pledges_update SET edited_by_id = NULL, author_id = %s WHERE id = %s", pablo.pk, update.pk)
    for person in (rosa, elena, pablo):
        with pytest.raises(DatabaseError, match="two pairs of eyes"):
            publish_by_hand(update, by=person)
    publish_by_hand(update, by=factories.EditorFactory())


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM pledges_contributor WHERE update_id = %s", "is remembered"),
        ("UPDATE pledges_contributor SET person_id = 1 WHERE update_id = %s", "Cannot update"),
        ("UPDATE pledges_contributor SET update_id = NULL WHERE update_id = %s", "Cannot update"),
        ("INSERT INTO pledges_contributor (person_id) SELECT author_id FROM pledges_update WHERE id = %s", "one_draft"),
        ("TRUNCATE pledges_contributor -- %s", "permission denied"),
        ("ALTER TABLE pledges_contributor DISABLE TRIGGER ALL -- %s", "must be owner"),
    ],
)
def test_nobody_is_forgotten(app_role, three, statement, words):
    assert words in refused(statement, three[0].pk)


def test_no_draft_loses_its_contributors_by_another_number(app_role, three):
    assert "keeps its number" in refused("UPDATE pledges_update SET id = 999999 WHERE id = %s", three[0].pk)


@pytest.mark.parametrize("setting", ["all", "pledges_update:contributors_are_remembered"])
def test_no_session_switches_it_off(app_role, three, setting):
    update, _rosa, elena, _pablo = three
    run("SELECT set_config('pgtrigger.ignore', %s, true)", f"{{{setting}}}")
    run("UPDATE pledges_update SET edited_by_id = %s WHERE id = %s", elena.pk, update.pk)
    run("UPDATE pledges_update SET edited_by_id = NULL WHERE id = %s", update.pk)
    with pytest.raises(DatabaseError, match="two pairs of eyes"):
        publish_by_hand(update, by=elena)


def test_an_account_that_wrote_in_a_draft_is_not_deleted(app_role, three):
    update, _rosa, elena, _pablo = three
    contributors.sign(item=update, by=elena)
    Update.objects.filter(pk=update.pk).update(edited_by=None)
    with pytest.raises(ProtectedError):
        elena.delete()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    assert "foreign key" in refused("DELETE FROM pledges_user WHERE id = %s", elena.pk)


def test_what_is_known_of_older_drafts_is_filled_in(three):
    migration = importlib.import_module("pledges.migrations.0015_dates_revisions_contributors")
    update, rosa, elena, pablo = three
    helper = factories.EditorFactory()
    for person in (elena, pablo):
        Update.objects.filter(pk=update.pk).update(edited_by=person)
    context = "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"
    with transaction.atomic(), connection.cursor() as cursor:  # a request that changed evidence, and signed nothing
        cursor.execute(context, ["8d4e9f0a-0000-4000-8000-000000000001", f'{{"user": {helper.pk}}}'])
        cursor.execute("UPDATE pledges_evidence SET sentence = 'Other.' WHERE update_id = %s", [update.pk])
        cursor.execute(context, ["", ""])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pledges_contributor DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM pledges_contributor")
        cursor.execute(migration.fill("update", pledges_evidenceevent="update_id"))
        cursor.execute(migration.fill("wording"))
        cursor.execute(migration.fill("retraction"))
    assert wrote(update) == {rosa, elena, pablo, helper}
    assert all(wrote(wording) >= {wording.author} for wording in Wording.objects.all())


@pytest.mark.django_db(transaction=True)
def test_who_writes_while_another_publishes_comes_too_late():
    update, elena = factories.UpdateFactory(), factories.EditorFactory()
    with transaction.atomic():
        locks.lock_draft(Update, update.pk)
        other = Other(lambda: publishing.publish(update, by=elena))
        other.waits_for_us()
        contributors.sign(item=Update.objects.get(pk=update.pk), by=elena)
    other.join()
    assert "two pairs of eyes" in str(other.error)
