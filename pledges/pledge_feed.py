"""The Atom feed of one pledge: its publication, updates, corrections, new wordings and retraction."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.citing import printable
from pledges.dates import written
from pledges.models import STATUS_LABELS, Edition, Retraction, Update, Wording
from pledges.pledge_data import said
from pledges.rules import Status
from pledges.standings import Standing

MOST = 50


@dataclass(frozen=True)
class _Item:
    """An entry: what it is called in ids, its title, its HTML, and the edition that published it."""

    name: str
    title: str
    html: str
    edition: Edition


def feed(
    standing: Standing, *, edition: int, newsroom: str, retraction: Retraction | None, page_url: str, feed_url: str
) -> Atom1Feed:
    """What was published of a pledge until an edition, the newest first, in the active language.

    Each entry leads to the page as its own edition left it, so that it always shows what the entry tells of.
    """
    title = standing.wording.title
    atom = Atom1Feed(
        title=printable(f"{title} · {newsroom}"),
        link=page_url,
        description=printable(standing.wording.statement),
        feed_url=feed_url,
        language=get_language(),
        author_name=printable(newsroom),
    )
    items = [_of_update(title, update) for update in said(standing, edition)]
    items += [_of_wording(wording) for wording in standing.wordings]
    if retraction:
        items.append(_of_retraction(title, retraction))
    host = urlsplit(page_url).hostname
    for item in sorted(items, key=lambda item: item.edition.number, reverse=True)[:MOST]:
        at = item.edition.published_at
        atom.add_item(
            title=printable(item.title),
            link=f"{page_url}?edition={item.edition.number}",
            description=printable(item.html),
            pubdate=at,
            updateddate=at,
            unique_id=f"tag:{host},{at:%Y-%m-%d}:{standing.pledge.slug}/{item.name}",
        )
    return atom


def _of_update(title: str, update: Update) -> _Item:
    label = STATUS_LABELS[Status(update.status)]
    evidence = format_html_join(
        "",
        "<p>{} <a href='{}'>{}</a></p>",
        ((piece.sentence, piece.url, _named(piece.publisher, piece.title)) for piece in update.evidence.all()),
    )
    html = format_html("<p>{}: {}</p>{}", written(update.happened_on, update.happened_precision), update.text, evidence)
    if update.corrects_id:
        html = format_html("<p><b>{}</b> {}</p>{}", _("What was wrong:"), update.correction_note, html)
        heading = _("Corrected: %(title)s (%(status)s)") % {"title": title, "status": label}
    else:
        heading = f"{label}: {title}"
    return _Item(f"update-{update.pk}", heading, html, update.edition)


def _of_wording(wording: Wording) -> _Item:
    if wording.number == 1:
        heading, note = _("New pledge: %(title)s") % {"title": wording.title}, ""
    else:
        heading = _("New wording: %(title)s") % {"title": wording.title}
        note = format_html("<p><b>{}</b> {}</p>", _("Why it was changed:"), wording.change_note)
    html = format_html("{}<p>{}</p>", note, wording.statement)
    return _Item(f"wording-{wording.number}", heading, html, wording.edition)


def _of_retraction(title: str, retraction: Retraction) -> _Item:
    html = format_html("<p><b>{}</b> {}</p>", _("Why it was retracted:"), retraction.note)
    return _Item("retraction", _("Retracted: %(title)s") % {"title": title}, html, retraction.edition)


def _named(publisher: str, title: str) -> str:
    return f"{publisher}: {title}" if title else publisher
