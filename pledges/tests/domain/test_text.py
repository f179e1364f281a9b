"""What nobody sees is taken out of texts: what it is, and everywhere that something is typed or imported."""

import json
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pledges.actions import drafts
from pledges.domain.text import INVISIBLE, visible
from pledges.models import Topic, Update
from pledges.tests.desk.test_updates import ADD, page, typed
from pledges.tests.support import factories
from pledges.watch.text.language import one_line

DIRTY = "Wo\u202erk\u202c \u200bbe\x00gan\ufeff\x1b.\u2066"
CLEAN = "Work began."


# --- what is taken out


@pytest.mark.parametrize(
    "text", ["", "Comenzó la obra — «sí».", "one\ntwo\r\nthree\tfour", "北京 東京 서울", "€ ½ − ×"]
)
def test_a_text_stays(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    "sign",
    [
        *("\x00", "\x01", "\x08", "\x0e", "\x1b", "\x7f", "\x80", "\x9f"),
        *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f"),
        *("\u061c", "\u00ad", "\u200b", "\u2060", "\u2063", "\u206a", "\ufeff", "\u034f", "\u3164", "\uffa0"),
        *("\U000e0001", "\U000e0041", "\U000e007f", "\ud800", "\udfff", "\ufffe", "\uffff", "\ufdd0", "\U0010ffff"),
        *("\u200c", "\u200d", "\ufe00", "\ufe0f", "\U000e0100"),
    ],
    ids=lambda sign: f"U+{ord(sign):04X}",
)
def test_what_nobody_sees_is_taken_out(sign):
    for text in (f"be{sign}gan", f"{sign}began", f"began{sign}", f"be{sign * 3}gan"):
        assert visible(text) == "began"


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r"])
def test_what_ends_a_line_stays_the_end_of_a_line(sign):
    assert visible(f"one{sign}two") == "one\ntwo"


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "क\u094d\u200dष",
        "👩\u200d👩\u200d👧",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "👨🏽\u200d⚕\ufe0f",
        "葛\U000e0100",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("👩\u200d\u200d\u200d👧", "👩\u200d👧"),
        ("☎\ufe0f\ufe0e\ufe0f", "☎\ufe0f"),
        ("👩\u200d", "👩"),
        ("k\u200dept", "kept"),
        ("9\ufe0f", "9"),
        ("\ud83d\ude00", "😀"),  # two halves, as JSON writes it
    ],
)
def test_but_no_more_of_it_than_that(text, left):
    assert visible(text) == left


def test_a_visible_text_is_visible():
    signs = [*"ab \n\r☎👩م北1", "\u20e3", *(chr(number) for number in range(0x110000) if chr(number) in INVISIBLE)]
    chosen = random.Random(1)
    for _number in range(20_000):
        text = visible("".join(chosen.choices(signs, k=6)))
        assert visible(text) == text
        text.encode()


def test_titles_of_feeds_go_the_same_way():
    assert one_line(f"  {DIRTY}\n next ") == "Work began. next"


# --- at the desk


@pytest.mark.django_db
def test_what_is_typed_into_a_draft(client, reporter):
    pledge = factories.PublishedPledgeFactory()
    sent = typed(pledge=pledge.pk, text_en=DIRTY) | {"evidence-0-sentence": DIRTY, "evidence-0-title": DIRTY}
    client.post(ADD, sent | {"_continue": "1"})
    update = Update.objects.get()
    assert (update.text_en, update.evidence.get().sentence, update.evidence.get().title) == (CLEAN, CLEAN, CLEAN)
    client.post(page(update), typed(update, text_es="má\u200ds\u202e") | {"_continue": "1"})
    update.refresh_from_db()
    assert update.text_es == "más"


@pytest.mark.django_db
def test_comments_what_is_kept_while_typing_and_other_forms(client, editor):
    update = factories.UpdateFactory()
    client.post(reverse("admin:pledges_update_comment", args=[update.pk]), {"text": DIRTY})
    assert update.comments.get().text == CLEAN
    client.post(reverse("admin:pledges_update_typed", args=[update.pk]), {"text_en": DIRTY})
    assert editor.autosaves.get().data["text_en"] == [CLEAN]
    client.post(
        reverse("admin:pledges_topic_add"), {"slug": "po\u200brts", "name_en": DIRTY, "name_es": "Puertos\u202e"}
    )
    assert Topic.objects.filter(slug="ports", name_en=CLEAN, name_es="Puertos").exists()
    lead = factories.LeadFactory()
    client.post(reverse("admin:pledges_lead_dismiss", args=[lead.pk]), {"reason": "other", "note": DIRTY})
    lead.refresh_from_db()
    assert lead.dismiss_note == CLEAN


@pytest.mark.django_db
def test_an_action_that_is_asked_by_itself():
    update = factories.UpdateFactory()
    assert drafts.comment(item=update, by=update.author, text=DIRTY).text == CLEAN


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["update", "pledge", "topic", "source", "lead", "article"])
@pytest.mark.parametrize("sent", ["%00", "%00pris%E2%80%AEon", "%ED%A0%80", "%FF%FE"])
def test_search_boxes_of_the_desk(client, editor, name, sent):
    where = reverse(f"admin:pledges_{name}_changelist")
    for query in (f"?q={sent}", f"?state={sent}", f"?o={sent}", f"?{sent}={sent}", f"?pledge__slug={sent}"):
        assert client.get(where + query, follow=True).status_code < 500


@pytest.mark.django_db
def test_a_password_is_left_as_it_is(client):
    person = factories.EditorFactory()
    person.set_password("sec\u200bret \u202ewords")
    person.save()
    answer = client.post(reverse("account_login"), {"login": person.username, "password": "sec\u200bret \u202ewords"})
    assert (answer.status_code, client.session.get("_auth_user_id")) == (302, str(person.pk))


# --- imports


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_is_imported(client, editor, form):
    if form == "csv":
        body = f'slug,name_en,name_es\nports,"{DIRTY}",Puertos\u202e\n'.encode()
    else:
        row = {"slug": "ports", "name_en": f"{DIRTY}\ud800", "name_es": "Puertos\u202e"}
        body = json.dumps([row]).encode()  # with a reference like \\ud800 for half a character
    url = reverse("exchange:import", args=["topics"])
    shown = client.post(url, {"file": SimpleUploadedFile(f"file.{form}", body)})
    assert shown.status_code == 200, shown.context["form"].errors
    client.post(url, {"kept": shown.context["kept"], "seen": shown.context["fates"].fingerprint})
    topic = Topic.objects.get(slug="ports")
    assert (topic.name_en, topic.name_es) == (CLEAN, "Puertos")


@pytest.mark.django_db
def test_an_old_text_that_holds_some_is_no_change_when_it_comes_back(client, editor):
    factories.TopicFactory(slug="ports", name_en="Po\u202erts", name_es=" Puertos")
    body = client.get(reverse("exchange:export", args=["topics", "csv"])).getvalue()
    shown = client.post(reverse("exchange:import", args=["topics"]), {"file": SimpleUploadedFile("file.csv", body)})
    assert [fate.changes for fate in shown.context["fates"].rows] == [()]


# --- a source's note


@pytest.mark.django_db
def test_a_sources_note_is_for_the_desk_only(client, editor):
    source = factories.SourceFactory(active=False, note_en="Their server begs us to stop.", note_es="Piden parar.")
    factories.NewsroomFactory()
    shown = client.get(reverse("watch")).content.decode()
    assert source.name in shown and "not watched" in shown and "begs us to stop" not in shown
    desk = client.get(reverse("admin:pledges_source_change", args=[source.pk])).content.decode()
    assert "begs us to stop" in desk
