"""Who may do what at the desk: exactly what pledges/accounts/groups.py says."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from pledges import models
from pledges.actions import publishing
from pledges.models.pledge import Pledge
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
READ_BY_BOTH = [
    *(models.Lead, models.Update, models.Wording, Pledge, models.Mandate, models.Topic, models.Institution),
    *(models.SourceDocument, models.Indicator, models.Source, models.Article, models.Edition, models.Newsroom),
    models.WatchQuality,
]
KEPT_BY_EDITORS = [
    *(Pledge, models.Mandate, models.Topic, models.Institution, models.SourceDocument, models.Indicator, models.Source),
]


def address(model, view: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


@pytest.fixture
def people():
    return {
        "anonymous": None,
        "reader": factories.UserFactory(is_staff=False),
        "nobody": factories.UserFactory(),
        "reporter": factories.ReporterFactory(),
        "editor": factories.EditorFactory(),
    }


def log_in(client, user) -> None:
    client.logout()
    if user:
        client.force_login(user)


def waiting_update() -> models.Update:
    update = factories.UpdateFactory()
    publishing.submit_for_review(item=update, by=update.author)
    return update


MAKE = {
    "lead": factories.LeadFactory,
    "pledge": factories.PublishedPledgeFactory,
    "published": factories.PublishedUpdateFactory,
    "waiting": waiting_update,
    "draft": factories.UpdateFactory,
    "wording": factories.WordingFactory,
    "source": factories.SourceFactory,
}


# What is pressed, on which row, with what, and who may.
PRESSED = [
    (models.Lead, "accept", "lead", {}, {"reporter", "editor"}),
    (models.Lead, "dismiss", "lead", {"reason": "other"}, {"reporter", "editor"}),
    (models.Lead, "snooze", "lead", {"until": "2999-01-01"}, {"reporter", "editor"}),
    (models.Lead, "reopen", "lead", {}, {"reporter", "editor"}),
    (models.Update, "correct", "published", {}, {"editor"}),
    (models.Update, "change", "waiting", {"_publish": "1"}, {"editor"}),
    (models.Update, "change", "waiting", {"_send_back": "1"}, {"editor"}),
    (models.Update, "change", "draft", {"_submit": "1"}, {"editor"}),
    (models.Update, "delete", "draft", {"post": "yes"}, {"editor"}),
    (models.Wording, "change", "wording", {"_publish": "1"}, {"editor"}),
    (models.Wording, "delete", "wording", {"post": "yes"}, {"editor"}),
    (models.Pledge, "wording", "pledge", {}, {"editor"}),
    (models.Pledge, "reviewed", "pledge", {}, {"editor"}),
    (models.Pledge, "change", "pledge", {}, {"editor"}),
    (models.Source, "read", "source", {}, {"editor"}),
    (models.Pledge, "strike", "pledge", {"language": "en", "word": "lunes"}, {"editor"}),
    (models.Pledge, "unstrike", "pledge", {"term": "1"}, {"editor"}),
    (models.Pledge, "delete", "pledge", {"post": "yes"}, set()),
    (models.Update, "delete", "published", {"post": "yes"}, set()),
]


@pytest.mark.parametrize(("model", "view", "row", "data", "allowed"), PRESSED)
def test_who_may_press_what(client, people, model, view, row, data, allowed):
    url = address(model, view, MAKE[row]().pk)
    for who in ("anonymous", "reader"):
        log_in(client, people[who])
        response = client.post(url, data)
        assert response.status_code == 302
        assert response.url.startswith(reverse("admin:login"))
    for who in sorted({"nobody", "reporter", "editor"} - allowed):
        log_in(client, people[who])
        assert client.post(url, data).status_code == 403, who
    for who in sorted(allowed, reverse=True):
        log_in(client, people[who])
        assert client.post(url, data).status_code in (200, 302), who


@pytest.mark.parametrize("model", READ_BY_BOTH)
def test_both_read_and_only_editors_add_and_change(client, people, model):
    for who in ("reporter", "editor"):
        log_in(client, people[who])
        assert client.get(address(model, "changelist")).status_code in (200, 302)
    log_in(client, people["nobody"])
    assert client.get(address(model, "changelist")).status_code == 403
    for who in ("reporter", "editor"):
        log_in(client, people[who])
        expected = 200 if model is models.Update or (who == "editor" and model in KEPT_BY_EDITORS) else 403
        assert client.get(address(model, "add")).status_code == expected, (who, model)


def test_groups_and_people_are_for_superusers(client, people):
    for model in (models.User, Group):
        for who in ("reporter", "editor"):
            log_in(client, people[who])
            assert client.get(address(model, "changelist")).status_code == 403
        log_in(client, factories.SuperuserFactory())
        assert client.get(address(model, "changelist")).status_code == 200


def test_a_reporter_sees_no_button_that_is_not_the_reporters(client, people):
    made = {row: MAKE[row]() for row in ("published", "waiting", "pledge", "source")}
    log_in(client, people["reporter"])
    for row, hidden in (
        ("published", "Correct…"),
        ("waiting", "Save and publish"),
        ("pledge", "Change the wording…"),
        ("pledge", "Mark as reviewed today"),
        ("source", "Read now"),
    ):
        html = client.get(address(made[row], "change", made[row].pk)).content.decode()
        assert hidden not in html, hidden
        log_in(client, people["editor"])
        assert hidden in client.get(address(made[row], "change", made[row].pk)).content.decode(), hidden
        log_in(client, people["reporter"])


def test_the_first_page_counts_only_what_one_may_see(client, people):
    factories.LeadFactory()
    log_in(client, people["nobody"])
    assert client.get(reverse("admin:index")).context["work"] == []
    log_in(client, people["reporter"])
    labels = [str(entry["label"]) for entry in client.get(reverse("admin:index")).context["work"]]
    assert "pledges waiting for your review" not in labels
    assert "leads in the inbox" in labels


def test_a_list_asked_for_what_no_text_can_hold_says_so(client):
    client.force_login(factories.SuperuserFactory())
    for model, query in ((models.SourceDocument, "language=%00"), (models.Update, "status__exact=%00")):
        response = client.get(f"{address(model, 'changelist')}?{query}", follow=True)
        assert response.status_code == 200
        assert response.redirect_chain


def test_every_page_of_the_desk_opens_and_keeps_to_the_policy(client):
    """No inline script, style or handler: the content security policy would block it."""
    client.force_login(factories.SuperuserFactory())
    for make in MAKE.values():
        make()
    factories.ObservationFactory()
    factories.NewsroomFactory()
    pages = [reverse("admin:index")]
    for model in admin.site._registry:
        pages.append(address(model, "changelist"))
        if row := model._default_manager.first():
            pages += [address(model, "change", row.pk), address(model, "history", row.pk)]
    pages += [address(model, "add") for model in (models.Update, models.Pledge, models.Indicator, models.User)]
    for url in pages:
        response = client.get(url, follow=True)
        html = response.content.decode()
        assert response.status_code == 200, url
        for inline in ("<style", " style=", "<script>", " onclick=", " onchange=", "javascript:"):
            assert inline not in html, (url, inline)
