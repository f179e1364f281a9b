"""The door for measuring (b): a file of labelled texts, judged against the tracked pledges as production judges news.

Nothing is written to the database: what is learned or counted on the way is kept in memory only.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date, parse_datetime

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.jobs import profiles
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
    """What was counted over a file."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    statuses: list[tuple[str, str]] = field(default_factory=list)


def evaluate(path: str | Path, *, learn: bool, leads: Path | None, write: Callable[[str], None]) -> Counts:
    """Judge a file of JSON Lines in time order, and `write` recall, precision and macro-F1 of the statuses, a line
    each.

    With `learn` each label is fed back after its text was judged; with `leads` every lead at the inbox's threshold is
    written there. Raises CommandError with the number of a line that cannot be used.
    """
    tracked = {pledge.slug: pledge for pledge in profiles.pledges()}
    if not tracked:
        raise CommandError("No pledge is public, so there is nothing to judge the texts against.")
    texts = _read(Path(path), set(tracked))
    watch = _Memory(list(tracked.values()), learn=learn)
    slugs = {pledge.pk: slug for slug, pledge in tracked.items()}
    counts = Counts()
    lines = {}
    for number, text in sorted(enumerate(texts), key=lambda row: (row[1].at, row[0])):
        found = {slugs[match.pledge]: match for match in watch.judge(text)}
        _count(counts, text, found)
        lines[number] = {"id": text.id, "leads": [_lead(slug, match) for slug, match in found.items()]}
        watch.take_in(text, found)
    if leads:
        said = [json.dumps(lines[number], ensure_ascii=False) + "\n" for number in range(len(texts))]
        try:
            Path(leads).write_text("".join(said), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{leads} cannot be written: {error.strerror}.") from error
    _say(counts, len(texts), len(tracked), write)
    return counts


def _say(counts: Counts, texts: int, tracked: int, write: Callable[[str], None]) -> None:
    labelled, raised = counts.right + counts.missed, counts.right + counts.wrong
    macro = metrics.macro_f1(counts.statuses)
    write(f"{texts} texts against {tracked} pledges; optional pledges count neither way")
    write(f"recall     {_share(counts.right, labelled)}")
    write(f"precision  {_share(counts.right, raised)}")
    write(f"macro-F1   {'—' if macro is None else f'{macro:.3f}'} of the statuses, over {len(counts.statuses)} leads")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part} of {whole})" if whole else "— (nothing to count)"


def _lead(slug: str, match: matcher.Match) -> dict:
    return {
        "pledge": slug,
        "probability": match.score,
        "sentence": match.sentence,
        "status": match.suggested_status or NO_CHANGE,
        "cue": match.cue,
    }


def _count(counts: Counts, text: Text, found: dict[str, matcher.Match]) -> None:
    for slug, match in found.items():
        if slug in text.pledges:
            counts.right += 1
            got = match.suggested_status or NO_CHANGE
            expected = text.suggested.get(slug, NO_CHANGE)
            counts.statuses.append((got if got in text.also_ok.get(slug, ()) else expected, got))
        elif slug not in text.optional:
            counts.wrong += 1
    counts.missed += len(text.pledges - found.keys())


class _Memory:
    """The watch as it would be at each text: it counts words and learns, and is made anew as production does."""

    def __init__(self, pledges: list, *, learn: bool):
        self._pledges = pledges
        self._learn = learn
        seen = profiles.vocabulary()
        self._documents = Counter(seen.documents)
        self._counts = {one: Counter(seen.counts.get(one, {})) for one in LANGUAGES}
        decided = profiles.decisions()
        self._examples: dict[int, list[Example]] = {
            pledge.pk: list(profiles.examples(decided.get(pledge.pk, ()))) for pledge in pledges
        }
        self._profiles: dict[int, matcher.Profile] = {}
        self._changed = {pledge.pk for pledge in pledges}
        self._size: tuple[int, ...] = ()
        self._watch: profiles.Watch | None = None

    def judge(self, text: Text) -> list[matcher.Match]:
        """The leads that it would raise, best first."""
        if self._watch is None or self._changed or self._size != profiles.size_of(self._documents):
            self._make()
        return self._watch.match(text.title, text.text, text.language)

    def take_in(self, text: Text, found: dict[str, matcher.Match]) -> None:
        """Count the words of a text that was judged and, when it learns, what people say of it."""
        language = text.language or language_of(f"{text.title}\n{text.text}")
        if language:
            self._documents[language] += 1
            self._counts[language].update(matcher.document_terms(text.title, text.text, language))
        if not self._learn:
            return
        for pledge in self._pledges:
            is_about = pledge.slug in text.pledges
            if is_about or (pledge.slug in found and pledge.slug not in text.optional):
                sentence = found[pledge.slug].sentence if pledge.slug in found else ""
                told = text.text[: learning.OPENING]
                example = Example(text.id, text.title, told, text.language, is_about, sentence)
                mine = self._examples[pledge.pk]
                mine.insert(0, example)  # the newest first
                del mine[learning.MOST_EXAMPLES :]
                self._changed.add(pledge.pk)

    def _make(self) -> None:
        known = [one for one in LANGUAGES if self._documents[one] >= profiles.ENOUGH_DOCUMENTS]
        seen = matcher.Vocabulary(
            {one: self._documents[one] for one in known}, {one: self._counts[one] for one in known}
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
    """A line's text. Raises ValueError with what is wrong."""
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
        for said in given.values():
            named = [said] if name == "suggested" else said
            if not isinstance(named, list) or not all(isinstance(one, str) and one in STATUSES for one in named):
                raise ValueError(f"“{name}” holds {said!r}, which is no status; they are {', '.join(sorted(STATUSES))}")
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
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise ValueError(f"“{name}” is not a list of pledges")
    if unknown := sorted(set(given) - set(known)):
        raise ValueError(f"“{name}” names {', '.join(unknown)}, and no public pledge is called so")
    return frozenset(given)


def _moment(given: object) -> datetime:
    """A date or a date and time, as UTC where it does not say."""
    found = None
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
