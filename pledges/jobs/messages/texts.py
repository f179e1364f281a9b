"""The words of messages, in the active language, from the payloads of deliveries."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from pledges.domain.rules import Status
from pledges.jobs.messages.markup import Item, Message, one_line
from pledges.models import STATUS_LABELS, Event, Lead
from pledges.queries.change_text import HEADINGS
from pledges.queries.changes import Kind
from pledges.queries.desk_events import DUE_REASONS, REVIEWED

MOST_ITEMS = 5  # in one message; the rest is counted
LONGEST_TITLE, LONGEST_SENTENCE, LONGEST_NAME = 160, 280, 80  # characters
Data = dict[str, Any]  # what is under "data" in a payload


def message(event: str, data: Sequence[Data]) -> Message:
    """One message on deliveries of the same kind, the oldest first. `data` is not empty."""
    return _MESSAGES[event](data)


def _leads(data: Sequence[Data]) -> Message:
    title = ngettext("%(count)s new lead", "%(count)s new leads", len(data)) % {"count": len(data)}
    # What would change a status comes first.
    first = sorted(data, key=lambda lead: (lead["suggestion"] != Lead.Suggestion.CHANGE, -lead["score"]))
    return _at_the_desk(title, [_lead(lead) for lead in first[:MOST_ITEMS]], len(data), "admin:pledges_lead_changelist")


def _lead(lead: Data) -> Item:
    article = lead["article"]
    publisher = one_line(article["publisher"] or "", LONGEST_NAME)
    source = one_line(article["title"] or "", LONGEST_TITLE) + (f" ({publisher})" if publisher else "")
    score = _("%(status)s. Score: %(percent)s%%")
    values = {"status": _suggestion(lead), "percent": round(lead["score"] * 100)}
    sentence = "" if lead["sentence"] == article["title"] else _quoted(lead["sentence"])
    lines = [sentence, source.strip(), score % values]
    return _item(_title(lead), lines, _("Decide on the lead"), lead["desk_url"])


def _suggestion(lead: Data) -> str:
    if lead["suggestion"] == Lead.Suggestion.CHANGE and lead["suggested_status"]:
        return _before_and_after(lead["status"], lead["suggested_status"])
    return f"{_label(lead['status'])} ({str(Lead.Suggestion(lead['suggestion'] or '').label).lower()})"


def _reviews(data: Sequence[Data]) -> Message:
    count = len(data)
    title = ngettext("%(count)s draft waits for review", "%(count)s drafts wait for review", count) % {"count": count}
    return _at_the_desk(title, [_review(draft) for draft in data[:MOST_ITEMS]], count, "admin:index")


def _review(draft: Data) -> Item:
    kind = capfirst(REVIEWED[draft["kind"]]._meta.verbose_name)
    by = _("%(kind)s by %(author)s") % {"kind": kind, "author": one_line(draft["author"], LONGEST_NAME)}
    change = _before_and_after(draft["status"], draft["proposed_status"] or draft["status"])
    lines = [by, _quoted(draft["sentence"]), change]
    return _item(_title(draft), lines, _("Review the draft"), draft["desk_url"])


def _due(data: Sequence[Data]) -> Message:
    count = len(data)
    title = ngettext(
        "%(count)s pledge is due for another look", "%(count)s pledges are due for another look", count
    ) % {"count": count}
    return _at_the_desk(title, [_due_pledge(pledge) for pledge in data[:MOST_ITEMS]], count, "admin:index")


def _due_pledge(pledge: Data) -> Item:
    lines = [f"{capfirst(str(DUE_REASONS[pledge['reason']]))}.", _label(pledge["status"])]
    return _item(_title(pledge), lines, _("Look at the pledge"), pledge["desk_url"])


def _editions(data: Sequence[Data]) -> Message:
    first, last = data[0]["edition"], data[-1]["edition"]
    numbers = {"number": last, "first": first, "last": last}
    if first == last:
        title = _("Edition %(number)s was published") % numbers
    else:
        title = _("Editions %(first)s to %(last)s were published") % numbers
    changes = [change for edition in data for change in edition["changes"]]
    items = tuple(_change(change) for change in changes[:MOST_ITEMS])
    count = sum(edition["count"] for edition in data)

    def more(left: int) -> str:
        whole = _("Edition %(number)s") % numbers
        if not left:
            return whole
        words = ngettext("%(edition)s, with %(count)s more change", "%(edition)s, with %(count)s more changes", left)
        return words % {"edition": whole, "count": left}

    return Message(title, items, more, _in_language(data[-1]["url"]), max(0, count - len(items)))


def _change(change: Data) -> Item:
    lines = [one_line(_in_language(change["sentence"]), LONGEST_SENTENCE)]
    if change["after"] and change["before"] != change["after"]:
        lines.append(_before_and_after(change["before"] or Status.NOT_RATED, change["after"]))
    title = _in_language(change["title"]) if change["title"] else str(HEADINGS[Kind(change["kind"])])
    url = _in_language(change["url"]) if change["url"] else ""
    return _item(title, lines, _("Read the pledge"), url)


def _ping(data: Sequence[Data]) -> Message:
    words = _("Messages of the pledge tracker arrive here. Nobody has to do anything.")
    items = (_item(data[-1]["destination"], [words], _("Open the tracker"), data[-1]["tracker"]),)
    return Message(_("Test"), items, lambda _left: "")


def _at_the_desk(title: str, items: list[Item], count: int, page: str) -> Message:
    def more(left: int) -> str:
        if not left:
            return ""
        return ngettext("and %(count)s more at the desk", "and %(count)s more at the desk", left) % {"count": left}

    return Message(title, tuple(items), more, f"{settings.SITE_URL}{reverse(page)}", count - len(items))


def _item(heading: str, lines: list[str], label: str, url: str) -> Item:
    return Item(one_line(heading, LONGEST_TITLE), tuple(filter(None, lines)), label, url)


def _quoted(sentence: str) -> str:
    return f"“{one_line(sentence, LONGEST_SENTENCE)}”" if sentence.strip() else ""


def _before_and_after(before: str, after: str) -> str:
    """ "In progress → Kept"; the status alone where it is the same."""
    return _label(after) if before == after else f"{_label(before)} → {_label(after)}"


def _label(status: str) -> str:
    return str(STATUS_LABELS[Status(status)])


def _title(data: Data) -> str:
    """The pledge's title; of one of which nothing is public, that it is so."""
    return _in_language(data["title"]) if data["title"] else _("A pledge that is not published yet")


def _in_language(texts: dict[str, str]) -> str:
    """The text in the active language, or in one that the newsroom writes."""
    return texts.get((get_language() or "")[:2]) or next(iter(texts.values()))


_MESSAGES: dict[str, Callable[[Sequence[Data]], Message]] = {
    Event.LEAD: _leads,
    Event.REVIEW: _reviews,
    Event.DUE: _due,
    Event.EDITION: _editions,
    Event.PING: _ping,
}
