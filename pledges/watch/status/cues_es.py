"""Spanish: expressions that stand for a status when they state a fact; see `cues_en.py`."""

from pledges.domain.rules import Status


def _ar(stems: str) -> str:
    """The preterite, present and participle (third person) of regular verbs in -ar, from stems."""
    return rf"(?:{'|'.join(stems.split())})(?:ó|aron|an?|ad[oa]s?)"


def _er(stems: str) -> str:
    """The same of verbs in -er and -ir."""
    return rf"(?:{'|'.join(stems.split())})(?:i?ó|i?eron|en?|id[oa]s?)"


def _within(words: int) -> str:
    return rf"(?:[\w-]+ ){{0,{words}}}?"


_PROMISE = rf"{_within(5)}(?:promesas?|compromisos?|metas?|palabra|objetivos?|plazos?)"
_COUNT = r"(?:\d[\d.,]*|una?|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|algun[oa]s)"
_USERS = (
    r"(?:pasajeros|pacientes|alumnos|estudiantes|viajeros|reos|reclusos|usuarios|vuelos?|tren|familias|beneficiari[oa]s|pagos?|residentes|vecinos|"
    r"agentes|policías|mujeres|turistas|superávit|casas|viviendas)"
)
_SINCE = r"(?:desde|a partir del?|a contar de) (?:hoy|ayer|(?:el |la |este |esta )?(?:mes|semana|bimestre|mañana|\d+|lunes|martes|miércoles|jueves|viernes|sábado|domingo|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre))"

CUES = {
    Status.BROKEN: (
        _ar("cancel abandon derog anul revoc rechaz descart archiv sepult enterr entierr tumb retir desech expuls neg nieg"),
        r"desisti(?:ó|eron)|desiste|renunci(?:ó|a|aron) a|(?:dio|dieron|da) (?:marcha atrás|carpetazo)|marcha atrás|inconstitucional(?:es)?|votaron en contra|votó en contra|dij(?:o|eron) no|el no (?:ganó|se impuso|venció)|(?:echó|echaron) (?:atrás|abajo)|rescindi(?:ó|eron)|disolvi(?:ó|eron)",
        rf"(?:incumpl(?:ió|ieron|e|en|id[oa]s?)|rompi(?:ó|eron)|traicion(?:ó|aron)|no (?:ha |han )?(?:cumpl\w+|alcanz\w+|logr\w+)(?: con)?|faltó a|pese a) {_PROMISE}|no cumpl(?:ió|ieron|e|en)|incumplid[oa]s?|incumplimiento",
        r"(?:promesas?|compromisos?|metas?)(?: \w+){0,5}? (?:no se cumpli|fue incumplid|fueron incumplid|no (?:ha|han) sido cumplid)\w*",
        r"no (?:se (?:construirá|hará|aplicará|realizará|cumplirá)|irá más|seguirá adelante)|no (?:era|es) cierto|no se han? resuelto|(?:subió|subimos|aumentó|elevó) (?:el |los |las )?(?:impuestos?|retenciones|tarifas?)",
    ),
    Status.STALLED: (
        _ar("paraliz fren bloque congel posterg aplaz demor retras estanc trab atras vet entramp"),
        _er("suspend interrump"),
        r"pospon(?:e|en)|pospus(?:o|ieron)|pospuest[oa]s?|detuv(?:o|ieron)|ordenó detener|se rompi(?:ó|eron)|desierta|dej(?:ó|aron) sin efectos?|qued(?:ó|a|aría) (?:\w+ )?(?:para|en pausa|en suspenso|postergad\w+|varad\w+)|en (?:pausa|suspenso|el limbo|punto muerto)|concedió la suspensión|(?:amplió|prorrogó) el plazo",
        rf"retrasos?|demoras?|estancamiento|parálisis|prórroga|atrasos?|rezagos?|aplazamiento|no (?:logró|lograron|consiguió|consiguieron|alcanzó|alcanzaron|reunió|reunieron|obtuvo|hubo|hay) {_within(3)}(?:votos|mayoría|quórum|acuerdo|consenso|concretar|avances?|fecha)|sin (?:quórum|fecha|avances?)",
        r"(?:todavía|aún|tampoco|nunca) (?:no|se)|(?:aún|todavía) (?:sin|falta)|siguen? (?:sin|pendientes?|abiert[oa]|esperando|vigente)|no estarán? list[oa]s?|más tarde de lo|no (?:se )?(?:discutirá|tratará|aprobará|levantará)n?|no (?:se )?(?:concretó|avanzó|avanza|ven|ve)|"
        r"no (?:es|son|están?) (?:factibles?|dadas)|nadie (?:habla|menciona|se acuerda)|casi nadie|perdi(?:ó|eron) estado|perderán? estado|se cayó|pendientes? desde",
    ),
    Status.PARTLY_KEPT: (rf"(?:se )?cumpli(?:ó|eron) (?:a medias|en parte|solo)|a medias|parcialmente|(?:solo|sólo|apenas|únicamente) (?:{_COUNT}|la mitad|un tercio) de|lejos de l[oa]s \d",),
    Status.IN_PROGRESS: (
        _ar("aprob aval present envi envía firm promulg adjudic licit inici comenz comienz empez empiez arranc reanud autoriz avanz ratific asign destin public oficializ respald design lanz contrat decret declar tramit turn remiti otorg calific ingres convalid excav retom despach"),
        _er("suscrib desembols ingres remit"),
        r"aprueban?|mandó al congreso|desembolsó|(?:dio|dieron) (?:inicio|el banderazo|luz verde|media sanción|un paso)|media sanción|luz verde|banderazo|visto bueno|buena pro|primera piedra|abrió el (?:llamado|registro)|presentaron ofertas|pasó al ejecutivo|partieron las",
        r"en (?:construcción|obras?|curso|ejecución|trámite|fase|etapa|licitación|proceso)|dictamen|licitación|pliegos?|registro|iniciativa|convocatoria|maquinaria|obreros|perforación|se (?:construyen?|edifican?|trabaja|realiza|tramita|negocia)|"
        r"\d[\d.,]* ?(?:%|por ciento) de (?:avance|ejecución)|avances? (?:de|del) \d|(?:lleva|va|van|presenta|registra)n? (?:\w+ ){0,3}?\d[\d.,]* ?(?:%|por ciento)|se (?:adelantó|publicará|abrirá|amplió)|(?:levant|revoc|anul)(?:ó|aron|a) (?:la |el )?(?:suspensión|veda|paro|medida cautelar)",
        r"(?:recibe|recibió|recibieron|reciben) (?:la |el )?(?:minuta|dictamen|iniciativa|proyecto)|anunci(?:ó|a|aron) (?:el |la |una? )?(?:\w+ )?(?:inicio|inversión|reducción|baja|decreto|licitación)",
    ),
    Status.KEPT: (
        _ar("inaugur entreg habilit termin complet elimin estren finaliz culmin privatiz gradu"),
        _er("aboli prohib conclu cumpl"),
        r"concluy(?:ó|eron|e)|inauguro|entr(?:ó|aron|a|an) (?:en (?:vigor|vigencia|operación|operaciones|funcionamiento|servicio|funciones)|a (?:regir|operar|funcionar))|(?:está|están|quedó|quedaron) (?:vigentes?|operativ[oa]s?|en (?:vigor|vigencia|operación|servicio|funcionamiento|las calles)|firme|abiert[oa]s?)|"
        r"(?:convirtió|convirtieron|convierte|despacha|despachó) (?:en|a) ley|sanción (?:final|definitiva)|sancion(?:ó|aron|a)|abri(?:ó|eron)(?= (?:sus|al|las puertas|\d|el (?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)))|abiert[oa]s? al|dej(?:ó|aron|an) de (?:cobrarse|aplicarse|regir|existir|pagar)",
        rf"(?:alcanz(?:ó|aron)|super(?:ó|aron|a)|lleg(?:ó|aron) a|cumpl(?:ió|ieron)(?: con)?) {_PROMISE}|rindi(?:ó|eron) protesta|asum(?:ió|ieron|en|e) (?:sus |el |los )?(?:cargos?|nuevos)|iniciaron funciones|(?:comenz|empez|inici|arranc)(?:ó|aron) (?:a (?:operar|funcionar|circular|atender|pagar\w*|generar|regir|prestar|recibir|dar)|operaciones)",
        r"ya (?:se )?(?:es|son|está|están|tienen?|reciben?|opera|funciona|cobran|rige|paga|aplica|atiende|circulan?|surte)|(?:funciona|rige|opera|reciben?|cuentan?|perciben|circulan?|surte|aplica) ya|(?:puso|pusieron|puesta) en marcha|(?:quit|levant)(?:ó|aron|a) (?:el |la |los |las )?(?:cepo|restricciones|prohibición|impuesto)|fin del (?!año|mes)\w+|"
        rf"primer(?:os|as|a)? (?:[\w-]+ ){{0,2}}?{_USERS}|por primera vez|{_SINCE}|(?:recibi(?:ó|eron)|cobraron) (?=.*\b(?:prometid|aumento|bono)\w*)|cerr(?:ó|aron) definitivamente|se encendieron|llegó a \d",
    ),
    Status.NOT_STARTED: (
        r"(?:no|nunca|sin que|ni siquiera) (?:se )?(?:ha |han |haya |hayan |fue |fueron |llegó a |llegaron a )?(?:comenz|empez|inici|arranc|present|envi|licit|adjudic|radic|puesto|remit)\w*|(?:todavía|aún) no (?:arranca|empieza|comienza|inicia|existe)n?|(?:sin|siguen? sin) (?:iniciar|empezar|comenzar|arrancar|licitar|presentar|enviar|redactar)\w*|"
        rf"(?:ni )?una? sol[oa] (?:ladrillo|piedra|casa)|ni una? (?:ladrillo|piedra)|nadie ha puesto|no hay más que|no (?:hay|existen?|se ven) {_within(3)}(?:obras?|proyecto|prototipo|trabajos?|señales|contratista|terreno)",
    ),
    Status.UNCLEAR: (
        r"(?:no|nadie|se) (?:se )?(?:sabe|desconoce|conoce|precisó|informó|aclaró|detalló) (?:si|cuánt\w+|qué|el número|la cifra)|se desconoce|no (?:está|queda|quedó) claro|(?:cifras|datos|versiones) (?:\w+ )?(?:contradictori|dispar|distint|diferent)\w+|no (?:hay|existen?) (?:cifras|datos|información|(?:un )?registros?|forma de)|"
        r"no (?:se )?(?:pudo|pudieron|puede|ha sido posible) (?:verificar|confirmar|comprobar|determinar)\w*|ni \w+ \w+ ni (?:\w+ ){1,4}saben?",
    ),
}
PART = (
    rf"{_COUNT} (?:\w+ )?de (?:los |las |sus )(?:\w+ )?(?:\d[\d.,]*|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|(?:prometid|previst|anunciad|ofrecid)\w*)|de (?:los|las) (?:\d[\d.,]*|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez) [^,]{{3,40}}, |parcial(?:es|mente)?|a medias|en parte|solo|sólo|apenas|únicamente|"
    r"primer[oa]? (?:de|fase|etapa|tramo|lote|\d)|hasta (?:ahora|el momento|la fecha|el \d)|temporal(?:es|mente)?|gradual(?:mente)?|excepto|salvo|seguirán?|restan(?:tes)?|el resto|(?:los|las) demás|no todos|la mitad|un tercio|una parte|\d ?(?:%|por ciento) de (?:los|las)|pero (?:no|aún|todavía)|falta[nr]?|limitad[oa]s?|recortad[oa]s?|piloto|posponer|retrasa|hasta 20\d\d|más de \d"
)
HEDGES = (
    r"no|nunca|ni|tampoco|sin|nadie|ning[úu]n[oa]?|si|podr[íi]an?|pueden?|será|serán|sería|serían|habría|habrían|había[n]?|sea|sean|haya|hayan|para|\w{2,}(?:rá|rán|ría|rían)(?<!secretaría)(?<!mayoría)(?<!auditoría)(?<!contraloría)|esperan?|esper(?:ó|aba)|prevén?|planean?|buscan?|quieren?|"
    r"pidi(?:ó|eron)|piden?|exig\w+|prom(?:ete|etió|etía|eten)|propon\w+|propuso|plante\w+|evalúan?|amenaz\w+|intentan?|cuando|hasta que|a fin de|neg(?:ó|aron)|deberían?|deberán?|rumor"
)
FUTURE = r"\w{2,}(?:rá|rán|ría|rían)(?<!secretaría)(?<!mayoría)(?<!auditoría)(?<!contraloría)|próxim[oa]"
STOPS = r"[;:,()—–“”\"]|\b(?:pero|aunque|mientras|sino|tras|y|que)\b"
