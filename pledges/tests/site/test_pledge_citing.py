"""A pledge is cited in four forms, each with the edition and a link that always shows what the writer saw."""

import html
import re
from datetime import date

import pytest
from django.utils import translation

from pledges.site.shared import citations, sharing
from pledges.tests.support import factories

WORK = citations.Work(
    author="Pledge Desk",
    title="Build two prisons",
    edition=3,
    published=date(2024, 7, 2),
    accessed=date(2024, 7, 5),
    url="https://desk.example/en/pledges/prisons/?edition=3",
    key="prisons-edition-3",
)


def of(**values):
    return citations.Work(**{**vars(WORK), **values})


def test_each_form_has_author_title_edition_day_and_link():
    assert str(citations.plain(WORK)) == (
        "Pledge Desk, “Build two prisons”, edition 3 of 2 July 2024, as of 5 July 2024. " + WORK.url
    )
    assert str(citations.apa(WORK)) == (
        "Pledge Desk. (2024, July 2). <i>Build two prisons</i> (Edition 3). Retrieved July 5, 2024, from " + WORK.url
    )
    assert str(citations.chicago(WORK)) == (
        "Pledge Desk. “Build two prisons.” Edition 3, July 2, 2024. Accessed July 5, 2024. " + WORK.url + "."
    )
    assert citations.bibtex(WORK) == (
        "@misc{prisons-edition-3,\n"
        "  author = {{Pledge Desk}},\n"
        "  title = {{Build two prisons}},\n"
        "  year = {2024},\n"
        "  month = jul,\n"
        "  note = {Edition 3, as of 2024-07-05},\n"
        "  url = {https://desk.example/en/pledges/prisons/?edition=3},\n"
        "  urldate = {2024-07-05}\n"
        "}"
    )


def test_titles_keep_their_own_signs():
    asked = of(title="Who said “two prisons”?", author="Desk & Co.")
    assert "“Who said ‘two prisons’?” Edition" in citations.chicago(asked)
    assert str(citations.apa(asked)).startswith("Desk &amp; Co. (2024")
    assert "“Say ‘no’ twice”" in citations.plain(of(title='Say "no" twice'))


def test_markup_in_a_title_is_text():
    for form in (citations.plain, citations.apa, citations.chicago):
        assert "<script>" not in form(of(title="<script>alert(1)</script>", author="<b>{title}</b>"))


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("50 % & more_or #less for $1", r"50 \% \& more\_or \#less for \$1"),
        ("A } brace { too", r"A \textbraceright{} brace \textbraceleft{} too"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{}"),
        ("a~b^c", r"a\textasciitilde{}b\textasciicircum{}c"),
        ('“Cárceles”, dijo: "dos"', '“Cárceles”, dijo: "dos"'),
        ("two\nlines\x00\x0b", "two lines"),
    ],
)
def test_bibtex_takes_nothing_in_a_title_for_a_command(title, written):
    entry = citations.bibtex(of(title=title))
    assert f"  title = {{{{{written}}}}},\n" in entry
    depth = 0
    for sign in entry:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


def test_shared_links_carry_any_text_whole():
    found = dict(sharing.links("50 % & «más» + 1?", "https://desk.example/?on=2024-01-01&edition=3"))
    assert found["E-mail"].startswith("mailto:?subject=50%20%25%20%26%20")
    assert "%2B%201%3F" in found["E-mail"]
    address = "https%3A%2F%2Fdesk.example%2F%3Fon%3D2024-01-01%26edition%3D3"
    assert all(address in href for href in found.values())
    assert all(re.match(r"(https://|mailto:)", href) for href in found.values())


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture(autouse=True)
    def rows(self):
        factories.NewsroomFactory(name_en="Pledge Desk", name_es="Mesa de promesas")
        pledge = factories.PublishedPledgeFactory(slug="prisons", wording__title_en="Build two prisons")
        factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 3, 1), text_en="It began.")
        stands = {"status": "kept", "text_en": "It stands."}
        factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 7, 1), **stands)

    def read(self, client, address, query="", language="en"):
        return html.unescape(client.get(address("pledge", "prisons", language=language) + query).content.decode())

    def test_every_citation_leads_to_what_was_seen(self, client, address):
        text = self.read(client, address)
        lasting = "http://testserver/en/pledges/prisons/?edition=3"
        for form in ("plain", "apa", "chicago", "bibtex"):
            cited = text.partition(f'id="cite-{form}">')[2].partition("</p>" if form != "bibtex" else "</pre>")[0]
            assert "Pledge Desk" in cited
            assert lasting in cited
            assert f'data-copy="cite-{form}"' in text
        factories.PublishedUpdateFactory(pledge__slug="other")
        seen = self.read(client, address, "?edition=3")
        assert "It stands." in seen
        assert "edition 3 of" in seen

    def test_a_citation_carries_the_address_that_is_set_whatever_it_was_asked_by(self, client, address, settings):
        settings.SITE_URL, settings.ALLOWED_HOSTS = "https://pledges.example", ["pledges.example", "backup.example"]
        asked = client.get(address("pledge", "prisons"), headers={"Host": "backup.example"}).content.decode()
        assert "https://pledges.example/en/pledges/prisons/?edition=3" in asked
        assert "backup.example" not in asked

    def test_of_another_day_it_is_cited_as_of_that_day(self, client, address):
        text = self.read(client, address, "?on=2024-04-01")
        lasting = "http://testserver/en/pledges/prisons/?on=2024-04-01&edition=3"
        assert f"as of 1 April 2024. {lasting}" in text
        assert client.get(lasting).status_code == 200
        assert "It stands." not in self.read(client, address, "?on=2024-04-01&edition=3")

    def test_links_to_share_say_where_it_stands_and_carry_no_script(self, client, address):
        raw = client.get(address("pledge", "prisons")).content.decode()
        ways = re.findall(r'<li><a href="((?:https|mailto)[^"]*)" rel="noopener">', raw.partition('id="share"')[2])
        assert len(ways) >= 6
        assert "Build%20two%20prisons%3A%20kept%20since%201%20July%202024" in ways[0]
        assert 'src="http' not in raw

    def test_where_links_are_shared_they_show_title_sentence_and_picture(self, client, address):
        text = self.read(client, address)
        assert '<meta property="og:title" content="Build two prisons">' in text
        assert "/en/pledges/prisons/card.png?edition=3" in text
        assert '<meta name="twitter:card" content="summary_large_image">' in text
        assert '<link rel="canonical" href="http://testserver/en/pledges/prisons/">' in text
        assert '<link rel="canonical" href="http://testserver/en/pledges/prisons/?edition=2">' in self.read(
            client, address, "?edition=2"
        )

    def test_in_spanish(self, client, address):
        text = self.read(client, address, language="es")
        assert "Mesa de promesas" in text.partition('id="cite-plain"')[2].partition("</p>")[0]


def test_spanish_months_are_spanish():
    with translation.override("es"):
        assert "julio" in citations.plain(WORK)
