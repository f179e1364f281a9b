# ruff: noqa: E501 - rows of a table read better whole
"""Spanish: the words that say what became of a pledge. Read on lower-case text whose accents are folded.

Each line is one way to say it. Preterites, perfects, headline presents and the passive with "se"; futures,
conditionals, subjunctives and infinitives have no pattern here, and so never match.
"""

from pledges.rules import Status

_GAP = r"(?:[\w$€.,%-]+ ){0,5}?"
_THING = (
    r"(?:carcel(?:es)?|prision(?:es)?|penal(?:es)?|hospital(?:es)?|clinicas?|centros?|escuelas?|colegios?|universidad(?:es)?|"
    r"(?:aero)?puertos?|terminal(?:es)?|puentes?|carreteras?|autopistas?|autovias?|vias?|tren(?:es)?|metro|lineas?|tuneles?|"
    r"tunel|presas?|represas?|plantas?|fabricas?|estacion(?:es)?|unidad(?:es)?|oficinas?|parques?|viviendas?|casas|"
    r"buses|autobuses|ambulancias|barcos|buques|escaneres|fusiles|vehiculos|estadios?|mercados?|gasoductos?|pistas?|"
    r"tramos?|fase|etapa|pasos? fronterizos?|guarderias?|bibliotecas?|bases?|consultorios?|becas|titulos|patrulleros?)\b"
)
_RULE = (
    r"(?:ley(?:es)?|anteproyectos?|proyectos?|decretos?|reformas?|contratos?|convenios?|reglamentos?|acuerdos?|tratados?|"
    r"presupuestos?|plan(?:es)?|impuestos?|iva|tasas?|aranceles?|enmiendas?|medidas?|constitucion|codigos?|normas?|"
    r"programas?|promesas?|subsidios?|prohibicion|licitacion|subastas?|pension(?:es)?|peajes?|privatizacion|"
    r"referendum|politicas?|articulos?|normativa|aumento|matriculas?|concursos?|cuotas?|ordenanzas?)\b"
)
_ANY = rf"(?:{_THING}|{_RULE})"
_FUE = r"(?:fue|fueron|ha sido|han sido|queda|quedan|quedo|quedaron)(?: \w+mente| ya| finalmente| oficialmente)?"
_ESTA = r"(?:esta|estan|sigue|siguen|permanece|permanecen|continua|continuan|lleva|llevan)(?: \w+){0,3}?"
_COURT = r"(?:cortes?|juez|jueza|jueces|tribunal(?:es)?|justicia|supremo|magistrad[oa]s?|juzgado)"
_WORK = r"(?:obras?|construccion|trabajos)"

CUES = {
    Status.KEPT: (
        r"ya (?:funciona|opera|circula|rige|atiende|esta operativ[oa]|estan operativ[oa]s)n?\b",
        r"(?:desde (?:hoy|ayer|el \w+)) (?:rige|funciona|opera)",
        r"(?:recibio|recibieron) (?:las|los|la|el) (?:\w+ ){0,3}?prometid[oa]s?",
        r"(?:esta|estan) (?:operando|operativ[oa]s?|abiert[oa]s?)",
        r"que abrio (?:el|este) \w+",
        rf"(?:ha |han )?inaugur(?:o|a|aron|an|ado)\b (?!(?:las? |los )?{_WORK}\b){_GAP}{_ANY}",
        rf"(?:inaugur(?:o|a|aron|an))\b(?! (?:las? |los )?{_WORK}\b)(?= (?:el|la|los|las|un|una)\b)",
        r"se (?:ha |han )?(?:inaugur(?:o|aron|ado)|reabri(?:o|eron))\b(?! (?:las |los |la construccion)(?:obras|trabajos)?)",
        r"(?:entro|entraron|entra|entran|ha entrado|han entrado) en (?:vigor|vigencia|funcionamiento|operacion(?:es)?|servicio)",
        r"(?:esta|estan|rige|ya rige) (?:ya )?en (?:vigor|vigencia|funcionamiento|operacion)",
        rf"(?:ha |han )?entreg(?:o|a|aron|an|ado)\b (?:mas de |unas? |los |las )*(?:\d|{_GAP}{_THING}|la mitad de)",
        r"se (?:han |ha )?entreg(?:o|aron|ado)\b",
        rf"{_FUE} (?:entregad|inaugurad|concluid|terminad|culminad|finalizad|abiert|reabiert|cumplid|eliminad|construid)[oa]s?",
        rf"(?:ha|han) (?:eliminado|cumplido|concluido|terminado|suprimido) {_GAP}(?:{_ANY}|meta|objetivo)",
        rf"(?:elimino|suprimio) {_GAP}{_RULE}",
        r"(?:empez(?:o|aron)|comenz(?:o|aron)|empieza|comienza) a (?:operar|funcionar|generar|circular|atender|recibir|regir)",
        rf"(?:culmin|conclu|finaliz|termin)(?:o|yo|aron|yeron) (?:la|las|el|los) {_WORK}",
        r"abri(?:o|eron) sus puertas|abre sus puertas|abrio al (?:publico|trafico|transito)",
        rf"abri(?:o|eron) (?!una? (?:investigacion|expediente|debate|proceso|licitacion|concurso)){_GAP}{_THING}",
        r"(?:se )?(?:puso|pusieron|puesta|puesto) en (?:marcha|funcionamiento|servicio|operacion)",
        r"cerro definitivamente",
        r"(?:se )?(?:cumplio|cumplieron|alcanzo|supero) (?:con )?(?:la|su|el) (?:meta|objetivo|promesa|compromiso)",
    ),
    Status.IN_PROGRESS: (
        r"(?:dan|da|dio|dieron) media sancion",
        r"(?:maquinaria|maquinas|obreros|cuadrillas|operarios) (?:\w+ ){0,2}?(?:trabajan?|excavan?|iniciaron|comenzaron)",
        r"(?:gano|gana|obtuvo|se adjudico) (?:la|el|una|un) (?:licitacion|contrato|concurso|concesion)",
        rf"(?:aprob(?:o|aron|ado)|aprueban?|promulg(?:o|a)|firm(?:o|a|aron)|suscrib(?:io|e|ieron)|expid(?:io|e)|"
        rf"emit(?:io|e)|sancion(?:o|a)|ratific(?:o|a)|avala|avalo|respald(?:a|o)|convalid(?:a|o)) {_GAP}{_RULE}",
        r"se (?:aprob|firm|adjudic|promulg|suscribi|licit|ratific)(?:o|aron|eron)\b",
        r"(?:la|lo|las|los) (?:aprob|ratific|promulg|firm)(?:o|aron)\b",
        rf"{_FUE} (?:aprobad|firmad|adjudicad|promulgad|contratad|ratificad|licitad|sancionad)[oa]s?",
        r"(?:dio|da|dan|dieron|ha dado) (?:luz verde|via libre) (?:a|al|para)",
        r"adjudic(?:o|a|aron|an)\b|licit(?:o|a|aron) (?:la|el|las|los) ",
        rf"inaugur(?:o|a|aron|an) (?:las? |los )?{_WORK}\b",
        rf"(?:dio|da|dieron) (?:inicio|comienzo|arranque) a (?:las? |los )?{_WORK}\b",
        r"(?:coloc(?:o|a)|puso|pone) la primera piedra",
        rf"(?:inici(?:o|a|aron|an)|arranc(?:o|a|aron|an)|empez(?:o|aron)|empiezan?|comenz(?:o|aron)|comienzan?|avanzan?|"
        rf"continuan?|prosiguen?) (?:\w+ ){{0,2}}?{_WORK}\b",
        rf"{_WORK} (?:\w+ ){{0,6}}?(?:inici(?:o|aron)|arranc(?:o|aron)|empez(?:o|aron)|comenz(?:o|aron)|avanzan?)\b",
        rf"(?:envi(?:o|a)|remit(?:io|e)|present(?:o|a)|ingreso) {_GAP}(?:anteproyecto|proyecto|reforma)",
        r"avanz[ao] (?:\w+ ){0,3}?\d+|avance (?:fisico )?(?:del|de un|de) \d+|\d+(?:[.,]\d+)? ?% de avance|"
        r"\d+(?:[.,]\d+)? ?% (?:completad|ejecutad|construid|terminad)[oa]",
        r"(?:abrio|lanzo|convoco) (?:a )?(?:la |el |una |un )?(?:licitacion|concurso)",
        r"(?:esta|estan|siguen?|continuan?) (?:ya )?(?:en marcha|en curso|en construccion|en ejecucion|en obras)",
        r"(?:se )?(?:reanud|retom|reinici)(?:o|aron|a|an)\b|(?:se )?(?:ha|han) reanudado",
        r"(?:levant|revoc|anul|retir|cancel|dej)(?:o|a|aron)(?: sin efecto)? (?:la |el |las |una )?(?:suspension|medidas? "
        r"cautelar(?:es)?|paralizacion|veto|bloqueo|amparo)",
        r"(?:suspension|medida cautelar) (?:\w+ ){0,4}?(?:fue|ha sido|quedo) (?:levantada|revocada|anulada)",
    ),
    Status.STALLED: (
        rf"(?:tiene|tienen|mantiene|mantienen) (?:parad|paralizad|detenid|frenad|bloquead)[oa]s? {_GAP}(?:{_WORK}|{_ANY})",
        r"(?:quedo|quedaron|esta|estan|sigue|siguen) (?:trabad|empantanad|atascad|encallad|varad)[oa]s?",
        r"(?:pospone|pospuso|retrasa|retraso|aplaza|aplazo) (?:a|al|hasta|para) ",
        r"(?:anos?|meses) mas tarde de lo previsto",
        rf"{_COURT}\W+(?:\w+\W+){{0,6}}?(?:suspend(?:io|e|ieron|en)|bloque(?:o|a)|fren(?:o|a)|paraliz(?:o|a)|congel(?:o|a)|"
        r"detiene|detuvo)\b",
        rf"(?:suspendid|bloquead|paralizad|frenad)[oa]s? (?:\w+ ){{0,3}}?por (?:\w+ ){{0,3}}?{_COURT}",
        rf"(?:{_ANY}|{_WORK})(?: \w+){{0,5}}? (?:{_ESTA}|{_FUE})(?: \w+)? (?:suspendid|paralizad|detenid|estancad|frenad|"
        r"bloquead|aplazad|postergad|congelad|parad|paradas|empantanad)[oa]?s?\b",
        rf"(?:{_FUE}|{_ESTA}) (?:en suspenso|en el aire|en punto muerto|aplazad[oa]s?|postergad[oa]s?|suspendid[oa]s?|"
        rf"paralizad[oa]s?)(?! por \w+ partidos?)",
        r"se (?:suspend|detuv|paraliz|posterg|aplaz|fren|retras|congel)(?:io|ieron|o|aron|ieron)\b",
        rf"(?:ha |han )?(?:suspend(?:io|en|e|ieron|ido)|paraliz(?:o|a|an|aron|ado)|aplaz(?:o|a|an|aron|ado)|"
        rf"posterg(?:o|a|an|aron|ado)|congel(?:o|a|an|ado)|retras(?:o|a|an)|fren(?:o|a)|pospus(?:o|ieron)|pospone) "
        rf"{_GAP}(?:{_ANY}|{_WORK}|apertura|entrega|votacion)",
        r"(?:amplio|amplia|extendio|extiende|prorrogo|prorroga|movio) (?:\w+ ){0,2}?plazo",
        r"(?:acumulan?|registran?|arrastran?|sufren?) (?:\w+ ){0,4}?(?:retrasos?|demoras?|atrasos?)",
        r"(?:asamblea|congreso|legislativo|senado|parlamento|camara|diputados|senadores) (?:\w+ ){0,2}?"
        r"(?:archiv(?:o|a)|rechaz(?:o|a|aron|an)|neg(?:o|aron)|tumb(?:o|a)|hundio)\b(?! (?:una |la )?mocion)",
        rf"(?:veto|veta|objeto|ha vetado)\b {_GAP}{_RULE}",
        r"(?:negociaciones|dialogo|conversaciones)(?: \w+){0,4}? (?:se )?(?:rompieron|rompio|fracasaron|fracaso|estancaron)",
    ),
    Status.BROKEN: (
        r"(?:da|dio) carpetazo a",
        r"(?:ciudadania|votantes|electores|pais) dijo no\b",
        r"descart(?:o|a) (?:construir|crear|bajar|eliminar|reducir|subir|aumentar)",
        rf"(?:ha |han )?(?:retir(?:o|a|aron|ado)|cancel(?:o|a|aron|ado)|desist(?:io|e|ido) de|abandon(?:o|a|aron|ado)|"
        rf"descart(?:o|a|aron|ado)|anul(?:o|a|aron|ado)|derog(?:o|a|aron|ado)|renunci(?:o|a|ado) a|tumb(?:o|a)|"
        rf"revoc(?:o|a)|rescindi(?:o|eron)|deja sin efecto|dejo sin efecto|sepult(?:o|a)|incumpl(?:io|e|ieron|ido))\b "
        rf"(?!{_GAP}(?:suspension|medidas? cautelar)){_GAP}(?:{_ANY}|{_WORK}|meta|bajar|compromiso)",
        r"se (?:retir|cancel|descart|anul|derog|abandon|revoc)(?:o|aron)\b(?! la suspension)",
        rf"{_FUE} (?:retirad|cancelad|descartad|anulad|derogad|abandonad|revocad|desechad|rescindid)[oa]s?",
        r"(?:votantes|electores|ciudadanos|ecuatorianos|ciudadania|vecinos)(?: \w+){0,3}? (?:rechaz(?:o|aron|an)|"
        r"votaron en contra|dijeron no)\b",
        r"rechazad[oa]s? (?:\w+ ){0,4}?(?:en las urnas|por los (?:votantes|electores)|en (?:el |un )?referendum|"
        r"en (?:la|una) consulta)",
        r"el no (?:gano|se impuso|vencio|triunfo|gana)",
        r"declar(?:o|a|ada|ado|ados|adas) (?:\w+ ){0,4}?(?:inconstitucional(?:es)?|nul[oa])",
        r"(?:dio|da|ha dado|dieron) marcha atras",
        r"pese a (?:su|la) (?:promesa|compromiso) de no",
        r"(?:incumpl(?:io|e|ieron)|rompio) (?:con )?(?:la|su|el|sus) (?:\w+ )?(?:meta|promesas?|compromisos?)",
    ),
    Status.NOT_STARTED: (
        r"(?:sigue|siguen|continua|continuan) sin (?:redactar|construir|iniciar|licitar|aprobarse ni enviar)(?:se)?",
        rf"{_WORK} (?:aun |todavia )?no (?:arranca|empieza|comienza)n?\\b|{_WORK}(?: \\w+){{0,6}}? (?:aun|todavia) no (?:arranca|empieza|comienza)n?\\b",
        rf"{_WORK}(?: \w+){{0,6}}? (?:no|ni siquiera) (?:se )?(?:ha|han) (?:comenzado|iniciado|empezado|arrancado)",
        rf"{_WORK}(?: \w+){{0,6}}? (?:no|nunca) (?:se )?(?:empieza|empiezan|comienza|comienzan|arranca|arrancan|inicia|inician|"
        r"comenzaron|empezaron|arrancaron|iniciaron|comenzo|empezo|inicio)\b",
        r"(?:nunca|no|aun no|todavia no) (?:fue|ha sido|fueron|se ha) (?:enviad|presentad|remitid|adjudicad|iniciad|licitad)[oa]s?",
        r"(?:no|nunca) (?:ha|han) (?:presentado|enviado|remitido|iniciado|comenzado|empezado|licitado)",
        r"no se ha (?:puesto|colocado) (?:un|una|ni un|ni una) (?:solo |sola )?(?:ladrillo|piedra)|ni un solo ladrillo",
        r"(?:sigue|siguen) sin (?:presentar|enviar|empezar|comenzar|iniciar|arrancar|licitar|adjudicar|iniciarse)\w*",
    ),
    Status.UNCLEAR: (
        r"nadie sabe (?:cuant\w+|si|que|donde)",
        r"se desconoce (?:si|cuant|cual|el|la)\w*",
        r"no (?:preciso|detallo|informo|revelo|aclaro|especifico|confirmo) (?:si|cuant\w+|el numero)",
        r"no (?:hay|existen) (?:cifras|datos|informacion|registros)",
        r"no (?:esta|queda|quedo) claro (?:si|cuant\w+|que)|cifras (?:contradictorias|dispares)",
    ),
    Status.PARTLY_KEPT: (
        r"(?:cumpli\w+|construid[oa]s?|completad[oa]s?|ejecutad[oa]s?) (?:solo |a medias|parcialmente|en parte)",
        r"lejos de (?:los|las) [\d.,]+ (?:\w+ )?(?:prometid|previst|anunciad)[oa]s",
        r"anul(?:o|a) (?:una |en )?parte|tumb(?:o|a) (?:una )?parte",
    ),
}
PART = (
    r"(?:una?|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|[\d.,]+) de (?:los|las|sus) (?:dos|tres|cuatro|cinco|seis|"
    r"siete|ocho|nueve|diez|doce|[\d.,]+)\b|la mitad de|un tercio de|parcialmente|en parte\b|"
    r"(?:la )?primera (?:fase|etapa)|primer tramo|(?:solo|apenas|solamente|unicamente) (?:se )?(?:\w+ )?\d[\d.,]*"
)
NEAR = r"no|nunca|jamas|ni|tampoco|casi|supuestamente|presuntamente|habria|habrian|haya|hayan|hubiera|hubiese|habia|habian|hubieran|se habria"
FAR = (
    r"nadie|ningun\w*|niega|nego|negaron|desmi\w+|preve|preven|prevista?s?|previstos?|planea\w*|pretende\w*|"
    r"espera(?:n|ba)?\b|prometi\w+ que|propone\w*|propuso|pide\w*|pidio|pidieron|exig\w+|podrian?|debe(?:n|ria)? |"
    r"para que|a fin de que|si|cuando se|hasta que|antes de|una vez que|supuest\w+|presunt\w+|posible\w*|quiza\w*|tal vez|"
    r"rumor\w*|nunca|jamas|tampoco|habrian?|falso que|no es cierto|amenaz\w+|teme\w*|encuesta"
)
BEFORE = r"tras|luego de|despues de|desde que|cuando|hace \w+ (?:anos|meses)|mientras|como"
RECENT = r"lunes|martes|miercoles|jueves|viernes|sabado|domingo|hoy|ayer|esta (?:semana|manana)|este mes|anoche"
SAYS = (
    r"dijo|dice|dicen|anuncio|anuncia|confirmo|confirma|informo|informa|aseguro|asegura|senalo|indico|explico|afirmo|reconocio|"
    r"admitio|revelo|detallo|preciso|destaco|resolvio|sostuvo|ya|asi|lo|dado|puesto|comunico"
)
RELATIVE = r"que|quien|quienes|cuy[oa]s?|donde"
OTHERS = (
    r"(?:oposicion|opositor(?:es|a)?|sindicatos?|sindical(?:es)?|gremios?|analistas?|activistas?|criticos|economistas?|"
    r"expert[oa]s?|observadores|columnistas?|ong|fuentes|exministr[oa]|expresident[ea]|vecinos|profesora?|academic[oa]s?)\b"
)
CLAIMS = r"denunci(?:o|a|an|aron)|acus(?:o|a|an|aron)|reclam(?:o|a|an|aron)|critic(?:o|a|an|aron)|lament(?:o|a|an|aron)|cuestion(?:o|a)"
ACCORDING = r"segun|de acuerdo con|para|a juicio de|en opinion de"
UNRELATED = (
    r"(?:delanter[oa]|jugador(?:es|a)?|futbolista|entrenador|partidos?|vuelos?|concierto|aerolinea|club|equipo|festival|"
    r"fianza|torneo|portero|cuenta)s?\b"
)
