"""The forms of the desk: what is needed is marked, errors say what there is to choose, and nothing is folded away."""

import re

import pytest
from django import forms
from django.contrib import admin
from django.urls import reverse

from pledges.models import Topic
from pledges.tests.desk.test_pledges import FIRST, frame, words
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
ADD = reverse("admin:pledges_pledge_add")


def test_what_is_needed_is_marked_and_the_mark_explained(client, editor):
    text = client.get(ADD).content.decode()
    assert "* is needed; of a text in two languages, at least one." in text
    for name in ("mandate", "source_document", "made_on"):
        assert re.search(
            rf'<label[^>]*class="[^"]*required[^"]*"[^>]*for="id_{name}"|for="id_{name}"[^>]*required', text
        ), name
    for name in ("title", "statement", "kept", "broken"):
        field = re.search(rf'<[^>]*name="wordings-0-{name}_es"[^>]*>', text)[0]
        assert "needed-in-one" in field
    assert "needed-in-one" not in re.search(r'<[^>]*name="wordings-0-stalled_en"[^>]*>', text)[0]


def test_every_form_of_a_row_explains_the_mark(client):
    client.force_login(factories.SuperuserFactory())
    for model, page in admin.site._registry.items():
        if model._meta.app_label != "pledges" or model._meta.model_name in ("intake", "source"):
            continue  # their first page asks for an address
        response = client.get(reverse(f"admin:pledges_{model._meta.model_name}_add"))
        if response.status_code == 200:
            assert "* is needed;" in response.content.decode(), page


@pytest.mark.parametrize(
    ("how_many", "said"), [(0, "nothing to choose from yet"), (2, "There are: Water, Roads."), (30, "from the list")]
)
def test_an_error_about_a_choice_says_what_there_is(client, editor, how_many, said):
    data = frame(topics=[99999]) | FIRST | words("wordings-0-")
    Topic.objects.all().delete()
    for number, name in zip(range(how_many), ["Water", "Roads", *map(str, range(28))], strict=False):
        factories.TopicFactory(slug=f"t{number:02}", name_en=name)
    response = client.post(ADD, data)
    errors = " ".join(response.context["adminform"].form.errors["topics"])
    assert said in errors


def test_with_a_number_in_place_of_a_list_the_error_says_how_to_find_one(client, reporter, monkeypatch):
    monkeypatch.setattr("pledges.desk.shared.base.MANY_PLEDGES", 0)
    factories.PledgeFactory()
    response = client.post(reverse("admin:pledges_update_add"), {"pledge": 99999})
    assert "Find it with the magnifying glass." in response.content.decode()
    assert isinstance(response.context["adminform"].form.fields["pledge"], forms.ModelChoiceField)


def test_where_one_begins_is_not_folded_away(client):
    client.force_login(factories.PublisherFactory())
    unfolded = client.get("/admin/").content.decode().partition('<details class="desk-tables"')[0]
    for name in ("pledge_add", "intake_add", "newsroom_changelist", "user_changelist"):
        assert reverse(f"admin:pledges_{name}") in unfolded, name
    assert reverse("exchange:index") in unfolded
    client.force_login(factories.ReporterFactory())
    theirs = client.get("/admin/").content.decode()
    assert reverse("admin:pledges_pledge_add") not in theirs.partition('<details class="desk-tables"')[0]
