"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), made like Django's Atom feed."""

import json
from datetime import UTC, datetime
from typing import IO, Any

from django.utils.feedgenerator import SyndicationFeed

VERSION = "https://jsonfeed.org/version/1.1"


class JsonFeed(SyndicationFeed):
    """A feed whose entries have the same ids, titles, texts and addresses as in Atom. Times are UTC."""

    content_type = "application/feed+json"

    def write(self, outfile: IO[str], encoding: str) -> None:
        """Write the feed as JSON; `encoding` does not matter, as the text is decoded."""
        feed = self.feed
        content = {
            "version": VERSION,
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": feed["subtitle"],
            "language": feed["language"],
            "authors": [{"name": feed["author_name"]}],
            "hubs": [{"type": "WebSub", "url": feed["hub"]}] if feed["hub"] else [],
            "_rights": feed["feed_copyright"],
            "items": [_item(item) for item in self.items],
        }
        json.dump(_without_empty(content), outfile, ensure_ascii=False)


def _item(item: dict[str, Any]) -> dict[str, Any]:
    return _without_empty(
        {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["description"] or item["title"],  # the format demands one
            "date_published": _time(item["pubdate"]),
            "date_modified": _time(item["updateddate"]),
            "tags": list(item["categories"] or ()),
            "authors": [{"name": item["author_name"]}] if item["author_name"] else [],
        }
    )


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if value not in ("", None, [])}
    return kept | ({"items": values["items"]} if "items" in values else {})
