"""Reference data, sources, editions, people and the audit trail."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.actions import errors, leases, publishing
from pledges.models import Edition, Indicator, Newsroom, Source, Topic
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


def page(row, view: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{view}", args=[row.pk])


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.fixture
def editor(client):
    user = factories.EditorFactory(byline="Elena")
    client.force_login(user)
    return user


@pytest.fixture
def root(client):
    user = factories.SuperuserFactory()
    client.force_login(user)
    return user


def test_a_saved_change_is_an_edition_and_an_unchanged_save_is_none(client, editor):
    client.post(reverse("admin:pledges_topic_add"), {"slug": "ports", "name_en": "Ports", "name_es": "Puertos"})
    topic = Topic.objects.get()
    assert Edition.objects.count() == 1
    client.post(page(topic), {"name_en": "Ports", "name_es": "Puertos"})
    assert Edition.objects.count() == 1
    response = client.post(page(topic), {"slug": "other", "name_en": "Harbours", "name_es": "Puertos"}, follow=True)
    topic.refresh_from_db()
    assert (topic.slug, topic.name_en) == ("ports", "Harbours")
    assert "Published in edition 2." in messages(response)
    assert publishing.verify() == []


def test_an_edition_that_cannot_be_written_takes_the_change_back(client, editor, monkeypatch):
    topic = factories.TopicFactory(name_en="Ports")

    def refuse(*_rows, by):
        raise errors.Refused("not now")

    monkeypatch.setattr(publishing, "record_change", refuse)
    response = client.post(page(topic), {"name_en": "Harbours", "name_es": "Puertos"})
    topic.refresh_from_db()
    assert topic.name_en == "Ports"
    html = response.content.decode()
    assert "not now" in html
    assert "Harbours" in html


def test_no_form_has_thousands_of_parts(client, editor):
    pages = [reverse(f"admin:pledges_{name}_add") for name in ("indicator", "update", "pledge")]
    pages.append(page(factories.ObservationFactory().indicator))
    for where in pages:
        shown = client.get(where)
        formsets = [part.formset for part in shown.context["inline_admin_formsets"]]
        data = {f"{formset.prefix}-{name}_FORMS": "99999" for formset in formsets for name in ("TOTAL", "INITIAL")}
        response = client.post(where, data | {f"{formset.prefix}-MIN_NUM_FORMS": "0" for formset in formsets})
        parts = [part.formset for part in response.context["inline_admin_formsets"]]
        assert formsets and len(parts) == len(formsets)
        assert all(len(part.forms) <= (1_000 if part.prefix == "observations-2" else 200) for part in parts)


@pytest.mark.parametrize("address", ["change", "delete"])
def test_an_empty_field_to_look_in_is_none(client, editor, address):
    indicator = factories.ObservationFactory().indicator
    response = client.get(reverse(f"admin:pledges_indicator_{address}", args=[indicator.pk]) + "?_to_field=")
    assert response.status_code == (200 if address == "change" else 403), "as without it"


def test_figures_are_added_and_published_ones_stay(client, editor):
    observation = factories.ObservationFactory(value=100)
    indicator = observation.indicator
    publishing.record_change(indicator, by=editor)
    assert "Published figures" in client.get(page(indicator)).content.decode()
    data = {
        f"{name}_{code}": getattr(indicator, f"{name}_{code}") for name in ("name", "unit") for code in ("en", "es")
    }
    data |= {"caveat_en": "", "caveat_es": ""}
    for prefix, total, initial in (("observations", 1, 0), ("observations-2", 1, 1), ("series", 0, 0)):
        data |= {f"{prefix}-{name}_FORMS": count for name, count in (("TOTAL", total), ("INITIAL", initial))}
        data |= {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
    data |= {"observations-2-0-id": observation.pk, "observations-2-0-value": "1"}
    new = {"series": "police", "period": "2025", "starts_on": "2025-01-01", "ends_on": "2025-12-31", "value": "90"}
    new |= {"source": "Police", "url": "https://police.example/2025"}
    filled = data | {f"observations-0-{name}": value for name, value in new.items()}
    for made_up in ("0", "x", "\N{PILE OF POO}"):
        refused = client.post(page(indicator), filled | {"observations-0-indicator": made_up})
        assert "<title>Error: " in refused.content.decode()
        assert indicator.observations.count() == 1
    response = client.post(page(indicator), filled, follow=True)
    assert "Published in edition 2." in messages(response)
    assert [(o.period, o.value, o.edition_id) for o in indicator.observations.order_by("period")] == [
        ("2024", 100, 1),
        ("2025", 90, 2),
    ]
    client.post(page(indicator), data)
    assert Edition.objects.count() == 2
    assert publishing.verify() == []


def test_deleting_is_refused_where_something_hangs_on_it(client, root):
    pledge = factories.PledgeFactory()
    response = client.post(page(pledge.mandate, "delete"), {"post": "yes"})
    assert "would require deleting the following protected related objects" in response.content.decode()
    topic = factories.TopicFactory()
    publishing.record_change(topic, by=root)
    response = client.post(page(topic, "delete"), {"post": "yes"}, follow=True)
    assert "An edition has published this" in messages(response)
    selected = {"action": "delete_selected", "_selected_action": [topic.pk], "post": "yes"}
    response = client.post(reverse("admin:pledges_topic_changelist"), selected, follow=True)
    assert "An edition has published this" in messages(response)
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_the_newsroom_is_one_row(client, root):
    url = reverse("admin:pledges_newsroom_changelist")
    assert client.get(url).url == reverse("admin:pledges_newsroom_add")
    data = {"name_en": "Desk", "name_es": "Mesa", "country": "EC", "two_person_rule": "on"}
    client.post(reverse("admin:pledges_newsroom_add"), data)
    newsroom = Newsroom.objects.get(pk=1)
    assert client.get(url).url == page(newsroom)
    assert client.get(reverse("admin:pledges_newsroom_add")).status_code == 403
    assert Edition.objects.count() == 1
    client.post(page(newsroom), {**data, "two_person_rule": ""})
    assert Edition.objects.count() == 2
    assert client.post(page(newsroom, "delete"), {"post": "yes"}).status_code == 403


def test_sources_tell_how_they_do_and_are_read_on_demand(client, editor):
    failing = factories.SourceFactory(
        name="Broken", failing_since=timezone.now(), failure="HTTP 403", failures=3, next_due_at="2999-01-01T00:00Z"
    )
    off = factories.SourceFactory(name="Off", active=False, note_en="Blocks robots.")
    url = reverse("admin:pledges_source_changelist")
    html = client.get(url).content.decode()
    assert "HTTP 403" in html
    assert "Blocks robots." in html
    assert list(client.get(url, {"health": "failing"}).context["cl"].result_list) == [failing]
    data = {"action": "read_now", "_selected_action": [failing.pk, off.pk], "index": "0"}
    assert "1 source is read within a minute." in messages(client.post(url, data, follow=True))
    assert [claim.row for claim in leases.claim_due_sources(now=timezone.now())] == [failing]
    response = client.post(reverse("admin:pledges_source_read", args=[off.pk]), follow=True)
    assert "None of these is watched" in messages(response)


def test_a_source_is_switched_off_in_the_list(client, editor):
    source = factories.SourceFactory()
    data = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": source.pk, "_save": "Save"}
    client.post(reverse("admin:pledges_source_changelist"), data)
    source.refresh_from_db()
    assert not source.active


def test_another_address_is_another_feed(client, editor):
    source = factories.SourceFactory(etag="x", failing_since=timezone.now(), failure="HTTP 404", failures=2)
    data = {"name": source.name, "publisher": "D", "language": "en", "active": "on"}
    data |= {"interval_minutes": 15, "slowest_minutes": 360}
    client.post(page(source), data | {"url": "https://daily.example/new-feed", "note_en": "", "note_es": ""})
    source.refresh_from_db()
    assert (source.url, source.etag, source.failure, source.failing_since) == (
        *("https://daily.example/new-feed", "", ""),
        None,
    )
    response = client.post(page(source), data | {"url": source.url, "interval_minutes": 0})
    assert "Between one minute and one week" in response.content.decode()


def test_articles_and_editions_are_read_only(client, editor):
    lead = factories.LeadFactory(article__capture=factories.CaptureFactory())
    html = client.get(page(lead.article)).content.decode()
    for part in (lead.article.capture.sha256, page(lead), "Work on the prison began"):
        assert part in html, part
    edition = Edition.objects.first()
    html = client.get(page(edition)).content.decode()
    assert edition.hash in html
    assert edition.items.first().sha256 in html
    for row in (lead.article, edition):
        assert client.post(page(row), {"title": "x"}).status_code == 403
        assert client.post(page(row, "delete"), {"post": "yes"}).status_code == 403


def test_history_tells_who_changed_what_from_what_to_what(client, editor):
    topic, other = factories.TopicFactory(name_en="Ports"), factories.TopicFactory(name_en="Prisons")
    client.post(page(topic), {"name_en": "Harbours", "name_es": "Puertos"})
    html = client.get(page(topic, "history")).content.decode()
    for part in (editor.username, "<del>Ports</del>", "<ins>Harbours</ins>", "the database itself"):
        assert part in html, part
    pledge = factories.PublishedPledgeFactory(topics=[topic])
    pledge.topics.set([other])
    html = client.get(page(pledge, "history")).content.decode()
    for part in ("<del>Harbours</del>", "<ins>Prisons</ins>"):
        assert part in html, part


def test_the_list_of_mandates_counts_what_was_made_in_each_and_what_was_carried_into_it(client, editor):
    first, second = factories.MandateFactory(), factories.MandateFactory(starts_on=date(2025, 5, 24), ends_on=None)
    for _number in range(2):
        factories.PledgeFactory(mandate=first).carried_into.add(second)
    factories.PledgeFactory(mandate=second, made_on=date(2025, 6, 1))
    rows = client.get(reverse("admin:pledges_mandate_changelist")).context["cl"].result_list
    assert {row.pk: (row.pledge_count, row.carried_count) for row in rows} == {first.pk: (2, 0), second.pk: (1, 2)}


def test_lists_and_histories_speak_the_readers_language(client, editor):
    pledge = factories.PledgeFactory(topics=[factories.TopicFactory(name_es="Cárceles")])
    factories.IndicatorFactory()
    spanish = {"accept-language": "es"}
    shown = client.get(reverse("admin:pledges_mandate_changelist"), headers=spanish).content.decode()
    assert "Presidente de la República" in shown and "President of the Republic" not in shown
    shown = client.get(reverse("admin:pledges_indicator_changelist"), headers=spanish).content.decode()
    assert ">casos<" in shown and ">cases<" not in shown
    shown = client.get(page(pledge, "history"), headers=spanish).content.decode()
    assert "<dt>Tema</dt>" in shown and "<dt>Topic</dt>" not in shown
    edition = factories.PublishedPledgeFactory().wordings.get().edition
    shown = client.get(page(edition), headers=spanish).content.decode()
    assert "<td>promesa</td>" in shown and "<td>pledge</td>" not in shown


def test_the_history_of_an_update_has_its_evidence_and_words_instead_of_codes(client, editor):
    update = factories.UpdateFactory(status="in_progress")
    piece = update.evidence.get()
    piece.publisher = "Another Daily"
    piece.save()
    update.status = "kept"
    update.save()
    html = client.get(page(update, "history")).content.decode()
    for part in ("<del>In progress</del>", "<ins>Kept</ins>", "<ins>Another Daily</ins>", update.author.username):
        assert part in html, part


def test_a_save_that_changed_nothing_is_not_in_the_history(client, editor):
    update = factories.UpdateFactory()
    before = client.get(page(update, "history")).content.decode().count("<tr")
    update.save()
    assert client.get(page(update, "history")).content.decode().count("<tr") == before


def test_history_in_a_fixed_number_of_queries(client, editor, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    indicator = factories.IndicatorFactory()
    indicator.name_en = "Second"
    indicator.save()
    client.get(page(indicator, "history"))
    with CaptureQueriesContext(connection) as few:
        client.get(page(indicator, "history"))
    for number in range(70):
        Indicator.objects.filter(pk=indicator.pk).update(name_en=f"Name {number}")
    with django_assert_num_queries(len(few)):
        html = client.get(page(indicator, "history")).content.decode()
    assert "Page 1 of 2" in html
    assert "Second" in client.get(page(indicator, "history"), {"page": "2"}).content.decode()


def test_a_source_with_articles_stays(client, root):
    article = factories.ArticleFactory()
    response = client.post(page(article.source, "delete"), {"post": "yes"})
    assert "Cannot delete watched source" in response.content.decode()
    assert Source.objects.exists()
