"""The data that the parts of the extraction exchange: a promise found by grammar, and the result for the caller."""

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ExtractedPledge:
    """A pledge found in a text. `sentence` is verbatim: the text from `starts_at` to `ends_at`, in characters.

    `speaker` is who made it, as the text calls them ("" if it does not say). `action` is what is promised, as a verb
    phrase if the sentence has one ("build two prisons"). `deadline` is the last day in time and `deadline_precision`
    "day", "month" or "year"; without a deadline None and "". `checkable` is true if a reader could check later whether
    it was kept. `confidence` is from 0 to 1; `reason` holds the words that show that it is a pledge. `kind` is
    "pledge", "aim" ("aims to", weaker) or "conditional" ("if Congress agrees").

    `why_not` is "" for a pledge. For a rejected sentence it is the reason: "forecast", "done" (a report of what was
    done), "others" (somebody else's hope, demand or promise), "question" or "vague"; its confidence is 0.
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
class Reading:
    """What was read in a text, in its order.

    `rejected` are sentences that look like pledges and are none. `open` are whole sentences that the grammar neither
    proposes nor explains away, each as the proposal that it would be.
    """

    pledges: tuple[ExtractedPledge, ...] = ()
    rejected: tuple[ExtractedPledge, ...] = ()
    open: tuple[ExtractedPledge, ...] = ()


@dataclass(frozen=True)
class Promise:
    """A promise in a sentence, from `start` to `end`.

    `actions` are what is promised, as (text, start, end). `form` is "first_person", "vowed" (with a verb of promising),
    "will" (in the third person), "passive", "would" (in reported speech),
    "campaign" (what a party or a candidate would do in office), "noun" (a thing is promised), "aim" or
    "listed". `cue` are the words that promise. `subject` is who acts, verbatim, if the sentence says so; `verb` holds
    the words after "will", as `plain` text.
    """

    start: int
    end: int
    form: str
    cue: str
    actions: tuple[tuple[str, int, int], ...]
    subject: str = ""
    subject_at: int = 0
    verb: str = ""


def things_named(
    text: str, low: str, start: int, end: int, joints: re.Pattern[str], linking: re.Pattern[str]
) -> tuple[tuple[str, int, int], ...]:
    """The things enumerated from `start` to `end`, as (text, start, end).

    `joints` matches what separates them; a part that begins with a match of `linking` belongs to the thing before.
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
