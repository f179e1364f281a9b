"""Evaluation on a file of labelled texts, judged like news in production: against the tracked pledges, or those of a
file.

Nothing is written to the database: what is learned or counted meanwhile is kept in memory only. With a file of pledges
no database is needed.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from pledges.domain.languages import LANGUAGES
from pledges.jobs import evaluation_files, profiles
from pledges.jobs.evaluation_files import Text
from pledges.watch.matching import learning, matcher, metrics, pledge_files
from pledges.watch.matching.learning import Example, Known
from pledges.watch.matching.metrics import LABELS, Judgement
from pledges.watch.status.reading import NO_CHANGE
from pledges.watch.text.encoder import Encoder
from pledges.watch.text.language import language_of


@dataclass
class Result:
    """What was counted over a file: leads by whether their pledge is labelled (`right`), missing ones (`missed`), and
    in `judged` the suggestion of each right lead. `encoder` is the name of the sentence encoder, "" without."""

    texts: int
    pledges: int
    encoder: str
    partial_dates: int
    right: int = 0
    wrong: int = 0
    missed: int = 0
    judged: list[Judgement] = field(default_factory=list)


@dataclass
class _Tracked:
    """A pledge: its profile without what was learned, the words that learning respects, and its decided texts."""

    profile: matcher.Profile
    known: Known
    examples: list[Example]


def evaluate(
    path: Path,
    *,
    pledges: Path | None = None,
    learn: bool = False,
    leads: Path | None = None,
    encoder: Encoder | None = None,
) -> Result:
    """Judge a file of JSON Lines in the order of time, against the pledges of a file or else the published ones.

    With `learn` the labels of each text are learned after it was judged; with `leads` every lead at the inbox's
    threshold is written to that file. Raises CommandError with the number of a line that cannot be used.
    """
    tracked = _of_file(pledges) if pledges else _of_database()
    texts = evaluation_files.read(path, tracked)
    watch = _WatchInMemory(tracked, matcher.Vocabulary() if pledges else profiles.vocabulary(), learn=learn)
    partial = sum(text.partial for text in texts)
    result = Result(len(texts), len(tracked), encoder.name if encoder else "", partial)
    lines: dict[int, dict[str, Any]] = {}
    for number, text in sorted(enumerate(texts), key=lambda row: (row[1].at, row[0])):
        matches = {str(match.pledge): match for match in watch.judge(text, encoder)}
        judged = {slug: _judgement(text, match, tracked[slug].profile) for slug, match in matches.items()}
        _count(result, text, judged)
        found = [_lead(match, judged[slug]) for slug, match in matches.items()]
        lines[number] = {"id": text.id, "leads": found}
        watch.take_in(text, matches)
    if leads:
        content = "".join(json.dumps(lines[number], ensure_ascii=False) + "\n" for number in range(len(texts)))
        try:
            leads.write_text(content, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{leads} cannot be written: {error.strerror}.") from error
    return result


def _of_file(path: Path) -> dict[str, _Tracked]:
    try:
        found = pledge_files.read(path)
    except pledge_files.BadPledges as error:
        raise CommandError(str(error)) from error
    return {
        str(profile.pledge): _Tracked(profile, Known(texts=profile.texts, kept=profile.aliases), [])
        for profile in found
    }


def _of_database() -> dict[str, _Tracked]:
    """The published pledges by slug; in their profiles, too, the slug stands for the id."""
    decided, changes = profiles.decisions(), profiles.histories()
    tracked = {
        pledge.slug: _Tracked(
            replace(profiles.profile(pledge, {}, changes.get(pledge.pk, ())), pledge=pledge.slug),
            profiles.known(pledge),
            list(profiles.examples(decided.get(pledge.pk, ()))),
        )
        for pledge in profiles.pledges()
    }
    if not tracked:
        raise CommandError("No pledge is public, so there is nothing to judge the texts against.")
    return tracked


def _judgement(text: Text, match: matcher.Match, profile: matcher.Profile) -> Judgement:
    """The suggestion beside its label, with the status that the watch knew before the text's day."""
    slug = str(match.pledge)
    return Judgement(
        label=text.suggested.get(slug, NO_CHANGE),
        before=text.before.get(slug) or profile.status_before(text.at.date()),
        suggestion=match.suggestion,
        status=match.suggested_status,
        also_ok=text.also_ok.get(slug, frozenset()),
    )


def _lead(match: matcher.Match, judged: Judgement) -> dict[str, Any]:
    return {
        "pledge": match.pledge,
        "probability": match.score,
        "sentence": match.sentence,
        "suggestion": match.suggestion,
        "status": judged.predicted,
        "status_before": judged.before,
        "cue": match.cue,
    }


def _count(result: Result, text: Text, judged: dict[str, Judgement]) -> None:
    right = judged.keys() & text.pledges
    result.right += len(right)
    result.wrong += len(judged.keys() - text.pledges - text.optional)
    result.missed += len(text.pledges - judged.keys())
    result.judged += [judged[slug] for slug in sorted(right)]


class _WatchInMemory:
    """The watch as it would be at each text: it counts words and learns, and is rebuilt when production would do so."""

    def __init__(self, tracked: dict[str, _Tracked], seen: matcher.Vocabulary, *, learn: bool) -> None:
        self._tracked = tracked
        self._learn = learn
        self._documents: Counter[str] = Counter(seen.documents)
        self._counts = {code: Counter(seen.counts.get(code, {})) for code in LANGUAGES}
        self._profiles: dict[str, matcher.Profile] = {}
        self._changed = set(tracked)
        self._size: tuple[int, ...] = ()
        self._index = matcher.Index([], seen)  # built when the first text is judged

    def judge(self, text: Text, encoder: Encoder | None) -> list[matcher.Match]:
        """The matches for which it would raise leads, best first."""
        if self._changed or self._size != profiles.size_of(self._documents):
            self._build()
        index = self._index.standing_at(text.before) if text.before else self._index
        return index.match(text.title, text.text, text.language, day=text.at.date(), encoder=encoder)

    def take_in(self, text: Text, matches: dict[str, matcher.Match]) -> None:
        """Count the words of a text that was judged and, if it learns, learn the text's labels."""
        language = text.language or language_of(f"{text.title}\n{text.text}")
        if language:
            self._documents[language] += 1
            self._counts[language].update(matcher.document_terms(text.title, text.text, language))
        if not self._learn:
            return
        for slug, pledge in self._tracked.items():
            is_about = slug in text.pledges
            if is_about or (slug in matches and slug not in text.optional):
                sentence = matches[slug].sentence if slug in matches else ""
                opening = text.text[: learning.OPENING]
                example = Example(text.id, text.title, opening, text.language, is_about, sentence)
                pledge.examples.insert(0, example)  # the newest first
                del pledge.examples[learning.MOST_EXAMPLES :]
                self._changed.add(slug)

    def _build(self) -> None:
        known = [code for code in LANGUAGES if self._documents[code] >= profiles.ENOUGH_DOCUMENTS]
        seen = matcher.Vocabulary(
            {code: self._documents[code] for code in known}, {code: self._counts[code] for code in known}
        )
        grown = self._size != profiles.size_of(self._documents)
        for slug, pledge in self._tracked.items():
            if slug in self._changed or (grown and pledge.examples):
                lessons = learning.learn(pledge.examples, seen, pledge.known)
                self._profiles[slug] = replace(pledge.profile, learned=learning.weights(lessons))
        self._changed.clear()
        self._size = profiles.size_of(self._documents)
        self._index = matcher.Index(self._profiles.values(), seen)


# --- the report -----------------------------------------------------------------------------------------------------


def lines(result: Result) -> Iterator[str]:
    """The result for people, line by line."""
    found, changes = metrics.statuses(result.judged), metrics.changes(result.judged)
    labelled, raised = result.right + result.missed, result.right + result.wrong
    using = f"with the sentence encoder {result.encoder}" if result.encoder else "without a sentence encoder"
    yield f"{result.texts} texts against {result.pledges} pledges, {using}; optional pledges count neither way"
    if result.partial_dates:
        yield f"{result.partial_dates} dates name only a year or a month, and are read as its first day"
    yield f"recall     {_share(result.right, labelled)}"
    yield f"precision  {_share(result.right, raised)}"
    yield f"F          {_number(_f1(result.right, raised, labelled))}"
    yield f"statuses, over {found.pairs} leads on labelled pledges"
    yield f"accuracy   {_share(found.strict, found.pairs)}; with also_ok {_share(found.lenient, found.pairs)}"
    yield f"macro-F1   {_number(found.macro_strict)}; with also_ok {_number(found.macro_lenient)}"
    yield "changes of a status, of these leads"
    there, suggested = changes.there, changes.suggested
    yield f"recall     {_share(changes.seen, there)}; to the right status {_share(changes.right, there)}"
    yield (
        f"precision  {_share(changes.seen, suggested)}; to the right status {_share(changes.right, suggested)}; "
        f"with also_ok {_share(changes.allowed, suggested)}"
    )
    if found.pairs:
        yield from _table(found.confusion)


def as_json(result: Result) -> dict[str, Any]:
    """The result for programs; what cannot be computed is None."""
    found, changes = metrics.statuses(result.judged), metrics.changes(result.judged)
    labelled, raised = result.right + result.missed, result.right + result.wrong
    return {
        "texts": result.texts,
        "pledges": result.pledges,
        "encoder": result.encoder or None,
        "partial_dates": result.partial_dates,
        "matching": {
            "right": result.right,
            "wrong": result.wrong,
            "missed": result.missed,
            "recall": _ratio(result.right, labelled),
            "precision": _ratio(result.right, raised),
            "f1": _f1(result.right, raised, labelled),
        },
        "statuses": {
            "pairs": found.pairs,
            "strict": {"accuracy": _ratio(found.strict, found.pairs), "macro_f1": found.macro_strict},
            "lenient": {"accuracy": _ratio(found.lenient, found.pairs), "macro_f1": found.macro_lenient},
            "confusion": [
                {"label": label, "predicted": predicted, "pairs": count}
                for (label, predicted), count in sorted(found.confusion.items())
            ],
        },
        "changes": {
            **asdict(changes),
            "recall": _ratio(changes.seen, changes.there),
            "precision": _ratio(changes.seen, changes.suggested),
            "recall_to_the_right_status": _ratio(changes.right, changes.there),
            "precision_to_the_right_status": _ratio(changes.right, changes.suggested),
            "precision_with_also_ok": _ratio(changes.allowed, changes.suggested),
        },
    }


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _f1(right: int, raised: int, labelled: int) -> float | None:
    return metrics.f1(_ratio(right, raised), _ratio(right, labelled))


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part} of {whole})" if whole else "— (nothing to count)"


def _table(confusion: Counter[tuple[str, str]]) -> Iterator[str]:
    """The confusion table: a row for each label, a column for each prediction that occurs."""
    rows, columns = ([label for label in LABELS if any(pair[at] == label for pair in confusion)] for at in (0, 1))
    yield f"{'label ↓, suggested →':20}" + "".join(f"{column:>13}" for column in columns)
    for row in rows:
        yield f"{row:20}" + "".join(f"{confusion[row, column] or '·':>13}" for column in columns)
