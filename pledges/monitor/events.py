# ruff: noqa: E501 - rows of a table read better whole
"""Finds in a sentence the verbs that say what became of something, with their voice, tense and the nouns around them.

A sentence is read as words once; each verb form is looked up, and the words beside it tell whether it states a fact.
The nouns before and after it are what a way of saying it may ask for (see `lexicon_en.py`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pledges.monitor import lexicon_en, lexicon_es, verbs
from pledges.monitor.language import stem
from pledges.rules import Status

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:[-’'][^\W_]+)*%?|[;,:()—–«»“”\"]")
_STOPS = frozenset(';,:()—–«»“”"')
_ENTRY = re.compile(r"([\w*-]+)(?::([A-Z]+))?(?:<([A-Z]+))?(?:>([A-Z]+))?$")
_ANY = "TRWBPDFGIYK"
_AFTER, _BEFORE, _GAP = 9, 14, 9  # words looked at
_BY = {"en": {"by", "in", "at"}, "es": {"por", "en"}}
_LEAD = frozenset(
    "in at with by during amid near against about under between en con por tras ante durante entre contra sobre al to".split()
)
_DAYS = frozenset(
    "lunes martes miercoles jueves viernes sabado domingo week month year morning night pasado dia mes ano proximo".split()
)
_WHEN = frozenset("after since while when because cuando mientras".split())
_PRESENT = frozenset({"s", "base", "now"})
# A firm's own opening is no government's.
_PRIVATE = frozenset("company firm retailer chain brand startup empresa firma compania cadena marca startup".split())
# One of them speaks for themselves, all of them for the house.
_ALONE = frozenset(
    """mp mep senator deputy lawmaker legislator congressman congresswoman backbencher peer diputado diputada senador
    senadora legislador legisladora asambleista congresista parlamentario""".split()
)
_ABOUT = frozenset({"under", "in", "at", "near", "by", "with", "during", "on", "for", "outside"})
_JOINS = frozenset({"and", "then", "but", "also", "who", "which", "that"})
_FIRST = frozenset("first last final primeros primeras primer primera ultimo ultima ultimos ultimas".split())
_ARTICLES = frozenset("the a an its his her their el la los las un una su sus".split())
_STATUSES = (
    (Status.PARTLY_KEPT, "PARTLY"),
    (Status.BROKEN, "BROKEN"),
    (Status.STALLED, "STALLED"),
    (Status.IN_PROGRESS, "IN_PROGRESS"),
    (Status.KEPT, "KEPT"),
)


@dataclass(frozen=True)
class Way:
    """One way to say a status: a verb, the words that follow it, and the classes of its subject, agent and object."""

    status: Status
    lemma: str
    tail: tuple[str, ...]
    subject: str
    agent: str
    object: str


@dataclass(frozen=True)
class Event:
    """What a verb says: a status, the words from `start` to `end`, and how it says so.

    `at` is the verb's place among the words, `start` and `end` those of the cue in the text. `denied`: the opposite is
    said; `aside`: in a subordinate clause, `earlier`: one of time or reason; `hedged`: planned, wished or doubted;
    `starts`: it is how things begin; `present`: in the present tense.
    """

    status: Status
    at: int
    start: int
    end: int
    denied: bool
    aside: bool
    hedged: bool
    starts: bool
    present: bool
    earlier: bool


class Reader:
    """The sentences of one language."""

    def __init__(self, language: str):
        self.language = language
        self.words = {"en": lexicon_en, "es": lexicon_es}[language]
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self.ways: dict[str, list[Way]] = {}
        make = verbs.english if language == "en" else verbs.spanish
        for status, name in _STATUSES:
            for row in getattr(self.words, name).split():
                entry, subject, agent, target = _ENTRY.match(row).groups(default="")
                lemma, *tail = entry.split("_")
                classes = [(_ANY if part == "A" else part) for part in (subject, agent, target)]
                self.ways.setdefault(lemma, []).append(Way(status, lemma, tuple(tail), *classes))
        for lemma in [*self.ways, *self.words.USES, *getattr(self.words, "RUNNING", ()), *self.words.STARTS]:
            for form, kind in make(lemma).items():
                known = self.forms.setdefault(form, [])
                if (lemma, kind) not in known:
                    known.append((lemma, kind))
        self.classes: dict[str, set[str]] = {}
        for letter, nouns in self.words.NOUNS.items():
            for noun in nouns.split():
                alone = () if letter == "L" and noun in _ALONE else (noun,)
                for form in (*alone, verbs.plural(noun, language)):
                    self.classes.setdefault(form, set()).add(letter)

    def stem(self, word: str) -> str:
        """The stem that the words after a verb are known by."""
        return stem(word, self.language)

    @lru_cache(maxsize=20_000)  # noqa: B019 - two readers live as long as the process
    def of(self, word: str) -> frozenset[str]:
        """The classes of a noun; the end of a compound tells nothing of what a verb is also said of."""
        known = self.classes.get(word.removesuffix("'s").rsplit("-", 1)[-1], ())
        return frozenset(known) - (frozenset("X") if "-" in word else frozenset())


_READERS: dict[str, Reader] = {}


def reader(language: str) -> Reader:
    """The reader of "en" or "es", made when first asked for."""
    if language not in _READERS:
        _READERS[language] = Reader(language)
    return _READERS[language]


class Sentence:
    """A sentence as words: `folded` is its text in lower case without accents, of the same length as `text`."""

    def __init__(self, text: str, folded: str, language: str):
        self.text, self.folded, self.language = text, folded, language
        self.reader = reader(language)
        found = list(_WORD.finditer(folded))
        self.words = [match.group().replace("’", "'") for match in found]
        self.spans = [match.span() for match in found]
        self.accented = any(letter in "áéíóúÁÉÍÓÚ" for letter in text)
        lexicon = self.reader.words
        self.helpers = lexicon.BE | lexicon.HAVE | lexicon.ADVERBS | lexicon.NEGATIONS
        self.helpers |= lexicon.MODALS if language == "en" else lexicon.CLITICS | lexicon.NOT_FACT
        self.finite = sum(word in lexicon.BE or word in lexicon.HAVE for word in self.words)

    def events(self) -> list[Event]:
        """What the verbs of the sentence say as facts or their denial, in order."""
        found = []
        for at, word in enumerate(self.words):
            for lemma, kind in self.reader.forms.get(word, ()):
                if lemma in self.reader.ways or lemma in self.reader.words.USES or lemma in self._running():
                    found += self._read(at, lemma, kind)
        return found

    def _running(self) -> frozenset[str]:
        return getattr(self.reader.words, "RUNNING", frozenset())

    def _read(self, at: int, lemma: str, kind: str) -> list[Event]:
        first, helpers = self._group(at)
        voice = (self._english if self.language == "en" else self._spanish)(at, first, helpers, kind)
        if not voice:
            return []
        negations = self.reader.words.NEGATIONS
        begin = self._clause(first)
        denied = any(word in negations or word.endswith("n't") for word in helpers) or "yet to" in " ".join(helpers)
        denied = denied or any(word in negations for word in self.words[begin:first])
        before = self._nouns(range(first - 1, max(begin - 1, first - _BEFORE), -1))
        best = None
        for way in self.reader.ways.get(lemma, ()):
            end = self._fits(way, at, before, voice, kind)
            if end is None:
                continue
            lifted = 6 * ("H" in way.object)  # whatever is done to a halt, it is one less
            weight = lifted + 4 * len(way.tail) + 3 * bool(way.agent) + bool(way.object) + bool(way.subject)
            if best is None or weight > best[0]:
                best = (weight, way.status, end)
        if best is None:
            best = self._begins(at, lemma)
        if best is None:
            best = self._in_use(at, lemma, before, helpers, kind)
        if best is None:
            return []
        weight, status, end = best
        if voice == "going on" and status == Status.KEPT and (kind != "ing" or lemma not in self.reader.words.RUNNING):
            status = Status.IN_PROGRESS
        if status == Status.KEPT and set(self.words[begin:first]) & _PRIVATE:
            return []
        start = self.spans[first][0]
        aside, earlier = self._aside(begin, first)
        starts = lemma in self.reader.words.STARTS
        return [
            Event(
                status,
                at,
                start,
                self.spans[end][1],
                denied,
                aside,
                self._hedged(begin, first),
                starts,
                kind in _PRESENT,
                bool(earlier),
            )
        ]

    def around(self, event: Event) -> tuple[int, int]:
        """Where in the text the clause of an event starts and ends."""
        begin, end = self._clause(event.at), event.at
        while end < len(self.words) - 1 and self.words[end] not in _STOPS:
            end += 1
        return self.spans[begin][0], self.spans[end][1]

    def _hedged(self, begin: int, first: int) -> bool:
        """Whether the clause before the verb (or a condition anywhere before) plans, wishes or doubts it."""
        hedges = self.reader.words.HEDGES
        for at in range(begin, first):
            word = self.words[at]
            if word in hedges:
                plain = word.endswith("ed") and at and self.words[at - 1] in self.reader.words.DETERMINERS
                if not plain:
                    return True
            if at + 1 < len(self.words) and f"{word}-{self.words[at + 1]}" in hedges:
                return True
        return any(word in {"if", "unless", "si", "salvo"} for word in self.words[:begin])

    def _group(self, at: int) -> tuple[int, list[str]]:
        """The helping words right before a verb, and where they start."""
        first = at
        while first > 0 and at - first < 6:
            word = self.words[first - 1]
            if word not in self.helpers and not word.endswith(("n't", "mente")) and not self._adverb(word):
                break
            if word in {"los", "las", "la", "lo"} and first < at and self.words[first] not in self.helpers:
                break
            first -= 1
        while first < at and self.words[first] in self.reader.words.ADVERBS:
            first += 1
        return first, self.words[first:at]

    def _adverb(self, word: str) -> bool:
        return (
            self.language == "en"
            and len(word) > 4
            and word.endswith("ly")
            and word not in {"only", "assembly", "italy"}
        )

    def _clause(self, at: int) -> int:
        """Where the clause of the word at `at` starts."""
        begin = at
        while begin > 0 and self.words[begin - 1] not in _STOPS:
            if self.words[begin - 1] in {"but", "pero", "although", "though", "aunque", "whereas", "sino"}:
                break
            begin -= 1
        return begin

    def _nouns(self, places) -> list[tuple[int, frozenset[str]]]:
        found = []
        for at in places:
            if 0 <= at < len(self.words):
                if self.words[at] in _STOPS:
                    break
                if classes := self.reader.of(self.words[at]):
                    found.append((at, classes))
        return found

    def _english(self, at: int, first: int, helpers: list[str], kind: str) -> str:
        """ "active", "passive", "going on", or "" where the form states no fact."""
        words = self.reader.words
        before = self.words[first - 1] if first else ""
        yet = "yet to" in " ".join(helpers)
        now = kind == "base" and self.words[at - 1] == "now" and not set(helpers) - {"can", "now"} and at > 1
        if now:
            return "active"
        if any(word in words.MODALS or word in {"had", "'d"} for word in helpers) and not yet:
            return ""
        if before in {"had", "to", "having"}:
            return ""
        passive = any(word in words.BE for word in helpers)
        if kind == "ing":
            return "active" if before in _STOPS and at > 3 else "going on" if passive else ""
        if kind == "base":
            if yet or set(helpers) & {"not"} or any(word.endswith("n't") for word in helpers):
                return "active"
            noun = (before.endswith("s") and not before.endswith(("ss", "'s"))) or before in {"people", "police", "mps"}
            return "active" if noun and not helpers and before not in words.DETERMINERS and at <= 6 else ""
        if kind == "s":
            return "" if before in words.DETERMINERS or not before or passive else "active"
        if "be" in helpers or "having" in helpers:
            return ""
        if kind == "part" and not passive and not any(word in words.HAVE for word in helpers):
            return "passive" if not self.finite else ""
        if passive:
            been = "been" in helpers
            if been and not any(word in words.HAVE for word in helpers):
                return ""
            return "going on" if "being" in helpers else "passive"
        if any(word in words.HAVE for word in helpers):
            return "active"
        if kind == "ed" and (before in words.DETERMINERS or not before or before in words.PREPOSITIONS):
            return ""
        after = self.words[at + 1] if at + 1 < len(self.words) else ""
        if kind in {"ed", "part"} and after == "by":
            return "passive" if not self.finite else ""
        if after in _ABOUT and before not in _JOINS and any(w.endswith("ed") for w in self.words[: first - 1]):
            return ""  # "they moved them to the prison built under him": it tells which prison, not what happened
        return "active or headline" if kind == "ed" and not self.finite else "active"

    def _spanish(self, at: int, first: int, helpers: list[str], kind: str) -> str:
        words = self.reader.words
        if self.words[at] in {"para", "una"}:
            return ""
        before = self.words[first - 1] if first else ""
        waits = before == "sin" or "sin" in helpers or self.words[max(0, at - 4) : at].count("llego") == 1
        if kind == "inf":
            return (
                "active"
                if waits and set(self.words[max(0, at - 5) : at]) & {"sigue", "siguen", "continua", "nunca"}
                else ""
            )
        if any(word in words.NOT_FACT for word in helpers) or before in words.NOT_FACT:
            return ""
        if kind == "part":
            if any(word in words.HAVE for word in helpers) and "sido" not in helpers:
                return "se" if "se" in helpers else "active"
            if any(word in words.BE for word in helpers):
                return "passive"
            near = self.words[max(0, at - 4) : at]
            if any(word in words.BE for word in near) and not set(near) & words.NOT_FACT and not set(near) & _STOPS:
                return "passive"
            return "passive" if at == 0 or before == ":" else ""
        if kind == "ing":
            return ""
        if kind == "then" and self.words[at].endswith("o"):
            end = self.spans[at][1]
            if self.accented and self.text[end - 1 : end] not in {"ó", "Ó"} and not _irregular(self.words[at]):
                return ""
        if kind == "now" or (kind == "then" and self.words[at].endswith("o")):
            noun = (before in words.DETERMINERS and not helpers) or bool({*helpers[-1:]} & {"la", "las", "los", "lo"})
            if noun and self.text[self.spans[at][1] - 1] not in "óÓ":
                return ""
        return "se" if "se" in helpers else "active"

    def _fits(self, way: Way, at: int, before, voice: str, kind: str) -> int | None:
        """The last word of the way where it is said here, or None."""
        end = at
        if way.tail:
            place = self._tail(way.tail, at)
            if place is None and voice in {"passive", "se"} and way.tail[0] == "*" and self._said_before(way.tail, at):
                place = at
            if place is None:
                return None
            end = place
        if end + 1 < len(self.words) and self.words[end + 1] in {"que", "that"} and not way.subject:
            return None
        after = self._objects(end + 1)
        stopped = [word for word in self.words[at + 1 : end] if word in _STOPS]
        if len(stopped) > 2:
            return None
        passive = voice in {"passive", "se", "going on"}
        headline = voice == "active or headline"
        if way.subject:
            if passive and voice == "passive":
                return None
            near = before[:6] + (after[:3] if self.language == "es" else [])
            if not _head(near if before[:1] else after, way.subject) or self._takes_object(end + 1, bool(before)):
                return None
            if after and "X" in after[0][1] and after[0][0] <= end + 3 and not after[0][1] & set(way.subject):
                return None
            return end
        if way.agent:
            by = self._agent(end)
            if not any(classes & set(way.agent) for _, classes in (by if passive else before + by)):
                return None
        if passive or (headline and not (after and after[0][0] <= end + 4)):
            near = before[:6] if self.language == "en" or before[:1] else after
            if self.language == "es" and voice == "se":
                near = (after[:3] + before[:4]) if not before or (after and after[0][0] <= end + 4) else before[:6]
            elif self.language == "es":
                near = before[:6] if _head(before[:6], way.object or _ANY) else after[:3]
            if way.object:
                return end if _head(near, way.object) else None
            return end if way.tail or way.agent or not (near and near[0][1] == frozenset("X")) else None
        if way.object:
            clitic = self.language == "es" and set(
                self.words[max(0, at - 1 - (self.words[at - 1] in {"ha", "han"})) : at]
            ) & {"lo", "la", "los", "las"}
            if clitic and voice == "active":
                return end if _head(self._nouns(range(at - 1, max(0, at - 16), -1)), way.object) else None
            target = _reached(after, way.object, end)
            inner = [item for item in self._nouns(range(at + 1, end)) if item[1] & set(way.object)] if way.tail else []
            if target is None and not inner:
                return None
            return end
        if (
            after
            and "X" in after[0][1]
            and not after[0][1] & set("TRWB")
            and after[0][0] <= end + 4
            and (not way.tail or way.agent)
        ):
            return None
        if not way.tail and not way.agent and not after and kind != "part":
            return end if before else None
        return end

    def _takes_object(self, at: int, subject: bool) -> bool:
        """Whether an object follows, so that the verb is not the intransitive one: "the ministry opened a debate"."""
        if at + 1 >= len(self.words) or not subject:
            return False
        word, after = self.words[at], self.words[at + 1]
        if after in _DAYS or (self.language == "es" and self.reader.of(after) & set("TRWPBD")):
            return False
        return word in _ARTICLES

    def _tail(self, tail: tuple[str, ...], at: int) -> int | None:
        place, room = at, 2
        for word in tail:
            if word == "*":
                room = _GAP
                continue
            for step in range(1, room + 1):
                near = place + step
                if near >= len(self.words) or self.words[near] in {";", "(", ":"}:
                    return None
                said = self.words[near]
                if said == word or (len(word) > 3 and self.reader.stem(said) == self.reader.stem(word)):
                    place, room = near, 2
                    break
            else:
                return None
        return place

    def _said_before(self, tail: tuple[str, ...], at: int) -> bool:
        """Whether what follows a verb in the active voice stands before it in the passive: "assent was granted"."""
        said = {self.reader.stem(word) for word in self.words[self._clause(at) : at]}
        return all(self.reader.stem(word) in said for word in tail if word != "*")

    def _objects(self, at: int) -> list[tuple[int, frozenset[str]]]:
        """The nouns after a verb that may be its object; those led by a preposition are not."""
        found, led = [], False
        for near in range(at, min(at + _AFTER, len(self.words))):
            word = self.words[near]
            if word in _STOPS:
                break
            if word in _LEAD:
                led = True
            elif led and word in _ARTICLES and self.words[near - 1] not in _LEAD:
                led = False
            elif word in {"it", "them"} and near == at:
                found += self._nouns(range(at - 2, max(0, at - 16), -1))
            elif not led and (classes := self.reader.of(word)):
                found.append((near, classes))
        return found

    def _agent(self, at: int) -> list[tuple[int, frozenset[str]]]:
        for near in range(at + 1, min(at + 9, len(self.words))):
            if self.words[near] in _BY[self.language]:
                return self._nouns(range(near + 1, near + 7))
        return []

    def _begins(self, at: int, lemma: str):
        """What begins: to be in use, or to be made."""
        if lemma not in {"begin", "start", "commence", "comenzar", "empezar"}:
            return None
        nouns = self._nouns(range(at - 1, max(0, at - 12), -1)) + self._nouns(range(at + 3, at + 8))
        used = any(classes & set("TUB") for _, classes in nouns)
        for near in range(at + 1, min(at + 3, len(self.words))):
            for verb, kind in self.reader.forms.get(self.words[near], ()):
                if kind in {"ing", "inf"} and verb in self.reader.words.RUNNING and used:
                    return 1, Status.KEPT, near
            if self.words[near].endswith("ing" if self.language == "en" else "r"):
                made = any(classes & set("TW") for _, classes in self._objects(near + 1))
                return (1, Status.IN_PROGRESS, near) if made else None
        return None

    def _in_use(self, at: int, lemma: str, before, helpers: list[str], kind: str):
        """The first passengers ride, patients are being treated: it is there, whatever the verb."""
        words, lead = self.reader.words, self.words[max(0, at - 12) : at]
        users = any(classes & set("UBT") for _, classes in before)
        if lemma in words.USES and kind in {"past", "ed", "then", "now", "s", "part"} and users:
            after = self.words[at + 1 : at + 14]
            ever = "first time" in " ".join(after) or "primera vez" in " ".join(lead + after)
            new = set(lead + after[:4]) & _FIRST and any(classes & set("UB") for _, classes in before)
            if ever or new:
                return 1, Status.KEPT, at
        near = before + (self._nouns(range(at + 1, at + 6)) if self.language == "es" else [])
        if not any(classes & set("UBTR") for _, classes in near):
            return None
        around = set(self.words[max(0, at - 3) : at + 2])
        if (
            lemma in words.RUNNING
            and kind == "ing"
            and {"is", "are"} & set(helpers)
            and around & {"now", "already", "finally"}
        ):
            return 1, Status.KEPT, at
        if (
            lemma in words.RUNNING
            and kind in {"now", "s", "base"}
            and " ".join(self.words[at + 1 : at + 4]).startswith(
                (
                    "from today",
                    "from midnight",
                    "since monday",
                    "as of today",
                    "from this",
                    "desde hoy",
                    "desde ayer",
                    "desde este",
                )
            )
        ):
            return 1, Status.KEPT, at
        if lemma in words.RUNNING and kind in {"now", "s", "base"} and around & {"ya", "now"}:
            return 1, Status.KEPT, at
        return None

    def _aside(self, begin: int, first: int) -> tuple[bool, bool]:
        """Whether the verb stands in a clause about something else than the main one, and whether about earlier times."""
        words = self.reader.words
        for at in range(first - 1, begin - 1, -1):
            word = self.words[at]
            if word in {"and", "y", "e"} and at < first - 2:
                return False, False
            if word in words.SUBORDINATORS and (at - begin < 4 or word in _WHEN):
                return True, True
            if word in words.RELATIVES:
                said = set(self.words[max(0, at - 5) : at]) & words.SAYS
                if not said and at > 0:
                    return True, False
        return False, False


def _irregular(word: str) -> bool:
    return word.endswith(("uso", "tuvo", "dujo", "dio", "hizo", "dijo", "vino", "fue", "jo"))


def _head(near, wanted: str) -> bool:
    """Whether one of the nouns is of the wanted classes, unless the nearest is what the verb is also said of."""
    for at, classes in near:
        if classes & set(wanted):
            return True
        if classes == frozenset("X") and at == near[0][0]:
            return False
    return False


def _reached(after, wanted: str, end: int) -> int | None:
    for at, classes in after:
        if classes & set(wanted):
            return at
        if "X" in classes and at <= end + 4 and at + 1 not in {place for place, _ in after}:  # "trade deal" is a deal
            return None
    return None
