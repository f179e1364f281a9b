"""Plain share links: no third-party scripts, and no request to another site before a reader follows one."""

from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _


def links(text: str, url: str) -> list[tuple[str, str]]:
    """(name, address) of each share link; `text` is a sentence about the page at `url`."""
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
    return urlencode(values, quote_via=quote, safe="")  # mail programs show a + as a plus
