# ruff: noqa: E501 - patterns read better whole
"""Finds the promises in an English sentence by its grammar. `classification` judges them."""

import re
from collections.abc import Iterator
from functools import cache, partial

from pledges.watch.extraction.speakers import plain
from pledges.watch.extraction.types import Promise, things_named
from pledges.watch.extraction.words_en import BELIEFS, ROLES, SAID, VERBS
from pledges.watch.text import conjugation

_ADVERBS = r"(?:(?:also|then|soon|now|always|never|not|no longer|immediately|therefore|finally|personally|all|both|instead|still|further|again|gradually|fully|only|once more|actually|certainly|definitely|simply|\w+ly)[ ,]+)*"  # fmt: skip
_CAMPAIGN = re.compile(  # a sentence that says what a party or a candidate would do in office
    r"\bif (?:[\w-]+ ){0,3}?(?:(?:re-?)?elected|wins?)\b|\bas (?:mayor|president|governor|prime minister|premier|chancellor)\b|"
    r"(?:^|, |\bonce )in (?:government|office|power)\b|\bunder (?:the|this|his|her|its|their) (?:\w+ )?(?:plan|programme|program|scheme|proposal|package|platform|manifesto)s?\b"
)
_GOVERNMENT = re.compile(r"\b(?:government|administration|cabinet|presidency)$")
_VOWS = (
    r"(?:promis|pledg)(?:e|es|ed|ing)|vow(?:s|ed|ing)?|commit(?:s|ted)?(?: (?:it|him|her|them|my|our)sel(?:f|ves))?|undert(?:akes?|ook)|"
    r"guarantee[sd]?|sw(?:ore|orn|ears?)|intend(?:s|ed)?|plan(?:s|ned)?|agreed|offered|proposes?|resolved|is determined|are determined|committed"
)
_AIMS = r"aim(?:s|ed)?|seeks?|wants?|wishes|hopes"
_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_WHEN = (  # what may come between a verb of saying and what is said: "on Monday night", "in a speech"
    rf"(?:(?:late |early |earlier )?(?:on |this |last )?{_DAYS}(?: (?:morning|afternoon|evening|night))?|today|yesterday|tonight|again|publicly|repeatedly|"
    r"(?:in|during|at) (?:an?|the|his|her|their) (?:[\w-]+ ){0,3}?(?:speech|address|interview|conference|rally|debate|statement|letter|broadcast|message|visit))"
)
_ADVERBIAL = re.compile(  # the beginning of such an adverbial, unlike "the gang" in "the gang that wrote"
    rf"(?:{_WHEN}\b|(?:late|early|earlier|later|on|in|at|during|before|after|from|to|this|last|yesterday|today|tonight|again|publicly|repeatedly|while|via|through|by)\b)"
)
_TELLS = re.compile(r"(?:told|tells|promised|promises|assured|advised|telling|promising)$")  # verbs with an addressee
_MODAL = r"(?:will|shall|'ll|won't|(?:am|is|are|'m|'re|'s) (?:not )?going to|(?:is|are) set to)"
_TRIGGER = re.compile(
    rf"(?P<will>(?:\b|(?=')){_MODAL}(?!\w))|\b(?P<vow>(?:{_VOWS}) (?:{_WHEN} )*(?=(?:not |never )?to ))|\b(?P<aim>(?:aims|aim|aimed|(?<=\bwe )want) (?=to ))|"
    rf"\b(?P<proposes>propos(?:e|es|ed) (?=[a-z]+ing ))|\b(?P<isto>(?:is|are) (?=to \w+))|(?P<would>\bwould\b|(?<=\w)'d\b)(?! have\b| like\b)|"
    rf"\b(?P<noun>(?:plans?|pledges?|promises?|commitments?|vows?|intention|goal|objective|target|ambition|mission|aim)(?: (?:of|for) [a-z ]{{1,30}}?)? (?:is |are )?(?=(?:not )?to ))|"
    rf"\b(?P<of>(?:promis(?:ed|es|ing)|pledg(?:ed|es|ing)|announc(?:e|ed|es|ing)(?: (?:today|on \w+day))?|(?<!\ba )(?<!\bthe )propos(?:ed|es?)|vowed|unveil(?:ed|s|ing)|promises? of|pledges? of|commit(?:s|ted)?(?: (?:it|him|her|them|us|my|our)(?:sel(?:f|ves))?)? to|(?P<out>rul(?:ed|es|ing) out))\s+)"
    rf"(?=(?:(?<=out )\w+|(?<= to )\w+ing|an?|the (?:creation|construction|opening|building|abolition|launch|purchase|introduction|end)|new|more|free|tighter|better|lower|higher|two|three|four|five|six|seven|eight|nine|ten|\d[\d.,]*)\b)"
)
_TAKEN_BACK = re.compile(
    r"(?:\b(?:not|never|no|nobody|without|cannot|wouldn't|denied|forced|able|broke|breaking|abandon\w*|dropp\w*|withdr\w*|scrapp\w*|reject\w*)\b|n't)(?: \w+){0,3} ?$"
)
_WHO = rf"(?:he|she|it|they|i|we|[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+)*|(?i:the|a|his|her) (?:\w+ ){{0,3}}?(?i:{ROLES}|government|ministry|statement|spokes\w+|candidate|leader|official|senator|premier))"
_AFTER = re.compile(
    rf"[,”\"»]*,? ?(?:(?i:{_WHO}) (?:also |then |later )?(?:{SAID}|promised)|(?:{SAID}) {_WHO})\b[^,;]*$"
)
_STOPS = re.compile(
    r"[;:—–”\"»]| - |\(|, (?=(?:but|while|which|who|where|although|though|because|repeating|adding|saying|so that|as|after|when|has|have|is|are|was|were|had)\b)| (?=(?:will|would) (?:go ahead|cost|begin|start|continue|take)\b)|,? (?:but|while|because|although|whereas) | and (?=(?:has|have|is|are|was|were|had)\b)|, (?=(?:he|she|it|they|the \w+(?: \w+)?|[A-Z]\w+(?: [A-Z]\w+)?) (?:"
    + SAID
    + r")\b)| (?:and|but) (?:then )?(?=(?:"
    + SAID
    + r") (?:that|the|it|he|she)\b)"
)
_BEGIN = re.compile(
    rf"[;:—–“\"«”]|,|\b(?:that|but|while|because|until|although|when|where|if|so)\b|\b(?:{SAID}|saying|adding|promising|telling)\b(?! by)|\band\b"
)
_SAYS = re.compile(rf"(?:{SAID}|saying|adding)$")
_VERBAL = re.compile(rf"\b(?:{SAID}|{_MODAL}|would|has|have|had|is|are|was|were)\b")
_BASE = frozenset(VERBS.split())
_OBJECT = r"(?:an?|the|all|every|each|any|no|its|our|their|his|her|my|this|that|these|those|more|new|free|up|out|off|in|into|to|back|down|over|with|for|on|by|at|against|as|two|three|four|five|six|seven|eight|nine|ten|\d[\d.,]*|[a-z-]+)"
_NEXT = re.compile(  # the beginning of a promise with another subject: "… and the road will be mended"
    rf"(?:,? and |, )(?=(?!{_MODAL}|(?:we|i|he|she|it|they|then|also)\b)(?:(?!that\b|which\b|who\b|what\b|how\b)[\w'-]+ ){{1,8}}?{_MODAL}(?!\w))"
)
_IS_OBJECT = re.compile(r" (?:an?|the|all|every|each|any|no|its|our|their|his|her|my|this|these|more|new|\d)\b")
_SPLIT = re.compile(
    rf"(?:,? and|,|;|,? but)\s+(?:we |i |he |she |it |they )?(?:(?:will|would|shall|also|then|to|'ll|would also|will also)\s+)*(?P<not>not |never |no longer )?(?P<verb>[a-z]+(?:-[a-z]+)?)(?= {_OBJECT})"
)
_NOUNS = re.compile(r"(?:, and |, | and (?=(?:an?|new|more|the|free|tighter|better|lower|higher|\d)\b))")
_LINKING = re.compile(r"(?:in|of|for|with|at|by|to|on|from|as|where|near|under|over|including)\b")
_EMPTY = re.compile(
    r"(?:(?:an?|the|new) (?:[\w-]+ ){0,2}?(?:plans?|package|strategy|set|series|deal|visit|results?|candidate|decision|victory)\b|many|nothing|everything|the same|that|it|much|anything|something|more of)\b"
)
_FIRST = re.compile(
    r"\b(?:i|we|(?:my|our) (?:\w+ )?(?:government|administration|cabinet|ministry|party|coalition|team|council|movement))$"
)


@cache
def _participles() -> dict[str, str]:
    return {
        form: lemma
        for lemma in sorted(_BASE)
        for form, kind in conjugation.english(lemma).items()
        if kind in ("part", "ed") or (kind == "base" and lemma in ("cut", "shut", "set", "put", "split"))
    }


@cache
def _gerunds() -> dict[str, str]:
    return {
        form: lemma for lemma in sorted(_BASE) for form, kind in conjugation.english(lemma).items() if kind == "ing"
    }


def base_of(participle: str) -> str:
    """The infinitive of a participle, from the word list or by rule; "" if it is not a participle."""
    if known := _participles().get(participle):
        return known
    if not participle.endswith("ed") or len(participle) < 5:
        return ""
    stem = participle[:-2]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    if re.search(r"([bdgmnprt])\1$", stem):
        return stem[:-1]
    return stem + "e" if re.search(r"(?:at|iz|is|uc|us|ur|v|rg|ag|dg|c|ir|id|ad|ov|bl|pl|in)$", stem) else stem


def promises(text: str, *, continues: bool = False) -> Iterator[Promise]:
    """The promises in a sentence, in order; they may overlap, and who makes them is not judged yet.

    `continues` is true if the sentence before told of a promise, so that "it would" may go on with it.
    """
    low = plain(text).replace("’", "'")
    for match in _TRIGGER.finditer(low):
        kind = "of" if match.group("of") else match.lastgroup or ""
        if kind == "noun" and not re.search(
            r"\b(?:an?|the|his|her|its|their|my|our|on|of|with|campaign|new)(?: \w+){0,2} $", low[: match.start()]
        ):
            kind = "vow"
        promise = _things(text, low, match) if kind == "of" else _acts(text, low, match, kind, continues)
        if promise:
            yield promise


def _acts(text: str, low: str, match: re.Match[str], kind: str, continues: bool) -> Promise | None:
    """A promise with a verb: "will build", "vowed to build", "committed to building"; `kind` names the trigger."""
    after = re.compile(
        rf" ?(?:, ?[^,;]{{1,60}}, )?(?P<not>(?:not |never |no longer )?)(?:to )?(?P<adverbs>{_ADVERBS})(?P<verb>[a-z]+(?:-[a-z]+)?)"
    ).match(low, match.end())
    before = low[: match.start()]
    if not after or (kind != "will" and kind != "would" and _TAKEN_BACK.search(before[-40:])):
        return None
    if match.group("noun") and not (after.group("verb") in _BASE or _IS_OBJECT.match(low, after.end())):
        return None  # "the commitment to roads"
    start, subject = _subject(text, low, match.start())
    goes_on = continues and re.match("(?i)(?:it|he|she|they|there)$", subject)
    if kind == "would" and (_CAMPAIGN.search(low) or _GOVERNMENT.search(subject) or goes_on):
        kind = "campaign"
    elif kind == "would" and not (
        re.search(rf"\b(?:{SAID}|saying|adding|promising|pledging|telling|promise|pledge|vow|assurance)\b", before)
        or _AFTER.search(text.rstrip(" .”"))
    ):
        return None
    denied = bool(
        re.search(r"\bnot\b|won't|never|no longer", f"{match.group()} {after.group('not')} {after.group('adverbs')}")
    )
    at = after.start("verb")
    end = _end(text, low, at)
    made = partial(Promise, match.start(), end)
    adverb = (
        next((word for word in ("never", "no longer") if word in after.group("not") + after.group("adverbs")), "not")
        if denied
        else ""
    )
    form = {"vow": "vowed", "proposes": "vowed", "noun": "vowed", "isto": "will"}.get(kind, kind)
    cue = text[match.start() : match.end()].strip()
    if kind in ("vow", "aim", "noun", "proposes") and (
        base := _gerunds().get(after.group("verb"))
    ):  # "committed to ending"
        action = f"{base}{text[after.end('verb') : end]}"
        return made(form, cue, ((action, at, end),), subject, start, action.lower())
    if kind == "proposes":
        return None
    if kind in ("vow", "aim", "noun"):
        low_verb = low[at:end]
        return made(form, cue, tuple(_parts(text, low, at, end, adverb)), subject, start, low_verb)
    passive = re.compile(rf"be {_ADVERBS}(?:being )?(?P<part>[a-z]+(?:-[a-z]+)?)\b ?").match(low, at)
    if passive and (base := base_of(passive.group("part"))):
        rest = text[passive.end() : end].strip()
        if particle := re.match(r"(?:up|out|down|off|back|over)\b ?", rest):  # "a fund will be set up"
            base, rest = f"{base} {particle.group().strip()}", rest[particle.end() :]
        second_verb = re.match(r"(?:and |, )(?:[a-z]+ed)\b ?", rest)
        whole = " ".join(
            filter(None, (adverb, base, _uncapitalized(subject), rest[second_verb.end() :] if second_verb else rest))
        )
        return made(
            "passive",
            cue,
            ((whole, match.start(), end),),
            subject,
            start,
            base,
        )
    if kind == "isto" and after.group("verb") == "be":
        return None
    able = re.compile(r"be able to ").match(low, at)
    if able and len(subject) > 4:  # "taxis will be able to operate": somebody will be allowed to
        whole = f"allow {_uncapitalized(subject)} to {text[able.end() : end]}"
        return made("passive", cue, ((whole, match.start(), end),), subject, start, "allow")
    first_person = bool(_FIRST.search(subject.lower().replace("’", "'"))) or subject.lower() in ("i", "we")
    if re.search(r"there (?:will|would) $", low[:at]) or subject.lower() == "there":
        thing = re.compile(r"be (?:no |an? |the )?").match(low, at)
        if not thing:
            return None
        return made("noun", cue, ((text[at + 3 : end].strip(" ,"), at, end),), "", start, "be")
    return made(
        "first_person" if first_person else form,
        cue,
        tuple(_parts(text, low, at, end, adverb)),
        subject,
        start,
        low[at:end],
    )


def _things(text: str, low: str, match: re.Match[str]) -> Promise | None:
    """A promise of things: "promised a new unit, weapons for the police, and tighter security"."""
    before = low[: match.start()]
    if (
        _EMPTY.match(low, match.end())
        or _TAKEN_BACK.search(before[-30:])
        or re.search(r"\b(?:was|were|been|being|be|had)\s+$", before)
    ):
        return None
    end = _end(text, low, match.end())
    made = partial(Promise, match.start(), end, "noun", match.group().strip())
    if re.search(r"\b(?:that|which|who)\b [^,]*\b(?:never|not)\b", low[match.end() : end]):
        return None
    if match.group("out") or low[match.end() :].split(" ")[0].endswith("ing"):
        verb, _, rest = text[match.end() : end].partition(" ")
        base = _gerunds().get(verb.lower(), "")
        bare = re.sub(r"^(?:an?|any|the|further) ", "", text[match.end() : end])
        action = (f"not {base} {rest}" if base else f"no {bare}") if match.group("out") else f"{base or verb} {rest}"
        start, subject = _subject(text, low, match.start())
        return made(((action, match.end(), end),), subject, start, "")
    things = things_named(text, low, match.end(), end, _NOUNS, _LINKING)
    start, subject = _subject(text, low, match.start())
    return made(things, subject, start, "")


def _subject(text: str, low: str, at: int) -> tuple[int, str]:
    """The start of the subject of the verb at `at`, and its words."""
    if low[:at].rstrip().endswith(","):  # "the law, pending since May, will …"
        at = max(low.rfind(",", 0, low[:at].rstrip().rfind(",")), 0) or at
    start, last = 0, ""
    for cut in _BEGIN.finditer(low, 0, at):
        begin, end, word = cut.start(), cut.end(), cut.group()
        between = low[start:begin].strip()
        if (
            word == "that"
            and between
            and not re.search(rf"\b(?:{SAID}|fact|sure|so)\b", between)
            and not (_TELLS.match(last) or (_SAYS.match(last) and _ADVERBIAL.match(between)))
        ):
            continue  # "the gang that wrote"
        if word == "and" and between and not _VERBAL.search(between):
            continue
        start, last = end, word
    subject = text[start:at].strip()
    lead = re.match(
        r"(?:(?i:by|in|within|before|over|until|from|on|then|also|yes|no|and|so|hoy) [^,]*, |(?:also|then|and|so) )",
        subject,
    )
    subject = subject[lead.end() :] if lead else subject
    return text.find(subject, start) if subject else start, re.sub(
        r"\b(?:also|has|have|had|now|then)$", "", subject
    ).strip()


def _end(text: str, low: str, at: int) -> int:
    """The end of what is promised: the end of the clause, or the start of its attribution ("…, he said")."""
    end = len(text.rstrip(" .!…”\"»'"))
    if stop := _STOPS.search(text, at, end):
        end = stop.start()
    if following := _NEXT.search(low, at, end):
        end = following.start()
    after_verb = low.find(" ", at) if " " in low[at:] else at
    if attribution := _AFTER.search(text, after_verb, len(text.rstrip(" .!…"))):
        end = min(end, attribution.start())
    if attribution := re.compile(rf",? (?:he|she|the (?:\w+ )?(?:{ROLES})) (?:{SAID})\b").search(low, at, end):
        end = attribution.start()
    return max(end, at)


def _parts(text: str, low: str, at: int, end: int, adverb: str) -> Iterator[tuple[str, int, int]]:
    """The coordinated acts, each with its verb, as (text, start, end): "build two prisons and buy barges" are two."""
    since, before = at, adverb
    for joint in _SPLIT.finditer(low, at, end):
        if joint.group("verb") not in _BASE or joint.start() < since or " " not in text[since : joint.start()].strip():
            continue
        if re.search(r"\b(?:how|to|who|which|that|for)\s*$", low[since : joint.start()]):
            continue
        yield _act(text[since : joint.start()], before), since, joint.start()
        since, before = joint.start("verb"), (joint.group("not") or "").strip()
    yield _act(text[since:end], before), since, end


def _uncapitalized(subject: str) -> str:
    """A subject with its article in lower case: it is moved behind the verb."""
    return re.sub(r"^(?:The|An?|All|Every|No|This|These|Those)\b", lambda word: word.group().lower(), subject)


def _act(words: str, adverb: str) -> str:
    words = " ".join(words.split()).strip(" ,;:")
    words = re.sub(r"^be able to ", "", words)
    return f"{adverb} {words}".strip()


def clause(text: str, promise: Promise, action: str, end: int) -> str:
    """An act of somebody else, with its subject: "engineers to draw up the plans"."""
    return action if re.match("(?i)(?:it|they|he|she|we|i)$", promise.subject) else f"{promise.subject} to {action}"


def is_bare_act(text: str) -> bool:
    """Whether a sentence begins with an act, as in a programme: "Build two ports by 2030."."""
    verb, _, rest = plain(text).partition(" ")
    return verb in _BASE and not re.match(r"(?:us|me|you|your|yourself|no|it|that|them|him|her|to|for|on|in)\b", rest)


def listed(text: str) -> list[tuple[str, int, int]]:
    """What an item in the list of a programme promises: an act or a thing; nothing if it is a report."""
    low = plain(text).replace("’", "'")
    end = len(text.rstrip(" .;,!"))
    lead = re.match(
        r"(?:to |and |(?P<not>not |never |no longer |stop |end )|we will |we'll )?(?P<verb>[a-z]+(?:-[a-z]+)?)\b", low
    )
    if lead and lead.group("verb") in _BASE | {"be", "end", "stop"}:
        adverb = (lead.group("not") or "").strip()
        keep = adverb if adverb in ("not", "never", "no longer") else ""
        at = lead.start("not") if adverb and not keep else lead.start("verb")
        return list(_parts(text, low, at, end, keep))
    if (
        low.split(" ")[0] in _participles().keys() - _BASE
        or "?" in text
        or re.search(BELIEFS, low)
        or len(low.split()) < 3
    ):
        return []
    return [(text[:end], 0, end)]
