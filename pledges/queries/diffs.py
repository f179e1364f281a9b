"""Differences between versions of a draft: word by word for people, and between saved versions that clash."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pledges.models import User

ALIKE = 0.4  # below this similarity, the words that happen to be the same say nothing
SAME, DEL, INS = "{}", "<del>{}</del>", "<ins>{}</ins>"
LONGEST = 20_000  # characters; longer texts are not compared but shown one after the other


def word_diff(old: str, new: str) -> SafeString:
    """Two texts merged: <del> around what only the old one has, <ins> around what only the new one has."""
    return _marked(_compared(old, new))


def lost(old: str, new: str) -> SafeString:
    """The old text, with <del> around what is not in the new one."""
    return _marked((mark, text) for mark, text in _compared(old, new) if mark != INS)


def gained(old: str, new: str) -> SafeString:
    """The new text, with <ins> around what was not in the old one."""
    return _marked((mark, text) for mark, text in _compared(old, new) if mark != DEL)


def _compared(old: str, new: str) -> Iterator[tuple[str, str]]:
    old, new = old.replace("\r\n", "\n").strip(), new.replace("\r\n", "\n").strip()
    was, now = ([old], [new]) if len(old) + len(new) > LONGEST else (_words(old), _words(new))
    compared = SequenceMatcher(None, was, now, autojunk=False)
    if compared.ratio() < ALIKE:
        was, now = [old] if old else [], [new] if new else []
        compared = SequenceMatcher(None, was, now)
    for kind, a, b, c, d in compared.get_opcodes():
        if kind == "equal":
            yield SAME, "".join(was[a:b])
            continue
        if a < b:
            yield DEL, "".join(was[a:b])
        if c < d:
            yield INS, "".join(now[c:d])


def _marked(parts: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join("", "{}", ((format_html(mark, text),) for mark, text in parts))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def version_at(row: models.Model, seen: str) -> models.Model | None:
    """The recorded version of the row whose `updated_at` is `seen` (ISO 8601), or None."""
    try:
        when = parse_datetime(seen)
    except ValueError:
        when = None
    if when is None:
        return None
    return _versions(row).filter(updated_at=when).first()


def last_saved_by(row: models.Model) -> str:
    """The name of who made the newest recorded change of a row; "the system" when nobody was logged in."""
    event = _versions(row).select_related("pgh_context").first()
    metadata = event.pgh_context.metadata if event and event.pgh_context else {}
    person = User.objects.filter(pk=metadata.get("user") or 0).first()
    return person.public_name if person else _("the system")


def _versions(row: Any) -> models.QuerySet[Any]:
    """The recorded versions of a row of a model with `pghistory.track`, the newest first."""
    return row.pgh_event_model.objects.filter(pgh_obj=row.pk).order_by("-pgh_id")


@dataclass(frozen=True)
class Clash:
    """A field that somebody else changed while it was open in a form: their text, one's own, and the difference.

    `alone` says that only they changed it, so theirs is most likely wanted. `kind` is "field", or says what happened
    to a whole piece of evidence: they "added" it, they "removed" it, or one "deleted" what they changed.
    """

    name: str
    label: str
    theirs: str
    mine: str
    diff: SafeString | str
    alone: bool
    kind: str = "field"


def clashes(
    fields: dict[str, str], was: dict[str, str] | None, theirs: dict[str, str], mine: dict[str, str]
) -> Iterator[Clash]:
    """The fields (as {name: label}) that others changed since `was` and in which one's own text differs from theirs.

    `was` is None if the version that was opened is not known; then every difference counts.
    """
    for name, label in fields.items():
        before, other, own = (
            one_line(version.get(name, "")) if version is not None else None for version in (was, theirs, mine)
        )
        if other != own and other != before:
            diff = word_diff(theirs[name], mine[name])
            yield Clash(name, label, theirs[name], mine[name], diff, before is not None and own == before)


def one_line(text: str) -> str:
    """The text with each run of white space as one space, for comparisons that ignore white space."""
    return " ".join(text.split())
