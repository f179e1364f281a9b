"""What goes between the parts: a promise as a language's rules read it in a sentence, and as the caller gets it."""

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ExtractedPledge:
    """A pledge found in a text. `sentence` is verbatim: what stands from `starts_at` to `ends_at`, in characters.

    `speaker` is who made it, as the text calls them ("" where it does not say). `action` is what is promised, as a verb
    phrase where the sentence has one ("build two prisons"). `deadline` is the last day in time and `deadline_precision`
    "day", "month" or "year"; without a deadline None and "". `checkable` says whether a reader could tell later whether
    it was kept. `confidence` is from 0 to 1, `reason` the words that say it is a pledge. `kind` is "pledge", "aim"
    ("aims to", weaker) or "conditional" ("if Congress agrees").

    `why_not` is "" for a pledge. What was told apart from one says why: "forecast", "done" (a report of what was done),
    "others" (somebody else's hope, demand or promise), "question", "vague"; its confidence is 0.
    """

    speaker: str
    action: str
    sentence: str
    starts_at: int
    ends_at: int
    deadline: date | None
    deadline_precision: str
    checkable: bool
    confidence: float
    reason: str
    kind: str = "pledge"
    why_not: str = ""


@dataclass(frozen=True)
class Promise:
    """Words of a sentence that promise, where `start` to `end` are their places in it.

    `actions` are what is promised, each with its place. `way` is how: "own" (in the first person), "vowed" (by a verb
    of promising), "will" (somebody else is the subject), "done" (in the passive), "would" (in reported speech), "noun"
    (a promise of a thing), "aim", "listed". `subject` is whose act it is, where the sentence says, as it stands; `verb`
    the words that follow "will", plain.
    """

    start: int
    end: int
    way: str
    cue: str
    actions: tuple[tuple[str, int, int], ...]
    subject: str = ""
    subject_at: int = 0
    verb: str = ""


def things_named(
    text: str, low: str, start: int, end: int, joints: re.Pattern[str], linking: re.Pattern[str]
) -> tuple[tuple[str, int, int], ...]:
    """The things named one after the other from `start` to `end`, each with its place.

    `joints` part them; what `linking` begins is no thing of its own but more of the one before.
    """
    parts: list[tuple[str, int, int]] = []
    since = start
    for joint in [*joints.finditer(low, start, end), None]:
        until = joint.start() if joint else end
        part = text[since:until].strip(" ,")
        if parts and linking.match(part):
            parts[-1] = (f"{parts[-1][0]}, {part}", parts[-1][1], until)
        elif part:
            parts.append((part, since, until))
        since = joint.end() if joint else end
    return tuple(parts)
