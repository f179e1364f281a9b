"""Snapshots of pages watched for change: what a page said at one reading, and what of it was new. Times are UTC."""

from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pledges.actions.preservation import store_capture
from pledges.models import Article, Capture, Snapshot, Source

LONGEST_ADDRESS = 1000


def is_of_the_same(*, source: Source, snapshot: Snapshot) -> bool:
    """Whether a snapshot shows what the source names today: the same part of the same page.

    A page that moved by a redirect is the same page; with another address or selector typed in, it is a new one.
    """
    history = apps.get_model("pledges", "SourceEvent").objects.filter(pgh_obj_id=source.pk)
    then = history.filter(pgh_created_at__lte=snapshot.taken_at).order_by("-pgh_id").first()
    if then is None:
        return True
    return then.selector == source.selector and then.url in (source.url, source.moved_from)


@transaction.atomic
def record_snapshot(
    *,
    source: Source,
    before: Snapshot | None,
    text: str,
    added: str,
    capture: tuple[str, bytes, dict[str, str]],
    url: str,
    now: datetime,
    in_doubt: bool = False,
) -> Snapshot | None:
    """Store a page's text and, as an article to be matched, what is new in it (`added`; "" for nothing).

    `capture` is (content type, bytes, headers) of the page read from `url`; `before` the latest snapshot when it was
    read. A snapshot that is `in_doubt` adds nothing. Returns None, and stores nothing, if another worker has stored a
    later snapshot meanwhile.
    """
    Source.objects.select_for_update().get(pk=source.pk)
    latest = source.snapshots.order_by("-taken_at").first()
    if latest != before or (latest and latest.taken_at >= now):
        return None
    content_type, body, headers = capture
    kept = store_capture(
        url=url[:LONGEST_ADDRESS], body=body, content_type=content_type, headers=headers, status=200, now=now
    )
    article = _article(source, kept, url, added, now) if added else None
    return Snapshot.objects.create(
        source=source, capture=kept, article=article, taken_at=now, text=text, in_doubt=in_doubt
    )


def _article(source: Source, capture: Capture, url: str, added: str, now: datetime) -> Article:
    """What is new on a page, as an article to be matched. It has its text already, so it is not fetched."""
    mark = f"#captured-{now:%Y-%m-%dT%H:%MZ}"
    address = url.partition("#")[0][: LONGEST_ADDRESS - 40]
    if Article.objects.filter(url=address + mark).exists():
        mark = f"#captured-{now:%Y-%m-%dT%H:%M:%S.%fZ}"
    with translation.override(source.language):
        title = _("%(page)s: new on the page") % {"page": source.name}
    return Article.objects.create(
        source=source,
        entry_id=f"captured {now.isoformat()}",
        url=address + mark,
        title=title[:500],
        publisher=source.publisher,
        language=source.language,
        published_at=now,
        found_at=now,
        text=added,
        capture=capture,
    )
