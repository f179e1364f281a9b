"""A source that says something else of an article than before: its leads tell, and it is read again."""

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import leads, revisions
from pledges.models import Article, Lead, Revision, TermCount
from pledges.tests.support import factories
from pledges.tests.support.watched import atom, entry, page

pytestmark = pytest.mark.django_db
DEBATED = "The assembly of Ecuador debates the lighthouse of Puerto Azul, which President Romero promised to repair."
APPROVED = "The army has finished the repair of the lighthouse of Puerto Azul in Ecuador, President Romero said."
REST = "An official of the harbour office told reporters so on Monday, and the state pays for the work of two months."


@pytest.fixture
def source(web):
    return factories.SourceFactory(url=f"{web.origin}/feed", publisher="The Daily Example", language="en")


@pytest.fixture
def lighthouse(db):
    return factories.PublishedPledgeFactory(
        slug="lighthouse",
        mandate__person="Ana Romero",
        also_called_en=["lighthouse of Puerto Azul", "Puerto Azul lighthouse"],
        wording__title_en="Repair the lighthouse of Puerto Azul",
        wording__statement_en="The army repairs the lighthouse of Puerto Azul.",
    )


def says(web, source, title, summary="The same."):
    """The feed says this of its one article, and is read; the article as it is then."""
    web.serve("/feed", atom(entry(web, "one", title=title, summary=summary)))
    jobs.read_source.apply(args=[source.pk], throw=True)
    return Article.objects.get()


def read_page(web, article, *told):
    web.serve("/one", page(article.title, *told), **{"Content-Type": "text/html; charset=utf-8"})
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()


def test_a_new_headline_is_noted_and_the_article_read_again(web, source, lighthouse):
    article = says(web, source, "Lighthouse of Puerto Azul: debate")
    read_page(web, article, DEBATED, REST)
    lead = Lead.objects.get()
    before = (article.text, article.capture_id)
    counted = TermCount.objects.get(language="en", term="").documents

    article = says(web, source, "Lighthouse of Puerto Azul: repaired", "Another.")
    assert (article.state, article.title, article.summary) == ("new", "Lighthouse of Puerto Azul: repaired", "Another.")
    change = Revision.objects.get()
    assert (change.title_before, change.title) == (
        "Lighthouse of Puerto Azul: debate",
        "Lighthouse of Puerto Azul: repaired",
    )
    assert (change.summary_before, change.summary, change.text_before) == ("The same.", "Another.", before[0])

    read_page(web, article, APPROVED, REST)
    assert article.state == "read"
    assert APPROVED in article.text
    assert article.capture_id != before[1]  # the page is kept as it was, and as it is
    lead.refresh_from_db()
    assert (lead.state, lead.sentence) == ("open", APPROVED)
    assert lead.suggested_status == "kept"
    assert Lead.objects.count() == 1
    assert TermCount.objects.get(language="en", term="").documents == counted


def test_an_article_that_had_no_lead_may_get_one(web, source, lighthouse):
    article = says(web, source, "What the assembly does today")
    read_page(web, article, "The assembly of Ecuador meets at nine, and nobody knows for how long.", REST)
    assert not Lead.objects.exists()
    article = says(web, source, "The lighthouse is repaired")
    read_page(web, article, APPROVED, REST)
    assert Lead.objects.get().sentence == APPROVED
    assert not Revision.objects.exists()


@pytest.mark.parametrize("state", ["accepted", "dismissed"])
def test_what_was_decided_stays_and_an_open_lead_beside_it_tells(web, source, state, reporter):
    article = says(web, source, "Debate")
    Article.objects.update(state="read", text="What was judged.")
    decided, still_open = factories.LeadFactory(article=article), factories.LeadFactory(article=article)
    if state == "accepted":
        leads.accept_lead(lead=decided, by=reporter)
    else:
        leads.dismiss_lead(lead=decided, by=reporter, reason="nothing_new")
    for _time in range(2):  # and is told once
        article = says(web, source, "Approved")
    assert (article.state, article.title, article.text) == ("read", "Debate", "What was judged.")
    assert [change.title for change in still_open.article.revisions.all()] == ["Approved"]
    decided.refresh_from_db()
    assert decided.state == state
    says(web, source, "Vetoed")
    assert [(one.title_before, one.title) for one in Revision.objects.all()] == [
        ("Debate", "Approved"),
        ("Approved", "Vetoed"),
    ]


@pytest.mark.parametrize(
    ("title", "summary"),
    [("THE  debate", "The same."), ("The debate.", "The same"), ("«The debate»", "The same."), ("The debate", "")],
)
def test_other_capitals_and_signs_are_no_change(web, source, title, summary):
    article = says(web, source, "The debate")
    Article.objects.update(state="read")
    factories.LeadFactory(article=article)
    web.serve("/feed", atom(entry(web, "one", title=title, summary=summary or " ")))
    jobs.read_source.apply(args=[source.pk], throw=True)
    article.refresh_from_db()
    assert (article.state, article.title, Revision.objects.count()) == ("read", "The debate", 0)


def test_a_summary_that_was_emptied_is_no_change(web, source):
    says(web, source, "T")
    Article.objects.update(state="read", summary="")
    assert says(web, source, "T").state == "read"


def test_a_text_that_changes_all_day_is_not_read_all_day(web, source):
    factories.LeadFactory(article=says(web, source, "At 0"))
    for n in range(1, revisions.MOST_CHANGES + 5):
        Article.objects.update(state="read")
        says(web, source, f"At {n}")
    assert Revision.objects.count() == revisions.MOST_CHANGES
    assert Article.objects.get().state == "read"


def test_a_page_that_fails_when_read_again_keeps_its_text(web, source):
    article = says(web, source, "Debate")
    Article.objects.update(state="read", text="As it was.")
    article = says(web, source, "Approved")
    web.serve("/one", b"", status=410)
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    assert (article.state, article.text) == ("failed", "As it was.")


def test_a_revision_is_final_and_changes_something():
    change = Revision(article=factories.ArticleFactory(), found_at=timezone.now(), title_before="a", title="a")
    with pytest.raises(IntegrityError, match="revision_changes_something"), transaction.atomic():
        change.save()
    change.title = "b"
    change.save()
    for act in (change.delete, lambda: Revision.objects.update(title="c")):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            act()


def changed(lead, **fields):
    told = {"title_before": "Law <debated>", "title": "Law <approved>", "summary_before": "Uno.", "summary": "Dos."}
    return Revision.objects.create(
        article=lead.article, found_at=timezone.now(), text_before="As read.", **told | fields
    )


@pytest.mark.parametrize("name", ["inbox", "page"])
def test_the_desk_tells_of_it(client, reporter, name):
    lead = factories.LeadFactory()
    inbox, own = reverse("admin:pledges_lead_changelist"), reverse("admin:pledges_lead_change", args=[lead.pk])
    address = inbox if name == "inbox" else own
    assert "The article has changed" not in client.get(address).content.decode()
    changed(lead)
    html = client.get(address).content.decode()
    assert "The article has changed since this lead was raised." in html
    assert "<del>Law &lt;debated&gt;</del>" in html
    assert "<ins>Law &lt;approved&gt;</ins>" in html
    assert ("As read." in html) == (name == "page")
    Lead.objects.update(raised_at=timezone.now())
    assert "The article has changed" not in client.get(address).content.decode()


def test_a_change_of_the_text_only_is_told_as_that(client, reporter):
    lead = factories.LeadFactory()
    changed(lead, title="Law", title_before="Law")
    assert (
        "The text under the headline is another."
        in client.get(reverse("admin:pledges_lead_changelist")).content.decode()
    )
