"""The forms of a verb that news sentences use, made from its infinitive; only what tells a fact, and what it needs."""

import re

# English: past and participle where they are not made with -ed.
_IRREGULAR = """
be was been|begin began begun|break broke broken|bring brought brought|build built built|burn burnt burnt|
buy bought bought|
come came come|cut cut cut|dig dug dug|do did done|draw drew drawn|fall fell fallen|feel felt felt|find found found|
freeze froze frozen|get got gotten|give gave given|go went gone|grind ground ground|hit hit hit|hold held held|
keep kept kept|lay laid laid|lead led led|leave left left|let let let|lie lay lain|lose lost lost|make made made|
meet met met|pay paid paid|put put put|ride rode ridden|ring rang rung|run ran run|see saw seen|send sent sent|
set set set|shut shut shut|sink sank sunk|sit sat sat|speak spoke spoken|spend spent spent|stand stood stood|
stick stuck stuck|strike struck struck|take took taken|tear tore torn|tell told told|throw threw thrown|
undergo underwent undergone|undo undid undone|overthrow overthrew overthrown|withdraw withdrew withdrawn|
win won won|write wrote written|withhold withheld withheld|become became become|override overrode overridden|
rise rose risen|split split split|quit quit quit|rebuild rebuilt rebuilt|overrun overran overrun|spread spread spread|
fight fought fought|outlaw outlawed outlawed|ban banned banned|commit committed committed|submit submitted submitted|
refer referred referred|transfer transferred transferred|permit permitted permitted|admit admitted admitted|
shelve shelved shelved|annul annulled annulled|say said said|hear heard heard|enrol enrolled enrolled|
fulfil fulfilled fulfilled|
unban unbanned unbanned|compel compelled compelled|defer deferred deferred|equip equipped equipped
"""
_PARTS = {row.split()[0]: tuple(row.split()[1:]) for row in _IRREGULAR.replace("\n", "").split("|")}
_TWICE = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")  # stop, scrap, ban: the last letter is written twice

# Spanish: what the rules below would get wrong; present, preterite stem or whole forms, participle.
_CHANGED = """
aprobar aprueba|desaprobar desaprueba|comenzar comienza|empezar empieza|cerrar cierra|negar niega|renovar renueva|
mostrar muestra|revertir revierte|devolver devuelve|revolver revuelve|mover mueve|resolver resuelve|volver vuelve|
despedir despide|impedir impide|invertir invierte|desmentir desmiente|encender enciende|extender extiende|
suspender suspende|poner pone|sembrar siembra|colgar cuelga|rodar rueda|pedir pide|seguir sigue|conseguir consigue|
destituir destituye|instituir instituye|concluir concluye|construir construye|incluir incluye|constituir constituye|
disolver disuelve|disminuir disminuye|sustituir sustituye|contribuir contribuye|detener detiene|obtener obtiene|
mantener mantiene|tener tiene|venir viene|intervenir interviene|dar da|ir va|hacer hace|deshacer deshace|caer cae|
decir dice|quebrar quiebra|regir rige|enterrar entierra|despertar despierta|trazar traza|desplegar despliega|
enviar envia|ampliar amplia|reunir reune|revocar revoca|acordar acuerda|dormir duerme|morir muere|ser es|perder pierde|
encontrar encuentra|soltar suelta|apostar apuesta|
retroceder retrocede|atender atiende|contar cuenta|costar cuesta|volar vuela|probar prueba|regar riega|servir sirve|
elegir elige|medir mide|vestir viste|distribuir distribuye|recluir recluye|excluir excluye|destruir destruye|
fluir fluye|
ver ve|prever preve|convertir convierte|transferir transfiere|adquirir adquiere|requerir requiere|advertir advierte|
reponer repone|descender desciende|ascender asciende|calentar calienta|demostrar demuestra|poblar puebla|soldar suelda|
reforzar refuerza|moler muele|remover remueve|promover promueve|almorzar almuerza|defender defiende|tender tiende|
incluir incluye|diluir diluye|recluir recluye|soterrar soterra|juramentar juramenta
"""
_NOW = {row.split()[0]: row.split()[1] for row in _CHANGED.replace("\n", "").split("|")}
_BEFORE = """
poner puso pusieron|posponer pospuso pospusieron|imponer impuso impusieron|proponer propuso propusieron|
disponer dispuso dispusieron|detener detuvo detuvieron|obtener obtuvo obtuvieron|mantener mantuvo mantuvieron|
tener tuvo tuvieron|venir vino vinieron|intervenir intervino intervinieron|dar dio dieron|ir fue fueron|
hacer hizo hicieron|deshacer deshizo deshicieron|decir dijo dijeron|caer cayo cayeron|pedir pidio pidieron|
seguir siguio siguieron|conseguir consiguio consiguieron|regir rigio rigieron|impedir impidio impidieron|
revertir revirtio revirtieron|invertir invirtio invirtieron|despedir despidio despidieron|traer trajo trajeron|
reducir redujo redujeron|producir produjo produjeron|introducir introdujo introdujeron|andar anduvo anduvieron|
estar estuvo estuvieron|ser fue fueron|dormir durmio durmieron|morir murio murieron|desdecir desdijo desdijeron|
desoir desoyo desoyeron|sustraer sustrajo sustrajeron|
reponer repuso repusieron|convertir convirtio convirtieron|transferir transfirio transfirieron|
adquirir adquirio adquirieron|requerir requirio requirieron|advertir advirtio advirtieron|servir sirvio sirvieron|
elegir eligio eligieron|medir midio midieron|vestir vistio vistieron|prever previo previeron
"""
_THEN = {row.split()[0]: tuple(row.split()[1:]) for row in _BEFORE.replace("\n", "").split("|")}
_DONE = {
    "abrir": "abiert", "reabrir": "reabiert", "poner": "puest", "posponer": "pospuest", "imponer": "impuest",
    "proponer": "propuest", "disponer": "dispuest", "romper": "rot", "volver": "vuelt", "devolver": "devuelt",
    "disolver": "disuelt", "resolver": "resuelt", "suscribir": "suscrit", "inscribir": "inscrit", "hacer": "hech",
    "deshacer": "deshech", "decir": "dich", "cubrir": "cubiert", "escribir": "escrit", "freir": "frit",
}  # fmt: skip


def plural(noun: str, language: str) -> str:
    """The plural of a noun, by rule."""
    if language == "es":
        return noun[:-1] + "ces" if noun.endswith("z") else noun + ("s" if noun[-1] in "aeiou" else "es")
    if noun.endswith(("man", "woman")):
        return noun[:-2] + "en"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def english(lemma: str) -> dict[str, str]:
    """Each form of an English verb and what it is: "base", "s", "past", "part", "ed" (past or participle), "ing"."""
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        third = lemma + "es"
    elif re.search(r"[^aeiou]y$", lemma):
        third = lemma[:-1] + "ies"
    else:
        third = lemma + "s"
    twice = lemma + lemma[-1] if _TWICE.match(lemma) else lemma
    forms = {lemma: "base", third: "s", (lemma[:-1] if lemma[-1] == "e" and lemma[-2] != "e" else twice) + "ing": "ing"}
    past, part = _PARTS.get(lemma, ("", ""))
    if not past:
        if lemma.endswith("e"):
            past = lemma + "d"
        elif third.endswith("ies"):
            past = lemma[:-1] + "ied"
        else:
            past = twice + "ed"
        part = past
    if past == part:
        forms[past] = "ed"
        if lemma.endswith("el"):  # cancelled, canceled
            forms[lemma + "led"] = "ed"
    else:
        forms[past] = "past"
        forms[part] = "part"
    if lemma == "be":
        forms = {"is": "s", "are": "s", "was": "past", "were": "past", "been": "part"}
    return forms


def spanish(lemma: str) -> dict[str, str]:
    """Each form of a Spanish verb, without accents: "now", "then" (3rd person), "part", "inf", "ing"."""
    stem, ending = lemma[:-2], lemma[-2:]
    now = _NOW.get(lemma) or stem + ("a" if ending == "ar" else "e")
    plural = {"va": "van", "da": "dan"}.get(now, now + "n")
    vowel = stem[-1:] in set("aeou") and ending != "ar" and not stem.endswith(("gu", "qu"))
    if lemma in _THEN:
        then = _THEN[lemma]
    elif ending == "ar":
        then = (stem + "o", stem + "aron")
    else:
        then = (stem + "yo", stem + "yeron") if vowel else (stem + "io", stem + "ieron")
    done = _DONE.get(lemma) or stem + ("ad" if ending == "ar" else "id")
    forms = {now: "now", plural: "now", lemma: "inf", lemma + "se": "inf"}
    forms[stem + ("ando" if ending == "ar" else "yendo" if vowel else "iendo")] = "ing"
    forms.update(dict.fromkeys(then, "then"))
    forms.update(dict.fromkeys((done + end for end in ("o", "a", "os", "as")), "part"))
    return forms
