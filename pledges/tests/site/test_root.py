"""The addresses beside the pages: icon and robots."""

from protego import Protego

from pledges.watch.web import robots


def test_the_icon_is_found_where_browsers_ask_for_it(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].endswith(".svg")


def test_crawlers_are_kept_from_the_desk_and_the_samples_only(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain"
    rules = Protego.parse(answer.content.decode())
    allowed = {
        path: rules.can_fetch(f"https://x.example{path}", "Somebot") for path in ("/en/", "/admin/", "/newswire/")
    }
    assert allowed == {"/en/": True, "/admin/": False, "/newswire/": False}


def test_the_watch_may_read_the_samples(client):
    rules = client.get("/robots.txt").content.decode()
    assert robots.allows(rules, "https://x.example/newswire/feed.atom")
    assert not robots.allows(rules, "https://x.example/admin/")
