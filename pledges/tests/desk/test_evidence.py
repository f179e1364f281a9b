"""Two people on the evidence of one draft: both versions beside each other, chosen piece by piece, nothing lost."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from pledges.models import Evidence
from pledges.tests.desk.test_updates import page
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    """A draft of Rosa's with three pieces of evidence."""
    update = factories.UpdateFactory(author=factories.ReporterFactory(byline="Rosa"), evidence=None, text_es="")
    for name in ("One", "Two", "Three"):
        url = f"https://{name.lower()}.example/"
        factories.EvidenceFactory(update=update, url=url, publisher=name, title=f"{name} says", sentence="So it is.")
    return update


@pytest.fixture
def rosa(draft):
    return Desk(draft, draft.author)


@pytest.fixture
def elena(draft):
    return Desk(draft, factories.EditorFactory(byline="Elena"))


class Desk:
    """A browser without scripts that has the draft's form open: what a page shows is what is sent."""

    def __init__(self, draft, person):
        self.client = Client()
        self.client.force_login(person)
        self.url = page(draft)
        self.read(self.client.get(self.url))

    def read(self, response):
        self.response, self.html = response, response.content.decode()
        self.clashes = {clash.name: clash for clash in response.context["clashes"]}
        self.data = {"_continue": "1", "seen": response.context["version"]}
        form = response.context["adminform"].form
        formsets = [rows.formset for rows in response.context["inline_admin_formsets"]]
        for one in (form, *(row for rows in formsets for row in (rows.management_form, *rows.forms))):
            for field in one:
                value = field.value()
                if value and field.name == "DELETE":
                    self.data[field.html_name] = "on"
                elif field.name != "DELETE":
                    self.data[field.html_name] = "" if value is None else value
                if field.field.show_hidden_initial:
                    hidden = re.search(rf'name="{field.html_initial_name}"[^>]*', str(field))[0]
                    value = re.search(r'value="([^"]*)"', hidden)
                    self.data[field.html_initial_name] = value[1] if value else ""
        for name, value in re.findall(r'<input type="radio" name="(take-[^"]+)" value="(\w+)" checked', self.html):
            self.data[name] = value

    def row(self, name) -> str:
        """The prefix of the row of a piece."""
        return next(key for key, value in self.data.items() if value == f"https://{name}.example/").removesuffix("-url")

    def save(self, **changes):
        """Save with what is typed or chosen ("__" stands for "-"); True when it was saved."""
        self.data |= {name.replace("__", "-"): value for name, value in changes.items()}
        response = self.client.post(self.url, self.data)
        saved = response.status_code == 302
        self.read(self.client.get(self.url) if saved else response)
        return saved

    def edit(self, name, **fields):
        row = self.row(name)
        self.data |= {f"{row}-{field}": value for field, value in fields.items()}
        return self


def kept(draft) -> dict[str, tuple[str, str]]:
    return {piece.url[8:-9]: (piece.publisher, piece.sentence) for piece in Evidence.objects.filter(update=draft)}


def test_what_nobody_else_touched_is_saved_as_before(rosa, draft):
    assert rosa.edit("two", sentence="So it was.").edit("three", DELETE="on").save()
    assert kept(draft) == {"one": ("One", "So it is."), "two": ("Two", "So it was.")}


def test_a_piece_is_chosen_field_by_field(rosa, elena, draft):
    assert elena.edit("one", publisher="One Daily", sentence="So it may be.").save()
    assert not rosa.edit("one", sentence="So it was.").edit("two", title="Two said").save()
    row = rosa.row("one")
    assert set(rosa.clashes) == {f"{row}-publisher", f"{row}-sentence"}
    publisher, sentence = rosa.clashes[f"{row}-publisher"], rosa.clashes[f"{row}-sentence"]
    assert (publisher.theirs, publisher.mine, publisher.alone) == ("One Daily", "One", True)
    assert (sentence.theirs, sentence.mine, sentence.alone) == ("So it may be.", "So it was.", False)
    assert "So it <del>may be</del>" in rosa.html and "Evidence “One says”: Sentence relied on" in rosa.html
    assert kept(draft)["one"] == ("One Daily", "So it may be.")
    assert rosa.save()  # theirs where only Elena wrote, Rosa's where both did
    assert kept(draft)["one"] == ("One Daily", "So it was.")
    assert Evidence.objects.get(url="https://two.example/").title == "Two said"


def test_the_other_way_round_one_may_keep_what_was_there(rosa, elena, draft):
    elena.edit("one", publisher="One Daily", sentence="So it may be.").save()
    rosa.edit("one", sentence="So it was.").save()
    row = rosa.row("one")
    assert rosa.save(**{f"take-{row}-publisher": "mine", f"take-{row}-sentence": "theirs"})
    assert kept(draft)["one"] == ("One", "So it may be.")


@pytest.mark.parametrize(("choice", "there"), [("theirs", True), ("drop", False)])
def test_what_the_other_added_is_kept_or_left_out(rosa, elena, draft, choice, there):
    last = elena.row("three").replace("2", "3")
    elena.save(**{f"{last}-url": "https://four.example/", f"{last}-publisher": "Four"})
    assert not rosa.save(**{f"{last}-url": "https://mine.example/", f"{last}-publisher": "Mine"})
    row = rosa.row("four")
    assert [clash.kind for clash in rosa.clashes.values()] == ["added"]
    assert rosa.data[f"take-{row}"] == "theirs" and "Keep it: Elena added it" in rosa.html
    assert rosa.save(**{f"take-{row}": choice})
    assert set(kept(draft)) == {"one", "two", "three", "mine"} | ({"four"} if there else set())


@pytest.mark.parametrize(("choice", "there"), [("theirs", False), ("mine", True)])
def test_what_the_other_removed_stays_out_or_is_put_back_with_its_copy(rosa, elena, draft, choice, there):
    capture = factories.CaptureFactory()
    Evidence.objects.filter(url="https://two.example/").update(capture=capture)
    elena.edit("two", DELETE="on").save()
    assert not rosa.edit("two", sentence="So it was.").save()
    row = rosa.row("two")
    assert [clash.kind for clash in rosa.clashes.values()] == ["removed"]
    assert rosa.data[f"take-{row}"] == "mine"  # Rosa has written in it
    assert rosa.save(**{f"take-{row}": choice})
    assert set(kept(draft)) == {"one", "three"} | ({"two"} if there else set())
    if there:
        piece = Evidence.objects.get(url="https://two.example/")
        assert (piece.sentence, piece.capture) == ("So it was.", capture)


def test_what_the_other_removed_and_nobody_wrote_in_stays_out(rosa, elena, draft):
    elena.edit("two", DELETE="on").save()
    rosa.save(text_en="Work began in May.")
    assert rosa.data[f"take-{rosa.row('two')}"] == "theirs"
    assert rosa.save()
    assert set(kept(draft)) == {"one", "three"}


@pytest.mark.parametrize(("choice", "there"), [("theirs", True), ("mine", False)])
def test_what_one_removes_and_the_other_changed_is_asked(rosa, elena, draft, choice, there):
    elena.edit("two", sentence="So it may be.").save()
    assert not rosa.edit("two", DELETE="on").edit("three", DELETE="on").save()
    assert [clash.kind for clash in rosa.clashes.values()] == ["deleted"]
    assert rosa.save(**{f"take-{rosa.row('two')}": choice})
    assert kept(draft) == {"one": ("One", "So it is.")} | ({"two": ("Two", "So it may be.")} if there else {})


def test_both_add_the_same_link(rosa, elena, draft):
    last = elena.row("three").replace("2", "3")
    elena.save(**{f"{last}-url": "https://four.example/", f"{last}-publisher": "Four"})
    rosa.save(**{f"{last}-url": "https://four.example/", f"{last}-publisher": "Four Daily"})
    assert not rosa.save()  # it cannot be there twice: said, and both still stand in the form
    assert rosa.html.count('value="https://four.example/"') >= 2
    assert kept(draft)["four"] == ("Four", "")


def test_a_third_who_saves_while_one_chooses_is_shown_too(rosa, elena, draft):
    elena.edit("one", publisher="One Daily").save()
    rosa.edit("two", DELETE="on").save()
    elena.edit("one", publisher="One Weekly").edit("two", sentence="So it may be.").save()
    assert not rosa.save()
    assert [clash.kind for clash in rosa.clashes.values()] == ["deleted"]
    assert (
        f'name="{rosa.row("one")}-publisher" value="One Weekly"' in rosa.html
    )  # she had chosen Elena's: that is it now
    assert kept(draft) == {
        "one": ("One Weekly", "So it is."),
        "two": ("Two", "So it may be."),
        "three": ("Three", "So it is."),
    }


def test_a_page_from_before_this_rule_or_made_up_overwrites_nothing_unseen(rosa, elena, draft):
    elena.edit("one", publisher="One Daily").save()
    rosa.data = {key: value for key, value in rosa.data.items() if not key.startswith("initial-")}
    assert not rosa.save()
    assert rosa.clashes[f"{rosa.row('one')}-publisher"].alone is False
    for total in ("x", "", "99999999", "-1"):
        response = rosa.client.post(rosa.url, rosa.data | {"evidence-TOTAL_FORMS": total, "seen": "x"})
        assert response.status_code == 200
    other = factories.EvidenceFactory()
    assert not rosa.save(**{"evidence-0-id": other.pk, "seen": "x"})
    assert kept(draft)["one"] == ("One Daily", "So it is.")


def test_what_was_typed_and_kept_is_taken_back_beside_what_was_saved_since(rosa, elena, draft):
    elena.edit("one", publisher="One Daily").edit("two", DELETE="on").save()
    rosa.client.post(reverse("admin:pledges_update_typed", args=[draft.pk]), rosa.edit("one", publisher="Uno").data)
    rosa.read(rosa.client.get(rosa.url, {"autosave": "1"}))
    assert sorted(clash.kind for clash in rosa.clashes.values()) == ["field", "removed"]
    assert rosa.save()
    assert kept(draft) == {"one": ("Uno", "So it is."), "three": ("Three", "So it is.")}
