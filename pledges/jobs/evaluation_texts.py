"""Evaluation on a file of labelled texts, judged against the tracked pledges like news in production.

Nothing is written to the database: what is learned or counted meanwhile is kept in memory only.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date, parse_datetime

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.jobs import profiles
from pledges.models import Pledge
from pledges.watch.matching import learning, matcher, metrics
from pledges.watch.matching.learning import Example
from pledges.watch.text.language import language_of

NO_CHANGE = "no_change"
STATUSES = {NO_CHANGE, *(status.value for status in Status)}


@dataclass(frozen=True)
class Text:
    """One labelled text."""

    id: str
    title: str
    text: str
    language: str
    at: datetime
    pledges: frozenset[str]
    optional: frozenset[str]
    suggested: dict[str, str] = field(default_factory=dict)
    also_ok: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Counts:
    """The counts over a file; `statuses` are pairs (expected, suggested)."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    statuses: list[tuple[str, str]] = field(default_factory=list)


def evaluate(path: str | Path, *, learn: bool, leads: Path | None, write: Callable[[str], None]) -> Counts:
    """Judge a file of JSON Lines in the order of time; `write` gets recall, precision and macro-F1 of the statuses.

    With `learn` the labels of each text are learned after it was judged; with `leads` every lead at the inbox's
    threshold is written to that file. Raises CommandError with the number of a line that cannot be used.
    """
    tracked = {pledge.slug: pledge for pledge in profiles.pledges()}
    if not tracked:
        raise CommandError("No pledge is public, so there is nothing to judge the texts against.")
    texts = _read(Path(path), set(tracked))
    watch = _WatchInMemory(list(tracked.values()), learn=learn)
    slugs: dict[int | str, str] = {pledge.pk: slug for slug, pledge in tracked.items()}
    counts = Counts()
    lines: dict[int, dict[str, Any]] = {}
    for number, text in sorted(enumerate(texts), key=lambda row: (row[1].at, row[0])):
        matches = {slugs[match.pledge]: match for match in watch.judge(text)}
        _count(counts, text, matches)
        lines[number] = {"id": text.id, "leads": [_lead(slug, match) for slug, match in matches.items()]}
        watch.take_in(text, matches)
    if leads:
        content = "".join(json.dumps(lines[number], ensure_ascii=False) + "\n" for number in range(len(texts)))
        try:
            Path(leads).write_text(content, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{leads} cannot be written: {error.strerror}.") from error
    _report(counts, len(texts), len(tracked), write)
    return counts


def _report(counts: Counts, texts: int, tracked: int, write: Callable[[str], None]) -> None:
    labelled, raised = counts.right + counts.missed, counts.right + counts.wrong
    macro = metrics.macro_f1(counts.statuses)
    write(f"{texts} texts against {tracked} pledges; optional pledges count neither way")
    write(f"recall     {_share(counts.right, labelled)}")
    write(f"precision  {_share(counts.right, raised)}")
    write(f"macro-F1   {'—' if macro is None else f'{macro:.3f}'} of the statuses, over {len(counts.statuses)} leads")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part} of {whole})" if whole else "— (nothing to count)"


def _lead(slug: str, match: matcher.Match) -> dict[str, Any]:
    return {
        "pledge": slug,
        "probability": match.score,
        "sentence": match.sentence,
        "status": match.suggested_status or NO_CHANGE,
        "cue": match.cue,
    }


def _count(counts: Counts, text: Text, matches: dict[str, matcher.Match]) -> None:
    for slug, match in matches.items():
        if slug in text.pledges:
            counts.right += 1
            suggested = match.suggested_status or NO_CHANGE
            expected = text.suggested.get(slug, NO_CHANGE)
            counts.statuses.append((suggested if suggested in text.also_ok.get(slug, ()) else expected, suggested))
        elif slug not in text.optional:
            counts.wrong += 1
    counts.missed += len(text.pledges - matches.keys())


class _WatchInMemory:
    """The watch as it would be at each text: it counts words and learns, and is rebuilt when production would do so."""

    def __init__(self, pledges: list[Pledge], *, learn: bool) -> None:
        self._pledges = pledges
        self._learn = learn
        seen = profiles.vocabulary()
        self._documents: Counter[str] = Counter(seen.documents)
        self._counts = {code: Counter(seen.counts.get(code, {})) for code in LANGUAGES}
        decided = profiles.decisions()
        self._examples: dict[int, list[Example]] = {
            pledge.pk: list(profiles.examples(decided.get(pledge.pk, ()))) for pledge in pledges
        }
        self._profiles: dict[int, matcher.Profile] = {}
        self._changed = {pledge.pk for pledge in pledges}
        self._size: tuple[int, ...] = ()
        self._watch = profiles.Watch([], seen)  # built when the first text is judged

    def judge(self, text: Text) -> list[matcher.Match]:
        """The matches for which it would raise leads, best first."""
        if self._changed or self._size != profiles.size_of(self._documents):
            self._build()
        return self._watch.match(text.title, text.text, text.language)

    def take_in(self, text: Text, matches: dict[str, matcher.Match]) -> None:
        """Count the words of a text that was judged and, if it learns, learn the text's labels."""
        language = text.language or language_of(f"{text.title}\n{text.text}")
        if language:
            self._documents[language] += 1
            self._counts[language].update(matcher.document_terms(text.title, text.text, language))
        if not self._learn:
            return
        for pledge in self._pledges:
            is_about = pledge.slug in text.pledges
            if is_about or (pledge.slug in matches and pledge.slug not in text.optional):
                sentence = matches[pledge.slug].sentence if pledge.slug in matches else ""
                opening = text.text[: learning.OPENING]
                example = Example(text.id, text.title, opening, text.language, is_about, sentence)
                examples = self._examples[pledge.pk]
                examples.insert(0, example)  # the newest first
                del examples[learning.MOST_EXAMPLES :]
                self._changed.add(pledge.pk)

    def _build(self) -> None:
        known = [code for code in LANGUAGES if self._documents[code] >= profiles.ENOUGH_DOCUMENTS]
        seen = matcher.Vocabulary(
            {code: self._documents[code] for code in known}, {code: self._counts[code] for code in known}
        )
        grown = self._size != profiles.size_of(self._documents)
        for pledge in self._pledges:
            if pledge.pk in self._changed or (grown and self._examples[pledge.pk]):
                lessons = learning.learn(self._examples[pledge.pk], seen, profiles.known(pledge))
                self._profiles[pledge.pk] = profiles.profile(pledge, lessons)
        self._changed.clear()
        self._size = profiles.size_of(self._documents)
        self._watch = profiles.Watch(self._profiles.values(), seen)


# --- the file -------------------------------------------------------------------------------------------------------


def _read(path: Path, known: set[str]) -> list[Text]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # not splitlines: a text may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error
    texts = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                texts.append(_text(json.loads(line), known))
            except json.JSONDecodeError as error:
                raise CommandError(f"Line {number} is not JSON: {error}.") from error
            except ValueError as error:
                raise CommandError(f"Line {number}: {error}.") from error
    if not texts:
        raise CommandError(f"{path} holds no text.")
    return texts


def _text(row: object, known: set[str]) -> Text:
    """The text of a line. Raises ValueError, whose message says what is wrong."""
    if not isinstance(row, dict):
        raise ValueError("it is not an object")
    for name in ("id", "title", "date", "text", "pledges"):
        if row.get(name) is None:
            raise ValueError(f"“{name}” is missing")
    for name in ("title", "text"):
        if not isinstance(row[name], str):
            raise ValueError(f"“{name}” is not a text")
    pledges, optional = (_slugs(row.get(name) or [], name, known) for name in ("pledges", "optional_pledges"))
    suggested, also_ok = (row.get(name) or {} for name in ("suggested", "also_ok"))
    for name, given in (("suggested", suggested), ("also_ok", also_ok)):
        if not isinstance(given, dict):
            raise ValueError(f"“{name}” is not an object")
        _slugs(list(given), name, known)
        for value in given.values():
            statuses = [value] if name == "suggested" else value
            if not isinstance(statuses, list) or not all(
                isinstance(status, str) and status in STATUSES for status in statuses
            ):
                raise ValueError(
                    f"“{name}” holds {value!r}, which is no status; they are {', '.join(sorted(STATUSES))}"
                )
    language = row.get("lang") or ""
    return Text(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        language=language if language in LANGUAGES else "",
        at=_moment(row["date"]),
        pledges=pledges,
        optional=optional - pledges,
        suggested=suggested,
        also_ok=also_ok,
    )


def _slugs(given: object, name: str, known: set[str]) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(slug, str) for slug in given):
        raise ValueError(f"“{name}” is not a list of pledges")
    if unknown := sorted(set(given) - set(known)):
        raise ValueError(f"“{name}” names {', '.join(unknown)}, and no public pledge is called so")
    return frozenset(given)


def _moment(given: object) -> datetime:
    """The time in a date, or in a date and time; UTC unless it has an offset. Raises ValueError."""
    found: date | None = None
    if isinstance(given, str):
        try:
            found = parse_datetime(given) or parse_date(given)
        except ValueError:
            found = None
    if found is None:
        raise ValueError(f"“date” is {given!r}, and should be like 2024-03-01 or 2024-03-01T12:00:00Z")
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
