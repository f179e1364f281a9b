# ruff: noqa: E501 - rows of a table read better whole
"""Spanish: nouns by class and what verbs with them say of a pledge. Data only, without accents; see `lexicon_en.py`."""

NOUNS = {
    "T": """carcel prision penal penitenciaria centro hospital clinica escuela colegio universidad campus liceo instituto
        aeropuerto puerto terminal puente via carretera autopista autovia ruta corredor viaducto tren ferrocarril metro
        metrocable teleferico tranvia linea tunel presa represa embalse acueducto canal planta refineria fabrica estacion
        subestacion unidad ala oficina parque granja vivienda casa piso departamento apartamento bus autobus ambulancia
        patrullero patrullera patrulla barco buque lancha fragata submarino avion helicoptero dron escaner fusil arma
        vehiculo camion camioneta estadio mercado gasoducto oleoducto poliducto pista embajada consulado paso tramo fase
        etapa carril cuartel base refugio albergue guarderia biblioteca museo teatro laboratorio reactor turbina red cable
        satelite computadora tableta laptop texto uniforme kit vacuna dosis pozo alcantarillado relleno muro valla aduana
        juzgado edificio complejo proyecto obra sede servicio portal plataforma aplicacion sistema academia terminal muelle bodega mina central hidroelectrica
        termoelectrica termica eolico fotovoltaico solar programa beca bono tarjeta equipo camara radar flota tractor
        locomotora vagon agua electricidad energia generador barcaza policlinico consultorio ambulatorio quirofano
        cama sala cuna jardin comedor polideportivo ciclovia avenida calle distribuidor libramiento anillo cable cablebus
        hipodromo malecon trolebus metrobus recinto pabellon modulo ciudadela conjunto urbanizacion titulo escritura
        medicamento medicina""",
    "I": "agencia ministerio secretaria comision fondo banco instituto ente oficina organismo empresa",
    "Y": """ley anteproyecto proyecto decreto reforma enmienda iniciativa presupuesto codigo estatuto reglamento texto
        constitucion rendicion dnu""",
    "K": "contrato concesion licitacion obra trabajo",
    "R": """ley anteproyecto proyecto decreto reforma contrato convenio reglamento acuerdo tratado pacto presupuesto plan
        impuesto iva tasa arancel gravamen tributo retencion enmienda medida constitucion codigo norma normativa programa
        promesa compromiso subsidio subvencion prohibicion moratoria licitacion subasta pension peaje privatizacion
        referendum referendo plebiscito consulta politica articulo concurso cuota ordenanza estatuto resolucion texto
        iniciativa propuesta paquete directiva estrategia mocion clausula capitulo disposicion titulo rebaja recorte
        aumento alza incremento subida tope techo precio alquiler salario sueldo prestacion bono credito beneficio
        exencion requisito permiso visa licencia concesion compra venta fusion prestamo financiamiento financiacion dinero
        garantia beca servicio recargo multa edad limite meta objetivo umbral confinamiento toque restriccion sancion
        embargo frontera tribunal memorando protocolo legalizacion despenalizacion nacionalizacion estatizacion indulto
        amnistia traspaso fuero jornada semana bicameralidad tren oferta estudio adjudicacion orden presupuestaria dnu
        decretazo tarifa tarifario matricula gratuidad aborto eutanasia ppe votacion dictamen ponencia documento
        designacion nombramiento eleccion censo desregulacion ajuste cepo licenciamiento adquisicion amparo concordato
        regimen estado excepcion excepción traslado creacion construccion instalacion eliminacion""",
    "W": """obra construccion trabajo edificacion excavacion dragado pilotaje perforacion demolicion pavimentacion asfaltado
        ampliacion remodelacion rehabilitacion renovacion restauracion modernizacion electrificacion ensanche instalacion
        montaje ejecucion reconstruccion implementacion despliegue
        cimentacion colocacion tendido repavimentacion mejoramiento faena""",
    "P": """negociacion dialogo conversacion proceso procedimiento licitacion concurso subasta consulta reclutamiento
        contratacion inscripcion registro apertura lanzamiento inauguracion entrega votacion debate lectura distribucion
        desembolso pago envio traspaso revision venta tramite tramitacion discusion mesa piloto prueba llamado convocatoria
        matriculacion empadronamiento vacunacion reparto""",
    "B": """pago prestacion pension subsidio bono ayuda cobertura reembolso devolucion salario sueldo comida almuerzo
        desayuno medicina medicamento tratamiento atencion descuento credito beca aguinaldo transferencia seguro permiso
        licencia racion alimento""",
    "H": """suspension cautelar paralizacion veto bloqueo amparo congelamiento congelacion moratoria pausa freno
        prohibicion paro impedimento""",
    "D": "plazo fecha apertura entrega inauguracion inicio votacion lanzamiento entrada aplicacion implementacion llegada",
    "C": """corte juez jueza tribunal justicia magistrado magistrada supremo supremos sala camara juzgado constitucional
        contencioso contraloria judicatura audiencia fiscalizador contralor""",
    "L": """asamblea congreso legislativo legislatura senado parlamento camara diputado diputada senador senadora
        legislador legisladora asambleista congresista pleno plenario comision cortes parlamentario concejo""",
    "V": """votante elector ciudadano ciudadania electorado pueblo urna referendum referendo plebiscito consulta poblacion
        ecuatoriano chileno uruguayo colombiano panameno suizo boliviano mexicano peruano costarricense italiano""",
    "U": """pasajero paciente alumno estudiante interno recluso preso reo viajero usuario conductor auto carro camion barco
        buque bus autobus tranvia tren avion vuelo familia inquilino vecino beneficiario cliente visitante nino
        pensionista jubilado recluta maestro docente medico policia turista ciclista peaton trabajador agricultor
        solicitante hogar mujer madre refugiado agente vehiculo carga contenedor adulto""",
    "M": """maquinaria maquina obrero cuadrilla operario ingeniero retroexcavadora excavadora tuneladora grua constructora
        contratista camion pala volqueta topografo trabajador""",
    "F": "fondo dinero prestamo financiamiento financiacion presupuesto recurso credito millon partida desembolso",
    "G": "meta objetivo promesa compromiso cuota palabra oferta",
    "X": """investigacion expediente fuego vuelo clase partido discurso debate sesion cuenta critica apelacion recurso
        fianza acusacion denuncia solicitud deuda cargo tropa embajador jugador duda caso audiencia cumbre conferencia
        reunion evento acto festival exposicion exhibicion muestra feria seminario taller foro congreso encuentro curso
        campeonato torneo ataque ofensiva huelga paro mensaje mensaje advertencia sentencia golpe brecha herida puerta
        guerra campana mitin protesta sospechoso funcionario delantero entrenador club equipo concierto gira disco cancion
        pelicula temporada suscripcion aerolinea portero accion bolsa divisa llamado argumento idea sugerencia afirmacion
        comentario informe reporte carta correo pregunta homenaje pesame corona premio medalla reconocimiento monumento
        estatua mural placa ojo boca ano galardon flor condecoracion diploma ultimatum oportunidad paso camino via
        jornada amistad relacion celebracion gala campeon asado acta lista demanda versión postura credencial visita viaje candidatura agenda rueda pasaporte vacacion fiesta ceremonia boda tienda restaurante
        hotel sucursal supermercado escolar lectivo judicial""",
}

KEPT = """
    poner_a_rodar poner_a_operar poner_a_funcionar poner_a_disposicion ser_*_realidad ser_realidad hacer_realidad hacerse_realidad
    estar_abierto:T estar_abierta:T estar_abiertos:T entregar>W disolver>I
    abrir:T abrir>T reabrir:T reabrir>T abrir_puertas abrir_sus_puertas abrir_*_al_publico abrir_*_al_trafico
    abrir_*_al_transito habilitar>T habilitar>A inaugurar>A estrenar>T cortar_*_cinta
    entrar_en_vigor entrar_en_vigencia entrar_en_funcionamiento entrar_en_operacion entrar_en_operaciones
    entrar_en_servicio entrar_en_funciones entrar_a_regir entrar_a_operar entrar_a_funcionar cobrar_vigencia
    quedar_en_vigor quedar_en_vigencia estar_en_vigor estar_en_vigencia estar_en_funcionamiento estar_en_operacion
    estar_en_servicio estar_vigente estar_operativo estar_operativa estar_operativos estar_operativas estar_operando
    estar_funcionando     quedar_operativo quedar_operativa quedar_abierto quedar_abierta
    quedar_inaugurado quedar_habilitado quedar_habilitada
    regir:R regir_desde regir_a_partir regir_hoy surtir_efecto hacer_efectivo hacer_efectiva hacerse_efectivo
    entregar>T entregar>B entregar_*_llaves entregar_*_llave recibir_*_llaves recibir_*_prometido recibir_*_prometida
    recibir_*_prometidos recibir_*_prometidas
    completar>T completar>W completar>G terminar>W terminar>T terminar:W concluir>W concluir>T concluir:W culminar>W
    culminar>T culminar:W finalizar>W finalizar>T finalizar:W acabar>W
    construir>T instalar>T edificar>T contratar>U reclutar>U pavimentar>T asfaltar>T conectar>U vacunar>U
    eliminar>A suprimir>A abolir erradicar prohibir>R cumplir>G cumplir_con>G cumplir_la_meta cumplir_su honrar>G
    alcanzar>G superar>G saldar>G
    comenzar_a_operar comenzar_a_funcionar comenzar_a_circular comenzar_a_generar comenzar_a_atender
    comenzar_a_recibir comenzar_a_regir comenzar_a_prestar comenzar_a_producir comenzar_a_pagarse comenzar_a_pagar
    comenzar_a_aplicarse comenzar_a_aplicar comenzar_a_rodar comenzar_a_cobrar comenzar_a_transportar
    comenzar_a_bombear comenzar_a_suministrar comenzar_a_entregar comenzar_a_repartir comenzar_operaciones
    comenzar_*_operaciones comenzar_a_volar comenzar_a_inyectar comenzar_a_abastecer comenzar_a_despachar
    empezar_a_operar empezar_a_funcionar empezar_a_circular empezar_a_generar empezar_a_atender empezar_a_recibir
    empezar_a_regir empezar_a_prestar empezar_a_producir empezar_a_pagarse empezar_a_pagar empezar_a_aplicarse
    empezar_a_aplicar empezar_a_rodar empezar_a_cobrar empezar_a_transportar empezar_a_bombear empezar_a_suministrar
    empezar_a_entregar empezar_a_repartir empezar_a_llegar empezar_operaciones empezar_a_inyectar
    iniciar_operaciones iniciar_*_operaciones iniciar_operacion iniciar_sus_operaciones iniciar_actividades
    iniciar_servicio iniciar_el_servicio arrancar_operaciones arrancar_*_operaciones
    poner_en_marcha poner_*_en_marcha poner_en_funcionamiento poner_*_en_funcionamiento poner_en_servicio
    poner_*_en_servicio poner_en_operacion poner_*_en_operacion poner_en_vigor poner_en_vigencia poner_*_al_servicio
    poner_fin_a>R cerrar_definitivamente cerrar_para_siempre     salir_de_circulacion
    dejar_de_cobrar dejar_de_pagar depositar>B acreditar>B desembolsar>B repartir>B repartir>T distribuir>T distribuir>B dotar
    recibir_a_sus_primeros recibir_*_primeros recibir_*_primeras acoger_*_primeros acoger_*_primeras
    atender_*_primeros atender_*_primeras transportar_*_primeros     prestar_servicio prestar_*_servicio dar_servicio brindar_atencion     generar_*_primera
    """
IN_PROGRESS = """
    dar_sancion dar_*_sancion oficializar>R oficializar>W dar_*_primer_*_si dictaminar>Y
    pasar_*_ejecutivo pasar_al_pleno pasar_*_al_senado pasar_*_al_ejecutivo llegar_al_congreso llegar_al_senado llegar_al_pleno
    llegar_a_la_asamblea entrar_en_fase entrar_en_etapa_final votar_*_para_aprobar aprobarse:Y tomar_*_forma
    presentar>Y enviar>Y remitir>Y ingresar>Y elevar>Y registrar>Y depositar>Y someter>Y entregar>Y introducir>Y emitir>Y
    despenalizar legalizar crear>I establecer>I
    aprobar>R aprobar>F aprobar>W aprobar_en adoptar>R ratificar>R ratificar firmar>R suscribir>R suscribir rubricar>R
    promulgar sancionar>R expedir>R dictar>R convalidar>R avalar>A respaldar>R validar>R visar homologar
    estampar_*_firma poner_*_firma sellar>R cerrar_*_acuerdo alcanzar_*_acuerdo lograr_*_acuerdo llegar_a_*_acuerdo
    dar_luz_verde dar_*_luz_verde dar_via_libre dar_*_via_libre dar_media_sancion dar_*_media_sancion
    dar_*_aprobacion dar_*_visto_bueno dar_el_si dar_*_aval dar_el_espaldarazo dar_su_respaldo dar_paso_a
    recibir_luz_verde recibir_*_luz_verde recibir_*_aprobacion recibir_*_visto_bueno obtener_*_aprobacion
    obtener_*_visto_bueno obtener_*_aval obtener_luz_verde obtener_media_sancion lograr_*_aprobacion lograr_media_sancion
    conseguir_*_aprobacion superar_*_debate superar_*_votacion superar_*_tramite superar_*_lectura pasar_*_debate
    pasar_al_senado pasar_a_segundo pasar_a_segunda pasar_a_la_firma pasar_al_ejecutivo sortear_*_debate
    votar_a_favor sacar_adelante salir_adelante convertir_en_ley convertir_*_en_ley publicar_*_registro_oficial
    publicar_*_gaceta publicar_*_boletin tomar_en_consideracion admitir_a_tramite
    adjudicar>A adjudicar adjudicarse>A ganar_*_licitacion ganar_*_contrato ganar_*_concurso obtener_*_contrato
    quedar_con_*_contrato quedar_con_*_obra quedar_con_*_licitacion contratar>T contratar>W licitar>A llamar_a_licitacion
    abrir_*_licitacion abrir_*_concurso lanzar_*_licitacion lanzar_*_concurso convocar>P convocar_a_licitacion
    publicar_*_licitacion sacar_a_licitacion sacar_*_licitacion recibir_*_ofertas abrir_*_sobres preseleccionar
    llevar_*_congreso llevar_*_asamblea
    despachar>R despachar_*_senado despachar_a_ley radicar>R turnar>R tramitar>R
    iniciar>W iniciar:W iniciar>P iniciar:P iniciar_*_construccion comenzar>W comenzar:W comenzar:P comenzar_a_construir
    comenzar_a_instalar comenzar_a_levantar comenzar_a_excavar comenzar_a_contratar empezar>W empezar:W empezar:P
    empezar_a_construir empezar_a_instalar empezar_a_levantar empezar_a_excavar empezar_a_contratar
    arrancar:W arrancar:P arrancar>W arrancar_con>W arrancar:M iniciar_con>W emprender>W acometer>W
    inaugurar>W dar_inicio_a dar_comienzo_a dar_arranque_a dar_*_banderazo dar_el_puntapie dar_la_orden_de_inicio
    dar_*_primer_paso dar_*_palada colocar_*_primera_piedra poner_*_primera_piedra echar_a_andar>W
    avanzar:W avanzar_en avanzar:R avanzar:T avanzar:P progresar:W proseguir:W seguir_adelante
    estar_en_marcha estar_en_curso estar_en_construccion estar_en_ejecucion estar_en_obras
    seguir_en_marcha seguir_en_curso continuar_en_marcha estar_en_tramite estar_en_plena
    excavar:M ingresar:M llegar:M remover:M abrir:M retomar>W retomar>P retomar retomarse:A
    reanudar reiniciar reactivar>A reactivar desbloquear destrabar descongelar>A rescatar>R retornar:M volver_al_trabajo
    levantar>H revocar>H anular>H retirar>H cancelar>H dejar_sin_efecto>H derogar>H eliminar>H tumbar>H desestimar
    rechazar_*_amparo rechazar_*_recurso rechazar_*_demanda negar_*_recurso negar_*_amparo desechar_*_amparo
    confirmar_*_constitucionalidad declarar_constitucional avalar<C>R
    asignar>F destinar>F liberar>F desembolsar>F transferir>F garantizar>F conseguir>F
    adquirir>T comprar>T encargar>T autorizar>A facultar licenciar instalar_*_mesa abrir_*_negociacion
    abrir_*_conversaciones pilotear excavar>T perforar>T crear>T establecer>T ingresar_*_parlamento ingresar_*_congreso ingresar_*_asamblea calificar>R sacar_de_la_congeladora reglamentar
"""
STALLED = """
    dejar_para_el_proximo dejar_para_otra
    detener>R
    suspender>A suspender>D suspender<C suspender:W suspender>W paralizar>A paralizar>W paralizar:W paralizar
    detener>W detener:W detener<C>R detener<C>W frenar>A frenar>W frenar<C frenar:W bloquear>A bloquear<C bloquear>R
    congelar>A congelar<C congelar>F parar>W parar<C parar:W pausar>A pausar>W obstaculizar
    trabar>A trabar:A estancar:A estancar:P estancar>A empantanar encallar:A atascar:A atorar:A
    aplazar>A aplazar>D aplazar postergar>A postergar>D postergar posponer>A posponer>D posponer diferir>A diferir>D
    retrasar>A retrasar>D retrasar:A retrasar:D retrasar:W demorar>A demorar>D demorar:A demorar:W dilatar>A atrasar>A
    atrasar:A atrasar:W prorrogar>D ampliar>D extender>D mover>D correr>D alargar>D
    acumular_*_retraso acumular_*_retrasos acumular_*_demora acumular_*_demoras acumular_*_atraso acumular_*_atrasos
    sufrir_*_retraso sufrir_*_retrasos registrar_*_retraso registrar_*_retrasos registrar_*_atraso arrastrar_*_retraso
    arrastrar_*_retrasos presentar_*_retraso presentar_*_retrasos presentar_*_atraso llevar_*_retraso llevar_*_atraso
    dejar_en_suspenso dejar_*_en_suspenso dejar_en_el_aire dejar_*_en_el_aire dejar_en_pausa dejar_*_en_pausa
    dejar_congelado dejar_*_congelada dejar_*_congelado dejar_*_suspendida dejar_*_suspendido dejar_*_paralizada
    dejar_en_el_limbo dejar_*_en_el_limbo dejar_sin_quorum dejar_*_sin_quorum quedar_sin_quorum quedar_sin_votos
    quedar_sin_fondos quedar_sin_financiamiento quedar_sin_presupuesto quedar_sin_recursos quedar_en_suspenso
    quedar_en_el_aire quedar_en_pausa quedar_en_el_limbo quedar_en_punto_muerto quedar_trabado quedar_trabada
    quedar_varado quedar_varada quedar_a_la_espera quedar_a_medio quedar_desierta quedar_desierto quedar_en_veremos
    quedar_para_despues estar_en_suspenso estar_en_el_aire estar_en_pausa estar_en_el_limbo estar_en_punto_muerto
    seguir_en_el_limbo seguir_en_punto_muerto seguir_en_suspenso estar_entrampado estar_entrampada poner_en_pausa
    poner_*_en_pausa poner_freno poner_*_freno poner_*_congeladora poner_en_el_congelador meter_*_congeladora
    meter_*_congelador dormir:R dormir_el_sueno entrar_en_punto_muerto llegar_a_punto_muerto
    declarar_desierta declarar_desierto declarar_*_desierta declarar_*_desierto romper:P fracasar:P fracasar:R
    naufragar:P naufragar:R suspender_*_dialogo levantar_de_la_mesa levantarse_de_la_mesa agotar:F acabar:F
    recortar>F abandonar:M dejar_de_trabajar retirar_*_maquinaria retirar_*_orden_del_dia
    retirar_*_del_orden sacar_*_orden_del_dia
    dictar_*_cautelar dictar_*_medidas_cautelares conceder_*_cautelar conceder_*_amparo otorgar_*_amparo
    otorgar_*_suspension conceder_*_suspension ordenar_*_suspension ordenar_*_paralizacion ordenar_suspender
    ordenar_paralizar ordenar_frenar admitir_*_amparo imponer_*_moratoria hacer_lugar_a
    vetar vetar>R objetar>R devolver>R devolver_sin_firma negar<L rechazar<L archivar<L archivar>R tumbar<L hundir<L
    voltear<L desechar<L desaprobar hundirse:R dejar_caer<L negar_*_licencia
    negar_*_permiso encajonar>R engavetar>R cajonear>R
"""
BROKEN = """
    dar_por_cancelado dar_por_cancelada dar_por_cerrado dar_por_cerrada dar_por_descartado dar_por_descartada
    abandonar>R abandonar>W caer:Y morir:Y
    retirar>R cancelar>A cancelar>W desistir_de desistir abandonar>G descartar>A descartar>W
    descartar anular>A derogar abrogar revocar>A rescindir>A rescindir renunciar_a resolver_*_contrato terminar<G>R
    tumbar>A tumbar<C tumbar<V tumbar invalidar>A invalidar<C desechar>A sepultar>A enterrar>A liquidar>R
    dejar_sin_efecto dejar_*_sin_efecto quedar_sin_efecto dejar_morir dejar_caer>A dejar_de_lado dejar_a_un_lado
    dar_marcha_atras dar_*_marcha_atras dar_carpetazo dar_*_carpetazo dar_por_muerta dar_por_muerto dar_por_perdida
    dar_por_perdido dar_*_por_perdida dar_*_por_muerta dar_por_terminado>R dar_por_enterrada dar_un_giro
    echar_atras echar_para_atras echar_marcha_atras echar_*_atras echarse_atras echar_abajo echar_por_tierra
    hacer_marcha_atras tirar_la_toalla bajar_*_brazos recular retroceder_en retractar desdecir incumplir>G incumplir
    romper>G romper_*_promesa faltar_a_su faltar_a_la traicionar>G olvidar>G fallar_a_su bajar_de>R
    declarar_inconstitucional declarar_*_inconstitucional declarar_inconstitucionales declarar_*_inconstitucionales
    declarar_nulo declarar_nula declarar_*_nulo declarar_*_nula declarar_ilegal declarar_*_ilegal
    declarar_*_inconstitucionalidad declarar_*_nulidad declarar_la_nulidad hallar_*_inconstitucional
    considerar_*_inconstitucional expulsar_*_ordenamiento expulsar_*_orden_juridico declarar_inexequible
    declarar_*_inexequible anular<C derogar<C invalidar<C dejar_sin_efecto<C
    rechazar<V tumbar<V decir_no decir_no_a decir_que_no votar_no votar_en_contra<V votar_*_en_contra<V
    perder_*_referendum perder_*_consulta perder_*_plebiscito imponer_el_no ganar_el_no
    caducar:R caducar:D quedar_en_nada quedar_descartado quedar_descartada quedar_sepultado
    quedar_enterrado quedar_enterrada quedar_fuera:R frustrar>A truncar>A archivar_definitivamente
    archivar_*_definitivamente
"""
PARTLY = """
    descafeinar>R aguar>R reducir_*_alcance diluir>R anular_parte tumbar_parte anular_*_parte
    anular_varios derogar_parcialmente cumplir_a_medias cumplir_parcialmente cumplir_en_parte quedar_a_medias
    quedar_corto quedar_corta llegar_a_medias quedar_lejos_de
"""

STARTS = frozenset(
    """iniciar comenzar empezar arrancar colocar poner enviar remitir presentar ingresar adjudicar licitar publicar firmar
    abrir redactar convocar lanzar despachar someter contratar construir levantar asignar destinar desembolsar instalar
    crear reglamentar mover entregar elevar registrar llamar dar comprar adquirir avanzar""".split()
)
USES = frozenset(
    """abordar subir cruzar usar utilizar entrar ingresar llegar viajar circular rodar pasar mudar ocupar recibir
    habitar atracar desembarcar salir acceder inscribir cobrar transitar partir despegar aterrizar comenzar empezar
    estrenar trasladar aterrizar depositar fluir cruzar matricular despachar graduar""".split()
)
# With "ya": it goes on, so it is there.
RUNNING = frozenset(
    """funcionar operar circular regir atender prestar pagar cobrar recibir generar producir transportar beneficiar
    brindar viajar abastecer suministrar servir rodar usar aplicar transitar percibir disfrutar entregar
    vender despachar navegar volar""".split()
)

DETERMINERS = frozenset(
    """el la los las un una unos unas de del al su sus este esta estos estas ese esa esos esas en por con para sin sobre
    cada todo toda nueva nuevo primera primer segunda dicha dicho mi tu nuestra nuestro otra otro cuya cuyo a y o ultima
    gran buena mayor misma proxima contra tras ante entre hasta desde como que-la""".split()
)
SUBORDINATORS = frozenset("tras cuando mientras como aunque pese porque si salvo luego despues apenas-si".split())
RELATIVES = frozenset("que quien quienes cuyo cuya cuyos cuyas donde cual cuales".split())
SAYS = frozenset(
    """dijo dice dicen anuncio anuncia anunciaron confirmo confirma confirmaron informo informa informaron aseguro asegura
    senalo indico explico afirmo reconocio reconoce admitio admite revelo detallo preciso destaco resolvio sostuvo comunico
    decidio decide declaro comunica asegurado ratifico recordo ya lo dado resulta es asi significa verifico constato""".split()
)
HEDGES = frozenset(
    """niega nego negaron desmintio desmiente preve preven previsto prevista previstos planea planean pretende pretenden
    espera esperan esperaba prometio-que propone proponen propuso propusieron pide piden pidio pidieron exige exigen exigio
    exigieron podria podrian podra podran puede pueden debe deben deberia debera debia si hasta-que antes-de supuestamente
    presuntamente posible posibles posiblemente quiza quizas tal-vez rumor rumores nunca jamas tampoco habria habrian
    falso amenaza amenazo amenazan teme temen temor encuesta planteo plantea busca buscan quiere quieren confia confian
    analiza analizan evalua evaluan estudia estudian considera contempla insta insto instaron urge sugiere sugirio
    recomienda recomendo ojala cierto nadie ningun ninguna ninguno apunta aspira anhela reclama reclamo reclamaron
    solicito solicitaron solicita solicitan llamo-a va-a van-a iba-a iban-a advierte advirtio promete prometio-en
    debatira decidira tendria seria haria para-que de-que-se a-fin-de con-el-fin ofrecio-que piensa parece baraja
    barajan rogo demando demandan intenta intenta intento-de cuando-se como-si una-vez una-encuesta""".split()
)
ADVERBS = frozenset(
    """ya finalmente oficialmente formalmente tambien solo ahora hoy ayer aun todavia incluso apenas asi siempre
    definitivamente provisionalmente luego nuevamente igualmente anoche lunes martes miercoles jueves viernes sabado
    domingo este""".split()
)
CLITICS = frozenset("se me le les lo la los las nos".split())
HAVE = frozenset("ha han hemos".split())
BE = frozenset(
    """fue fueron es son sido esta estan estaba estaban estuvo quedo quedaron queda quedan sigue siguen seguia permanece permanecen
    continua continuan lleva llevan resulto resultaron mantiene mantienen tiene tienen resulta dejo deja dejaron sale
    salio""".split()
)
NOT_FACT = frozenset(
    """habia habian haya hayan habra habran habria habrian hubiera hubiese hubieran hubiesen haber sera seran sea sean seria
    serian fuera fuese fueran ser siendo era eran estaria estara estar quedaria quedara quede queden va van iba a por
    para de al debe deben puede pueden podria podra pudo pudieron quiere deberia tras sin""".split()
)
NEGATIONS = frozenset("no nunca jamas ni tampoco nadie ningun ninguna ninguno sin siquiera".split())

# People who get what was promised: said of them in the past, it was given.
RECEIVES = frozenset("recibir cobrar percibir obtener".split())
BEING = frozenset("estar ser quedar".split())
# Of a building or a service, that it is so says that it is there; the second kind only with "ya" or "desde".
STATES = frozenset(
    """operativo operativa operativos operativas abierto abierta abiertos abiertas vigente vigentes encendido encendida
    encendidos encendidas habilitado habilitada habilitados habilitadas inaugurado inaugurada funcionando operando""".split()
)
STATES_NOW = frozenset(
    """gratis gratuito gratuita gratuitos gratuitas obligatorio obligatoria disponible disponibles listo lista listos listas
    ilegal legal exento exenta exentos exentas terminado terminada concluido concluida ley realidad delito""".split()
)
