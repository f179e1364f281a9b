"""Spanish: verb patterns by the status that they stand for. Data only, without accents; see `patterns_en.py`."""

KEPT = """
    poner_a_rodar poner_a_operar poner_a_funcionar poner_a_disposicion ser_*_realidad ser_realidad hacer_realidad
    hacerse_realidad estar_abierto:T estar_abierta:T estar_abiertos:T entregar>W disolver>I abrir:T abrir>T reabrir:T
    reabrir>T abrir_puertas abrir_sus_puertas abrir_*_al_publico abrir_*_al_trafico abrir_*_al_transito habilitar>T
    habilitar>A inaugurar>A estrenar>T cortar_*_cinta entrar_en_vigor entrar_en_vigencia entrar_en_funcionamiento
    entrar_en_operacion entrar_en_operaciones entrar_en_servicio entrar_en_funciones entrar_a_regir entrar_a_operar
    entrar_a_funcionar cobrar_vigencia quedar_en_vigor quedar_en_vigencia estar_en_vigor estar_en_vigencia
    estar_en_funcionamiento estar_en_operacion estar_en_servicio estar_vigente estar_operativo estar_operativa
    estar_operativos estar_operativas estar_operando estar_funcionando quedar_operativo quedar_operativa
    quedar_abierto quedar_abierta quedar_inaugurado quedar_habilitado quedar_habilitada regir:R regir_desde
    regir_a_partir regir_hoy surtir_efecto hacer_efectivo hacer_efectiva hacerse_efectivo entregar>T entregar>B
    entregar_*_llaves entregar_*_llave recibir_*_llaves recibir_*_prometido recibir_*_prometida recibir_*_prometidos
    recibir_*_prometidas completar>T completar>W completar>G terminar>W terminar>T terminar:W concluir>W concluir>T
    concluir:W culminar>W culminar>T culminar:W finalizar>W finalizar>T finalizar:W acabar>W construir>T instalar>T
    edificar>T contratar>U reclutar>U pavimentar>T asfaltar>T conectar>U vacunar>U eliminar>A suprimir>A abolir
    erradicar prohibir>R cumplir>G cumplir_con>G cumplir_la_meta cumplir_su honrar>G alcanzar>G superar>G saldar>G
    comenzar_a_operar comenzar_a_funcionar comenzar_a_circular comenzar_a_generar comenzar_a_atender
    comenzar_a_recibir comenzar_a_regir comenzar_a_prestar comenzar_a_producir comenzar_a_pagarse comenzar_a_pagar
    comenzar_a_aplicarse comenzar_a_aplicar comenzar_a_rodar comenzar_a_cobrar comenzar_a_transportar
    comenzar_a_bombear comenzar_a_suministrar comenzar_a_entregar comenzar_a_repartir comenzar_operaciones
    comenzar_*_operaciones comenzar_a_volar comenzar_a_inyectar comenzar_a_abastecer comenzar_a_despachar
    empezar_a_operar empezar_a_funcionar empezar_a_circular empezar_a_generar empezar_a_atender empezar_a_recibir
    empezar_a_regir empezar_a_prestar empezar_a_producir empezar_a_pagarse empezar_a_pagar empezar_a_aplicarse
    empezar_a_aplicar empezar_a_rodar empezar_a_cobrar empezar_a_transportar empezar_a_bombear empezar_a_suministrar
    empezar_a_entregar empezar_a_repartir empezar_a_llegar empezar_operaciones empezar_a_inyectar iniciar_operaciones
    iniciar_*_operaciones iniciar_operacion iniciar_sus_operaciones iniciar_actividades iniciar_servicio
    iniciar_el_servicio arrancar_operaciones arrancar_*_operaciones poner_en_marcha poner_*_en_marcha
    poner_en_funcionamiento poner_*_en_funcionamiento poner_en_servicio poner_*_en_servicio poner_en_operacion
    poner_*_en_operacion poner_en_vigor poner_en_vigencia poner_*_al_servicio poner_fin_a>R cerrar_definitivamente
    cerrar_para_siempre salir_de_circulacion dejar_de_cobrar dejar_de_pagar depositar>B acreditar>B desembolsar>B
    repartir>B repartir>T distribuir>T distribuir>B dotar recibir_a_sus_primeros recibir_*_primeros recibir_*_primeras
    acoger_*_primeros acoger_*_primeras atender_*_primeros atender_*_primeras transportar_*_primeros prestar_servicio
    prestar_*_servicio dar_servicio brindar_atencion generar_*_primera inaugurar poner_en_uso echar_a_andar>T
    echar_a_rodar dar_inicio_a_*_operaciones entrar_en_aplicacion entrar_en_uso entrar_en_plena entrar_en_produccion
    comenzar_a_ser_*_realidad volverse_realidad convertirse_en_realidad convertir_en_realidad ser_un_hecho
    ser_ya_un_hecho ser_ley_vigente tener_vigencia tener_fuerza adquirir_vigencia comenzar_a_tener abrir_paso_a
    abrir_*_paso abrir_al_publico abrir_al_trafico abrir_al_transito abrir_a_la_circulacion abrir_al_trafico_vehicular
    abrir_para_*_publico abrir_a_*_pasajeros abrir_las_puertas abrir_las_inscripciones_*_gratis quedar_abiertos
    quedar_en_servicio quedar_en_funcionamiento quedar_en_operacion quedar_listo:T quedar_lista:T quedar_terminado
    quedar_terminada quedar_concluido quedar_concluida quedar_conectado quedar_conectada quedar_eliminado
    quedar_eliminada quedar_prohibido quedar_prohibida quedar_exento quedar_exenta quedar_exentos quedar_vigente
    quedar_derogado_*_impuesto quedar_encendido quedar_encendida quedar_iluminado quedar_iluminada quedar_energizado
    quedar_energizada recibir_a_*_primeros recibir_a_*_primeras recibir_al_primer recibir_a_la_primera
    recibir_sus_primeros recibir_sus_primeras recibir_los_primeros recibir_las_primeras recibir_el_primer
    recibir_la_primera atender_a_*_primeros atender_a_*_primeras atender_al_primer atender_a_sus acoger_a_*_primeros
    acoger_a_*_primeras albergar_a_*_primeros alojar_a_*_primeros transportar_a_*_primeros movilizar_a_*_primeros
    llevar_a_*_primeros inscribir_a_*_primeros matricular_a_*_primeros graduar_a_*_primeros despachar_*_primer
    exportar_*_primer embarcar_*_primer generar_*_primeros comenzar_a_llegar comenzar_a_ser_atendidos
    comenzar_a_percibir comenzar_a_disfrutar comenzar_a_gozar comenzar_a_beneficiar comenzar_a_usar comenzar_a_cruzar
    comenzar_a_transitar comenzar_a_viajar comenzar_a_trasladar comenzar_a_albergar comenzar_a_iluminar
    comenzar_a_depositar comenzar_a_depositarse comenzar_a_emitir comenzar_a_exportar comenzar_a_moler
    comenzar_a_vacunar comenzar_a_impartir comenzar_a_cubrir comenzar_a_descontar comenzar_a_vivir comenzar_a_habitar
    comenzar_a_estudiar comenzar_clases comenzar_*_clases comenzar_a_vender comenzar_a_venderse comenzar_a_dispensar
    comenzar_a_surtir comenzar_a_devolver comenzar_a_eximir empezar_a_percibir empezar_a_disfrutar empezar_a_gozar
    empezar_a_beneficiar empezar_a_usar empezar_a_cruzar empezar_a_transitar empezar_a_viajar empezar_a_depositar
    empezar_a_depositarse empezar_a_emitir empezar_a_exportar empezar_a_vacunar empezar_a_impartir empezar_a_cubrir
    empezar_a_descontar empezar_a_surtir empezar_a_devolver empezar_a_volar iniciar_*_vuelos iniciar_*_actividades
    iniciar_clases iniciar_*_clases iniciar_el_pago iniciar_el_pago_de iniciar_*_pagos iniciar_la_entrega
    iniciar_el_reparto iniciar_la_atencion iniciar_*_atencion iniciar_*_recorridos iniciar_sus_recorridos
    iniciar_*_operacion_comercial comenzar_el_pago comenzar:B empezar:B arrancar:B arrancar_el_pago arrancar_*_pagos
    comenzar_la_entrega arrancar_la_entrega_de subir>R rebajar>R reducir>R aumentar>R elevar_*_salario duplicar>R
    triplicar>R incrementar>R condonar>R suspender_*_cobro_*_definitivamente levantar_*_prohibicion levantar_*_veto
    levantar_*_cepo pagar>B pagar_*_deuda pagar_*_atrasos saldar_*_deuda abonar>B girar>B transferir>B otorgar>B
    conceder>B dar>B adjudicar>B titular>T beneficiar>U llegar_a_*_hogares llegar_a_*_familias llegar_a_las_cuentas
    entregar_a_*_familias dotar_de dotar_con equipar>T amoblar sembrar>T plantar>T reforestar iluminar>T encender>T
    energizar>T electrificar>T conectar>T restablecer>T reponer_*_servicio renovar>T rehabilitar>T reconstruir>T
    remodelar>T repavimentar>T incorporar>U graduar>U juramentar>U nombrar>U basificar>U regularizar>U titularizar>U
    desplegar>U formar>U capacitar>U llegar_a_la_meta llegar_a_*_meta alcanzar_*_meta superar_*_meta rebasar>G
    rebasar_*_meta sobrepasar>G sobrepasar_*_meta exceder>G cumplir_*_meta cumplir_*_promesa cumplir_*_compromiso
    cumplir_*_palabra hacer_bueno>G completar_*_total completar_los completar_las rescatar_*_promesa dejar_inaugurado
    dejar_inaugurada dejar_*_inaugurado dejar_*_inaugurada dejar_en_servicio dejar_habilitado dejar_habilitada
    desaparecer:R desaparecer_*_cobro cesar:R terminar>R acabar_con>R eliminarse:A suprimirse abolirse borrar>R
    quitar>R dejar_de_tributar dejar_de_gravar dejar_de_aplicarse_*_impuesto dejar_de_cobrarse
    dejar_de_circular_*_plastico desmontar>R sacar_de_circulacion nacionalizar>A estatizar>A estar_en_las_calles:U
    estar_en_funciones:U estar_en_sus_puestos:U dejar_de_existir:R dejar_de_regir:R pasar_a_*_historia:R
    ser_historia:R volver_a_funcionar volver_a_operar volver_a_circular volver_a_*_vida empezar_a_dar comenzar_a_dar
    comenzar_a_brindar empezar_a_brindar comenzar_a_ofrecer empezar_a_ofrecer tomar_posesion:U asumir_sus_funciones:U
    asumir_funciones:U entrar_en_accion:U salir_a_patrullar salir_a_las_calles:U llegar_*_recibo cambiar_de_manos
    eximir>U exonerar>U estar_en_circulacion:T estar_en_la_via:T partir_*_primer salir_*_primer zarpar_*_primer
    despegar_*_primer
"""
IN_PROGRESS = """
    dar_sancion dar_*_sancion oficializar>R oficializar>W dar_*_primer_*_si dictaminar>Y pasar_*_ejecutivo
    pasar_al_pleno pasar_*_al_senado pasar_*_al_ejecutivo llegar_al_congreso llegar_al_senado llegar_al_pleno
    llegar_a_la_asamblea entrar_en_fase entrar_en_etapa_final votar_*_para_aprobar aprobarse:Y tomar_*_forma
    presentar>Y enviar>Y remitir>Y ingresar>Y elevar>Y registrar>Y depositar>Y someter>Y entregar>Y introducir>Y
    emitir>Y despenalizar legalizar crear>I establecer>I aprobar>R aprobar>F aprobar>W aprobar_en adoptar>R
    ratificar>R ratificar firmar>R suscribir>R suscribir rubricar>R promulgar sancionar>R expedir>R dictar>R
    convalidar>R avalar>A respaldar>R validar>R visar homologar estampar_*_firma poner_*_firma sellar>R
    cerrar_*_acuerdo alcanzar_*_acuerdo lograr_*_acuerdo llegar_a_*_acuerdo dar_luz_verde dar_*_luz_verde
    dar_via_libre dar_*_via_libre dar_media_sancion dar_*_media_sancion dar_*_aprobacion dar_*_visto_bueno dar_el_si
    dar_*_aval dar_el_espaldarazo dar_su_respaldo dar_paso_a recibir_luz_verde recibir_*_luz_verde
    recibir_*_aprobacion recibir_*_visto_bueno obtener_*_aprobacion obtener_*_visto_bueno obtener_*_aval
    obtener_luz_verde obtener_media_sancion lograr_*_aprobacion lograr_media_sancion conseguir_*_aprobacion
    superar_*_debate superar_*_votacion superar_*_tramite superar_*_lectura pasar_*_debate pasar_al_senado
    pasar_a_segundo pasar_a_segunda pasar_a_la_firma pasar_al_ejecutivo sortear_*_debate votar_a_favor sacar_adelante
    salir_adelante convertir_en_ley convertir_*_en_ley publicar_*_registro_oficial publicar_*_gaceta
    publicar_*_boletin tomar_en_consideracion admitir_a_tramite adjudicar>A adjudicar adjudicarse>A ganar_*_licitacion
    ganar_*_contrato ganar_*_concurso obtener_*_contrato quedar_con_*_contrato quedar_con_*_obra
    quedar_con_*_licitacion contratar>T contratar>W licitar>A llamar_a_licitacion abrir_*_licitacion abrir_*_concurso
    lanzar_*_licitacion lanzar_*_concurso convocar>P convocar_a_licitacion publicar_*_licitacion sacar_a_licitacion
    sacar_*_licitacion recibir_*_ofertas abrir_*_sobres preseleccionar llevar_*_congreso llevar_*_asamblea despachar>R
    despachar_*_senado despachar_a_ley radicar>R turnar>R tramitar>R iniciar>W iniciar:W iniciar>P iniciar:P
    iniciar_*_construccion comenzar>W comenzar:W comenzar:P comenzar_a_construir comenzar_a_instalar
    comenzar_a_levantar comenzar_a_excavar comenzar_a_contratar empezar>W empezar:W empezar:P empezar_a_construir
    empezar_a_instalar empezar_a_levantar empezar_a_excavar empezar_a_contratar arrancar:W arrancar:P arrancar>W
    arrancar_con>W arrancar:M iniciar_con>W emprender>W acometer>W inaugurar>W dar_inicio_a dar_comienzo_a
    dar_arranque_a dar_*_banderazo dar_el_puntapie dar_la_orden_de_inicio dar_*_primer_paso dar_*_palada
    colocar_*_primera_piedra poner_*_primera_piedra echar_a_andar>W avanzar:W avanzar_en avanzar:R avanzar:T avanzar:P
    progresar:W proseguir:W seguir_adelante estar_en_marcha estar_en_curso estar_en_construccion estar_en_ejecucion
    estar_en_obras seguir_en_marcha seguir_en_curso continuar_en_marcha estar_en_tramite estar_en_plena excavar:M
    ingresar:M llegar:M remover:M abrir:M retomar>W retomar>P retomar retomarse:A reanudar reiniciar reactivar>A
    reactivar desbloquear destrabar descongelar>A rescatar>R retornar:M volver_al_trabajo levantar>H revocar>H
    anular>H retirar>H cancelar>H dejar_sin_efecto>H derogar>H eliminar>H tumbar>H desestimar rechazar_*_amparo
    rechazar_*_recurso rechazar_*_demanda negar_*_recurso negar_*_amparo desechar_*_amparo
    confirmar_*_constitucionalidad declarar_constitucional avalar<C>R asignar>F destinar>F liberar>F desembolsar>F
    transferir>F garantizar>F conseguir>F adquirir>T comprar>T encargar>T autorizar>A facultar licenciar
    instalar_*_mesa abrir_*_negociacion abrir_*_conversaciones pilotear excavar>T perforar>T crear>T establecer>T
    ingresar_*_parlamento ingresar_*_congreso ingresar_*_asamblea calificar>R sacar_de_la_congeladora reglamentar
    otorgar_*_buena_pro otorgar_la_buena dar_*_buena_pro recibir_*_buena_pro obtener_*_buena_pro otorgar>K
    otorgar_*_concesion otorgar_*_contrato otorgar_*_licencia otorgar_*_permiso conceder_*_permiso conceder_*_licencia
    obtener_*_licencia obtener_*_permiso obtener_*_financiamiento presentar_*_ofertas presentar_ofertas
    presentar_*_oferta presentar_*_propuestas presentar>K recibir_ofertas recibir_*_oferta recibir_*_propuestas
    abrir>P abrir_*_convocatoria abrir_*_llamado abrir_*_inscripciones abrir_inscripciones abrir_*_postulaciones
    abrir_el_llamado abrir_la_licitacion abrir_el_concurso abrir_la_convocatoria abrir_los_sobres abrir_sobres
    mantener_abierta mantener_abierto mantener_*_convocatoria publicar_*_pliegos publicar_*_bases publicar_pliegos
    publicar_*_convocatoria publicar_*_decreto publicar_*_anteproyecto lanzar>P lanzar>K llamar_a_*_licitacion
    llamar_a_concurso llamar_a_*_concurso llamar_a_*_interesados convocar_a_*_concurso convocar_*_concurso
    convocar_*_licitacion iniciar_*_licitacion iniciar_la_contratacion iniciar_*_reclutamiento seleccionar_*_consorcio
    elegir_*_consorcio escoger_*_consorcio elegir_*_empresa seleccionar_*_empresa contratar_*_empresa
    contratar_*_constructora contratar_a_*_consorcio encargar_*_construccion asignar_*_contrato adjudicar_la_obra
    adjudicar_*_obra adjudicar_las obtener_*_concesion firmar>K firmar_*_contrato firmar_*_convenio firmar_*_acuerdo
    firmar_*_acta_de_inicio firmar_*_orden_de_inicio firmar_*_prestamo firmar_*_credito suscribir_*_contrato
    suscribir_*_convenio suscribir_*_prestamo suscribir_*_acta cerrar_el_financiamiento cerrar_*_financiamiento
    obtener_*_credito obtener_*_prestamo conseguir_*_credito conseguir_*_prestamo aprobar_*_credito aprobar_*_prestamo
    aprobar_*_financiamiento aprobar>K aprobar>P dar_el_visto_bueno dar_visto_bueno dar_el_primer_paso
    dar_el_banderazo dar_banderazo dar_*_orden_de_proceder dar_la_orden dar_el_aval dar_aval dar_el_siguiente_paso
    colocar_la_primera poner_la_primera colocar_*_primer_bloque colocar_*_pilotes hincar_*_pilotes hincar_*_primer
    vaciar_*_concreto fundir_*_losa fundir_*_primera colar_*_concreto armar_*_estructura montar_*_estructura
    montar_*_vigas excavar:T excavar trabajar:M trabajar_en>W trabajar_en>T trabajar_ya laborar:M laborar_en
    desplegar>M movilizar>M ingresar>M instalar>M entrar:M mover:M demoler>T demoler levantar>T erigir
    levantar_*_muros levantar_*_columnas construir:M perforar:M avanzar:M avanzar_a avanzar_al avanzar_segun
    superar_*_ecuador llegar_a_la_mitad llegar_al_*_por_ciento alcanzar_*_por_ciento alcanzar_*_avance
    alcanzar_un_avance registrar_*_avance registrar_*_avances presentar_*_avance presentar_un_avance reportar_*_avance
    mostrar_*_avance llevar_*_avance llevar_un_avance tener_*_avance tener_un_avance estar_al_*_por_ciento estar_al
    estar_a_*_por_ciento ir_en_*_por_ciento estar_en_fase estar_en_etapa estar_en_*_fase estar_en_*_etapa
    estar_en_licitacion estar_en_proceso estar_en_discusion estar_en_debate entrar_en_obras entrar_en_construccion
    entrar_en_recta entrar_en_la_recta entrar_en_*_recta estar_en_plena_construccion estar_en_la_recta continuar:W
    seguir:W proseguir continuar_*_avance admitir>Y tramitar>Y acoger_a_tramite acoger_a_tramitacion iniciar_*_tramite
    iniciar_*_tramitacion iniciar_*_debate iniciar_*_discusion entrar_al_congreso entrar_a_*_congreso
    entrar_a_la_asamblea entrar_al_parlamento llegar_al_parlamento llegar_a_las_cortes llegar_a_la_camara
    llegar_a_*_senado llegar_a_*_camara hacer_llegar_*_congreso hacer_llegar_*_asamblea mandar>Y girar>Y
    pasar_a_la_camara pasar_a_*_camara pasar_al_*_debate pasar_a_segundo_debate pasar_*_primer_filtro pasar_*_filtro
    pasar_*_comision superar_*_primer superar_el_primer superar_el_segundo superar_su_primer superar_su_segundo
    superar_la_comision recibir_dictamen recibir_*_dictamen obtener_*_dictamen emitir_*_dictamen dar_dictamen
    dictaminar votar_en_general aprobar_en_general aprobar<L aprobar_en_comision refrendar>Y refrendar rubricar
    decretar>R convalidar reglamentar>R expedir>Y oficializar aprobar_en_*_debate aprobar_con reanudar_*_trabajos
    retomar_*_trabajos volver_a_*_obra volver_a_trabajar regresar:M volver:M reactivar_*_obra reactivar_*_obras
    reactivar_*_proyecto reactivar_*_licitacion levantar_*_suspension levantar_*_paralizacion levantar_la_suspension
    levantar_la_medida levantar_*_cautelar revocar_*_cautelar revocar_*_suspension autorizar_*_reinicio
    permitir_*_reanudar sortear_*_obstaculo destrabar>R destrabar>T girar>F aportar>F inyectar>F comprometer>F
    reservar>F habilitar>F partir:W publicar>K publicar_*_prepliegos partir_con>W
    entrar_a_*_comision:Y entrar_a_la_comision:Y entrar_en_la_comision:Y recibir<L>Y
"""
STALLED = """
    dejar_para_el_proximo dejar_para_otra detener>R suspender>A suspender>D suspender<C suspender:W suspender>W
    paralizar>A paralizar>W paralizar:W paralizar detener>W detener:W detener<C>R detener<C>W frenar>A frenar>W
    frenar<C frenar:W bloquear>A bloquear<C bloquear>R congelar>A congelar<C congelar>F parar>W parar<C parar:W
    pausar>A pausar>W obstaculizar trabar>A trabar:A estancar:A estancar:P estancar>A empantanar encallar:A atascar:A
    atorar:A aplazar>A aplazar>D aplazar postergar>A postergar>D postergar posponer>A posponer>D posponer diferir>A
    diferir>D retrasar>A retrasar>D retrasar:A retrasar:D retrasar:W demorar>A demorar>D demorar:A demorar:W dilatar>A
    atrasar>A atrasar:A atrasar:W prorrogar>D ampliar>D extender>D mover>D correr>D alargar>D acumular_*_retraso
    acumular_*_retrasos acumular_*_demora acumular_*_demoras acumular_*_atraso acumular_*_atrasos sufrir_*_retraso
    sufrir_*_retrasos registrar_*_retraso registrar_*_retrasos registrar_*_atraso arrastrar_*_retraso
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
    meter_*_congelador dormir:R dormir_el_sueno entrar_en_punto_muerto llegar_a_punto_muerto declarar_desierta
    declarar_desierto declarar_*_desierta declarar_*_desierto romper:P fracasar:P fracasar:R naufragar:P naufragar:R
    suspender_*_dialogo levantar_de_la_mesa levantarse_de_la_mesa agotar:F acabar:F recortar>F abandonar:M
    dejar_de_trabajar retirar_*_maquinaria retirar_*_orden_del_dia retirar_*_del_orden sacar_*_orden_del_dia
    dictar_*_cautelar dictar_*_medidas_cautelares conceder_*_cautelar conceder_*_amparo otorgar_*_amparo
    otorgar_*_suspension conceder_*_suspension ordenar_*_suspension ordenar_*_paralizacion ordenar_suspender
    ordenar_paralizar ordenar_frenar admitir_*_amparo imponer_*_moratoria hacer_lugar_a vetar vetar>R objetar>R
    devolver>R devolver_sin_firma negar<L rechazar<L archivar<L archivar>R tumbar<L hundir<L voltear<L desechar<L
    desaprobar hundirse:R dejar_caer<L negar_*_licencia negar_*_permiso encajonar>R engavetar>R cajonear>R archivar>Y
    hundir>Y hundir>R negar>Y negar_*_credito rechazar>Y aplazarse postergarse retrasarse demorarse estancarse:A
    empantanarse:A trabarse:A frenarse:A paralizarse:A detenerse:W detenerse:A pararse:W interrumpir>W interrumpir:W
    interrumpirse:W estar_detenido estar_detenida estar_detenidas estar_detenidos estar_paralizado estar_paralizada
    estar_paralizadas estar_paralizados estar_suspendido estar_suspendida estar_suspendidas estar_frenado
    estar_frenada estar_frenadas estar_parado:W estar_parada:W estar_paradas estar_estancado estar_estancada
    estar_congelado estar_congelada estar_bloqueado estar_bloqueada estar_trabado estar_trabada estar_empantanado
    estar_empantanada estar_atascado estar_atascada estar_varado:A estar_varada:A estar_inconcluso estar_inconclusa
    estar_inconclusas estar_abandonada:T estar_abandonado:T estar_abandonadas:W estar_a_medio estar_a_medias:W
    estar_sin_avance estar_en_stand seguir_detenido seguir_detenida seguir_detenidas seguir_paralizado
    seguir_paralizada seguir_paralizadas seguir_suspendido seguir_suspendida seguir_frenado seguir_frenada
    seguir_parado seguir_parada seguir_paradas seguir_estancado seguir_estancada seguir_congelado seguir_congelada
    seguir_bloqueado seguir_bloqueada seguir_trabado seguir_trabada seguir_entrampado seguir_entrampada
    seguir_empantanado seguir_empantanada seguir_atascado seguir_atascada seguir_inconcluso seguir_inconclusa
    seguir_inconclusas seguir_varado seguir_varada seguir_a_medio seguir_a_medias:W seguir_en_veremos
    seguir_en_el_aire seguir_sin_avanzar continuar_paralizado continuar_paralizada continuar_paralizadas
    continuar_suspendida continuar_detenidas permanecer_paralizado permanecer_paralizada permanecer_paralizadas
    permanecer_detenida permanecer_detenidas permanecer_suspendido permanecer_suspendida permanecer_inconclusa
    permanecer_cerrado:T permanecer_cerrada:T permanecer_congelado permanecer_congelada permanecer_estancado
    permanecer_estancada llevar_*_parada llevar_*_paradas llevar_*_parado llevar_*_paralizada llevar_*_paralizadas
    llevar_*_paralizado llevar_*_estancado llevar_*_estancada llevar_*_suspendida llevar_*_suspendidas
    llevar_*_detenida llevar_*_detenidas llevar_*_congelado llevar_*_congelada llevar_*_guardado llevar_*_engavetado
    quedar_frenado quedar_frenada quedar_frenadas quedar_paralizado quedar_paralizada quedar_paralizadas
    quedar_suspendido quedar_suspendida quedar_suspendidas quedar_suspendidos quedar_detenido quedar_detenida
    quedar_detenidas quedar_congelado quedar_congelada quedar_estancado quedar_estancada quedar_aplazado
    quedar_aplazada quedar_postergado quedar_postergada quedar_pospuesto quedar_pospuesta quedar_bloqueado
    quedar_bloqueada quedar_atascado quedar_atascada quedar_empantanado quedar_empantanada quedar_inconcluso
    quedar_inconclusa quedar_abandonada:W quedar_abandonadas:W quedar_parada quedar_paradas quedar_a_medias:W
    quedar_entrampado quedar_entrampada conceder_la_suspension conceder_suspension otorgar_suspension
    otorgar_la_suspension otorgar_*_cautelar admitir_*_cautelar dictar_*_suspension decretar_*_suspension
    decretar_la_suspension disponer_*_suspension disponer_la_suspension disponer_*_paralizacion ordenar_la_suspension
    ordenar_la_paralizacion ordenar_la_detencion ordenar_detener ordenar_parar ordenar_*_detener ordenar_*_suspender
    mandar_parar dejar_en_manos dejar_parada dejar_paradas dejar_parado dejar_sin_presupuesto dejar_sin_fondos
    dejar_sin_financiamiento dejar_*_sin_fondos quedarse_sin_fondos quedarse_sin_dinero quedarse_sin_recursos
    quedarse_sin_quorum quedarse_sin_votos quedarse_en_veremos caerse:P caerse:Y caer:P romperse:P suspenderse:A
    devolver>Y vetar>Y objetar>Y observar>Y aplazar_*_votacion aplazar_*_debate postergar_*_votacion
    posponer_*_votacion levantar_*_sesion perder_*_votacion recibir_*_reves sufrir_*_reves
"""
BROKEN = """
    dar_por_cancelado dar_por_cancelada dar_por_cerrado dar_por_cerrada dar_por_descartado dar_por_descartada
    abandonar>R abandonar>W caer:Y morir:Y retirar>R cancelar>A cancelar>W desistir_de desistir abandonar>G
    descartar>A descartar>W descartar anular>A derogar abrogar revocar>A rescindir>A rescindir resolver_*_contrato
    terminar<G>R tumbar>A tumbar<C tumbar<V tumbar invalidar>A invalidar<C desechar>A sepultar>A enterrar>A liquidar>R
    dejar_sin_efecto dejar_*_sin_efecto quedar_sin_efecto dejar_morir dejar_caer>A dejar_de_lado dejar_a_un_lado
    dar_marcha_atras dar_*_marcha_atras dar_carpetazo dar_*_carpetazo dar_por_muerta dar_por_muerto dar_por_perdida
    dar_por_perdido dar_*_por_perdida dar_*_por_muerta dar_por_terminado>R dar_por_enterrada dar_un_giro echar_atras
    echar_para_atras echar_marcha_atras echar_*_atras echarse_atras echar_abajo echar_por_tierra hacer_marcha_atras
    tirar_la_toalla bajar_*_brazos recular retroceder_en retractar desdecir incumplir>G incumplir romper>G
    romper_*_promesa faltar_a_su faltar_a_la traicionar>G olvidar>G fallar_a_su bajar_de>R declarar_inconstitucional
    declarar_*_inconstitucional declarar_inconstitucionales declarar_*_inconstitucionales declarar_nulo declarar_nula
    declarar_*_nulo declarar_*_nula declarar_ilegal declarar_*_ilegal declarar_*_inconstitucionalidad
    declarar_*_nulidad declarar_la_nulidad hallar_*_inconstitucional considerar_*_inconstitucional
    expulsar_*_ordenamiento expulsar_*_orden_juridico declarar_inexequible declarar_*_inexequible anular<C derogar<C
    dejar_sin_efecto<C rechazar<V decir_no decir_no_a decir_que_no votar_no votar_en_contra<V votar_*_en_contra<V
    perder_*_referendum perder_*_consulta perder_*_plebiscito imponer_el_no ganar_el_no caducar:R caducar:D
    quedar_en_nada quedar_descartado quedar_descartada quedar_sepultado quedar_enterrado quedar_enterrada
    quedar_fuera:R frustrar>A truncar>A archivar_definitivamente archivar_*_definitivamente cancelar>R cancelar>T
    cancelar>P cancelar>K anular>R anular>K anular>T revocar>R revocar>K rescindir>K descartar>R descartar>T
    abandonar>T abandonar>P abandonar_*_idea desechar>R suprimir>I disolver_*_agencia eliminar>I cerrar>I sepultar>R
    enterrar>R enterrar>T archivar_para_siempre dar_por_enterrado dar_por_acabado dar_por_terminado_*_contrato
    dar_por_terminado dar_por_terminada terminar_*_contrato terminar_unilateralmente retirar>Y retirar>K
    sacar_de_*_agenda sacar_de_la_agenda renegar_de olvidarse_de declarar_*_invalido declarar_*_invalida
    declarar_contrario declarar_contraria declarar_*_contrario declarar_*_contraria declarar_inconstitucional<C
    hallar_inconstitucional considerar_inconstitucional estimar_inconstitucional fallar_contra>R fallar_en_contra<C
    quedar_cancelado quedar_cancelada quedar_anulado quedar_anulada quedar_derogado quedar_derogada
    quedar_sin_vigencia quedar_en_el_olvido quedar_en_agua quedar_archivado_definitivamente perder_vigencia
    ganar_el_rechazo imponerse_el_no imponerse_el_rechazo triunfar_el_no vencer_el_no reintroducir>R reponer>R
    volver_a_cobrar volver_a_subir subir_*_pese subir_*_pese_a_*_promesa aumentar_*_pese elevar_*_pese
    dar_un_paso_atras dar_*_paso_atras dar_reversa dar_reversa_a meter_reversa desandar incumplir_su
    incumplir_*_promesa incumplir_*_compromiso quedar_lejos_de_*_meta renunciar_a>A renunciar_al>A
"""
PARTLY = """
    descafeinar>R aguar>R reducir_*_alcance diluir>R anular_parte tumbar_parte anular_*_parte anular_varios
    derogar_parcialmente cumplir_a_medias cumplir_parcialmente cumplir_en_parte quedar_a_medias quedar_corto
    quedar_corta llegar_a_medias quedar_lejos_de
"""

STARTS = frozenset(
    """
    iniciar comenzar empezar arrancar colocar poner enviar remitir presentar ingresar adjudicar licitar publicar
    firmar abrir redactar convocar lanzar despachar someter contratar construir levantar asignar destinar desembolsar
    instalar crear reglamentar mover entregar elevar registrar llamar dar comprar adquirir avanzar radicar tramitar
    sembrar excavar reclutar seleccionar elegir otorgar suscribir emprender movilizar trabajar ejecutar
    """.split()
)
USES = frozenset(
    """
    abordar subir cruzar usar utilizar entrar ingresar llegar viajar circular rodar pasar mudar ocupar recibir habitar
    atracar desembarcar salir acceder inscribir cobrar transitar partir despegar aterrizar comenzar empezar estrenar
    trasladar depositar fluir matricular despachar graduar acoger alojar albergar atender transportar llevar tratar
    vacunar procesar producir generar exportar embarcar enviar pagar entregar cargar descargar aceptar admitir
    graduarse jurar desplegar movilizar internar hospitalizar operar nacer dormir amanecer instalarse mudarse
    trasladarse incorporar incorporarse sumarse ver encender abrir tomar recorrer estudiar iniciar realizar practicar
    dar otorgar emitir registrar arribar tocar vender comprar beneficiar beneficiarse disfrutar abarrotar llenar
    zarpar colmar
    """.split()
)
# Verbs of running: with "ya", the thing is in operation.
RUNNING = frozenset(
    """
    funcionar operar circular regir atender prestar pagar cobrar recibir generar producir transportar beneficiar
    brindar viajar abastecer suministrar servir rodar usar aplicar transitar percibir disfrutar entregar vender
    despachar navegar volar llevar dar ofrecer cubrir incluir alcanzar llegar obligar permitir exigir prohibir costar
    regular proteger vigilar patrullar iluminar conectar unir alojar albergar acoger dormir estudiar vivir cursar
    regar gozar contar disponer tener impartir ensenar vacunar ocupar habitar ejercer custodiar encarcelar recluir
    purgar cumplir gravar tributar eximir exonerar sancionar multar emitir transmitir inyectar bombear distribuir
    depurar potabilizar filtrar tratar procesar exportar embarcar zarpar atracar aterrizar despegar enlazar recorrer
    mover trasladar beneficiarse aplicarse pagarse cobrarse entregarse atenderse depositar acreditar abonar girar
    descontar devolver otorgar conceder facilitar proveer dotar repartir surtir dispensar alimentar cuidar recoger
    recolectar reciclar realizar practicar alumbrar ingresar entrar salir subir
    """.split()
)

DETERMINERS = frozenset(
    """
    el la los las un una unos unas de del al su sus este esta estos estas ese esa esos esas en por con para sin sobre
    cada todo toda nueva nuevo primera primer segunda dicha dicho mi tu nuestra nuestro otra otro cuya cuyo a y o
    ultima gran buena mayor misma proxima contra tras ante entre hasta desde como que-la
    """.split()
)
SUBORDINATORS = frozenset("tras cuando mientras como aunque pese porque si salvo luego despues apenas-si".split())
RELATIVES = frozenset("que quien quienes cuyo cuya cuyos cuyas donde cual cuales".split())
SAYS = frozenset(
    """
    dijo dice dicen anuncio anuncia anunciaron confirmo confirma confirmaron informo informa informaron aseguro
    asegura senalo indico explico afirmo reconocio reconoce admitio admite revelo detallo preciso destaco resolvio
    sostuvo comunico decidio decide declaro comunica asegurado ratifico recordo ya lo dado resulta es asi significa
    verifico constato
    """.split()
)
HEDGES = frozenset(
    """
    niega nego negaron desmintio desmiente preve preven previsto prevista previstos planea planean pretende pretenden
    espera esperan esperaba prometio-que propone proponen propuso propusieron pide piden pidio pidieron exige exigen
    exigio exigieron podria podrian podra podran puede pueden debe deben deberia debera debia si hasta-que antes-de
    supuestamente presuntamente posible posibles posiblemente quiza quizas tal-vez rumor rumores nunca jamas tampoco
    habria habrian falso amenaza amenazo amenazan teme temen temor encuesta planteo plantea busca buscan quiere
    quieren confia confian analiza analizan evalua evaluan estudia estudian considera contempla insta insto instaron
    urge sugiere sugirio recomienda recomendo ojala cierto nadie ningun ninguna ninguno apunta aspira anhela reclama
    reclamo reclamaron solicito solicitaron solicita solicitan llamo-a va-a van-a iba-a iban-a advierte advirtio
    promete prometio-en debatira decidira tendria seria haria para-que de-que-se a-fin-de con-el-fin ofrecio-que
    piensa parece baraja barajan rogo demando demandan intenta intento-de cuando-se como-si una-vez una-encuesta
    """.split()
)
ADVERBS = frozenset(
    """
    ya finalmente oficialmente formalmente tambien solo ahora hoy ayer aun todavia incluso apenas asi siempre
    definitivamente provisionalmente luego nuevamente igualmente anoche lunes martes miercoles jueves viernes sabado
    domingo este
    """.split()
)
CLITICS = frozenset("se me le les lo la los las nos".split())
HAVE = frozenset("ha han hemos".split())
BE = frozenset(
    """
    fue fueron es son sido esta estan estaba estaban estuvo quedo quedaron queda quedan sigue siguen seguia permanece
    permanecen continua continuan lleva llevan resulto resultaron mantiene mantienen tiene tienen resulta dejo deja
    dejaron sale salio
    """.split()
)
NOT_FACT = frozenset(
    """
    habia habian haya hayan habra habran habria habrian hubiera hubiese hubieran hubiesen haber sera seran sea sean
    seria serian fuera fuese fueran ser siendo era eran estaria estara estar quedaria quedara quede queden va van iba
    a por para de al debe deben puede pueden podria podra pudo pudieron quiere deberia tras sin
    """.split()
)
NEGATIONS = frozenset("no nunca jamas ni tampoco nadie ningun ninguna ninguno sin siquiera".split())

# In the past tense, with people as subject: they were given what was promised.
RECEIVES = frozenset("recibir cobrar percibir obtener".split())
BEING = frozenset("estar ser quedar".split())
# States in which a building or a service is there; those of STATES_NOW only with "ya" or "desde".
STATES = frozenset(
    """
    operativo operativa operativos operativas abierto abierta abiertos abiertas vigente vigentes encendido encendida
    encendidos encendidas habilitado habilitada habilitados habilitadas inaugurado inaugurada funcionando operando
    """.split()
)
STATES_NOW = frozenset(
    """
    gratis gratuito gratuita gratuitos gratuitas obligatorio obligatoria disponible disponibles listo lista listos
    listas ilegal legal exento exenta exentos exentas terminado terminada concluido concluida ley realidad delito
    """.split()
)
# Verbs of building: in the present or progressive, the thing is not there yet.
BUILDS = frozenset(
    """
    construir instalar edificar pavimentar asfaltar conectar contratar reclutar rehabilitar reconstruir remodelar
    repavimentar sembrar plantar renovar capacitar formar
    """.split()
)
