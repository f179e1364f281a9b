"""The history of a pledge's wordings: each with the differences from the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.models import CRITERIA, STATUS_LABELS
from pledges.queries.diffs import word_diff
from pledges.queries.published import PublicWording


@dataclass(frozen=True)
class Version:
    """A published wording, the day of its edition, and its changes as (label, HTML difference) in the active language;
    the first wording has none."""

    wording: PublicWording
    day: date
    changes: list[tuple[str, SafeString]]


def history(wordings: Sequence[PublicWording]) -> list[Version]:
    """The versions of a pledge, newest first; `wordings` are oldest first."""
    before: list[PublicWording | None] = [None, *wordings[:-1]]
    pairs = zip(wordings, before, strict=True)
    return [Version(wording, edition_day(wording), _changes(was, wording)) for wording, was in pairs][::-1]


def criteria_since(wordings: Sequence[PublicWording]) -> PublicWording:
    """The wording that introduced the present criteria and deadline; `wordings` are oldest first."""
    *earlier, now = wordings
    for wording in reversed(earlier):
        if _criteria(wording) != _criteria(now):
            break
        now = wording
    return now


def edition_day(row: PublicWording) -> date:
    """The day of the edition that published a row, in the newsroom's calendar."""
    return timezone.localdate(row.edition.published_at)


def _criteria(wording: PublicWording) -> list[object]:
    names = [f"{name}_{language}" for name in CRITERIA for language in LANGUAGES]
    return [getattr(wording, name) for name in [*names, "deadline", "deadline_precision"]]


def _changes(was: PublicWording | None, now: PublicWording) -> list[tuple[str, SafeString]]:
    if was is None:
        return []
    return [
        (label, word_diff(old, new))
        for (label, old), (_label, new) in zip(_texts(was), _texts(now), strict=True)
        if old != new
    ]


def _texts(wording: PublicWording) -> list[tuple[str, str]]:
    deadline = written(wording.deadline, wording.deadline_precision) or _("none was set")
    return [
        (_("Title"), wording.title),
        (_("Statement"), wording.statement),
        (_("Quote"), wording.quote),
        (_("Deadline"), deadline),
        (_("What the deadline rests on"), wording.deadline_note),
        *((str(STATUS_LABELS[Status(name)]), getattr(wording, name)) for name in CRITERIA),
    ]
