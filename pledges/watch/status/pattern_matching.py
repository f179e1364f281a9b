"""Whether the words and nouns around a verb match a verb pattern."""

from pledges.watch.status.clauses import ARTICLES, STOPS, Clauses, Nouns
from pledges.watch.status.patterns import ANY, VerbPattern

_GAP = 9  # words that "*" may stand for
_DAYS = frozenset(
    """lunes martes miercoles jueves viernes sabado domingo week month year morning night pasado dia mes ano
    proximo""".split()
)


def fits(text: Clauses, pattern: VerbPattern, at: int, before: Nouns, voice: str, kind: str) -> int | None:
    """The position of the last word of the pattern if it matches at `at`, or None."""
    end = at
    if pattern.tail:
        place = _tail(text, pattern.tail, at)
        if (
            place is None
            and voice in {"passive", "se"}
            and pattern.tail[0][0] == "*"
            and _tail_before(text, pattern.tail, at)
        ):
            place = at
        if place is None:
            return None
        end = place
    if end + 1 < len(text.words) and text.words[end + 1] in {"que", "that"} and not (pattern.subject or pattern.tail):
        return None
    after = text.objects(end + 1)
    stopped = [word for word in text.words[at + 1 : end] if word in STOPS]
    if len(stopped) > 2:
        return None
    passive = voice in {"passive", "se"} or (voice == "progressive" and kind != "ing")
    headline = voice == "active or headline"
    if pattern.subject:
        if passive and voice == "passive":
            return None
        near = before[:6] + (after[:3] if text.language == "es" else [])
        if not _head(near if before[:1] else after, pattern.subject):
            return None
        if not pattern.tail and _takes_object(text, end + 1, bool(before)):
            return None
        if after and "X" in after[0][1] and after[0][0] <= end + 3 and not after[0][1] & pattern.subject:
            return None
        return end
    if pattern.agent:
        by = text.agent(end)
        if not any(classes & pattern.agent for _, classes in (by if passive else before + by)):
            return None
    if passive or (headline and not (after and after[0][0] <= end + 4)):
        near = before[:6] if text.language == "en" or before[:1] else after
        if text.language == "es" and voice == "se":
            near = (after[:3] + before[:4]) if not before or (after and after[0][0] <= end + 4) else before[:6]
        elif text.language == "es":
            near = before[:6] if _head(before[:6], pattern.object or ANY) else after[:3]
        if text.language == "en" and not before and "," in text.words[end:]:  # its subject comes after the comma
            comma = text.words.index(",", end)
            near = text.nouns(range(comma + 1, comma + 7))
        if pattern.object and voice == "se":
            return end if _head(near, pattern.object) or _head(before[:4], pattern.object) else None
        if pattern.object:
            return end if _head(near, pattern.object) else None
        return end if pattern.tail or pattern.agent or not (near and near[0][1] == frozenset("X")) else None
    if pattern.object:
        clitic = text.language == "es" and set(
            text.words[max(0, at - 1 - (text.words[at - 1] in {"ha", "han"})) : at]
        ) & {"lo", "la", "los", "las"}
        if clitic and voice == "active":
            return end if _head(text.nouns(range(at - 1, max(0, at - 16), -1)), pattern.object) else None
        target = _reached(after, pattern.object, end)
        inner = [item for item in text.nouns(range(at + 1, end)) if item[1] & pattern.object] if pattern.tail else []
        if target is None and not inner:
            return None
        return end
    if (
        after
        and "X" in after[0][1]
        and not after[0][1] & set("TRWB")
        and after[0][0] <= end + 4
        and (not pattern.tail or pattern.agent)
    ):
        return None
    if not pattern.tail and not pattern.agent and not after and kind != "part":
        return end if before else None
    return end


def _takes_object(text: Clauses, at: int, subject: bool) -> bool:
    """Whether an object follows, so that the verb is transitive: "the ministry opened a debate"."""
    if at + 1 >= len(text.words) or not subject:
        return False
    word, after = text.words[at], text.words[at + 1]
    if after in _DAYS or (text.language == "es" and text.reader.of(after) & set("TRWPBD")):
        return False
    return word in ARTICLES


def _tail(text: Clauses, tail: tuple[tuple[str, str], ...], at: int) -> int | None:
    """The position of the last word of the tail after the verb at `at`, or None."""
    place, room = at, 2
    for word, stem in tail:
        if word == "*":
            room = _GAP
            continue
        for step in range(1, room + 1):
            near = place + step
            if near >= len(text.words) or text.words[near] in {";", "(", ":"}:
                return None
            if text.words[near] == word or (len(word) > 3 and text.stems[near] == stem):
                place, room = near, 2
                break
        else:
            return None
    return place


def _tail_before(text: Clauses, tail: tuple[tuple[str, str], ...], at: int) -> bool:
    """Whether the tail comes before a verb in the passive: "assent was granted"."""
    before = text.stems[text.clause(at) : at]
    return all(stem in before for word, stem in tail if word != "*")


def _head(near: Nouns, wanted: frozenset[str]) -> bool:
    """Whether one of the nouns is of the wanted classes, and the nearest is not only of class X."""
    for at, classes in near:
        if classes & wanted:
            return True
        if classes == frozenset("X") and at == near[0][0]:
            return False
    return False


def _reached(after: Nouns, wanted: frozenset[str], end: int) -> int | None:
    """The position of the first noun of the wanted classes, unless a noun of class X comes right after the verb."""
    for at, classes in after:
        if classes & wanted:
            return at
        if "X" in classes and at <= end + 4 and at + 1 not in {place for place, _ in after}:  # "trade deal" is a deal
            return None
    return None
