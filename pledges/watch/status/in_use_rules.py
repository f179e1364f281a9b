"""Rules for things that are in use: they begin to be used, get their first users, or have run since a day.

A service or a measure is in effect when people have it. So these rules need no set phrase but three things: a verb of
serving, using or receiving that states a fact; a noun for the service or its users; and a sign that this is new (a date
since when, "now", "first", "all").
"""

import re

from pledges.domain.rules import Status
from pledges.watch.status.clauses import STOPS, Clauses, Nouns

_DAY = {
    "en": r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|midnight|dawn|noon|"
    r"this (?:\w+ )?(?:week|month|morning|term|year|season|quarter)|last (?:night|week|month)|\d)",
    "es": r"(?:(?:el |este |la |esta |las |del |principios de |inicios de |mediados de |comienzos de )*(?:pasado )?"
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|hoy|ayer|anoche|madrugada|manana|tarde|medianoche|"
    r"semana|mes|bimestre|trimestre|ano|curso|primero|\d))",
}
_MONTH = {
    "en": "january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn",
    "es": "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
}
_ONSET = {
    "en": re.compile(
        rf"\b(?:(?:since|from|as of|as from|effective|starting) (?:early |late |about )?{_DAY['en']}|"
        rf"since (?:early |late |mid-?)?(?:{_MONTH['en']})|now|already|at last|finally|"
        r"for the first time|thanks to (?:the |a |its )?new|as of (?:now|this))\b"
    ),
    "es": re.compile(
        rf"\b(?:(?:desde|a partir del?|a contar del?) {_DAY['es']}|desde (?:el mes de )?(?:{_MONTH['es']})|ya|por fin|"
        r"gracias al? (?:la |los |las )?nuev[oa]s?|por primera vez|finalmente)\b"
    ),
}
# Free of charge, where users paid before.
_FREE = re.compile(
    r"\b(?:at no (?:extra )?(?:charge|cost|fee)|free of charge|for free|for nothing|without (?:charge|paying)|"
    r"sin (?:costo|coste|pagar|cargo)|gratis|gratuitamente|de (?:forma|manera) gratuita|gratuit[oa]s?)\b"
)
_NEW = frozenset("first inaugural maiden primer primera primero primeros primeras".split())
_NOT_QUITE = frozenset("almost nearly hardly late low behind out short casi practicamente".split())
_OWN = frozenset("its their su sus".split())
_LAST = frozenset("last final ultimo ultima ultimos ultimas".split())
_ALL = frozenset("all every each both todos todas cada ambos ambas".split())
_PAST = frozenset({"past", "ed", "then", "part"})
_NOW = frozenset({"s", "base", "now"})
_NEAR = 14  # words between a verb and the sign that it is new
Reading = (
    tuple[tuple[int, int], Status, int] | None
)  # (weight as of a `VerbPattern`, status, position of the last word)
_WEIGHT = (1, 0)


def begins(text: Clauses, at: int, lemma: str) -> Reading:
    """Something begins to be used (kept), or to be made (in progress)."""
    if lemma not in {"begin", "start", "commence", "comenzar", "empezar", "iniciar"}:
        return None
    nouns = text.nouns(range(at - 1, max(0, at - 12), -1)) + text.nouns(range(at + 3, at + 8))
    is_used = any(classes & set("TUB") for _, classes in nouns)
    words = text.reader.words
    for position in range(at + 1, min(at + 3, len(text.words))):
        for verb, kind in text.reader.forms.get(text.words[position], ()):
            if kind in {"ing", "inf"} and verb in words.RUNNING and is_used:
                return _WEIGHT, Status.KEPT, position
        if text.words[position].endswith("ing" if text.language == "en" else "r"):
            is_made = any(classes & set("TW") for _, classes in text.objects(position + 1))
            return (_WEIGHT, Status.IN_PROGRESS, position) if is_made else None
    return None


def in_use(text: Clauses, at: int, lemma: str, before: Nouns, helpers: list[str], kind: str) -> Reading:
    """Something is in use: the first passengers ride, patients are being treated."""
    words = text.reader.words
    if lemma in words.BEING:
        return _state(text, at, before)
    if lemma not in words.USES and lemma not in words.RUNNING:
        return None
    after = _following(text, at)
    if kind in _PAST and (_newly(text, at, before, after) or _all(text, at, before, helpers)):
        return _WEIGHT, Status.KEPT, at
    before_classes = set().union(*(classes for _, classes in before[:4]))
    after_classes = set().union(*(classes for _, classes in after))
    if "U" in before_classes and kind in _PAST and any(abs(place - at) <= _NEAR for place in text.places(_FREE)):
        return _WEIGHT, Status.KEPT, at
    if (
        lemma in words.RECEIVES
        and kind in _PAST
        and "U" in before_classes
        and after_classes & set("BT")
        and "X" not in after_classes
    ):
        return _WEIGHT, Status.KEPT, at
    if lemma not in words.RUNNING or not (before_classes | after_classes) & set("UBTR"):
        return None
    onset = _onset(text, at)
    if onset is None:
        return None
    lasting = kind in _NOW or (kind == "ing" and {"is", "are", "been"} & set(helpers))
    lasting = lasting or (kind in {"ed", "part"} and {"is", "are", "been", "esta", "estan"} & set(helpers))
    lasting = lasting or (kind in _PAST and bool(set(helpers) & words.HAVE))
    return (_WEIGHT, Status.KEPT, at) if lasting else None


def _following(text: Clauses, at: int) -> list[tuple[int, frozenset[str]]]:
    """The nouns after a verb up to the end of the clause, also those after a preposition."""
    return text.nouns(range(at + 1, min(at + 11, len(text.words))))


def _onset(text: Clauses, at: int) -> int | None:
    """The position of a sign near the verb that this is new."""
    for place in text.places(_ONSET[text.language]):
        low, high = sorted((place, at))
        if high - low <= _NEAR and not {";", ":"} & set(text.words[low:high]):
            return place
    return None


def _newly(text: Clauses, at: int, before: Nouns, after: Nouns) -> bool:
    """Whether the subject or object is the first to use it, or uses it for the first time."""
    begin = text.clause(at)
    around = text.words[begin : at + 14]
    around_text = " ".join(around)
    first_time = "first time" in around_text or "primera vez" in around_text
    if first_time and any(classes & set("UBT") for _, classes in before + after):
        return True
    for place in range(begin, min(at + 7, len(text.words))):
        word = text.words[place]
        if word in STOPS and place > at:
            return False
        if (
            word in _NEW
            and place > at
            and text.words[place - 1] in _OWN
            and any("T" in classes for _, classes in before[:3])
        ):
            return True  # "the hotline took its first calls"
        if word in _NEW or (word in _LAST and place < at):
            for following in range(place + 1, min(place + 6, len(text.words))):
                if text.words[following] in STOPS:
                    break
                if text.reader.of(text.words[following]) & set("UB"):
                    return True
    return False


def _all(text: Clauses, at: int, before: Nouns, helpers: list[str]) -> bool:
    """Whether it was done to all of them: "all 72 wards have been fitted"."""
    passive = set(helpers) & text.reader.words.BE
    return bool(passive and before and _ALL & set(text.words[max(0, before[0][0] - 7) : at]))


def _state(text: Clauses, at: int, before: Nouns) -> Reading:
    """Something is open, operational or lit, or is now free, mandatory or available."""
    if not any(classes & set("TBRU") for _, classes in before[:3]) or (before and before[0][1] == frozenset("X")):
        return None
    words = text.reader.words
    for position in range(at + 1, min(at + 5, len(text.words))):
        word = text.words[position]
        if word in _NOT_QUITE or set(text.words[position + 1 : position + 2]) & _NOT_QUITE:
            return None
        if word in words.STATES or (word in words.STATES_NOW and _onset(text, at) is not None):
            return _WEIGHT, Status.KEPT, position
        if word not in text.helpers and not text.adverb(word):
            return None
    return None
