"""What a reader meets when something is wrong: it says so in both languages, and how to go on."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("language", ["en", "es"])


@BOTH
def test_a_mistyped_pledge_leads_to_those_that_may_be_meant(client, address, language):
    pledge = factories.PublishedPledgeFactory(slug="mend-the-harbour", wording__title_en="Mend the harbour")
    draft = factories.PledgeFactory(slug="secret", wording__title_en="Mend another harbour")
    response = client.get(address("pledge", "mending-a-harbour", language=language))
    assert response.status_code == 404
    text = response.content.decode()
    assert f'<li><a href="{address("pledge", pledge.slug, language=language)}">' in text
    assert address("pledge", draft.slug, language=language) not in text


@BOTH
def test_what_is_not_there_helps_to_find_it(client, address, language):
    for where in (f"/{language}/nothing-here/", address("pledge", "nothing", language=language)):
        response = client.get(where)
        assert response.status_code == 404
        text = response.content.decode()
        assert f'<form class="ask" action="{address("pledges", language=language)}" role="search">' in text
        for name in ("home", "pledges", "mandates", "contact"):
            assert f'href="{address(name, language=language)}"' in text
        assert 'name="robots" content="noindex"' in text
        assert 'rel="canonical"' not in text


def test_an_address_that_robots_try_costs_no_search(client, monkeypatch):
    monkeypatch.setattr("pledges.queries.search.fulltext.find", lambda _words: pytest.fail("searched"))
    for where in ("/wp-login.php", "/en/wp-login.php", "/en/mandates/nobody/", "/.env"):
        assert client.get(where).status_code == 404


@BOTH
@pytest.mark.parametrize("query", ["?on=2999-01-01", "?on=yesterday", "?on=2024-02-30"])
def test_a_day_that_cannot_be_shown_is_mended_where_it_was_asked(client, address, query, language):
    factories.PublishedPledgeFactory()
    where = address("pledges", language=language)
    response = client.get(f"{where}{query}&q=port")
    assert response.status_code == 422
    text = response.content.decode()
    assert 'id="as-of-wrong" role="alert"' in text
    assert f'href="{where}?q=port"' in text  # as it is now, with what else was asked
    assert f'href="{address("editions", language=language)}"' in text
    assert f'href="{address("methodology", language=language)}#as-of"' in text
    assert 'rel="canonical"' not in text


def test_when_the_program_breaks_the_page_is_ours_in_both_languages(client, address, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("pledges.site.home.standings_of", broken)
    client.raise_request_exception = False
    response = client.get(address("home", language="es"))
    assert response.status_code == 500
    text = response.content.decode()
    assert "Something went wrong on our side." in text
    assert "Algo salió mal de nuestro lado." in text
    assert "css/base.css" in text
    for where in re.findall(r'<a href="([^"]+)"', text):
        monkeypatch.undo()
        assert client.get(where).status_code == 200


def test_that_page_needs_neither_the_database_nor_a_request(django_assert_num_queries):
    with django_assert_num_queries(0):
        text = render_to_string("500.html")
    assert re.findall(r"<script|\sstyle=", text) == []


@pytest.mark.parametrize("name", ["down", "unanswered"])
def test_while_the_site_is_down_the_proxy_shows_a_page_that_needs_nothing(name):
    page = (Path(settings.BASE_DIR) / "static" / f"{name}.html").read_text(encoding="utf-8")
    assert 'lang="es"' in page
    assert re.findall(r"(?:src|href)=\"([^\"]+)\"", page) == []
    proxy = (Path(settings.BASE_DIR) / "Caddyfile").read_text(encoding="utf-8")
    compose = (Path(settings.BASE_DIR) / "docker-compose.yml").read_text(encoding="utf-8")
    assert f"rewrite * /{name}.html" in proxy
    assert f"./static/{name}.html:/srv/{name}.html:ro" in compose
