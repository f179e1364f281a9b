"""What differs between two versions of a draft: word by word for people, and by the trail that the database keeps."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pledges.models import User

ALIKE = 0.4  # of two texts that have less in common, the words that happen to be the same tell nothing
SAME, DEL, INS = "{}", "<del>{}</del>", "<ins>{}</ins>"
LONGEST = 20_000  # characters; longer texts are shown one after the other


def word_diff(old: str, new: str) -> SafeString:
    """Two texts as one, with <del> around what only the old has and <ins> around what only the new has."""
    return _marked(_compared(old, new))


def lost(old: str, new: str) -> SafeString:
    """The old text, with <del> around what the new one has not."""
    return _marked((mark, text) for mark, text in _compared(old, new) if mark != INS)


def gained(old: str, new: str) -> SafeString:
    """The new text, with <ins> around what the old one had not."""
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
    """The row as the database recorded it when it was last saved at `seen` (its `updated_at`, ISO 8601), or None."""
    try:
        when = parse_datetime(seen)
    except ValueError:
        when = None
    if when is None:
        return None
    return row.pgh_event_model.objects.filter(pgh_obj=row.pk, updated_at=when).order_by("-pgh_id").first()


def last_saved_by(row: models.Model) -> str:
    """Who made the newest recorded change of a row; "the system" when nobody was logged in."""
    event = row.pgh_event_model.objects.filter(pgh_obj=row.pk).select_related("pgh_context").order_by("-pgh_id").first()
    metadata = event.pgh_context.metadata if event and event.pgh_context else {}
    person = User.objects.filter(pk=metadata.get("user")).first()
    return person.public_name if person else _("the system")


@dataclass(frozen=True)
class Clash:
    """A field that somebody else has changed while it was open: their words, one's own, and the way between them.

    `alone` says that only they have changed it, so that theirs is what one would most likely take. `kind` tells what
    became of a whole piece of evidence: they "added" it, they "removed" it, or one has "deleted" what they changed.
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
    """The fields (as {name: label}) that others changed since `was`, and in which one's own words differ from theirs.

    `was` is None where the version that was opened is not known: then every difference counts.
    """
    for name, label in fields.items():
        before, other, own = (
            one_line(version.get(name, "")) if version is not None else None for version in (was, theirs, mine)
        )
        if other != own and other != before:
            diff = word_diff(theirs[name], mine[name])
            yield Clash(name, label, theirs[name], mine[name], diff, before is not None and own == before)


def one_line(text: str) -> str:
    """A text whose white space makes no difference."""
    return " ".join(text.split())
