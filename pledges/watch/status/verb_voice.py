"""Whether a verb form states a fact, and in which voice, from the words right before and after it."""

from pledges.watch.status.clauses import STOPS, Clauses

_ABOUT = frozenset({"under", "in", "at", "near", "by", "with", "during", "on", "for", "outside"})
_AGAIN = frozenset("vuelve vuelven volvio volvieron".split())
_PROGRESSIVE = frozenset("esta estan sigue siguen continua continuan viene vienen avanza avanzan".split())
_JOINS = frozenset({"and", "then", "but", "also", "who", "which", "that"})


def voice(text: Clauses, at: int, first: int, helpers: list[str], kind: str) -> str:
    """ "active", "active or headline", "passive", "se", "progressive", or "" if the form at `at` states no fact.

    `helpers` are its auxiliaries and adverbs, which start at `first`; `kind` is the kind of form (see `conjugation`).
    """
    return (_english if text.language == "en" else _spanish)(text, at, first, helpers, kind)


def _english(text: Clauses, at: int, first: int, helpers: list[str], kind: str) -> str:
    words = text.reader.words
    before = text.words[first - 1] if first else ""
    yet = "yet to" in " ".join(helpers)
    now = kind == "base" and text.words[at - 1] == "now" and not set(helpers) - {"can", "now"} and at > 1
    if now:
        return "active"
    if any(word in words.MODALS or word in {"had", "'d"} for word in helpers) and not yet:
        return ""
    if before in {"had", "to", "having"}:
        return ""
    passive = any(word in words.BE for word in helpers)
    if kind == "ing":
        return "active" if before in STOPS and at > 3 else "progressive" if passive else ""
    if kind == "base":
        if yet or set(helpers) & {"not"} or any(word.endswith("n't") for word in helpers):
            return "active"
        noun = (before.endswith("s") and not before.endswith(("ss", "'s"))) or before in {"people", "police", "mps"}
        return "active" if noun and not helpers and before not in words.DETERMINERS and at <= 6 else ""
    if kind == "s":
        return "" if before in words.DETERMINERS or not before or passive else "active"
    if "be" in helpers or "having" in helpers:
        return ""
    if (
        kind in {"ed", "part"}
        and not helpers
        and (at == 0 or before in STOPS)
        and text.words[at + 1 : at + 2] == ["by"]
    ):
        return "passive"  # "Approved by the senate, the bill …"
    if kind == "part" and not passive and not any(word in words.HAVE for word in helpers):
        return "passive" if not text.finite else ""
    if passive:
        been = "been" in helpers
        if been and not any(word in words.HAVE for word in helpers):
            return ""
        return "progressive" if "being" in helpers else "passive"
    if any(word in words.HAVE for word in helpers):
        return "active"
    if kind == "ed" and (before in words.DETERMINERS or not before or before in words.PREPOSITIONS):
        return ""
    after = text.words[at + 1] if at + 1 < len(text.words) else ""
    if kind in {"ed", "part"} and after == "by":
        return "passive" if not text.finite else ""
    if after in _ABOUT and before not in _JOINS and any(w.endswith("ed") for w in text.words[: first - 1]):
        return ""  # "they moved them to the prison built under him": a participle that identifies the prison
    return "active or headline" if kind == "ed" and not text.finite else "active"


def _spanish(text: Clauses, at: int, first: int, helpers: list[str], kind: str) -> str:
    words = text.reader.words
    if text.words[at] in {"para", "una"}:
        return ""
    before = text.words[first - 1] if first else ""
    pending = before == "sin" or "sin" in helpers or text.words[max(0, at - 4) : at].count("llego") == 1
    again = text.words[at - 1] == "a" and text.words[at - 2] in _AGAIN if at > 1 else False
    if kind == "inf" and again:
        return "se" if text.words[at].endswith("se") else "active"
    if kind == "inf":
        return (
            "active"
            if pending and set(text.words[max(0, at - 5) : at]) & {"sigue", "siguen", "continua", "nunca"}
            else ""
        )
    if any(word in words.NOT_FACT for word in helpers) or before in words.NOT_FACT:
        return ""
    if kind == "part":
        if any(word in words.HAVE for word in helpers) and "sido" not in helpers:
            return "se" if "se" in helpers else "active"
        if any(word in words.BE for word in helpers):
            return "passive"
        preceding = text.words[max(0, at - 4) : at]
        if (
            any(word in words.BE for word in preceding)
            and not set(preceding) & words.NOT_FACT
            and not set(preceding) & STOPS
        ):
            return "passive"
        return "passive" if at == 0 or before == ":" else ""
    if kind == "ing":
        return "progressive" if {before, *helpers} & _PROGRESSIVE else ""
    if kind == "then" and text.words[at].endswith("o"):
        end = text.spans[at][1]
        if text.accented and text.text[end - 1 : end] not in {"ó", "Ó"} and not _irregular(text.words[at]):
            return ""
    if kind == "now" or (kind == "then" and text.words[at].endswith("o")):
        noun = (before in words.DETERMINERS and not helpers) or bool({*helpers[-1:]} & {"la", "las", "los", "lo"})
        if noun and text.text[text.spans[at][1] - 1] not in "óÓ":
            return ""
    return "se" if "se" in helpers else "active"


def _irregular(word: str) -> bool:
    return word.endswith(("uso", "tuvo", "dujo", "dio", "hizo", "dijo", "vino", "fue", "jo"))
