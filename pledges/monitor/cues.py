"""The words that say what became of a pledge, and those that take it back.

Patterns are read on lower-case text whose accents are folded (José becomes jose). Each line is one way to say it.
"""

from pledges.rules import Status

CUES = {
    "en": {
        Status.KEPT: (
            r"inaugurate[sd](?! (?:the )?(?:\w+ )?(?:works?|construction)\b)",
            "(?:was|were|been|formally|officially) opened",
            "came into (?:force|effect|operation)",
            "(?:entered|is now|are now|has entered) (?:into |in )force",
            "took effect",
            "went into effect",
            "handed over",
            "(?:was|were|been) (?:delivered|completed|finished|handed)",
            r"deliver(?:s|ed) \d[\d.,]*",
            "is now (?:open|operational)",
            "began operating",
            "started operating",
            (
                r"(?:opens|opened) (?:the |a |its |new )(?:\w+ ){0,4}?(?:prison|jail|hospital|school|centre|center|"
                "unit|office|port|airport|bridge|plant)"
            ),
        ),
        Status.IN_PROGRESS: (
            (
                r"(?:approve[sd]|passe[sd]|signe[sd]|enacte[sd]|issue[sd]|promulgate[sd])(?=(?:\W+\w+){0,8}?\W+(?:law|"
                "bill|decree|act|order|reform|contract|agreement|rules|budget|plan|by|with))"
            ),
            "(?:was|were|been) (?:approved|passed|signed|enacted|awarded)",
            "construction (?:has )?(?:begun|began|begins|started|starts|is under way)",
            "work (?:has )?(?:begun|began|begins|started|starts)",
            "(?:laid|lays) the first stone",
            "broke ground",
            r"inaugurate[sd] (?:the )?(?:works?|construction)\b",
            r"award(?:s|ed) (?:the |a )?(?:\S+ ){0,3}?contract",
            r"(?:sent|sends|submitted|submits) (?:\w+ ){0,5}?(?:bill|reform)",
            "launche[sd] (?:the |a )?(?:tender|bidding)",
            r"\d+ ?(?:%|per ?cent) (?:complete|finished|ready|built)",
        ),
        Status.STALLED: (
            r"(?:court|judges?|tribunal)\W+(?:\w+\W+){0,6}?(?:suspend(?:s|ed)|block(?:s|ed)|halt(?:s|ed)|froze)",
            r"(?:suspended|blocked|halted|frozen) (?:\w+ ){0,3}?by (?:\w+ ){0,3}?(?:court|judges?|tribunal)",
            (
                r"(?:work|works|construction|project|tender|plan)\W+(?:(?:was|were|has|have|is|are|been|remain|"
                "remains) )+(?:suspended|halted|stopped|paralysed|paralyzed|on hold|frozen|stalled)"
            ),
            "(?:work|works|construction|project|tender) (?:stopped|halted|stalled)",
            "(?:was|were|been) (?:postponed|shelved)",
            "postpone[sd] (?:the|its|his)",
            "(?:assembly|congress|lawmakers|senate) (?:reject(?:s|ed)|voted down|vote down)",
        ),
        Status.BROKEN: (
            (
                "(?:withdrew|withdraws|cancell?ed|cancels|scrapped|scraps|abandoned|abandons|dropped|drops|"
                "called off|gave up) (?:the|its|his|her|plans|plan)"
            ),
            (
                "(?:was|were|been) (?:withdrawn|cancell?ed|scrapped|abandoned|dropped|struck down|called off|"
                "annulled|repealed)"
            ),
            r"voters (?:\w+ ){0,2}?reject(?:ed)?",
            r"rejected (?:\w+ ){0,4}?by voters",
            "(?:struck|strikes|strike) down",
            r"declare[sd] (?:\w+ ){0,4}?unconstitutional",
            "(?:declared|ruled) unconstitutional",
        ),
    },
    "es": {
        Status.KEPT: (
            r"inaugur(?:o|a|aron|an|ado|ada|ados|adas)\b(?! (?:las? )?(?:obras|construccion|trabajos)\b)",
            "entr(?:o|aron) en (?:vigor|vigencia|funcionamiento|operacion(?:es)?)",
            "entra en (?:vigor|vigencia|funcionamiento|operacion(?:es)?)",
            "(?:ya )?(?:esta|estan) en (?:vigor|vigencia|funcionamiento)",
            r"entreg(?:o|a|aron|an) (?:mas de )?(?:\d|l[ao]s?\b|un)",
            "(?:fue|fueron|ha sido|han sido|quedo|quedaron) (?:entregad|inaugurad|concluid|terminad|culminad)[oa]s?",
            "empez(?:o|aron) a (?:operar|funcionar)",
            "comenz(?:o|aron) a (?:operar|funcionar)",
            "culmin(?:o|aron) (?:la|las|el) (?:obra|obras|construccion)",
            "(?:abrio|abrieron) sus puertas",
        ),
        Status.IN_PROGRESS: (
            (
                "(?:aprob(?:o|aron)|aprueban?|promulg(?:o|a)|firm(?:o|a|aron)|suscrib(?:io|e|ieron)|expid(?:io|e)|"
                r"emit(?:io|e)|sancion(?:o|a))(?=(?:\W+\w+){0,8}?\W+(?:ley|proyecto|decreto|reforma|contrato|convenio|reglamento|acuerdo|presupuesto|plan)\b)"
            ),
            "(?:fue|fueron|ha sido|han sido|quedo|quedaron) (?:aprobad|firmad|adjudicad|promulgad|contratad)[oa]s?",
            "adjudic(?:o|a|aron)",
            r"inaugur(?:o|a|aron|an) (?:las? |los )?(?:obras?|construccion|trabajos)\b",
            r"(?:dio|da|dieron) inicio a (?:las? |los )?(?:obras?|construccion|trabajos)\b",
            "(?:coloc(?:o|a)|puso|pone) la primera piedra",
            (
                "(?:inici(?:o|a|aron|an)|arranc(?:o|a|aron|an)|empez(?:o|aron)|empiezan?|comenz(?:o|aron)|"
                r"comienzan?) (?:\w+ ){0,2}?(?:construccion|obras?|trabajos)"
            ),
            (
                r"(?:construccion|obras?|trabajos) (?:\w+ ){0,6}?(?:inici(?:o|aron)|arranc(?:o|aron)|empez(?:o|aron)|"
                "comenz(?:o|aron))"
            ),
            r"(?:envi(?:o|a)|remit(?:io|e)|present(?:o|a)) (?:\w+ ){0,6}?(?:proyecto|reforma)",
            r"avanz[ao] (?:\w+ ){0,3}?\d+",
            r"\d+ ?% de avance",
            "(?:abrio|lanzo) (?:la |el )?(?:licitacion|concurso)",
        ),
        Status.STALLED: (
            (
                r"(?:corte|juez|jueza|jueces|tribunal|justicia)\W+(?:\w+\W+){0,6}?(?:suspend(?:io|e|ieron|en)|"
                "bloque(?:o|a)|fren(?:o|a)|paraliz(?:o|a))"
            ),
            (
                r"(?:suspendid|bloquead|paralizad)[oa]s? (?:\w+ ){0,3}?por (?:\w+ ){0,3}?(?:corte|juez|jueza|jueces|"
                "tribunal)"
            ),
            (
                r"(?:obras?|construccion|proyecto|trabajos|licitacion) (?:\w+ ){0,4}?(?:suspendid|paralizad|detenid|"
                "estancad|frenad)[oa]s?"
            ),
            r"se (?:suspend|detuv|paraliz)\w+ (?:la|las|el|los) (?:obras?|construccion|proyecto|trabajos|licitacion)",
            (
                "(?:suspend(?:io|en|ieron)|paraliz(?:o|an|aron)) (?:la|las|el|los) (?:obras?|construccion|proyecto|"
                "trabajos|licitacion)"
            ),
            "(?:fue|fueron|queda|quedo|quedan|quedaron) (?:aplazad|postergad|suspendid|paralizad)[oa]s?",
            (
                r"(?:asamblea|congreso|legislativo|senado) (?:\w+ ){0,2}?(?:archiv(?:o|a)|rechaz(?:o|a|aron)|neg(?:o|"
                "aron))"
            ),
        ),
        Status.BROKEN: (
            (
                "(?:retir(?:o|a)|cancel(?:o|a|aron)|desist(?:io|e) de|abandon(?:o|a)|descart(?:o|a)|anul(?:o|a)|"
                r"derog(?:o|a)) (?:la|las|el|los|su|sus)\b"
            ),
            (
                "(?:fue|fueron|ha sido|han sido|quedo|quedaron) (?:retirad|cancelad|descartad|anulad|derogad|"
                "abandonad)[oa]s?"
            ),
            r"(?:votantes|electores|ciudadanos|ecuatorianos|ciudadania) (?:\w+ ){0,3}?rechaz(?:o|aron|an)",
            (
                r"rechazad[oa]s? (?:\w+ ){0,4}?(?:en las urnas|por los (?:votantes|electores)|en (?:el )?referendum|"
                "en la consulta)"
            ),
            r"(?:declar(?:o|a|ada|ado) )(?:\w+ ){0,4}?inconstitucional(?:es)?",
        ),
    },
}

# Right after a cue: it was not the pledge but its undoing that was cancelled, suspended or approved.
NOT_OF = r"(?!\s+(?:\w+\s+){0,2}?(?:suspension|ban|withdrawal|cancellation|prohibicion|veto|retiro)\b)"

# Before a cue, in its clause: it is not so, or not yet, or only somebody's wish.
UNSAID = {
    "en": (
        r"not|no|never|nor|neither|without|nobody|none|cannot|\w+n['’]t|yet to|fail(?:s|ed)? to|refus\w+|"
        "den(?:y|ies|ied)|will|would|shall|should|could|may|might|must|can|plans?|planned|planning|aims?|"
        "intends?|hopes?|expect(?:s|ed|ing)?|wants?|seeks?|promise[sd]?|pledge[sd]?|vow(?:s|ed)?|"
        "propose[sd]?|ask(?:s|ed)?|demand(?:s|ed)?|urge[sd]?|call(?:s|ed)? for|if|unless|until|once|"
        "whether|before|to be|scheduled|due|set to|ready to|about to|ahead of|reportedly|allegedly|"
        r"rumou?r\w*|possib\w+|perhaps|maybe|likely|falsely?|deadline"
    ),
    "es": (
        r"no|nunca|jamas|ni|tampoco|sin|nadie|ningun\w*|niega|nego|neg[oa]ron|desmi\w+|falta|faltan|preve|"
        r"preven|prevista?s?|previsto?s?|planea\w*|planific\w+|pretende\w*|busca\w*|espera\w*|promet\w+|"
        r"propone\w*|propuso|pide\w*|pidio|pidieron|exig\w+|debe\w*|puede\w*|quiere\w*|ofreci\w+|ofrece\w*|"
        r"analiza\w*|evalua\w*|estudia\w*|va a|van a|iba a|iban a|por ser|para que|a fin de|si|cuando se|"
        r"hasta que|antes de|una vez que|supuest\w+|presunt\w+|posible\w*|quiza\w*|tal vez|acaso|rumor\w*|"
        r"plazo|alista\w*|proxim[oa]s?"
    ),
}
