"""Scores the extraction of pledges on texts with labelled promises."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pledges.domain import json_lines
from pledges.domain.languages import LANGUAGES
from pledges.watch.extraction import extract
from pledges.watch.text.encoder import Encoder

Span = tuple[int, int]


class EvaluationError(Exception):
    """A file cannot be used; str() says why, with the number of the line."""


@dataclass(frozen=True)
class LabelledText:
    """A text with the spans of its labelled sentences; `promised` has one span for each promise, so one may recur."""

    text: str
    language: str
    genre: str
    published_on: date | None
    promised: tuple[Span, ...]
    not_promises: tuple[Span, ...]
    vague: tuple[Span, ...]


def evaluate(path: Path, *, encoder: Encoder | None, write: Callable[[str], None]) -> Counter[str]:
    """Score the extraction on a file of JSON Lines; `write` gets the figures in all, by language and by genre.

    A proposal is right if its sentence overlaps the sentence of a promise. One on a vague sentence counts neither way;
    any other is wrong, also on a sentence without a label. Returns the counts in all. Raises EvaluationError with the
    number of a line that cannot be used.
    """
    texts = _read(path)
    counts = [(text, _counted(text, encoder)) for text in texts]
    total = sum((count for _text, count in counts), Counter())
    write(f"{len(texts)} texts, {'with the sentence encoder' if encoder else 'by grammar alone'}")
    write(_line("all", total))
    for name in ("language", "genre"):
        values = dict.fromkeys(getattr(text, name) for text in texts)
        for value in filter(None, values if len(values) > 1 else ()):
            write(_line(value, sum((count for text, count in counts if getattr(text, name) == value), Counter())))
    return total


def _counted(text: LabelledText, encoder: Encoder | None) -> Counter[str]:
    found = extract(text.text, text.language, published_on=text.published_on, encoder=encoder)
    proposed = list(dict.fromkeys((pledge.starts_at, pledge.ends_at) for pledge in found))
    labelled = set(text.promised)
    count = Counter(
        sentences=len(labelled),
        found=sum(_overlaps(span, proposed) for span in labelled),
        promises=len(text.promised),
        promises_found=sum(_overlaps(span, proposed) for span in text.promised),
        proposals=len(found),
    )
    for span in proposed:
        groups = {"right": text.promised, "vague": text.vague, "not_promises": text.not_promises}
        count[next((name for name, spans in groups.items() if _overlaps(span, spans)), "unlabelled")] += 1
    return count


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and span[1] > start for start, end in others)


def _line(name: str, count: Counter[str]) -> str:
    wrong = count["not_promises"] + count["unlabelled"]
    recall = count["found"] / count["sentences"] if count["sentences"] else 0.0
    precision = count["right"] / (count["right"] + wrong) if count["right"] else 0.0
    f1 = 2 * recall * precision / (recall + precision) if recall and precision else 0.0
    return (
        f"{name:12} recall {recall:.2f} ({count['found']} of {count['sentences']} sentences, {count['promises_found']} "
        f"of {count['promises']} promises)  precision {precision:.2f} ({count['right']} right, "
        f"{count['not_promises']} no promise, {count['unlabelled']} without a label; {count['vague']} vague)  F "
        f"{f1:.2f}  {count['proposals']} proposals"
    )


def _read(path: Path) -> list[LabelledText]:
    """The texts of a file. Raises EvaluationError."""
    try:
        lines = json_lines.numbered(path)
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error
    texts = []
    for number, line in lines:
        try:
            texts.append(_text(json.loads(line)))
        except (json.JSONDecodeError, RecursionError) as error:
            raise EvaluationError(f"{path}, line {number}: not JSON: {error}") from error
        except ValueError as error:
            raise EvaluationError(f"{path}, line {number}: {error}") from error
    if not texts:
        raise EvaluationError(f"{path} holds no texts: give JSON Lines, each with text, lang and promises.")
    return texts


def _text(row: Any) -> LabelledText:
    """The text of a line. Raises ValueError with a sentence for the user."""
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or row.get("lang") not in LANGUAGES:
        raise ValueError('each line is an object with "text" (a string), "lang" ("en" or "es") and "promises".')
    promises = row.get("promises")
    if not isinstance(promises, list) or not all(isinstance(each, dict) for each in promises):
        raise ValueError('"promises" is a list of objects with "sentence".')
    try:
        day = date.fromisoformat(row["date"]) if row.get("date") else None
    except (TypeError, ValueError):
        day = None  # a year or a month alone cannot date a deadline
    return LabelledText(
        text=row["text"],
        language=row["lang"],
        genre=str(row.get("genre") or ""),
        published_on=day,
        promised=tuple(_spans(row["text"], [each.get("sentence") for each in promises], "promises")),
        not_promises=tuple(_spans(row["text"], row.get("not_promises", []), "not_promises")),
        vague=tuple(_spans(row["text"], row.get("vague", []), "vague")),
    )


def _spans(text: str, sentences: Any, name: str) -> Iterator[Span]:
    """Where labelled sentences are in a text. Raises ValueError."""
    if not isinstance(sentences, list) or not all(isinstance(each, str) and each.strip() for each in sentences):
        raise ValueError(f'"{name}" holds sentences of the text.')
    for sentence in map(str.strip, sentences):
        at = text.find(sentence)
        if at < 0:
            raise ValueError(f'"{name}" holds a sentence that is not in the text: {sentence[:60]}')
        yield at, at + len(sentence)
