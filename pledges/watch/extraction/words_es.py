# ruff: noqa: E501 - rows of a table read better whole
"""Spanish: patterns for `plain` text: who governs and who does not, verbs of saying, forecasts, vague and concrete words."""

ARTICLES = "el|la|los|las|un|una|su|sus|nuestro|nuestra|El|La"
_OF = r"(?: de(?:l| la| los| las)? [a-z]+(?: y [a-z]+| [a-z]+ y [a-z]+)?)?"
ROLES = (
    r"president[ea]|primer ministro|primera ministra|gobernador(?:a)?|alcald(?:e|esa)|intendente|canciller|ministr[oa]|viceministr[oa]|"
    r"mandatari[oa]|jef[ea] de(?:l)? (?:estado|gobierno|ejecutivo|gabinete)|secretari[oa]|vicepresident[ea]|prefect[oa]|conseje?r[oa]|portavoz|vocer[oa]"
)
TITLES = (
    r"president[ea](?: elect[oa])?|primer ministro|primera ministra|gobernador(?:a)?|alcald(?:e|esa)|intendent[ea]|canciller|(?:vice)?ministr[oa]|"
    r"mandatari[oa]|secretari[oa]|vicepresident[ea]|portavoz|vocer[oa]|conseje?r[oa]|jef[ea] de la oposici[oó]n|l[ií]der opositor(?:a)?|diputad[oa](?: opositor(?:a)?)?|senador(?:a)?(?: opositor(?:a)?)?|"
    r"candidat[oa]|prefect[oa]|legislador(?:a)?|asamble[ií]sta|congresista"
)
LEGISLATORS = r"(?:diputad|senador|legislador|asamble|congresista)"  # a single legislator speaks only for themselves
OF_WHAT = r" (?:de(?:l| la| los| las)?) [A-ZÁÉÍÓÚ]\w+(?:,? (?:(?:y|de|e) )?[A-ZÁÉÍÓÚ]\w+)*?"
HOUSES = (
    r"gobierno|ministerio|ejecutivo|estado|gabinete|consejo de ministros|presidencia|administracion|municipio|municipalidad|ayuntamiento|"
    r"alcaldia|gobernacion|prefectura|cartera|secretaria de \w+|autoridades|consejeria"
)
OF_HOUSE = r"(?:de(?:l| la| los| las)?) [A-ZÁÉÍÓÚ][\wáéíóúñ]+(?:(?: y| de)? [A-ZÁÉÍÓÚ][\wáéíóúñ]+)*"
PRONOUNS = r"ella|ellos"
_RULERS = (
    "presidente|presidenta|gobernador|gobernadora|primer ministro|primera ministra|alcalde|alcaldesa|prefecto|prefecta"
)
SAME = {
    "mandatario": _RULERS,
    "mandataria": _RULERS,
    "jefe de estado": "presidente",
    "jefa de estado": "presidenta",
    "jefe del estado": "presidente",
    "jefe de gobierno": "presidente|primer ministro",
    "jefa de gobierno": "presidenta|primera ministra",
    "jefe del ejecutivo": "presidente|gobernador",
}
OTHERS = (
    r"oposicion|opositor(?:es|as?)?|sindicatos?|sindical(?:es)?|gremios?|analistas?|activistas?|criticos|economistas?|expert[oa]s|observadores|observatorio|"
    r"columnistas?|ong|adversari[oa]s?|rival(?:es)?|(?:los|otros|muchos) partidos|(?:el )?otro partido|la empresa|(?:el|un) tribunal|exministr[oa]|expresident[ea]|vecinos|prensa|periodicos|abogad[oa]s|cientific[oa]s|meteorologos|"
    r"lider(?:es)? (?:de la oposicion|opositor\w*|sindical\w*)|dirigentes?|bancada|empresarios|patronal|empresas|encuestas?|profesores|academicos|alcaldes|"
    r"(?:gobierno|administracion|presidente|ministro|ejecutivo|gobernador|alcalde)s? (?:anterior(?:es)?|pasad[oa]|saliente|previ[oa])|(?:anterior|pasado|saliente|antiguo|viejo)(?:es)? (?:gobierno|administracion|presidente|ministro)s?|"
    r"antecesor(?:a|es)?|predecesor(?:a|es)?|otros (?:prometieron|dijeron|anunciaron)|quienes gobernaron|algunos (?:dicen|creen)|muchos (?:dicen|creen)|banco central|banco mundial|fmi|calificadora|"
    r"ciudadanos|usuarios|pacientes|padres|docentes (?:piden|exigen)|trabajadores (?:exigen|piden|esperan)|medicos (?:piden|exigen)|agricultores|manifestantes|conductor[a]?|inversores|mercados|bandas?|jueces? (?:dijo|ordeno)|iglesia|obispos?"
)
SAID = (
    r"dijo|dice|dicen|afirmo|afirma|aseguro|asegura|anuncio|anuncia|agrego|agrega|anadio|anade|prometio|promete|señalo|señala|senalo|senala|explico|explica|"
    r"indico|indica|advirtio|advierte|informo|informa|confirmo|confirma|sostuvo|sostiene|declaro|declara|adelanto|adelanta|manifesto|manifiesta|"
    r"conto|cuenta|preciso|expreso|expresa|insistio|reitero|respondio|detallo|subrayo|recalco|apunto|comento|aclaro|recordo|enfatizo|revelo|destaco|garantizo|ratifico|avanzo|avanzó|concreto|puntualizo|zanjo|ha dicho|ha asegurado|ha anunciado|ha afirmado|ha explicado|ha confirmado|ha señalado|"
    r"añadió|afirmó|aseguró|anunció|agregó|prometió|señaló|explicó|indicó|advirtió|informó|confirmó|declaró|adelantó|manifestó|contó"
)
VOICE = r"(?:entrevista (?:con|a|al)|(?:discurso|mensaje|palabras|alocucion|declaracion|carta)\b[^.]{0,50}\b(?:de|del)|entrevista del|conversacion con)\b"

BELIEFS = (
    r"(?:cre[eo]n?|creemos|estiman?|calculan?|espera(?:n|mos)?|prev(?:e|en)|teme(?:n|mos)?|pronostica(?:n)?|proyecta(?:n)?|opinan?|piensan?|pienso|considera(?:n)?|"
    r"vaticinan?|supone(?:n)?|confian?|anhelan?|desean?|suena|ojala|quizas?|tal vez|acaso) (?:que|en que|un|una|el|la)?|ojala|quizas?|tal vez|si habra|"
    r"(?:pregunt|consult)\w+ (?:si|por)|nego (?:que|haber)|no descart\w+|no (?:dijo|preciso|contesto|quiso)|rehus\w+|evito|se preve|"
    r"segun (?:los|las|el|la|un|una) (?:analist|expert|oposici|encuest|economist|sindicat)\w*|piden?|exigen?|reclam\w+|demandan?|podrian?"
)
CONDITION = r"\b(?:si(?= (?:el|la|los|las|se|hay|nos|me|no|logramos|conseguimos|gana|congreso|tenemos|podemos))|siempre (?:que|y cuando)|a condicion de|en caso de|una vez que (?:el congreso|la asamblea|se apruebe)|salvo que|a menos que|cuando el congreso apruebe|de aprobarse|sujeto a)\b"
FORECAST_NOUNS = (
    r"economia|inflacion|crecimiento|precios?|pib|desempleo|paro|deficit|participacion|transito|demanda|exportaciones|importaciones|lluvias?|temperaturas?|"
    r"asesinatos|homicidios|votantes|gente|ninos|hijos|empresas|mercados?|ingresos|poblacion|sequia|turistas?|ventas|historia|adversarios?|dias?|crisis|guerra|elecciones|"
    r"manana|nadie|todos|eso|esto|dios|tiempo|futuro|dolar|tasas? de interes|alquileres|cosas?|cierre|recesion|recaudacion"
)
FORECAST_VERBS = (
    r"crecer|caer|seguir|superar|durar|tardar|sufrir|perder|ganar|votar|llover|fracasar|pasar|continuar|saber|ver|recordar|morir|perdonar|venir|necesitar|deber|poder|"
    r"ocurrir|suceder|depender|costar|parecer|significar|resultar|quedar|alcanzar|exceder|aumentar|subir|bajar|disminuir|estar|ser|haber|ir|encontrar|decir|querer"
)
OURS_TO_SET = r"(?:salarios?|sueldos?|pension(?:es)?|jubilacion(?:es)?|bonos?|impuestos?|iva|tarifas?|tasas? (?:judiciales|municipales)|aranceles|gasto|presupuesto|becas?|subsidios?|subvencion(?:es)?|cuotas?|dietas?)"
NO_PROMISE = r"(?:ver|perder|ganar|morir|saber|recordar|necesitar|deber|tener que|lamentar|pensar|creer|decir(?:l[eo]s?|te|nos|se)?|contar(?:l[eo]s?|te|nos)|hablar(?:l[eo]s?|te|nos)?|preguntar|responder|olvidar|sufrir|entender|esperar|votar|fracasar|volver a verlo|repetir|ser (?:facil|dificil|largo|duro)|poder|decidir|querer|enfrentar|estar (?:a tu lado|con (?:vos|ustedes|vosotros|el pueblo|la gente))|dejar de creer|salir adelante|dar(?:lo)? todo|volver (?:enseguida|sobre)|pedirl[eo]s?|escribir (?:una|la) nueva (?:pagina|historia)|dar vuelta (?:a )?la pagina|agradecer|saludar|felicitar|expresar|compartir|destacar|mencionar|referir|invitar|pedir|rendir homenaje|señalar|senalar|aclarar|dejar claro|comenzar|empezar|reconocer|empezar por|comenzar por)\b"
NO_ACT = r"(?:retrasar|perder|afectar|necesitar|perjudicar|ver|recordar|saber|notar|esperar|resentir)\b"  # something that happens to somebody
MEANS = r"\w+[aei]r\b|(?:la |el |los |las |est[aeo]s? |es[aeo]s? |nuestr[oa]s? |tod[oa]s? |nuev[oa]s? ){0,3}(?:medidas?|plan(?:es)?|ley(?:es)?|reformas?|rebajas?|pasos?|paquete|sistemas?|cambios?|ello|eso|esto)\b"
EFFECT = r"(?:ayudar|significar|mostrar|suponer|permitir(?: que)? |dar un impulso|impulsar|beneficiar|favorecer|contribuir)\b"  # what a measure does is not one more pledge
RECEIVE = r"(?:recibir|tener (?:acceso|derecho|gratis)|dejar de pagar|no pagar|pagar (?:la mitad|menos))\b"
NOBODY = r"(?:nadie|ningun|ni un)"
VAGUE_VERBS = r"(?:trabajar|luchar|esforzar|pelear|caminar|sonar|servir|escuchar|ser\b(?! (?:recluid|construid|gratuit|obligatori))|honrar|seguir|hacer (?:todo|lo posible|lo mejor|historia|patria|mas|las cosas|mucho)|dar (?:todo|lo mejor|esperanza)|velar|cuidar|defender (?:la libertad|la democracia|nuestros|la patria)|devolver (?:la esperanza|la dignidad|el orgullo|la confianza)|recuperar (?:la esperanza|la dignidad|el orgullo|la confianza)|construir (?:un (?:pais|futuro|mejor|nuevo pais)|una (?:nacion|sociedad|patria))|unir|respetar|no (?:descansar|rendir|olvidar|defraudar|fallar)|salir adelante|avanzar|estar (?:con|a|junto|cerca|al)|impulsar|promover|apoyar|fomentar|mejorar|fortalecer la democracia|transformar|salvar|gobernar|vivir|cumplir|poner (?:a la gente|al pais|primero))"
VAGUE_NOUNS = r"\b(?:(?:pais|futuro|nacion|sociedad|mundo|patria|pueblo|vida) (?:mas |mejor|unid|digna|justa)\w*|mejor (?:pais|futuro|vida|nacion)|dignidad|esperanza|grandeza|unidad nacional|valores|prosperidad|bien comun|justicia social|adelante)"
CONCRETE = r"\d|\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|docena|cien|mil|millones|mitad|duplicar|triplicar|cada|todos|todas|ley|impuesto|fondo|unidad|hospital(?:es)?|escuelas?|carcel(?:es)?|caminos?|puentes?|tren|viviendas?|policia|medicos?|maestros?|empleos?|salarios?|pension(?:es)?|contratos?|violencia|homicidios|delitos?)\b"
RECORD = r"diagnostic|logros|balance|por que|porque|lo que (?:hicimos|encontramos)|antecedentes|situacion|contexto|herencia|hered|indice|contacto|fuentes|quienes somos|(?:hemos|ha|han|habia)\b|desde \d|ya se"
PROGRAMME = r"programa|plan\b|propuestas?|compromisos?|promesas?|medidas|vamos a|haremos|nuestr|prioridades|agenda|plataforma|ejes"

VERBS = """
abolir abrir acabar acelerar adquirir ahorrar aliviar ampliar anular apoyar aprobar arreglar asegurar asignar atender auditar
aumentar autorizar bajar beneficiar brindar buscar cambiar cancelar capacitar castigar cerrar clausurar cobrar combatir
comprar concluir conectar conceder condonar congelar construir contratar controlar convertir convocar crear cubrir cumplir
cuidar dar declarar dejar depurar derogar desarrollar desmantelar desplegar destinar destituir detener devolver digitalizar
diseñar disminuir dotar duplicar edificar eliminar emitir encarcelar endurecer entregar enviar equipar erradicar escribir
establecer estudiar evitar eximir expropiar expulsar extender extraditar facilitar financiar firmar flexibilizar fortalecer frenar
fundar fusionar garantizar gastar habilitar hacer identificar impedir implementar imponer importar impulsar inaugurar incluir
incorporar incrementar indemnizar iniciar instalar instaurar integrar intervenir invertir investigar irrigar jubilar juzgar lanzar legalizar
levantar licitar limitar limpiar liberar llamar llevar mantener mejorar modernizar modificar multiplicar nacionalizar negociar nombrar ofrecer
organizar otorgar pagar pavimentar penalizar perseguir plantar poner potenciar premiar presentar prestar prevenir privatizar
profesionalizar prohibir promover promulgar proporcionar proteger publicar quitar realizar reabrir rebajar recluir reclutar reconstruir
recortar recuperar reducir reemplazar reforestar reforzar reformar regalar regular regularizar rehabilitar reintegrar remodelar renovar renunciar
reparar repartir respetar restablecer restaurar retirar revisar revocar romper salvar sancionar sembrar separar simplificar subir subsidiar
subvencionar suprimir suspender sustituir titular trasladar transferir transformar transparentar triplicar unificar urbanizar usar
utilizar vacunar vender vigilar visitar electrificar indultar despedir rendir ayudar bajar terminar finalizar ejecutar adjudicar ir
"""
