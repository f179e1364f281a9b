"""The inflected forms of a verb that news sentences use, generated from its infinitive."""

import re

# English: past tense and participle of irregular verbs.
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
_PAST_AND_PARTICIPLE = {row.split()[0]: tuple(row.split()[1:]) for row in _IRREGULAR.replace("\n", "").split("|")}
_DOUBLES_LAST_LETTER = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")  # stop, scrap, ban: stopped, scrapped, banned

# Spanish: the forms that the rules below would get wrong: present, preterite, participle.
_IRREGULAR_PRESENT = """
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
_PRESENT = {row.split()[0]: row.split()[1] for row in _IRREGULAR_PRESENT.replace("\n", "").split("|")}
_IRREGULAR_PRETERITE = """
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
_PRETERITE = {row.split()[0]: tuple(row.split()[1:]) for row in _IRREGULAR_PRETERITE.replace("\n", "").split("|")}
_PARTICIPLE_STEM = {
    "abrir": "abiert", "reabrir": "reabiert", "poner": "puest", "posponer": "pospuest", "imponer": "impuest",
    "proponer": "propuest", "disponer": "dispuest", "romper": "rot", "volver": "vuelt", "devolver": "devuelt",
    "disolver": "disuelt", "resolver": "resuelt", "suscribir": "suscrit", "inscribir": "inscrit", "hacer": "hech",
    "deshacer": "deshech", "decir": "dich", "cubrir": "cubiert", "escribir": "escrit", "freir": "frit",
}  # fmt: skip


def english(lemma: str) -> dict[str, str]:
    """Each form of an English verb with its kind: "base", "s", "past", "part", "ed" (past or participle), "ing"."""
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        third = lemma + "es"
    elif re.search(r"[^aeiou]y$", lemma):
        third = lemma[:-1] + "ies"
    else:
        third = lemma + "s"
    doubled = lemma + lemma[-1] if _DOUBLES_LAST_LETTER.match(lemma) else lemma
    gerund_stem = lemma[:-1] if lemma[-1] == "e" and lemma[-2] != "e" else doubled
    forms = {lemma: "base", third: "s", gerund_stem + "ing": "ing"}
    past, participle = _PAST_AND_PARTICIPLE.get(lemma, ("", ""))
    if not past:
        if lemma.endswith("e"):
            past = lemma + "d"
        elif third.endswith("ies"):
            past = lemma[:-1] + "ied"
        else:
            past = doubled + "ed"
        participle = past
    if past == participle:
        forms[past] = "ed"
        if lemma.endswith("el"):  # cancelled, canceled
            forms[lemma + "led"] = "ed"
    else:
        forms[past] = "past"
        forms[participle] = "part"
    if lemma == "be":
        forms = {"is": "s", "are": "s", "was": "past", "were": "past", "been": "part"}
    return forms


def spanish(lemma: str) -> dict[str, str]:
    """Each form of a Spanish verb, without accents, with its kind.

    "now" is the present and "then" the preterite (both in the third person), "part" the participle, "inf" the
    infinitive, "ing" the gerund.
    """
    stem, ending = lemma[:-2], lemma[-2:]
    present = _PRESENT.get(lemma) or stem + ("a" if ending == "ar" else "e")
    plural = {"va": "van", "da": "dan"}.get(present, present + "n")
    stem_ends_in_vowel = stem[-1:] in set("aeou") and ending != "ar" and not stem.endswith(("gu", "qu"))
    if lemma in _PRETERITE:
        preterite = _PRETERITE[lemma]
    elif ending == "ar":
        preterite = (stem + "o", stem + "aron")
    else:
        preterite = (stem + "yo", stem + "yeron") if stem_ends_in_vowel else (stem + "io", stem + "ieron")
    participle_stem = _PARTICIPLE_STEM.get(lemma) or stem + ("ad" if ending == "ar" else "id")
    forms = {present: "now", plural: "now", lemma: "inf", lemma + "se": "inf"}
    forms[stem + ("ando" if ending == "ar" else "yendo" if stem_ends_in_vowel else "iendo")] = "ing"
    forms.update(dict.fromkeys(preterite, "then"))
    forms.update(dict.fromkeys((participle_stem + end for end in ("o", "a", "os", "as")), "part"))
    return forms
