"""No word is lost and none is overwritten unseen: what was typed is kept, and two versions stand beside each other."""

import pytest
from django.urls import reverse

from pledges.actions import publishing
from pledges.models import Autosave, Update
from pledges.tests.desk.test_updates import ADD, page, typed
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


def keep(key: object = "new", kind: str = "update") -> str:
    return reverse(f"admin:pledges_{kind}_typed", args=[key])


def drop(key: object = "new") -> str:
    return reverse("admin:pledges_update_typed_drop", args=[key])


@pytest.fixture
def draft(reporter):
    return factories.UpdateFactory(author=reporter, text_en="Work began.", text_es="")


# --- what is typed and not saved


def test_it_is_kept_offered_and_taken_back(client, reporter, draft):
    answer = client.post(keep(draft.pk), typed(draft, text_en="Half a sen"))
    assert set(answer.json()) == {"at"}
    draft.refresh_from_db()
    assert draft.text_en == "Work began."
    html = client.get(page(draft)).content.decode()
    assert "you had typed something here" in html
    assert "Half a sen" not in html
    html = client.get(page(draft), {"autosave": "1"}).content.decode()
    assert "Half a sen" in html
    assert "errornote" not in html
    data = typed(draft, text_en="A whole sentence.") | {"_continue": "1"}
    client.post(page(draft), data)
    assert not Autosave.objects.exists()
    assert "you had typed" not in client.get(page(draft)).content.decode()


def test_so_is_a_new_draft_with_its_evidence_valid_or_not(client, reporter):
    pledge = factories.PublishedPledgeFactory()
    data = typed(pledge=pledge.pk, text_en="New words.", happened_on="20", **{"evidence-0-sentence": "He said so."})
    client.post(keep(f"new-{pledge.pk}"), data)
    where = f"{ADD}?pledge={pledge.pk}"
    assert f"?pledge={pledge.pk}&amp;autosave=1" in client.get(where).content.decode()
    assert "you had typed" not in client.get(ADD).content.decode()
    html = client.get(f"{where}&autosave=1").content.decode()
    for words in ("New words.", "He said so.", "https://daily.example/1", "Enter a valid date"):
        assert words in html
    assert not Update.objects.exists()
    client.post(f"{where}&autosave=1", data | {"happened_on": "2024-07-01", "_continue": "1"})
    assert Update.objects.get().evidence.get().sentence == "He said so."
    assert not Autosave.objects.exists()


def test_it_can_be_discarded_without_scripts(client, reporter, draft):
    client.post(keep(draft.pk), typed(draft, text_en="No."))
    assert client.get(drop(draft.pk)).status_code == 405
    response = client.post(drop(draft.pk), follow=True)
    assert response.redirect_chain[-1][0] == page(draft)
    assert not Autosave.objects.exists()
    assert client.post(drop("new-7")).url == f"{ADD}?pledge=7"


def test_the_newest_only_and_nobody_elses(client, reporter, draft):
    for words in ("One.", "Two."):
        client.post(keep(draft.pk), typed(draft, text_en=words))
    assert Autosave.objects.get().data["text_en"] == ["Two."]
    client.force_login(factories.EditorFactory())
    assert "you had typed" not in client.get(page(draft)).content.decode()
    assert "Two." not in client.get(page(draft), {"autosave": "1"}).content.decode()
    client.post(drop(draft.pk))
    assert Autosave.objects.count() == 1


def test_who_may_not_save_the_form_may_not_have_it_kept(client):
    draft, wording = factories.UpdateFactory(), factories.WordingFactory()
    assert client.post(keep(draft.pk)).url.startswith(reverse("admin:login"))
    for person in (factories.UserFactory(), factories.ReporterFactory()):
        client.force_login(person)
        for url in (keep(draft.pk), keep(99999), keep("x"), keep(wording.pk, "wording"), keep("new", "wording")):
            assert client.post(url, {"text_en": "x"}).status_code == 403, url
    assert client.get(keep()).status_code == 405
    assert not Autosave.objects.exists()


def test_too_much_and_what_the_database_cannot_hold(client, reporter, draft):
    assert client.post(keep(draft.pk), {"text_en": "x" * 300_001}).status_code == 413
    assert client.post(keep(draft.pk), {"text_en": "a\x00b"}).status_code == 200
    assert Autosave.objects.get().data["text_en"] == ["ab"]
    assert client.get(page(draft), {"autosave": "1"}).status_code == 200


def test_after_somebody_published_it_the_words_can_still_be_read(client, reporter, draft):
    client.post(keep(draft.pk), typed(draft, text_en="My better words."))
    publishing.publish(draft, by=factories.EditorFactory())
    html = client.get(page(draft)).content.decode()
    assert "My better words." in html
    assert client.get(page(draft), {"autosave": "1"}).status_code == 200


# --- two people on the same draft


@pytest.fixture
def twice_open(reporter, draft):
    """What Rosa's browser holds, after Elena saved other words: (the draft, the data)."""
    data = typed(draft, text_en="Work began in May.", text_es="En mayo.") | {"_continue": "1"}
    changed = Update.objects.get(pk=draft.pk)
    changed.text_en, changed.status, changed.failure_reason = "Work began on Monday.", "kept", ""
    changed.save()
    return changed, data


def test_both_versions_are_shown_and_nothing_is_saved(client, twice_open):
    draft, data = twice_open
    response = client.post(page(draft), data)
    found = {clash.name: clash for clash in response.context["clashes"]}
    assert set(found) == {"text_en", "status"}
    assert (found["text_en"].theirs, found["text_en"].mine) == ("Work began on Monday.", "Work began in May.")
    assert "Work began <del>on</del><ins>in</ins> <del>Monday</del><ins>May</ins>." in response.content.decode()
    assert (found["text_en"].alone, found["status"].alone) == (False, True)
    draft.refresh_from_db()
    assert draft.text_en == "Work began on Monday."


@pytest.mark.parametrize(
    ("takes", "english", "status"),
    [
        ({"text_en": "theirs", "status": "theirs"}, "Work began on Monday.", "kept"),
        ({"text_en": "mine", "status": "theirs"}, "Work began in May.", "kept"),
        ({"text_en": "mine", "status": "mine"}, "Work began in May.", "in_progress"),
    ],
)
def test_each_field_is_chosen(client, twice_open, takes, english, status):
    draft, data = twice_open
    client.post(page(draft), data)
    chosen = {f"take-{name}": whose for name, whose in takes.items()}
    client.post(page(draft), data | chosen | {"seen": draft.updated_at.isoformat()})
    draft.refresh_from_db()
    assert (draft.text_en, draft.status, draft.text_es) == (english, status, "En mayo.")


def test_a_third_who_saves_meanwhile_is_shown_as_well(client, twice_open):
    draft, data = twice_open
    seen = draft.updated_at.isoformat()
    Update.objects.get(pk=draft.pk).save()
    response = client.post(page(draft), data | {"seen": seen, "take-text_en": "theirs"})
    assert "Somebody else has saved this" in response.content.decode()
    draft.refresh_from_db()
    assert draft.text_es == ""


def test_taking_back_what_was_typed_on_an_older_version_shows_both(client, twice_open):
    draft, data = twice_open
    client.post(keep(draft.pk), data)
    response = client.get(page(draft), {"autosave": "1"})
    assert {clash.name for clash in response.context["clashes"]} == {"text_en", "status"}
    assert f'name="seen" value="{draft.updated_at.isoformat()}"' in response.content.decode()


@pytest.mark.parametrize("seen", ["x", "2024-13-45T00:00", "1999-01-01T00:00:00+00:00"])
def test_a_version_that_never_was_is_a_conflict_in_every_field(client, twice_open, seen):
    draft, data = twice_open
    response = client.post(page(draft), data | {"seen": seen, "pledge": "0"})
    assert response.status_code == 200
    assert "Work began on Monday." in response.content.decode()
    draft.refresh_from_db()
    assert draft.text_es == ""


def test_wordings_too(client):
    editor = factories.EditorFactory()
    client.force_login(editor)
    wording = factories.WordingFactory(author=editor)
    where = reverse("admin:pledges_wording_change", args=[wording.pk])
    form = client.get(where).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields} | {"seen": form.version, "_continue": "1"}
    changed = type(wording).objects.get(pk=wording.pk)
    changed.statement_en = "Their words."
    changed.save()
    response = client.post(where, data | {"statement_en": "My words."})
    assert [clash.name for clash in response.context["clashes"]] == ["statement_en"]
