# ruff: noqa: E501 - rows of a table read better whole
"""Spanish: set phrases that stand for a status, and words that rule out a suggestion; see `phrases_en.py`.

For lower-case text with folded accents.
"""

from pledges.domain.rules import Status

_WORK = r"(?:obras?|construccion|trabajos)"

PHRASES = {
    Status.KEPT: (
        r"(?:desde|a partir de) (?:hoy|ayer|anoche|este \w+|esta \w+|el (?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|\d+ de \w+|1\w* de \w+)|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b[^;:.]{0,60} no (?:se )?(?:pagan?|cobran?|tributan?|abonan)\b",
        r"no (?:se )?(?:pagan?|cobran?|tributan?|abonan)\b[^;:.]{0,60} (?:desde|a partir de) (?:hoy|ayer|anoche|este \w+|esta \w+|el (?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|\d+ de \w+|1\w* de \w+)|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b",
        r"ya no (?:\w+ )?(?:pagan?|pagaran|se pagan?|se cobran?|tienen que|deben|cuestan?|tributan?|abonan|necesitan|requieren|les cobran|les descuentan)\b",
        r"(?:desde|a partir de) (?:hoy|ayer|este \w+|el (?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|\d+ de \w+|1\w* de \w+))[^;:.]{0,90}? (?:rige|rigen|funciona|funcionan|opera|operan|circula|circulan|se pagan?|se depositan?|se entregan?|reciben?|cobran?|atiende|atienden|es gratis|es gratuit[oa]|son gratuit[oa]s)\b",
    ),
    Status.IN_PROGRESS: (
        r"(?:obras?|construccion|trabajos)\b[^.;]{0,50} van? (?:a|por) (?:la mitad|medio camino)",
        r"ya se (?:ven|levantan|alzan|divisan) (?:los|las) (?:primer[oa]s )?(?:pilares|columnas|cimientos|muros|vigas|estructuras|paredes|bases)",
        r"(?:perforacion|excavacion|tuneladora|dragado|obras?|pavimentacion)\b[^.;]{0,50} (?:supera|alcanza|llega|lleva|acumula|suma|completa)n? [^.;]{0,20}(?:metros|kilometros|km)\b",
        r"(?:obras?|construccion|trabajos|proyecto|tramo|puente|hospital|linea|carretera|carcel|presa|planta|tunel|excavacion)\b[^.;]{0,70} (?:va|van|esta|estan|llega|llegan|supera|superan|"
        r"alcanza|alcanzan|roza|ronda|marcha|marchan|registra|registran|lleva|llevan|acumula) (?:\w+ ){0,3}?\d+(?:[.,]\d+)? ?(?:%|por ciento)",
        r"(?<!\w )luz verde (?:del?|al?|de la) ",
        r"avance (?:fisico )?(?:del|de un|de) \d+|\d+(?:[.,]\d+)? ?(?:%|por ciento) de (?:avance|ejecucion)|"
        r"\d+(?:[.,]\d+)? ?(?:%|por ciento) (?:completad|ejecutad|construid|terminad)[oa]",
    ),
    Status.BROKEN: (
        r"no (?:se )?cumpliran? (?:\w+ ){0,3}?(?:promesa|compromiso|meta|palabra)\b",
        r"pese a (?:su|la|haber|que habia) (?:promesa|compromiso|prometido|jurado)\w*(?: de)? (?:que )?no",
        r"el no (?:gano|se impuso|vencio|triunfo|gana)",
        r"no (?:se (?:construira|hara|implementara|aplicara|llevara)|ira mas|seguira adelante|va mas)",
    ),
    Status.STALLED: (
        r"no (?:logro|lograron|alcanzo|alcanzaron|consiguio|consiguieron|reunio|reunieron|obtuvo|obtuvieron|junto|tuvo) (?:\w+ ){0,3}?(?:votos|mayoria|quorum)\b",
        r"(?:anos?|meses|semanas) (?:mas tarde|despues) de lo (?:previsto|anunciado|prometido)",
    ),
    Status.NOT_STARTED: (
        r"(?:sigue|siguen|continua|permanece) siendo (?:solo )?(?:un|una) (?:maqueta|promesa|render|dibujo|plano|anuncio|letrero|cartel)",
        r"no hay (?:\w+ )?mas que (?:un |una |el |la )?(?:\w+ )?(?:cartel|valla|letrero|terreno|lote|maleza|monte|hueco|promesa|placa|render|maqueta|potrero|tierra)",
        r"(?:aun |todavia )?no (?:hay|tiene|tienen|cuenta con|existe) (?:siquiera )?(?:un |una |el |la )?(?:contratista|terreno|presupuesto|financiamiento|diseno|fecha de inicio|"
        r"licitacion|obra alguna|proyecto ejecutivo|estudios|anteproyecto|constructora)\b",
        r"no hay (?:rastro|senal|senales|indicio|indicios) de (?:\w+ )?(?:obras?|construccion|trabajos|maquinaria|movimiento)",
        r"(?:solo|apenas|unicamente) (?:hay|se ve|se ven|existe|crece) (?:\w+ )?(?:maleza|monte|pasto|hierba|letrero|valla|cartel|lodo|tierra|matorral\w*)",
        r"(?:crece|crecen|pastan|pasta) (?:la |el |las |los )?(?:maleza|monte|pasto|hierba|vacas|cabras|chivos|ganado|ovejas)",
        r"sin que (?:hasta ahora |aun |todavia )?(?:se )?(?:haya|hayan) (?:iniciado|comenzado|empezado|arrancado|licitado|adjudicado|presentado|enviado|colocado|puesto|movido|firmado|convocado)",
        r"(?:nadie|ninguna empresa|ninguna maquina|ningun obrero|ningun contratista) (?:ha|han) (?:\w+ )?(?:puesto|colocado|movido|iniciado|empezado|llegado|aparecido|trabajado|entrado)",
        r"ningun[oa]? (?:\w+ ){1,5}?(?:ha|han) sido (?:iniciad|licitad|adjudicad|contratad|presentad|enviad|construid|comenzad|convocad|seleccionad|designad)[oa]s?",
        r"nunca (?:llego|llegaron|se llego) a (?:\w+r(?:se)?)\b|(?:sigue|siguen|continua|continuan|esta|estan) sin (?:\w+r(?:se)?|fecha de inicio)\b",
        r"(?:no hay |no se ve |no se ha (?:\w+ ))?ni (?:un|una) (?:solo |sola )?(?:ladrillo|piedra|maquina|obrero|metro|palada|poste|pala|trabajador|cimiento|varilla|kilometro|casa|vivienda|bloque|estaca|peso|centavo|riel)\w*",
        r"(?:no|nunca|aun no|todavia no|ni siquiera) (?:se )?(?:ha|han) (?:movido|colocado|puesto|licitado|convocado|redactado|adjudicado|enviado|presentado|iniciado|arrancado|empezado|comenzado|contratado|tramitado|ingresado|firmado) ",
        r"(?:sigue|siguen|quedo|quedaron|continua|permanece) (?:solo )?(?:en el papel|en (?:los )?planos|en promesa|en anuncio)|no (?:ha )?(?:pasado|paso|salio|ha salido) (?:del|de un) (?:papel|anuncio|plano|render|discurso)",
        r"(?:sigue|es|continua|permanece) (?:siendo )?(?:un|una) (?:terreno|lote|potrero|descampado|baldio|predio|solar)\b(?: \w+)?|(?:terreno|lote|predio) (?:sigue|continua|permanece) (?:baldio|vacio|intacto)",
        r"(?:sigue|siguen|continua|continuan) sin (?:redactar|construir|iniciar|licitar|aprobarse ni enviar)(?:se)?",
        rf"{_WORK} (?:aun |todavia )?no (?:arranca|empieza|comienza)n?\b|{_WORK}(?: \w+){{0,6}}? (?:aun|todavia) no (?:arranca|empieza|comienza)n?\b",
        rf"{_WORK}(?: \w+){{0,6}}? (?:no|ni siquiera) (?:se )?(?:ha|han) (?:comenzado|iniciado|empezado|arrancado)",
        rf"{_WORK}(?: \w+){{0,6}}? (?:no|nunca) (?:se )?(?:empieza|empiezan|comienza|comienzan|arranca|arrancan|inicia|inician|"
        r"comenzaron|empezaron|arrancaron|iniciaron|comenzo|empezo|inicio)\b",
        r"(?:nunca|no|aun no|todavia no) (?:fue|ha sido|fueron|se ha) (?:enviad|presentad|remitid|adjudicad|iniciad|licitad)[oa]s?",
        r"(?:no|nunca) (?:ha|han) (?:presentado|enviado|remitido|iniciado|comenzado|empezado|licitado)",
        r"no se ha (?:puesto|colocado) (?:un|una|ni un|ni una) (?:solo |sola )?(?:ladrillo|piedra)|ni un solo ladrillo",
        r"(?:sigue|siguen) sin (?:presentar|enviar|empezar|comenzar|iniciar|arrancar|licitar|adjudicar|iniciarse)\w*",
    ),
    Status.UNCLEAR: (
        r"no (?:se )?(?:ha|han|fue|pudo|pudieron|puede|pueden|es) (?:sido )?(?:posible )?(?:verificar|confirmar|comprobar|establecer|determinar|verificarse|confirmarse|saber|precisar)",
        r"(?:se ignora|no consta|no se sabe|no se conoce|nunca se supo|sin que se sepa) (?:si|cuant|cual|que|donde|en que)\w*",
        r"(?:ministerio|gobierno|secretaria|ministro|ministra|instituto|autoridades) (?:\w+ )?(?:habla|hablan|dice|dicen|reporta|reportan|cuenta|asegura|registra) [^.;]{0,50}\d[^.;]{0,60}"
        r"(?:,|mientras|pero|y) [^.;]{0,40}(?:contraloria|auditoria|fiscalia|defensoria|estadistica|inec|inegi|dane|censo|tribunal de cuentas)\w*[^.;]{0,40}\d",
        r"(?:nadie|ninguna (?:entidad|institucion|autoridad)|ningun (?:organismo|ente)) (?:lleva|llevan|maneja|sabe|registra)",
        r"(?:da|dio|dan|dieron|ofrece|ofrecio|maneja|manejan|publico) (?:dos|tres|otras|varias) (?:cifras|versiones|cuentas)|(?:cifras|versiones|datos) (?:distint|diferent|contradictori|dispar|encontrad)\w*",
        r"(?:no hay|sin|no existe) (?:forma|manera|modo) de (?:saber|verificar|comprobar|determinar|conocer)|imposible (?:saber|determinar|verificar|comprobar|establecer)",
        r"(?:ni|no|nadie|tampoco)\b(?: \w+){0,6}? (?:sabe|saben|supo|pudo|puede|pueden|pudieron|logro|precisa|precisan|aclara|informa|dijo|dice|responde)(?: \w+){0,3}? (?:cuant[oa]s?|si|que porcentaje)\b",
        r"(?:cifras|datos|numeros|cuentas|registros|versiones)(?: \w+){0,6}? (?:no (?:coinciden|cuadran|concuerdan)|se contradicen|difieren|discrepan|contradictori\w+|dispares)",
        r"(?:es|sigue siendo) (?:una incognita|un misterio)|(?:no (?:lleva|llevan|hay|existe)) (?:un |ningun )?(?:registro|conteo|inventario|censo|padron)",
        r"nadie sabe (?:cuant\w+|si|que|donde)",
        r"se desconoce (?:si|cuant|cual|el|la)\w*",
        r"no (?:preciso|detallo|informo|revelo|aclaro|especifico|confirmo) (?:si|cuant\w+|el numero)",
        r"no (?:hay|existen) (?:cifras|datos|informacion|registros)",
        r"no (?:esta|queda|quedo) claro (?:si|cuant\w+|que)|cifras (?:contradictorias|dispares)",
    ),
    Status.PARTLY_KEPT: (
        r"(?:funciona|opera|atiende|trabaja|circula|rige)n? (?:a media|parcialmente|a medias|en parte)\w*",
        r"(?:cumpli\w+|construid[oa]s?|completad[oa]s?|ejecutad[oa]s?) (?:solo |a medias|parcialmente|en parte)",
        r"lejos de (?:los|las) [\d.,]+ (?:\w+ )?(?:prometid|previst|anunciad)[oa]s",
        r"anul(?:o|a) (?:una |en )?parte|tumb(?:o|a) (?:una )?parte",
    ),
}
PART = (
    r"primer[oa]s? (?:\w+ )?de (?:los|las|sus) (?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|\d)|pero no (?:a|al|para|en|los|las|el|la)\b|"
    r"(?:una?|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|[\d.,]*\d) (?:\w+ )?de (?:los |las |sus |un total de |unos |unas )?(?:(?!enero|febrero|marzo|abril|mayo|"
    r"junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\w+ ){0,2}?(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|(?!20\d\d\b)\d[\d.,]*)\b|"
    r"parcial\b|todos menos|todas menos|a excepcion|a media(?:s| maquina| capacidad)|(?:un|una|el|la) (?:solo|sola|unico|unica) (?:carril|sentido|calzada|ala|pabellon|torre|via|modulo|linea|turno)\b|"
    r"servicio limitado|capacidad (?:reducida|limitada)|horario (?:reducido|limitado)|(?:otr[oa]s?|demas|restantes?|resto|segund[oa]) (?:\w+ ){0,8}?(?:en obras|en construccion|paralizad[oa]s?|cerrad[oa]s?|"
    r"suspendid[oa]s?|pendientes?|sin|en disen[oa]|por (?:construir|entregar|abrir|terminar))|(?:en vez|en lugar) de (?:los|las|el|la)|menos de (?:la mitad|lo)|(?:meta|promesa) (?:de|era|es de|era de) \d|"
    r"(?:primera?|segunda?|tercera?) (?:fase|etapa|tramo|lote|entrega|tanda|grupo|cohorte|ronda|mitad)\b|"
    r"(?:pero|aunque|mientras|sin|con) (?:[\w-]+ ){0,8}?(?:no (?:asi|incluye|cubre|llega|estan?|hay|tienen?)|mas adelante|quedan? fuera|sin fecha|el proximo ano|"
    r"excluid[oa]s|deberan esperar|tendran que esperar)|no (?:asi|todos|todas)\b|de momento|por ahora|en una primera|plan piloto|como piloto|fase piloto|"
    r"(?:solo|solamente|unicamente|exclusivamente) (?:se |el|la|los|las|quienes|aquellos|cuando|durante|por|con|desde|de|hay)\b|los primeros (?:\d|dos|tres|cuatro|cinco|diez)[\d.,]* (?:kilometros|de)|"
    r"las primeras (?:\d|dos|tres|cuatro|cinco|diez)[\d.,]* de|sin (?:los|las|el|la) (?:\w+ )?(?:capitulos?|articulos?|resto|demas)|(?:faltan?|restan?|quedan? (?:por|pendientes?)) (?:\w+ ){0,3}?\d|"
    r"(?:los|las) otr[oa]s (?:dos|tres|cuatro|cinco|\d+)|menos de lo|salvo (?:en|los|las|para)|"
    r"excepto|a excepcion de|con excepcion de|limitad[oa]s? a|version (?:reducida|recortada|light)|recortad[oa]s?|una (?:fraccion|parte|cuarta parte|tercera parte) de|algun[oa]s de|"
    r"(?:solo|solamente|unicamente|apenas) (?:en|para|a|una?|dos|tres|los|las)\b|hasta ahora|hasta la fecha|a la fecha|\d+ ?(?:%|por ciento) de (?:los|las|lo|la)|"
    r"(?:dos|tres) (?:tercios|cuartos|cuartas partes|terceras partes) de|la tercera parte de|(?:en vez de|en lugar de|frente a|contra|lejos de|por debajo de|de) (?:los|las) (?:\w+ )?"
    r"[\d.,]+ (?:\w+ )?(?:prometid|previst|anunciad|ofrecid|comprometid|planead)\w+|[\d.,]+ de (?:los |las |sus |un total de )?(?:\w+ )?\d|"
    r"(?:pero|aunque|mientras|y) (?:que )?(?:\w+ ){0,6}?(?:aun|todavia|sigue|siguen|falta|faltan|pendientes?|quedan? (?:por|sin|fuera|pendiente)|espera|esperan|siguen sin)\b|"
    r"(?:otr[oa]s?|demas|restantes?|resto) (?:\w+ ){0,6}?(?:no|aun|todavia|sigue|siguen|falta|faltan|pendientes?|espera|esperan|quedo|quedaron|nada)\b|"
    r"(?:una?|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|[\d.,]+) de (?:los|las|sus) (?:dos|tres|cuatro|cinco|seis|"
    r"siete|ocho|nueve|diez|doce|[\d.,]+)\b|la mitad de|un tercio de|parcialmente|en parte\b|"
    r"(?:primera?|segunda?|ultim[oa]) (?:fase|etapa|tramo|lote|entrega|tanda|parte|grupo)\b|fase (?:1|i|uno)\b|(?:el resto|los demas|las demas|los restantes|las restantes|la otra|el otro) (?:\w+ ){0,6}?(?:no|sigue|siguen|espera|aun|todavia|falta|faltan|queda|quedan|sin|tendra|debera)\w*|a medias|(?:solo|apenas|solamente|unicamente) (?:se )?(?:\w+ )?\d[\d.,]*"
)
RECENT = r"lunes|martes|miercoles|jueves|viernes|sabado|domingo|hoy|ayer|esta (?:semana|manana)|este mes|anoche"
SAYS = (
    r"dijo|dice|dicen|anuncio|anuncia|confirmo|confirma|informo|informa|aseguro|asegura|senalo|indico|explico|afirmo|reconocio|"
    r"admitio|revelo|detallo|preciso|destaco|resolvio|sostuvo|comunico|opino|opina|advirtio|alerto|insistio|aseguran|afirman|sostienen|sostiene"
)
OTHERS = (
    r"(?:oposicion|opositor(?:es|a)?|sindicatos?|sindical(?:es)?|gremios?|analistas?|activistas?|criticos|economistas?|"
    r"expert[oa]s?|observadores|columnistas?|ong|fuentes|exministr[oa]|expresident[ea]|vecinos|medios|prensa|el diario|versiones|calificadora|moody'?s|abogad\w+|alcalde de|comentarist\w+|cientific\w+|lider(?:es)? (?:de la|del|opositor\w*|sindical\w*)|dirigentes?|bancada|empresarios|encuestadora|profesora?|academic[oa]s?)\b"
)
CLAIMS = r"record(?:o|aron) (?:el|la|que|los)|rememor\w+|aniversario|bulo|viral\w*|redes sociales|trascendio|arremeti\w+|fustig\w+|editorial|filtrad\w+|rumor\w*|falso|enganos\w*|denunci(?:o|a|an|aron)|acus(?:o|a|an|aron)|reclam(?:o|a|an|aron)|critic(?:o|a|an|aron)|lament(?:o|a|an|aron)|cuestion(?:o|a)"
ACCORDING = r"segun|de acuerdo con|para|a juicio de|en opinion de"
UNRELATED = (
    r"(?:delanter[oa]|futbolista|entrenador|portero|mediocampista|mundial de|juegos olimpicos|campeonato|concierto|torneo|"
    r"taquilla|netflix|por \w+ (?:partidos|fechas))s?\b"
)

FEW = (
    r"(?:solo|apenas|solamente|unicamente) (?:la mitad|un tercio|un cuarto|una (?:cuarta |tercera )?parte|un punado) de|"
    r"(?:solo|apenas|solamente|unicamente) (?:\w+ |\d[\d.,]* )(?:\w+ )?de (?:los|las|sus) (?:\w+ )?(?:[\d.,]+|dos|tres|cuatro|"
    r"cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|prometid\w+|previst\w+|anunciad\w+)\b|"
    r"de (?:los|las) (?:[\d.,]+|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte) [^;:]{1,60}?, "
    r"(?:ya|hasta ahora|hasta la fecha|solo|apenas|solamente|unicamente|(?:uno|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|\d+) )"
)
SOON = r"(?<!esta )(?<!la )manana|proxim[oa]s?|(?:el|en) (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)|pronto|dentro de|a fines de|a finales de|antes de"
COUNT = "una?|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta"
FUTURE = r"sera|seran|podria|podrian|si|habria|habrian|preve|espera|\w+aran|\w+eran|\w+iran|\w+rian"
HISTORY = (
    r"en (?:\w+ (?:de |del )?)?(?:19|20)\d\d|(?:el )?(?:ano|siglo) pasado|(?<!desde )hace (?:\w+ )?(?:anos|decadas|una decada|un ano)|"
    r"(?:\w+ )?anos (?:atras|antes)|(?:anterior|pasado|entonces) (?:gobierno|presidente|administracion|mandatario)|"
    r"(?:gobierno|administracion|gestion) (?:anterior|pasad[oa])|antecesor\w*|predecesor\w*|en su momento|expresident\w+"
)
SHARE = (
    r"(?:cerca de |casi |apenas |solo |mas de |menos de |alrededor de )?"
    r"(?:la mitad|(?:un|dos|tres) (?:tercios?|cuartos?|quintos?)|una? (?:\w+ )?parte|algun[oa]s|[\d.,]+ ?(?:%|por ciento))"
)
PLEDGED = (
    "(?:prometid|comprometid|previst|anunciad|ofrecid|planead|programad|proyectad|planificad|pactad|contemplad)[oa]s?"
)
# What was pledged is not said to be there.
UNDONE = "no|nunca|ningun[oa]?|ni|sin|suspendid[oa]s?|paralizad[oa]s?|cancelad[oa]s?|en (?:construccion|obras|ejecucion|tramite|licitacion)|adjudic\\w+|licit\\w+|inici\\w+|comenz\\w+"
