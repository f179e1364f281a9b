"""Plain links by which a reader passes a page on: no scripts of others, and nobody is told before one is followed."""

from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _


def links(text: str, url: str) -> list[tuple[str, str]]:
    """(name, address) of each way to pass on a page; `text` is a sentence that says what stands there."""
    both = f"{text} {url}"
    return [
        (_("E-mail"), f"mailto:?{_query(subject=text, body=url)}"),
        ("WhatsApp", f"https://wa.me/?{_query(text=both)}"),
        ("Telegram", f"https://t.me/share/url?{_query(url=url, text=text)}"),
        ("Bluesky", f"https://bsky.app/intent/compose?{_query(text=both)}"),
        ("X", f"https://x.com/intent/post?{_query(text=text, url=url)}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?{_query(u=url)}"),
    ]


def _query(**values: str) -> str:
    return urlencode(values, quote_via=quote, safe="")  # mail programs take a + for a plus
