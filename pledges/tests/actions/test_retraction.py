"""A pledge published by mistake is taken back in the open: it counts nowhere, and its address says so for good."""

import html

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from pledges.actions import errors, leads, publishing
from pledges.actions import retraction as retraction_actions
from pledges.desk.shared import due
from pledges.jobs import profiles
from pledges.models import Edition, Lead, Pledge, Retraction, Update
from pledges.queries import pulse, visibility
from pledges.queries.search import fulltext
from pledges.queries.standings import standings
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge():
    return factories.PublishedPledgeFactory(
        slug="harbour",
        wording__title_en="Mend the harbour",
        wording__title_es="Reparar el puerto",
        wording__statement_en="The harbour will be mended.",
    )


@pytest.fixture
def kept(pledge):
    return factories.PublishedUpdateFactory(pledge=pledge, status="kept", text_en="The harbour stands.")


def draft_of(pledge, **values):
    draft = retraction_actions.start_retraction(pledge=pledge, by=factories.EditorFactory())
    for name, value in {"note_en": "It was said by somebody else.", **values}.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def retract(pledge):
    draft = draft_of(pledge)
    return publishing.publish(draft, by=factories.PublisherFactory())


def read(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def now():
    return {standing.pledge.slug for standing in standings(Edition.objects.count(), timezone.localdate())}


def test_from_then_on_it_counts_nowhere(client, address, pledge, kept):
    other = factories.PublishedPledgeFactory(wording__title_en="Mend the road", mandate=pledge.mandate)
    assert fulltext.find("harbour")[0]
    retract(pledge)
    assert now() == {other.slug}
    for name in (("home",), ("pledges",), ("mandates",), ("mandate", pledge.mandate.slug), ("pledge", other.slug)):
        assert "Mend the harbour" not in read(client, address(*name)), name
    assert fulltext.find("harbour") == ({}, True)
    assert not visibility.public_pledges().filter(pk=pledge.pk).exists()
    assert not due.for_review(
        Pledge.objects.filter(pk=pledge.pk), today=timezone.localdate().replace(year=2999)
    ).exists()


def test_its_address_says_that_it_is_gone_why_and_what_it_had_said(client, address, pledge, kept):
    before = Edition.objects.count()
    edition = retract(pledge)
    text = read(client, address("pledge", "harbour"), status=410)
    assert "Retracted: Mend the harbour" in text
    assert "It was said by somebody else." in text
    assert f"It was retracted in edition {edition.number}" in text
    assert "<del>The harbour will be mended.</del>" in text
    assert f'href="?edition={before}"' in text
    assert "noindex" in text
    assert '<span lang="en">It was said by somebody else.</span>' in read(
        client, address("pledge", "harbour", language="es"), status=410
    )


def test_a_citation_from_before_shows_what_was_said_with_a_banner(client, address, pledge, kept):
    edition = retract(pledge)
    factories.PublishedPledgeFactory()
    cited = read(client, f"{address('pledge', 'harbour')}?edition={edition.number - 1}")
    assert "The harbour stands." in cited
    assert f"This pledge was retracted in edition {edition.number}" in cited
    for number in (edition.number, edition.number + 1):
        read(client, f"{address('pledge', 'harbour')}?edition={number}", status=410)
    assert standings(edition.number - 1, timezone.localdate())[0].pledge == pledge


def test_a_page_that_was_kept_is_not_shown_after_it(client, address, pledge, django_capture_on_commit_callbacks):
    pulse.refresh()
    assert "Mend the harbour" in read(client, address("pledge", "harbour"))
    with django_capture_on_commit_callbacks(execute=True):
        retract(pledge)
    read(client, address("pledge", "harbour"), status=410)
    read(client, address("pledge", "harbour"), status=410)
    assert "Mend the harbour" not in read(client, address("pledges"))


def test_the_log_and_the_edition_tell_of_it(client, address, pledge):
    edition = retract(pledge)
    item = edition.items.get()
    assert (item.action, item.kind, item.title, item.pledge) == (
        "retracted",
        "retraction",
        "Mend the harbour",
        pledge,
    )
    log = read(client, address("corrections"))
    assert "It was said by somebody else." in log
    assert "<del>The harbour will be mended.</del>" in log
    assert f'href="{address("pledge", "harbour")}"' in read(client, address("edition", edition.number))
    assert publishing.verify() == []


def test_a_draft_of_a_retraction_changes_nothing(client, address, pledge):
    draft_of(pledge)
    assert now() == {"harbour"}
    assert "There have been none so far." in read(client, address("corrections"))


def test_verify_names_a_retraction_that_was_tampered_with(pledge):
    retract(pledge)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pledges_retraction DISABLE TRIGGER USER")
        cursor.execute("UPDATE pledges_retraction SET note_en = 'x'")
        cursor.execute("ALTER TABLE pledges_retraction ENABLE TRIGGER USER")
    (problem,) = publishing.verify()
    assert problem.startswith("retraction")


# --- leads


def test_open_and_snoozed_leads_on_it_are_closed_and_none_is_raised_any_more(pledge):
    open_one, other = factories.LeadFactory(pledge=pledge), factories.LeadFactory()
    snoozed = factories.LeadFactory(pledge=pledge)
    leads.snooze_lead(lead=snoozed, by=factories.EditorFactory(), until=timezone.localdate().replace(year=2999))
    retract(pledge)
    for lead in (open_one, snoozed):
        lead.refresh_from_db()
        assert (lead.state, lead.dismiss_note) == ("dismissed", "The pledge was retracted.")
        for verb in (leads.reopen_lead, leads.accept_lead):
            with pytest.raises(errors.Refused, match="was retracted"):
                verb(lead=lead, by=factories.EditorFactory())
    other.refresh_from_db()
    assert other.state == "open"
    assert [one.pk for one in profiles.pledges()] == [other.pledge_id]


def test_a_worker_that_still_knows_it_raises_no_lead(pledge):
    class Match:
        score, sentence, words, suggestion, suggested_status, cue = 0.9, "Work began.", ("work",), "", "", ""

    Match.pledge = pledge.pk
    article = factories.ArticleFactory()
    assert leads.raise_leads(article=article, matches=[Match], now=timezone.now()) == 1
    retract(pledge)
    later = factories.ArticleFactory()
    assert leads.raise_leads(article=later, matches=[Match], now=timezone.now()) == 0
    assert not Lead.objects.filter(article=later).exists()


def test_a_draft_that_is_discarded_later_brings_no_lead_back(pledge):
    lead = factories.LeadFactory(pledge=pledge)
    update = leads.accept_lead(lead=lead, by=factories.EditorFactory())
    retract(pledge)
    publishing.discard_draft(item=update, by=factories.EditorFactory())
    lead.refresh_from_db()
    assert lead.state == "dismissed"


# --- it is final, and nothing follows


def test_what_is_refused_in_words(pledge, kept):
    update, wording = (
        factories.UpdateFactory(pledge=pledge),
        publishing.start_wording(pledge=pledge, by=factories.EditorFactory()),
    )
    wording.change_note_en = "Better."
    wording.save()
    retract(pledge)
    for item in (update, wording):
        with pytest.raises(errors.Refused, match="was retracted"):
            publishing.publish(item, by=factories.SuperuserFactory())
        with pytest.raises(errors.Refused, match="was retracted"):
            publishing.submit_for_review(item=item, by=factories.EditorFactory())
    with pytest.raises(errors.Refused, match="was retracted"):
        publishing.start_correction(update=kept, by=factories.EditorFactory())
    with pytest.raises(errors.Refused, match="was retracted"):
        publishing.start_wording(pledge=pledge, by=factories.EditorFactory())
    with pytest.raises(errors.Refused, match="was retracted"):
        retraction_actions.start_retraction(pledge=pledge, by=factories.EditorFactory())


def test_only_what_readers_saw_can_be_retracted():
    with pytest.raises(errors.Refused, match="Only a published pledge"):
        retraction_actions.start_retraction(pledge=factories.PledgeFactory(), by=factories.EditorFactory())


def test_without_a_reason_or_by_its_author_it_does_not_go_out(pledge):
    draft = draft_of(pledge, note_en="")
    with pytest.raises(errors.Refused, match="Say why"):
        publishing.publish(draft, by=factories.PublisherFactory())
    draft = draft_of(pledge)
    with pytest.raises(errors.Refused, match="two pairs of eyes"):
        publishing.publish(draft, by=draft.author)
    assert now() == {"harbour"}


def refused(statement, *parameters):
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(caught.value)


def by_hand(row, by, action="published"):
    edition = factories.EditionFactory(acts=[(action, row)], by=by)
    return (
        f"UPDATE {row._meta.db_table} SET state = 'published', published_by_id = %s, edition_id = %s WHERE id = %s",
        *(by.pk, edition.pk, row.pk),
    )


def test_the_database_publishes_nothing_of_a_retracted_pledge(app_role, pledge):
    update = factories.UpdateFactory(pledge=pledge)
    wording = publishing.start_wording(pledge=pledge, by=factories.EditorFactory())
    wording.change_note_en = "Better."
    wording.save()
    retract(pledge)
    for row in (update, wording):
        assert "was retracted" in refused(*by_hand(row, factories.PublisherFactory()))


def test_the_database_keeps_a_retraction(app_role, pledge):
    retract(pledge)
    refused("UPDATE pledges_retraction SET state = 'draft', published_by_id = NULL, edition_id = NULL")
    refused("UPDATE pledges_retraction SET note_en = 'x'")
    refused("DELETE FROM pledges_retraction")
    other = factories.PublishedPledgeFactory()
    refused("UPDATE pledges_retraction SET pledge_id = %s", other.pk)


def test_the_database_lets_no_author_and_no_empty_reason_through(app_role, pledge):
    draft = draft_of(pledge)
    assert "two pairs of eyes" in refused(*by_hand(draft, draft.author, "retracted"))
    Retraction.objects.update(note_en="")
    assert "retraction_has_note" in refused(*by_hand(draft, factories.PublisherFactory(), "retracted"))
    unseen = Retraction.objects.create(pledge=factories.PledgeFactory(), author=draft.author, note_en="x")
    assert "only a published pledge" in refused(*by_hand(unseen, factories.PublisherFactory(), "retracted"))
    assert "newest edition" in refused(
        "UPDATE pledges_retraction SET state = 'published', published_by_id = %s, edition_id = 1 WHERE id = %s",
        *(factories.PublisherFactory().pk, draft_of(pledge).pk),
    )


# --- at the desk


def test_an_editor_begins_it_and_a_publisher_lets_it_out(client, pledge):
    editor = factories.EditorFactory()
    client.force_login(editor)
    page = reverse("admin:pledges_pledge_change", args=[pledge.pk])
    assert "Retract…" in client.get(page).content.decode()
    response = client.post(reverse("admin:pledges_pledge_retract", args=[pledge.pk]))
    draft = Retraction.objects.get()
    url = reverse("admin:pledges_retraction_change", args=[draft.pk])
    assert response.url == url
    assert "Mend the harbour" in client.get(url).content.decode()
    client.post(url, {"note_en": "Said by somebody else.", "note_es": "", "_submit": "1"})
    draft.refresh_from_db()
    assert (draft.state, draft.note_en) == ("review", "Said by somebody else.")
    assert client.post(url, {"note_en": "x", "note_es": "", "_publish": "1"}).status_code == 403
    client.force_login(factories.PublisherFactory())
    seen = client.get(url).context["adminform"].form.version
    client.post(url, {"note_en": draft.note_en, "note_es": "", "seen": seen, "_publish": "1"})
    draft.refresh_from_db()
    assert draft.is_published
    text = client.get(page).content.decode()
    assert "This pledge was retracted." in text
    assert "Write an update" not in text
    assert 'name="_save"' not in text
    assert client.post(page, {"slug": "x"}).status_code == 403
    listed = client.get(reverse("admin:pledges_pledge_changelist") + "?public=retracted").content.decode()
    assert "Mend the harbour" in listed
    assert (
        "Mend the harbour" not in client.get(reverse("admin:pledges_pledge_changelist") + "?public=no").content.decode()
    )


@pytest.mark.parametrize(("who", "status"), [(None, 302), ("Reporter", 403), ("Editor", 302), ("Publisher", 302)])
def test_who_may_begin_one(client, pledge, who, status):
    if who:
        client.force_login(factories.UserFactory(group=who))
    response = client.post(reverse("admin:pledges_pledge_retract", args=[pledge.pk]))
    assert response.status_code == status
    assert Retraction.objects.exists() == (who in ("Editor", "Publisher"))
    assert client.get(reverse("admin:pledges_pledge_retract", args=[pledge.pk])).status_code in (302, 405)


def test_updates_stay_readable_by_editors(client, pledge, kept):
    retract(pledge)
    client.force_login(factories.EditorFactory())
    url = reverse("admin:pledges_update_change", args=[kept.pk])
    assert client.get(url).status_code == 200
    assert Update.objects.get(pk=kept.pk).is_published


def test_a_retraction_is_previewed_as_readers_will_see_it(client, pledge):
    retraction = draft_of(pledge)
    client.force_login(factories.PublisherFactory())
    preview = reverse("admin:pledges_retraction_preview", args=[retraction.pk])
    assert "Counts nowhere" in client.get(preview).content.decode()
    page = client.get(reverse("admin:pledges_retraction_preview_page", args=[retraction.pk])).content.decode()
    assert "It was said by somebody else." in page and "Retracted:" in page
    assert client.get(reverse("admin:pledges_retraction_preview_strips", args=[retraction.pk])).status_code == 200
    retraction.refresh_from_db()
    assert not retraction.is_published
