"""The tools' answers in words of the active language: short texts for assistants that read no structured content."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status, Timeliness
from pledges.models import STATUS_LABELS, TIMELINESS_LABELS
from pledges.queries.change_text import when
from pledges.site.shared.page_cache import current_newsroom

Answer = dict[str, Any]


def of_search(answer: Answer) -> str:
    """How many pledges match, and a paragraph for each on this page."""
    count = answer["count"]
    text = ngettext("%(n)s pledge matches.", "%(n)s pledges match.", count) % {"n": count}
    if corrected := answer.get("corrected_query"):
        text += " " + _("Searched for: %(words)s.") % {"words": corrected}
    if not answer.get("all_words", True):
        text += " " + _("No pledge has all the words; these have some of them.")
    return _paragraphs(answer, text, (_standing(row, row["latest_evidence"]) for row in answer["results"]))


def of_pledge(answer: Answer) -> str:
    """Where the pledge stands, and its updates on this page; or that it was retracted, and why."""
    retraction = answer["retracted"]
    retracted = ""
    if retraction:
        retracted = _("This pledge was retracted in edition %(number)s, on %(day)s.") % {
            "number": retraction["edition"],
            "day": written(_time(retraction["published_at"]).date(), in_sentence=True),
        }
        retracted = f"{retracted} {_own(retraction, 'note')}"
    if "status" not in answer:
        return _paragraphs(answer, retracted, [])
    updates = (
        _joined(
            written(date.fromisoformat(update["happened_on"]), update["happened_precision"]) + ":",
            _status(update["status"]) + ".",
            _own(update, "text"),
            _("This update was withdrawn.") if update["withdrawn_in"] else "",
            _("It was corrected by another update.") if update["replaced_by"] else "",
            _evidence(update["evidence"]),
        )
        for update in answer["updates"]
    )
    source = answer["source"]
    made = _("Said by %(person)s %(when)s. Source: %(publisher)s, %(url)s") % {
        "person": answer["made_by"]["person"],
        "when": when(date.fromisoformat(answer["made_on"]), answer["made_on_precision"]),
        "publisher": source["publisher"],
        "url": source["url"],
    }
    return _paragraphs(answer, _joined(retracted, _standing(answer, [])), [_own(answer, "statement"), made, *updates])


def of_changes(answer: Answer) -> str:
    """How many changes there are, and a sentence for each on this page."""
    count = answer["count"]
    text = ngettext("%(n)s change.", "%(n)s changes.", count) % {"n": count}
    language = _language()
    told = (
        _joined(
            change[f"sentence_{language}"],
            *change[f"details_{language}"],
            change[f"url_{language}"] or "",
            _evidence([piece for update in change["updates"] for piece in update["evidence"]]),
        )
        for change in answer["results"]
    )
    return _paragraphs(answer, text, told)


def of_mandates(answer: Answer) -> str:
    """A line for each mandate."""
    lines = (
        _joined(
            f"{row['person']}, {_own(row, 'office')} ({row['slug']}), {row['starts_on']} – {row['ends_on'] or ''}:",
            _tally(row),
            row[f"url_{_language()}"],
        )
        for row in answer["results"]
    )
    return _paragraphs(answer, "", lines)


def of_filters(answer: Answer) -> str:
    """A line for each argument, with its values."""
    lines = (
        f"{each['name']}: " + ", ".join(f"{value['value']} ({value['pledges']})" for value in each["values"])
        for each in answer["filters"]
    )
    return _paragraphs(answer, "", lines)


def of_edition(answer: Answer) -> str:
    """When it was published, and the tally."""
    newest = answer["newest"]
    if not newest:
        return _paragraphs(answer, _("Nothing is published yet."), [])
    time = date_format(_time(newest["published_at"]), "DATETIME_FORMAT")
    return _paragraphs(answer, _("Published on %(when)s.") % {"when": time}, [_tally(answer)])


# --- parts ------------------------------------------------------------------------------------------------------------


def _paragraphs(answer: Answer, first: str, rest: Iterable[str]) -> str:
    """An answer: from which edition it is, where it is, and its paragraphs."""
    head = _("%(tracker)s, edition %(number)s, as of %(day)s: %(url)s") % {
        "tracker": current_newsroom().name,
        "number": answer["edition"],
        "day": written(date.fromisoformat(answer["as_of"]), in_sentence=True),
        "url": answer[f"url_{_language()}"],
    }
    more = _("There is more: ask again with cursor %(cursor)s.") % {"cursor": answer.get("next")}
    return "\n\n".join(filter(None, [head, first, *rest, more if answer.get("next") else ""]))


def _standing(row: Answer, evidence: list[Answer]) -> str:
    """A pledge in a paragraph: its title, its status, its deadline, its last update with the evidence, its address."""
    status = _status(row["status"])
    if row["since"]:
        status = _("%(status)s since %(day)s") % {
            "status": status,
            "day": written(date.fromisoformat(row["since"]), in_sentence=True),
        }
    deadline = ""
    if row["deadline"]:
        deadline = _("Deadline: %(day)s (%(timeliness)s).") % {
            "day": written(date.fromisoformat(row["deadline"])),
            "timeliness": TIMELINESS_LABELS[Timeliness(row["timeliness"])],
        }
    latest = _own(row, "latest") if "latest_en" in row else ""
    title = f"{_own(row, 'title')} ({row['slug']}):"
    return _joined(title, status + ".", deadline, latest, row[f"url_{_language()}"], _evidence(evidence))


def _evidence(pieces: list[Answer]) -> str:
    """The publishers with their links, each once, and the archived copy of each page that has one."""
    links = dict.fromkeys(
        f"{piece['publisher']} {piece['url']}"
        + (f" ({_('archived copy')} {piece['archive_url']})" if piece["archive_url"] else "")
        for piece in pieces
    )
    # No full stop after an address, which programs would take for a part of it.
    return _("Evidence: %(links)s") % {"links": " · ".join(links)} if links else ""


def _tally(row: Answer) -> str:
    counts = (f"{_status(status)} {number}" for status, number in row["tally"].items())
    count = row["pledges"]
    return ngettext("%(n)s pledge", "%(n)s pledges", count) % {"n": count} + f" ({', '.join(counts)})" * bool(count)


def _status(status: str) -> str:
    return str(STATUS_LABELS[Status(status)])


def _time(text: str) -> datetime:
    return timezone.localtime(datetime.fromisoformat(text))


def _language() -> str:
    return (get_language() or "")[:2]


def _own(row: Answer, name: str) -> str:
    """A text in the active language, or in the one in which it was written."""
    languages = (_language(), *LANGUAGES)
    return next((text for code in languages if (text := row[f"{name}_{code}"])), "")


def _joined(*texts: str) -> str:
    return " ".join(text.strip() for text in texts if text)
