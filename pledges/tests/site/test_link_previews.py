"""What other sites read in the head of a page: its address in each language, and what they show of a link to it."""

import re

import pytest

from pledges.models import Newsroom
from pledges.tests.support import factories

KINDS = [("home",), ("pledges",), ("pledge", "new-prisons"), ("mandates",), ("mandate", "noboa-2023"), ("compare",)]
KINDS += [("indicators",), ("indicator", "homicides-per-year"), ("methodology",), ("watch",), ("data",), ("contact",)]
KINDS += [("accessibility",), ("corrections",), ("editions",), ("edition", 1), ("changes",), ("this_week",), ("alert",)]
SAME_WORDS = {"home"}  # described by what the newsroom says about itself
SIZE = {"og:image:type": "image/png", "og:image:width": "1200", "og:image:height": "630"}
LINK = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="([^"]*)")? href="([^"]*)">')


def metas(text: str) -> dict[str, str]:
    """The properties of a page for other sites; each is there once."""
    pairs = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+|description)" content="([^"]*)">', text)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def links(text: str) -> dict[str, str]:
    """The addresses of a page by their language, "" for the canonical one."""
    return {language: address.replace("&amp;", "&") for _rel, language, address in LINK.findall(text)}


@pytest.fixture
def pledge(db):
    row = factories.PublishedPledgeFactory(slug="harbour")
    factories.PublishedUpdateFactory(pledge=row)
    return row


@pytest.mark.parametrize("name", [("pledge", "harbour"), ("pledges",), ("home",)], ids=lambda name: name[0])
def test_a_pinned_page_has_its_own_address_in_each_language(client, address, pledge, name):
    text = client.get(address(*name, language="es") + "?edition=1&on=2026-01-02&utm_source=x").content.decode()
    time = "?on=2026-01-02&edition=1"
    assert links(text) == {
        "": f"http://testserver{address(*name, language='es')}{time}",
        "es": f"http://testserver{address(*name, language='es')}{time}",
        "en": f"http://testserver{address(*name)}{time}",
        "x-default": f"http://testserver{address(*name)}{time}",
    }
    assert metas(text)["og:url"].replace("&amp;", "&") == links(text)[""]
    assert "&amp;edition=1" in metas(text)["og:image"] and "on=2026-01-02" in metas(text)["og:image"]


def test_a_search_keeps_its_words_in_each_language(client, address, pledge):
    where = links(client.get(address("pledges") + "?q=harbour&status=kept").content.decode())
    assert {address.partition("?")[2] for address in where.values()} == {"q=harbour&status=kept"}


def test_what_is_not_there_has_no_address_and_no_languages(client, address, pledge):
    for path in (address("pledge", "nothing"), address("home") + "?on=2999-01-01", "/en/nothing/"):
        response = client.get(path)
        assert response.status_code in (404, 422)
        assert links(response.content.decode()) == {}


def test_a_newsroom_of_one_language_names_no_other(client, address, pledge):
    row = factories.NewsroomFactory(language="es", one_language=True)
    assert row.languages == ("es",)
    text = client.get(address("pledges", language="es")).content.decode()
    assert set(links(text)) == {"", "es"}
    assert "og:locale:alternate" not in metas(text)


def test_what_people_write_cannot_leave_an_attribute(client, address, pledge):
    factories.NewsroomFactory(name_en='A "<b>" & Co', about_en="It's \n<i>ours</i>")
    text = client.get(address("methodology")).content.decode()
    assert metas(text)["og:site_name"] == "A &quot;&lt;b&gt;&quot; &amp; Co"
    assert "<i>ours" not in text.partition("<body>")[0]


# The last one: from here on the module has the first data set.
@pytest.mark.django_db
def test_every_kind_of_page_has_all_of_them_in_its_language(first_edition, client, address):
    titles, about = [], str(Newsroom.get().about_es)
    for name in KINDS:
        path = address(*name, language="es")
        text = client.get(path).content.decode()
        found, where = metas(text), links(text)
        (title,) = re.findall(r"<title>([^<]*)</title>", text)
        assert found.items() >= SIZE.items(), name
        assert found["og:type"] == ("article" if name[0] == "pledge" else "website")
        assert (found["og:site_name"], found["og:locale"]) == ("El Registro de Promesas", "es_ES")
        assert (found["og:locale:alternate"], found["twitter:card"]) == ("en_US", "summary_large_image")
        assert found["twitter:image:alt"] == found["og:image:alt"]
        assert "El Registro de Promesas" in found["og:image:alt"]
        assert found["og:title"] in title and found["og:description"] and found["description"]
        assert found["og:url"] == where[""] == where["es"] == f"http://testserver{path}"
        assert where["en"] == where["x-default"] == f"http://testserver{address(*name)}"
        titles.append(title)
        picture = found["og:image"].removeprefix("http://testserver").replace("&amp;", "&")
        assert picture.startswith("/es/")
        if name[0] in {"home", "methodology", "mandate"}:
            assert client.get(picture)["Content-Type"] == "image/png"
        if name[0] not in SAME_WORDS:
            assert found["description"] != about, name
    assert len(set(titles)) == len(KINDS)
