"""Spanish: expressions that stand for a status when they state a fact; see `cues_en.py`."""

from pledges.domain.rules import Status


def _within(words: int) -> str:
    return rf"(?:[\w-]+ ){{0,{words}}}?"


_PROMISE = rf"{_within(5)}(?:promesas?|compromisos?|metas?|palabra|objetivos?|plazos?)"
_COUNT = r"(?:\d[\d.,]*|una?|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|algun[oa]s)"
_USERS = r"""
    (?:pasajeros|pacientes|alumnos|estudiantes|viajeros|reos|reclusos|usuarios|vuelos?|tren|familias|beneficiari[oa]s|
    pagos?|residentes|vecinos|agentes|policías|mujeres|turistas|superávit|casas|viviendas)
"""
_SINCE = r"""
    (?:desde|a partir del?|a contar de) (?:hoy|ayer|(?:el |la |este |esta )?(?:mes|semana|bimestre|mañana|\d+|lunes|
    martes|miércoles|jueves|viernes|sábado|domingo|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|
    octubre|noviembre|diciembre))
"""

# Endings of the preterite, the present (third person) and the participle.
FORMS = {"ar": "ó|aron|an?|ad[oa]s?", "er": "i?ó|i?eron|en?|id[oa]s?"}
# Stems, by ending.
VERBS = {
    Status.BROKEN: {
        "ar": """
            cancel abandon derog anul revoc rechaz descart archiv sepult enterr entierr tumb retir desech expuls neg
            nieg
        """,
    },
    Status.STALLED: {
        "ar": "paraliz fren bloque congel posterg aplaz demor retras estanc trab atras vet entramp",
        "er": "suspend interrump",
    },
    Status.IN_PROGRESS: {
        "ar": """
            aprob aval present envi envía firm promulg adjudic licit inici comenz comienz empez empiez arranc reanud
            autoriz avanz ratific asign destin public oficializ respald design lanz contrat decret declar tramit turn
            remiti otorg calific ingres convalid excav retom despach
        """,
        "er": "suscrib desembols ingres remit",
    },
    Status.KEPT: {
        "ar": "inaugur entreg habilit complet elimin estren finaliz culmin privatiz gradu",
        "er": "aboli prohib conclu cumpl",
    },
}  # Other expressions.
CUES = {
    Status.BROKEN: rf"""
        desiste|muere|murió|hund(?:e|en|ió|ieron)|inexequible|cayó|cae|renunci(?:ó|a|aron) a|(?:dio|dieron|
        da) (?:marcha atrás|carpetazo)|marcha atrás|inconstitucional(?:es)?|votaron en contra|votó en contra|dij(?:o|
        eron) no|el no (?:ganó|se impuso|venció)|(?:echó|echaron) (?:atrás|abajo)|rescindi(?:ó|eron)|disolvi(?:ó|eron)|
        (?:incumpl(?:ió|ieron|e|en|id[oa]s?)|rompi(?:ó|eron)|traicion(?:ó|aron)|no (?:ha |han )?(?:cumpl\w+|alcanz\w+|
        logr\w+)(?: con)?|faltó a|pese a) {_PROMISE}|no cumpl(?:ió|ieron|e|en)|incumplid[oa]s?|no (?:era|es) cierto|
        no se han? resuelto|(?:subió|subimos|aumentó|elevó) (?:el |los |las )?(?:impuestos?|retenciones|tarifas?)
    """,
    Status.STALLED: rf"""
        pospon(?:e|en)|pospus(?:o|ieron)|detuv(?:o|ieron)|ordenó detener|se rompi(?:ó|eron)|rotas|devolvi(?:ó|eron)|
        desierta|dej(?:ó|aron) sin efectos?|qued(?:ó|a|aría) (?:\w+ )?(?:para|en pausa|en suspenso|postergad\w+|
        varad\w+)|en (?:pausa|suspenso|el limbo|punto muerto)|concedió la suspensión|(?:amplió|prorrogó) el plazo|
        retrasos?|demoras?|parálisis|prórroga|atrasos?|no (?:logró|lograron|consiguió|consiguieron|alcanzó|alcanzaron|
        reunió|reunieron|obtuvo|hubo|hay) {_within(3)}(?:votos|mayoría|quórum|acuerdo|consenso|concretar|avances?|
        fecha)|sin (?:quórum|fecha|avances?)|(?:todavía|aún|tampoco|nunca) (?:no|se)|siguen? (?:sin|pendientes?|
        abiert[oa]|esperando|vigente)|no estarán? list[oa]s?|más tarde de lo|no (?:se )?(?:discutirá|tratará|aprobará|
        levantará)n?|no (?:se )?(?:concretó|avanzó|avanza|ven|ve)|no (?:es|son|están?) (?:factibles?|dadas)|
        nadie (?:habla|menciona|se acuerda)|casi nadie|perderán? estado
    """,
    Status.IN_PROGRESS: r"""
        aprueban?|mandó al congreso|desembolsó|(?:dio|dieron) (?:inicio|el banderazo|luz verde|media sanción|un paso)|
        media sanción|luz verde|banderazo|buena pro|primera piedra|abrió el (?:llamado|registro)|presentaron ofertas|
        pasó al ejecutivo|partieron las|en (?:construcción|obras?|curso|ejecución|trámite|fase|etapa|licitación|
        proceso)|dictamen|licitación|pliegos?|registro|iniciativa|convocatoria|maquinaria|obreros|perforación|
        se (?:construyen?|edifican?|trabaja|realiza|tramita|negocia)|\d[\d.,]* ?(?:%|por ciento) de (?:avance|
        ejecución)|avances? (?:de|del) \d|(?:lleva|va|van|presenta|registra)n? (?:\w+ ){0,3}?\d[\d.,]* ?(?:%|
        por ciento)|se (?:adelantó|publicará|abrirá|amplió)|inaugur(?:ó|a) las obras|(?:levant|revoc|anul|cancel)(?:ó|
        aron|a) (?:la |el )?(?:suspensión|veda|paro|medida cautelar)|(?:rechaz|desestim)(?:ó|aron|a) (?:el|los|
        un) (?:recurso|amparo)s?|acuerdan?|pactan?|envían?|(?:recibe|recibió|recibieron|reciben) (?:la |el )?(?:minuta|
        dictamen|iniciativa|proyecto)|anunci(?:ó|a|aron) (?:el |la |una? )?(?:\w+ )?(?:inicio|inversión|reducción|baja|
        decreto|licitación)
    """,
    Status.KEPT: rf"""
        concluy(?:ó|eron|e)|termin(?:ó|aron|ad[oa]s?)|inauguro|entr(?:ó|aron|a|an) (?:en (?:vigor|vigencia|operación|
        operaciones|funcionamiento|servicio|funciones)|a (?:regir|operar|funcionar))|(?:está|están|quedó|
        quedaron) (?:vigentes?|operativ[oa]s?|en (?:vigor|vigencia|operación|servicio|funcionamiento|las calles)|firme|
        abiert[oa]s?)|(?:convirtió|convirtieron|convierte|despacha|despachó) (?:en|a) ley|sanción (?:final|definitiva)|
        sancion(?:ó|aron|a)|abri(?:ó|eron)(?= (?:sus|al|las puertas|\d|el (?:lunes|martes|miércoles|jueves|viernes|
        sábado|domingo)))|abiert[oa]s? al|dej(?:ó|aron|an) de (?:cobrarse|aplicarse|regir|existir|pagar)|(?:alcanz(?:ó|
        aron)|super(?:ó|aron|a)|lleg(?:ó|aron) a|cumpl(?:ió|ieron)(?: con)?) {_PROMISE}|rindi(?:ó|eron) protesta|
        asum(?:ió|ieron|en|e) (?:sus |el |los )?(?:cargos?|nuevos)|iniciaron funciones|(?:comenz|empez|inici|
        arranc)(?:ó|aron) (?:a (?:operar|funcionar|circular|atender|pagar\w*|generar|regir|prestar|recibir|dar)|
        operaciones)|ya (?:se )?(?:es|son|está|están|tienen?|reciben?|opera|funciona|cobran|rige|paga|aplica|atiende|
        circulan?|surte)|(?:funciona|rige|opera|reciben?|cuentan?|perciben|circulan?|surte|aplica) ya|(?:puso|pusieron|
        puesta) en marcha|(?:quit|levant)(?:ó|aron|a) (?:el |la |los |las )?(?:cepo|restricciones|prohibición|
        impuesto)|fin del (?!año|mes)\w+|primer(?:os|as|a)? (?:[\w-]+ ){{0,2}}?{_USERS}|por primera vez|{_SINCE}|
        cerr(?:ó|aron) definitivamente|se encendieron
    """,
    Status.NOT_STARTED: rf"""
        (?:no|nunca|sin que|ni siquiera) (?:se )?(?:ha |han |haya |hayan |fue |fueron |llegó a |llegaron a )?(?:comenz|
        empez|inici|arranc|present|envi|licit|adjudic|radic|puesto|remit)\w*|(?:todavía|aún) no (?:arranca|empieza|
        comienza|inicia|existe)n?|(?:sin|siguen? sin) (?:iniciar|empezar|comenzar|arrancar|licitar|presentar|enviar|
        redactar)\w*|(?:ni )?una? sol[oa] (?:ladrillo|piedra|casa)|ni una? (?:ladrillo|piedra)|nadie ha puesto|
        no hay más que|no (?:hay|existen?|se ven) {_within(3)}(?:obras?|proyecto|prototipo|trabajos?|señales|
        contratista|terreno)
    """,
    Status.UNCLEAR: r"""
        (?:no|nadie|se) (?:se )?(?:sabe|desconoce|conoce|precisó|informó|aclaró|detalló) (?:si|cuánt\w+|qué|el número|
        la cifra)|se desconoce|no (?:está|queda|quedó) claro|no (?:hay|existen?) (?:cifras|datos|información|
        (?:un )?registros?|forma de)|ni \w+ \w+ ni (?:\w+ ){1,4}saben?
    """,
}
# With these, what is kept is only a part.
PART = rf"""
    {_COUNT} (?:\w+ )?de (?:los |las |sus )(?:\w+ )?(?:\d[\d.,]*|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|
    (?:prometid|previst|anunciad|ofrecid)\w*)|parcial(?:es|mente)?|a medias|en parte|solo|apenas|únicamente|
    primer[oa]? (?:de|fase|etapa|tramo|lote|\d)|hasta (?:ahora|el momento|la fecha|el \d)|temporal(?:es|mente)?|
    gradual(?:mente)?|salvo|seguirán?|restan(?:tes)?|el resto|(?:los|las) demás|la mitad|un tercio|una parte|\d ?(?:%|
    por ciento) de (?:los|las)|pero (?:no|aún|todavía)|falta[nr]?|recortad[oa]s?|posponer|retrasa|hasta 20\d\d|
    más de \d
"""
# Before a cue in its clause: it is planned, wished, doubted or denied.
HEDGES = r"""
    no|nunca|ni|tampoco|sin|nadie|ning[úu]n[oa]?|si|podr[íi]an?|pueden?|será|serán|sería|serían|habría|había[n]?|sea|
    sean|haya|hayan|para que|\w{2,}(?:rá|rán|ría|rían)(?<!secretaría)(?<!mayoría)(?<!auditoría)(?<!contraloría)|
    esperan?|esper(?:ó|aba)|prevén?|planean?|buscan?|quieren?|pidi(?:ó|eron)|piden?|exig\w+|prom(?:ete|etió|etía|eten)|
    propon\w+|propuso|plante\w+|evalúan?|cuando|hasta que|a fin de|neg(?:ó|aron)|deberían?|deberán?
"""
# After a cue in its clause.
FUTURE = r"\w{2,}(?:rá|rán|ría|rían)(?<!secretaría)(?<!mayoría)(?<!auditoría)(?<!contraloría)|próxim[oa]"
STOPS = r"[;:,()—–“”\"]|\b(?:pero|aunque|mientras|sino|tras|y|(?<!espera )(?<!esperan )(?<!niega )(?<!negó )que)\b"
# Read against the pledge: a figure moves, a law passes; what a pledge says of figures and laws.
RISE = r"aument(?:ó|aron|a)|subi(?:ó|eron)|suben?|creci(?:ó|eron)|crecen?"
FALL = r"baj(?:ó|aron|an)|cay(?:ó|eron)|se (?:redujo|redujeron)"
LAW_PASSED = r"""
    (?:convirti(?:ó|eron)|convierte|despach(?:a|ó)) (?:en|a) ley|sanción (?:final|definitiva)|sancion(?:ó|aron)|
    (?:Congreso|Parlamento|Asamblea) (?:aprueba|aprobó|despach(?:a|ó))
"""
IS_LAW = r"ley(?:es)?|sancionan?|se publica|Constitución"
LOWER = r"baj(?:e|ar)|reduc\w+|recort\w+|rebaj\w+"
NOT_RAISE = r"(?:no|sin) (?:subir|aumentar|nuevos)\w*"
