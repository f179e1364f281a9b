# ruff: noqa: E501 - patterns read better whole
"""Finds the promises in a Spanish sentence by its grammar. `classification` judges them."""

import re
from collections.abc import Iterator
from functools import cache, partial

from pledges.watch.extraction.speakers import plain
from pledges.watch.extraction.types import Promise, things_named
from pledges.watch.extraction.words_es import BELIEFS, ROLES, SAID, VERBS
from pledges.watch.text import conjugation

_IRREGULAR = {
    "tendr": "tener", "pondr": "poner", "vendr": "venir", "saldr": "salir", "valdr": "valer", "podr": "poder",
    "habr": "haber", "sabr": "saber", "querr": "querer", "har": "hacer", "dir": "decir", "mantendr": "mantener",
    "obtendr": "obtener", "propondr": "proponer", "impondr": "imponer", "dispondr": "disponer", "intervendr": "intervenir",
    "detendr": "detener", "contendr": "contener", "expondr": "exponer", "repondr": "reponer", "sostendr": "sostener",
    "convendr": "convenir", "compondr": "componer", "supondr": "suponer", "rehar": "rehacer", "prevendr": "prevenir",
}  # fmt: skip
# Stems that look like a future but are the past or the subjunctive of a verb in -rar: "mejoré", "esperemos". Only before
# "é" and "emos".
_NO_FUTURE = re.compile(r"(?:^(?:mir|tir|gir|par|tom)|retir|esper|super|gener|oper|declar|prepar|separ|repar|dispar|compar|liber|recuper|consider|acept|alter|moder|toler|inspir|respir|admir|aspir|conspir|lider|ampar|aclar|encar|acar|reiter|integr|valor)$")  # fmt: skip
_IMPERFECT = re.compile(r"(?:fer|suger|quir|quer|adher)$")  # "quería", "prefería"
_CLITIC = r"(?:\b(?:se|me|nos|les|le|lo|la|los|las) ){0,2}"
_FUTURE = rf"(?P<fno>\bno )?(?P<fse>{_CLITIC})\b(?!queremos\b)(?P<fstem>[a-zñáéíóúü]{{1,14}}(?:[aeií]r|dr|br|rr|har|dir)|har|dir|ir|ser)(?P<fend>é|á|emos|án)\b"
_WOULD = rf"(?P<cno>\bno )?(?P<cse>{_CLITIC})\b(?P<cstem>[a-zñáéíóúü]{{1,14}}(?:[aeií]r|dr|br|rr|har|dir)|har|dir|ir|ser)(?P<cend>ía|íamos|ían)\b"
_INF = r"(?:[a-zñáéíóú]+(?:ar|er|ir|ír)(?:se|lo|la|los|las|les|le|nos)?)\b"
_WHEN = (  # what may come between a verb of promising and the promise: "el lunes", "este martes en Guayaquil"
    r"(?:(?:el|este|la noche del|la tarde del|la mañana del) (?:pasado |próximo )?(?:lunes|martes|miércoles|miercoles|jueves|viernes|sábado|sabado|domingo)(?: por la (?:mañana|tarde|noche))?|"
    r"hoy|ayer|anoche|también|tambien|públicamente|nuevamente|otra vez|(?:ayer|hoy) por la (?:mañana|tarde|noche)|"
    r"(?:en|durante|ante) (?:una?|el|la|su|los|las) (?:\w+ ){0,2}?(?:discurso|entrevista|mitin|debate|rueda de prensa|conferencia de prensa|congreso|asamblea|prensa|acto|visita))"
)
_VOWS = (
    r"prometi[oó]|prometen?|prometemos|prometo|prometido|prometiendo|(?:se |me |nos )?(?:comprometi[oó]|compromete[n]?|comprometo|comprometemos|comprometido)"
    + rf"(?: {_WHEN})* a|"
    r"planean?|pretenden?|piensan?|plante(?:a|an|amos|o|ó)|propo(?:ne|nen|nemos|ngo)|propus(?:o|ieron)|(?:tiene|tienen|tenemos|tengo) previsto|(?:se|nos|me) propone(?:n|mos)?|tiene(?:n)? la intenci[oó]n de|decidi[oó]|garantiz[oó]|"
    r"(?:mi|nuestro|su|el) compromiso (?:es|sera|de|con)|(?:la|su|mi|nuestra) promesa (?:es|de)|promesas? (?:de|electoral de)|compromisos? de|"
    r"(?:los|su|sus|el|un|mi|nuestro) plan(?:es)? (?:es|para|de)|(?:la|su|mi|nuestra) intenci[oó]n (?:es|de)|ofreci[oó]|ofrece|jur[oó]|acord[oó]|(?:se )?(?:ha|han|hemos) (?:marcado|fijado|propuesto|puesto)(?: como (?:objetivo|meta))?(?: (?:el objetivo|la meta) de)?|"
    r"(?:su|el|nuestro|mi|la|nuestra) (?:objetivo|meta)(?: de [a-zñáéíóú ]{1,30}?)? (?:es|de|sera)"
)
_CAMPAIGN = re.compile(  # a sentence that says what a party or a candidate would do in office
    r"\b(?:de|al) (?:ganar|llegar al? |ser (?:re)?eleg|resultar (?:elect|elegid))|\bsi (?:\w+ ){0,3}?(?:ganan?|es (?:re)?eleg|resulta (?:elect|elegid)|llega a)|"
    r"(?:^|, )en el (?:gobierno|poder)\b|\bcomo (?:alcalde(?:sa)?|president[ea]|gobernador(?:a)?|intendente)\b|\b(?:con|segun|bajo) (?:su|este|el) (?:\w+ )?(?:plan|programa|proyecto|propuesta)\b"
)
_GOVERNMENT = re.compile(r"\b(?:gobierno|ejecutivo|administracion|gabinete|presidencia)\b(?! (?:actual|anterior))")
_TRIGGER = re.compile(
    rf"{_FUTURE}|{_WOULD}|(?P<ir>(?P<ino>\bno )?(?P<ise>{_CLITIC})\b(?:(?:voy|vamos|va|van|iba|iban) a |van? (?=haber))(?=(?:no )?{_INF}))|"
    rf"\b(?P<vow>(?:{_VOWS}) (?:{_WHEN} )*(?=(?:no )?{_INF}))|\b(?P<out>(?:descart[oó]|descarta|ha descartado|rechaz[oó]) (?=(?:{_INF}|una?|el|la)\b))|\b(?P<aim>(?:busca(?:n|mos)?|aspira(?:n|mos)? a|quieren?|queremos|quiero) (?!(?:decir|contar|anunciar|comunicar|informar|agradecer|saludar|felicitar|recordar|destacar|expresar|compartir|pedir|mencionar|ser|que)\w*\b)(?={_INF}))|"
    rf"\b(?P<of>(?:prometi[oó]|ha prometido|promete|anunci[oó]|anuncia|contempla|incluye|preve|ofreci[oó]|propo(?:ne|nen|nemos|ngo)|propus(?:o|ieron)|plante(?:a|an|amos|o|ó)|se comprometi[oó] con) )(?:tambien |ademas |hoy |ayer |este \w+ |el (?:lunes|martes|miercoles|miércoles|jueves|viernes|sabado|sábado|domingo) )*(?=(?:el|la|un|una|los|las|mas|nuev[oa]s?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|\d[\d.]*) )"
)
_TAKEN_BACK = re.compile(r"\b(?:no|nunca|jamas|nadie|sin|nego|rehuso|incumplio|rompio|abandono|retiro)(?: \w+){0,2} ?$")
_BEGIN = re.compile(r"[;:—–“\"«”]|,|\b(?:que|pero|mientras|porque|aunque|cuando|donde|si|e|y)\b")
_VERBAL = re.compile(
    rf"\b(?:{SAID}|es|son|fue|ha|han|hay|esta|estan|[a-z]+(?:ara|aran|era|eran|ira|iran|aremos|eremos|iremos))\b"
)
_STOPS = re.compile(
    r"[;:—–”\"»(]|, (?=(?:pero|mientras|aunque|porque|cuando|donde|como|segun|según|lo que|que|sin|tras|en (?:una|un|declaraciones)|para que|y que)\b)| (?=(?:seguirá|seguirán|sigue|continuará|costará|empezará|comenzará|será|estará)\b)|,? (?:pero|mientras|porque|aunque) | y (?=(?:que|"
    + SAID
    + rf")\b)|, (?=(?:{SAID})\b)|, (?=(?:el|la|su) (?:\w+ )?(?:{SAID})\b)|, (?=(?:[A-ZÁÉÍÓÚÑ]\w+|(?:el|la) (?:{ROLES})(?: \w+){{0,4}}) (?:{SAID})\b)"
)
_BASE = frozenset(map(plain, VERBS.split()))
_NEXT = re.compile(  # the beginning of a promise with another subject: "… y el puente será reparado"
    r"(?:,? y |, )(?=(?:el|la|los|las|cada|todos|todas) (?:(?!que\b|quien)[\wáéíóúñ-]+ ){1,8}?(?:no )?(?:se )?(?:ser|quedar|podr|\w+ar)(?:á|án)\b)"
)
_NOT_VERBS = frozenset(
    """mujer hogar lugar militar bienestar escolar popular familiar nuclear particular regular taller alquiler poder deber ayer
    primer tercer cualquier alrededor mar bar azucar par solar lunar pilar celular auxiliar hospitalar titular ejemplar similar
    titulares placer caracter ser mejor mayor circular preescolar policlinico""".split()
)
_SPLIT = re.compile(
    r"(?:,? y|,? e|,)\s+(?:que )?(?:a |de |también |tambien )?(?P<no>no )?(?:se )?(?:(?P<fut>[a-zñáéíóúü]{1,14}(?:[aeiíd]r|br|rr)(?:é|á|emos|án))|(?P<con>[a-zñáéíóúü]{1,14}(?:[aeiíd]r|br)(?:ía|íamos|ían))|(?P<inf>[a-zñáéíóú]+(?:ar|er|ir)(?:se)?))\b(?= \S)"
)
_NOUNS = re.compile(r"(?:, y |, | y (?=(?:una?|el|la|los|las|m[aá]s|nuev[oa]s?|dos|tres|cuatro|cinco|diez|\d[\d.]*) ))")
_LINKING = re.compile(r"(?:en|de|del|con|para|por|a|que|desde|donde|sobre|bajo|entre|incluid[oa]s?)\b")
_BETWEEN = re.compile(
    r"(?:tambien |también |ademas |además |hoy |ayer |este \w+ |el (?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo) )*"
)
_SPEAKER = re.compile(rf"(?:el|la) (?:{ROLES})\b")  # "anunció ayer el presidente": the speaker, not what is announced


@cache
def _participles() -> dict[str, str]:
    return {
        form: lemma for lemma in sorted(_BASE) for form, kind in conjugation.spanish(lemma).items() if kind == "part"
    }


def infinitive(stem: str, ending: str) -> str:
    """The infinitive for a form in the future or conditional ("constru-ir", "pondr"); "" if it is another form."""
    known = _IRREGULAR.get(plain(stem))
    if known:
        return known
    other = _NO_FUTURE if ending in ("é", "emos") else _IMPERFECT
    return "" if other.search(plain(stem)) or not re.search(r"[aeiíáé]r$", stem) else stem


def base_of(participle: str) -> str:
    """The infinitive of a participle, from the word list or by rule; "" if it is not a participle."""
    low = plain(participle)
    if known := _participles().get(low):
        return known
    match = re.match(r"(\w{2,})(ad|id)[oa]s?$", low)
    return "" if not match else match.group(1) + ("ar" if match.group(2) == "ad" else "ir")


def promises(text: str, *, continues: bool = False) -> Iterator[Promise]:
    """The promises in a sentence, in order; they may overlap, and who makes them is not judged yet.

    `continues` is true if the sentence before told of a promise, so that "habría" may go on with it.
    """
    low = "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)
    for match in _TRIGGER.finditer(low):
        if match.group("of"):
            promise = _things(text, low, match)
        elif match.group("fstem") or match.group("cstem"):
            promise = _future(text, low, match, continues)
        else:
            promise = _phrase(text, low, match)
        if promise:
            yield promise


def _future(text: str, low: str, match: re.Match[str], continues: bool) -> Promise | None:
    """A promise with a verb in the future tense, or in the conditional after a verb of saying."""
    tense = "f" if match.group("fstem") else "c"  # the prefix of the pattern's groups
    verb = infinitive(match.group(tense + "stem"), match.group(tense + "end"))
    before = plain(low[: match.start()])
    start, subject = _subject(text, low, match.start())
    campaign = tense == "c" and (
        _CAMPAIGN.search(plain(low)) or _GOVERNMENT.search(plain(subject)) or (continues and not subject)
    )
    said_after = re.search(rf"(?:, |” )(?:{SAID})\b", plain(low[match.end() :]))
    reported = rf"\b(?:{SAID}|prometido|anunciado|dicho|asegurado|promesa|compromiso)\b[^.;]*\bque\b"
    if not verb or (tense == "c" and not campaign and not re.search(reported, before) and not said_after):
        return None
    denied = (
        "no" if match.group(tense + "no") or re.search(r"\b(?:nunca|jamas|ningun|tampoco) (?:mas )?$", before) else ""
    )
    end = _end(text, match.end())
    made = partial(Promise, match.start(), end)
    ending = match.group(tense + "end")
    cue = text[match.start() : match.end()].strip()
    form = "first_person" if ending in ("é", "emos", "íamos") else "would" if tense == "c" else "will"
    form = "campaign" if campaign else form
    clitics = match.group(tense + "se").split()
    cleft = re.compile(rf" (?:es|sera|será) (?={_INF})").match(low, match.end()) if verb == "hacer" else None
    if cleft:  # "lo que haremos es cerrar calles"
        end = _end(text, cleft.end())
        parts = tuple(_parts(text, low, cleft.end(), end, denied))
        return Promise(match.start(), end, form, cue, parts, "", match.start(), plain(low[cleft.end() : end]))
    passive = (
        re.compile(r" (?P<part>\w+(?:ad|id|t|ch|st)[oa]s?)\b ?").match(low, match.end())
        if verb in ("ser", "quedar")
        else None
    )
    if passive and (base := base_of(passive.group("part"))):
        whole = " ".join(filter(None, (denied, base, _uncapitalized(subject), text[passive.end() : end].strip())))
        return made("passive", cue, ((whole, match.start(), end),), subject, start, base)
    if "se" in clitics and ending in ("á", "án", "ía", "ían"):
        shown = "" if verb.endswith("dar") and "conocer" in low else _uncapitalized(subject)
        first, *more = _parts(text, low, match.end(), end, "")
        whole = " ".join(filter(None, (denied, verb, first[0], shown)))
        return made("passive", cue, ((whole, match.start(), first[2]), *more), subject, start, verb)
    if verb == "poder" and form == "will" and subject:  # "los taxis podrán operar": somebody will be allowed to
        whole = text[start:end].strip(" ,")
        return made("passive", cue, ((whole, match.start(), end),), subject, start, "permitir")
    first, *more = _parts(text, low, match.end(), end, "")
    whole = " ".join(filter(None, (denied, verb, first[0])))
    if verb == "haber":
        return made("noun", cue, ((first[0], match.start(), first[2]),), "", start, verb)
    return made(
        form,
        cue,
        ((whole, match.start(), first[2]), *more),
        subject,
        start,
        f"{verb} {text[match.end() : end].strip().lower()}",
    )


def _phrase(text: str, low: str, match: re.Match[str]) -> Promise | None:
    """A promise with an infinitive: "va a construir", "prometió construir", "descartó construir"."""
    before, cue = plain(low[: match.start()]), match.group().strip()
    if not match.group("ir") and _TAKEN_BACK.search(before[-30:]):
        return None
    if match.group("out") and not re.compile(_INF).match(low, match.end()):
        start, subject = _subject(text, low, match.start())
        end = _end(text, match.end())
        action = "no " + re.sub(r"^(?:una?|el|la) ", "", text[match.end() : end].strip())
        return Promise(match.start(), end, "noun", cue, ((action, match.end(), end),), subject, start, "")
    after = re.compile(rf"(?P<no>no )?(?P<verb>{_INF})").match(low, match.end())
    assert after, "the trigger ends before an infinitive"
    start, subject = _subject(text, low, match.start())
    end = _end(text, match.end())
    made = partial(Promise, match.start(), end)
    if match.group("ir") and after.group("verb") == "haber":  # "va a haber multas"
        action = ("no hay " if match.group("ino") else "") + text[after.end() : end].strip(" ,")
        return made("noun", cue, ((action, after.end(), end),), "", start, "haber")
    if match.group("ir") and "se" in (match.group("ise") or "").split():  # "se va a pagar la deuda"
        verb = after.group("verb")
        act = text[after.start("verb") : end]
        whole = " ".join(filter(None, ("no" if match.group("ino") else "", act, _uncapitalized(subject))))
        return made("passive", cue, ((whole, match.start(), end),), subject, start, verb)
    denied = "no" if match.group("ino") or match.group("out") or after.group("no") else ""
    at = after.start("verb")
    cue = text[match.start() : match.end()].strip()
    first_person = match.group("ir") and re.search(r"\b(?:voy|vamos) a", match.group())
    form = "first_person" if first_person else "will" if match.group("ir") else "aim" if match.group("aim") else "vowed"
    if match.group("ir") and re.search(r"\biban? a", match.group()):
        if not re.search(rf"\b(?:{SAID})\b[^.;]*\bque\b", before):
            return None
        form = "would"
    return made(form, cue, tuple(_parts(text, low, at, end, denied)), subject, start, plain(low[at:end]))


def _things(text: str, low: str, match: re.Match[str]) -> Promise | None:
    """A promise of things: "prometió un hospital, dos escuelas y más policías"."""
    before = plain(low[: match.start()])
    between = _BETWEEN.match(low, match.end())
    assert between, "it may be empty"
    at = between.end()
    if _SPEAKER.match(plain(low), at) or _TAKEN_BACK.search(before[-20:]) or re.search(r"\b(?:se|no)\s+$", before):
        return None
    end = _end(text, at)
    things = things_named(text, low, at, end, _NOUNS, _LINKING)
    start, subject = _subject(text, low, match.start())
    return Promise(match.start(), end, "noun", match.group().strip(), things, subject, start, "")


def _subject(text: str, low: str, at: int) -> tuple[int, str]:
    """The start of the subject of the verb at `at`, and its words."""
    start, folded = 0, plain(low)
    if folded[:at].rstrip().endswith(","):  # "la ley, pendiente desde mayo, será …"
        at = max(folded.rfind(",", 0, folded[:at].rstrip().rfind(",")), 0) or at
    relative = re.search(r", (?:el cual |la cual |que )(?:no )?(?:se )?$", folded[:at])
    heads = list(re.finditer(r"\b(?:una?|el|la|los|las) [^,]", folded[: relative.start()])) if relative else []
    if relative and heads:  # "un currículo, que será …"
        return heads[-1].start(), text[heads[-1].start() : relative.start()]
    for cut in _BEGIN.finditer(folded, 0, at):
        if (
            cut.group() == "que"
            and folded[start : cut.start()].strip()
            and not re.search(rf"\b(?:{SAID})\b|\bde $", folded[start : cut.start()])
        ):
            continue  # "la banda que escribió"
        before = folded[start : cut.start()].strip()
        if cut.group() in ("y", "e") and before and not _VERBAL.search(before):
            continue
        start = cut.end()
    subject = re.sub(
        r"^(?:también|en ell[oa]s?|con ell[oa]s?|para ello|además|hoy|luego|así|allí|tampoco) ",
        "",
        text[start:at].strip(),
    )
    subject = re.sub(
        r"(?:^|\s)(?:también|además|ya|hoy|luego|así|allí|tampoco|ha|han|se|nunca|jamás)$", "", subject
    ).strip()
    return text.find(subject, start) if subject else start, subject


def _end(text: str, at: int) -> int:
    """The end of what is promised: the end of the clause, or the start of its attribution ("…, dijo")."""
    end = len(text.rstrip(" .!…”\"»'"))
    for pattern in (_NEXT, _STOPS):  # in this order: the first looks beyond what the second cuts off
        if stop := pattern.search(text, at, end):
            end = stop.start()
    return max(end, at)


def _parts(text: str, low: str, at: int, end: int, denied: str) -> Iterator[tuple[str, int, int]]:
    """The coordinated acts, each as an infinitive with its complements, as (text, start, end)."""
    since, verb = at, denied
    for joint in _SPLIT.finditer(low, at, end):
        form = joint.group("fut") or joint.group("con")
        if form:
            base = infinitive(*re.split(r"(?=(?:é|á|emos|án|ía|íamos|ían)$)", form, maxsplit=1))
        else:
            base = joint.group("inf")
            base = base if plain(base) in _BASE and plain(base) not in _NOT_VERBS else ""
        if not base or joint.start() < since or not text[since : joint.start()].strip():
            continue
        if joint.group("inf") and since == at and " " not in text[since : joint.start()].strip():
            continue
        yield " ".join(filter(None, (verb, text[since : joint.start()].strip(" ,")))), since, joint.start()
        since = joint.end()
        verb = " ".join(filter(None, ("no" if joint.group("no") else "", base)))
    yield " ".join(filter(None, (verb, text[since:end].strip(" ,;:")))), since, end


def _uncapitalized(subject: str) -> str:
    """A subject with its article in lower case: it is moved behind the verb."""
    return re.sub(
        r"^(?:El|La|Los|Las|Una?|Todos|Todas|Cada|Ese|Esa|Este|Esta)\b", lambda word: word.group().lower(), subject
    )


def clause(text: str, promise: Promise, action: str, end: int) -> str:
    """An act of somebody else, with its subject, verbatim: "técnicos extranjeros ayudarán"."""
    return text[promise.subject_at : end].strip(" ,")


def is_bare_act(text: str) -> bool:
    """Whether a sentence begins with an act, as in a programme: "Construir dos puertos antes de 2030."."""
    verb, _, rest = plain(text).partition(" ")
    return (
        verb in _BASE and verb not in _NOT_VERBS and not re.search(r"\b(?:es|era|fue|significa|implica)\b", rest[:60])
    )


def listed(text: str) -> list[tuple[str, int, int]]:
    """What an item in the list of a programme promises: an act or a thing; nothing if it is a report."""
    low = text.lower()
    end = len(text.rstrip(" .;,!"))
    lead = re.match(r"(?P<no>no )?(?P<verb>[a-zñáéíóú]+(?:ar|er|ir))(?:se)?\b", low)
    if lead and plain(lead.group("verb")) not in _NOT_VERBS:
        return list(_parts(text, low, lead.start("verb"), end, "no" if lead.group("no") else ""))
    folded = plain(low)
    if "?" in text or re.search(BELIEFS, folded) or len(folded.split()) < 3:
        return []
    return [(text[:end], 0, end)]
