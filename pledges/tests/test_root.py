"""The addresses beside the pages: icon and robots."""


def test_the_icon_is_found_where_browsers_ask_for_it(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].endswith(".svg")


def test_crawlers_are_kept_from_the_desk_and_the_samples_only(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain"
    assert answer.content.decode().splitlines() == ["User-agent: *", "Disallow: /admin/", "Disallow: /newswire/"]
