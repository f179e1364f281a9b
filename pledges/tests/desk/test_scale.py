"""The desk with many rows: the same number of queries, search through indexes, pledges searched instead of listed."""

import pytest
from django.db import connection
from django.urls import reverse

from pledges.desk.shared import base, list_search
from pledges.models import Article, Lead, Pledge, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = factories.EditorFactory()
    client.force_login(user)
    return user


@pytest.fixture
def few(monkeypatch):
    """More than three pledges are many."""
    monkeypatch.setattr(base, "MANY_PLEDGES", 3)


def address(name: str, view: str = "changelist", *args) -> str:
    return reverse(f"admin:pledges_{name}_{view}", args=args)


def found(client, name: str, **query) -> set[int]:
    return {row.pk for row in client.get(address(name), query).context["cl"].result_list}


@pytest.mark.parametrize(
    "page",
    ["index", "lead", "lead?q=prison", "lead?q=road+prison", "update", "update?q=work", "pledge", "article?q=daily"],
)
def test_a_page_asks_as_much_with_twenty_rows_as_with_five(client, editor, few, page, django_assert_max_num_queries):
    name, _mark, query = page.partition("?")
    url = reverse("admin:index") if page == "index" else f"{address(name)}?{query}"

    def fill(count: int) -> None:
        for _number in range(count):
            lead = factories.LeadFactory()
            factories.UpdateFactory(pledge=lead.pledge, author=editor)

    fill(5)
    counted = []
    with connection.execute_wrapper(lambda execute, *args: counted.append(1) or execute(*args)):
        client.get(url)
    fill(15)
    with django_assert_max_num_queries(len(counted)):
        assert client.get(url).status_code == 200


def test_a_lead_is_found_by_its_headline_outlet_sentence_pledge_or_link(client, editor):
    lead = factories.LeadFactory(
        article__title="Minister opens harbour",
        article__publisher="The Coast",
        sentence="Cranes were lifted on Monday.",
        pledge__slug="new-docks",
        pledge__wording__title_en="Deep-water terminals",
    )
    factories.LeadFactory()
    for words in ("harbour", "HARB coast", "cranes", "docks", "terminals", "minister cranes docks", lead.article.url):
        assert found(client, "lead", q=words) == {lead.pk}, words
    for words in ("harbour prison", "ranes", "https://daily.example/elsewhere"):
        assert found(client, "lead", q=words) == set(), words
    assert len(found(client, "lead", q=" - ")) == 2


def test_an_update_is_found_by_its_text_evidence_or_pledge(client, editor):
    update = factories.UpdateFactory(
        text_es="Comenzó la excavación.", evidence__title="Diggers arrive", pledge__slug="metro-line"
    )
    factories.UpdateFactory()
    for words in ("excavación", "digg", "metro", "metro diggers excavación", update.evidence.get().url):
        assert found(client, "update", q=words) == {update.pk}, words


def test_what_a_lead_is_found_by_follows_its_article_and_its_pledge(client, editor):
    lead = factories.LeadFactory(article__title="Minister opens harbour")
    article = lead.article
    article.title, article.publisher = "Minister closes quay", "The Coast"
    article.save()
    assert found(client, "lead", q="quay coast") == {lead.pk}
    assert found(client, "lead", q="harbour") == set()
    Lead.objects.update(searched=None)  # nothing but the database writes it
    assert found(client, "lead", q="quay coast") == {lead.pk}
    Lead.objects.update(article=factories.ArticleFactory(title="Cranes lifted"))
    assert found(client, "lead", q="quay") == set()
    assert found(client, "lead", q="cranes") == {lead.pk}


def test_a_search_shows_the_newest_thousand_of_more_and_says_so(client, editor, monkeypatch):
    monkeypatch.setattr(list_search, "MOST_FOUND", 30)
    leads = [factories.LeadFactory(article__title=f"Harbour {number}") for number in range(31)]
    newest = sorted(leads, key=lambda lead: (lead.raised_at, lead.pk), reverse=True)

    def shown(**query) -> tuple[list[int], str]:
        response = client.get(address("lead"), query)
        return [row.pk for row in response.context["cl"].result_list], response.content.decode()

    first, html = shown(q="harbour")
    assert first == [lead.pk for lead in newest[:25]]
    assert "more than 30 results" in html and "Select all" not in html
    assert shown(q="harbour", p=2)[0] == [lead.pk for lead in newest[25:30]]
    assert (
        client.get(address("lead"), {"q": "harbour", "p": 3}).status_code == 302
    )  # as Django answers any page too many
    exact, html = shown(q="harbour", pledge=newest[0].pledge_id)
    assert exact == [newest[0].pk] and "1 result " in html
    _newest, html = shown()
    assert "31 leads" in html and "Select all 31 leads" in html


@pytest.mark.parametrize("words", ["'", "a'b", "\\", "!!", "a & !b", "%", ":*", "(", "x" * 3000])
def test_words_are_never_a_query(client, editor, words):
    factories.LeadFactory()
    assert client.get(address("lead"), {"q": words}).status_code == 200


@pytest.mark.parametrize("model", [Lead, Update, Article])
def test_search_goes_through_the_indexes(model):
    """Forbidden to read tables row by row, the database still finds a way for each part of the search."""
    from pledges.desk.shared.list_search import narrowed

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = narrowed(model.objects.order_by(), "prison").explain()
    indexes = {
        Lead: ["lead_searched", "pledges_lead_pledge_id"],
        Update: ["update_words", "evidence_words"],
        Article: ["article_words"],
    }
    for name in indexes[model]:
        assert name in plan, plan


@pytest.mark.parametrize("asked", ["9.216", "9,216", "9216", "9 216"])
@pytest.mark.parametrize("written", ["9.216", "9,216", "9 216", "9216"])
def test_figures_are_found_with_any_separators(client, editor, asked, written):
    text = f"There were {written} cases in May"
    article = factories.ArticleFactory(title=text)
    lead = factories.LeadFactory(article=article)
    update = factories.UpdateFactory(text_en=text, pledge=lead.pledge)
    factories.ArticleFactory(title="216 of the 9 men, and 921 others")
    factories.UpdateFactory(text_en="216 of the 9 men, and 921 others", pledge=lead.pledge)
    assert found(client, "article", q=asked) == {article.pk}
    assert found(client, "lead", q=asked) == {lead.pk}
    assert found(client, "update", q=asked) == {update.pk}


def test_so_are_decimals(client, editor):
    written = [factories.ArticleFactory(title=f"Growth of {figure} percent").pk for figure in ("1.5", "1,5", "1.55")]
    factories.ArticleFactory(title="Growth in 1 of 5 towns")
    for asked in ("1.5", "1,5"):
        assert found(client, "article", q=asked) == set(written)


def test_of_many_pledges_the_filter_searches(client, editor, few):
    leads = [factories.LeadFactory(pledge__wording__title_en=f"Harbour {n}") for n in "abcde"]
    html = client.get(address("lead"), {"state": "all"}).content.decode()
    assert 'id="pledge-filter"' in html and "Harbour b</a>" not in html
    assert '<input type="hidden" name="state" value="all">' in html
    assert found(client, "lead", pledge=str(leads[1].pledge_id)) == {leads[1].pk}
    assert found(client, "lead", pledge="harbour") == {lead.pk for lead in leads}
    assert found(client, "lead", pledge="harbour e") >= {leads[4].pk}
    assert found(client, "lead", pledge="nothing") == set()
    assert found(client, "lead", pledge="9" * 30) == set()
    assert "Harbour b" in client.get(address("lead"), {"pledge": str(leads[1].pledge_id)}).content.decode()


def test_of_few_pledges_each_is_a_link(client, editor):
    factories.LeadFactory(pledge__wording__title_en="Harbour")
    html = client.get(address("lead")).content.decode()
    assert "Harbour</a>" in html and 'id="pledge-filter"' not in html


def test_of_many_pledges_a_form_takes_the_number(client, editor, few):
    pledges = [factories.PublishedPledgeFactory(wording__title_en=f"Harbour {n}") for n in range(5)]
    html = client.get(address("update", "add"), {"pledge": pledges[2].pk}).content.decode()
    assert f'<input type="text" name="pledge" value="{pledges[2].pk}"' in html
    assert "Harbour 2" in html and "Harbour 3" not in html
    assert Pledge.objects.count() == 5
