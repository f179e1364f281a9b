"""Spanish: nouns by class, for the verb patterns in `patterns_es.py`. Data only, without accents."""

NOUNS = {
    "T": """
        carcel prision penal penitenciaria centro hospital clinica escuela colegio universidad campus liceo instituto
        aeropuerto puerto terminal puente via carretera autopista autovia ruta corredor viaducto tren ferrocarril
        metro metrocable teleferico tranvia linea tunel presa represa embalse acueducto canal planta refineria fabrica
        estacion subestacion unidad ala oficina parque granja vivienda casa piso departamento apartamento bus autobus
        ambulancia patrullero patrullera patrulla barco buque lancha fragata submarino avion helicoptero dron escaner
        fusil arma vehiculo camion camioneta estadio mercado gasoducto oleoducto poliducto pista embajada consulado
        paso tramo fase etapa carril cuartel base refugio albergue guarderia biblioteca museo teatro laboratorio
        reactor turbina red cable satelite computadora tableta laptop texto uniforme kit vacuna dosis pozo
        alcantarillado relleno muro valla aduana juzgado edificio complejo proyecto obra sede servicio portal
        plataforma aplicacion sistema academia muelle bodega mina central hidroelectrica termoelectrica termica eolico
        fotovoltaico solar programa beca bono tarjeta equipo camara radar flota tractor locomotora vagon agua
        electricidad energia generador barcaza policlinico consultorio ambulatorio quirofano cama sala cuna jardin
        comedor polideportivo ciclovia avenida calle distribuidor libramiento anillo cablebus hipodromo malecon
        trolebus metrobus recinto pabellon modulo ciudadela conjunto urbanizacion titulo escritura medicamento
        medicina aula celda cupo camas paradero paradera parqueadero intercambiador ducto helipuerto tomografo
        respirador resonador mamografo farmacia dispensario maternidad hospicio residencia internado chaleco
        motocicleta moto bicicleta luminaria alumbrado lampara foco cicloruta pasarela ptar desaladora potabilizadora
        desalinizadora subterraneo cablecarril peaje colector drenaje tuberia bateria panel aerogenerador torre antena
        internet wifi fibra senal libro cuaderno mochila zapato tablet semilla fertilizante abono herramienta lote
        parcela hectarea tierra terreno predio cedula brigada batallon comisaria upc destacamento reten garita
        radioayuda faro espigon rompeolas dique darsena hangar terraplen circunvalacion rotonda elevado trebol nudo
        periferico circuito calzada acera vereda bulevar plaza plazoleta piscina gimnasio cancha coliseo velodromo
        polideportiva cinemateca archivo galeria reserva santuario observatorio orfanato asilo geriatrico hogar cocina
        panaderia frigorifico matadero camal silo invernadero vivero arbol plantula huerta regadio riego bomba caldera
        estufa cocineta medidor contador ascensor escalera puesto dependencia delegacion fiscalia notaria tribunal
        defensoria morgue incubadora ecografo desfibrilador vagones convoy minibus microbus taxi lanchas remolcador
        draga patrullaje hidrante cisterna retroexcavadora pupitre computador notebook celular router registro censo
        ventanilla 911 campamento barrio asentamiento condominio bloque solucion aerodromo zona policia guarnicion
        cuadrante tecnologico politecnico facultad preescolar kinder estancia infantil cendi ludoteca preparatoria
        bachillerato secundaria primaria funicular monorriel cercanias regiotram suburbano interurbano rodalies
        cosechadora lonja ferry transbordador crucero nave aeronave caza blindado tanque municion pistola drones
        inhibidor arco bodycam videocamara oncologico cardiologico pediatrico materno psiquiatrico megacarcel
        megapuerto megaobra luz farola bombilla letrero interceptora
    """,
    "I": """
        agencia ministerio secretaria comision fondo banco instituto ente oficina organismo empresa
    """,
    "Y": """
        ley anteproyecto proyecto decreto reforma enmienda iniciativa presupuesto codigo estatuto reglamento texto
        constitucion rendicion dnu
    """,
    "K": """
        pliego prepliego contrato concesion licitacion obra trabajo
    """,
    "R": """
        ley anteproyecto proyecto decreto reforma contrato convenio reglamento acuerdo tratado pacto presupuesto plan
        impuesto iva tasa arancel gravamen tributo retencion enmienda medida constitucion codigo norma normativa
        programa promesa compromiso subsidio subvencion prohibicion moratoria licitacion subasta pension peaje
        privatizacion referendum referendo plebiscito consulta politica articulo concurso cuota ordenanza estatuto
        resolucion texto iniciativa propuesta paquete directiva estrategia mocion clausula capitulo disposicion titulo
        rebaja recorte aumento alza incremento subida tope techo precio alquiler salario sueldo prestacion bono
        credito beneficio exencion requisito permiso visa licencia concesion compra venta fusion prestamo
        financiamiento financiacion dinero garantia beca servicio recargo multa edad limite meta objetivo umbral
        confinamiento toque restriccion sancion embargo frontera tribunal memorando protocolo legalizacion
        despenalizacion nacionalizacion estatizacion indulto amnistia traspaso fuero jornada semana bicameralidad tren
        oferta estudio adjudicacion orden presupuestaria dnu decretazo tarifa tarifario matricula gratuidad aborto
        eutanasia ppe votacion dictamen ponencia documento designacion nombramiento eleccion censo desregulacion
        ajuste cepo licenciamiento adquisicion amparo concordato regimen estado excepcion excepción traslado creacion
        construccion instalacion eliminacion isr igv itbms isv pais tributacion contribucion regalia detraccion
        percepcion aporte aportacion cotizacion canon sobretasa estampilla predial tenencia derecho aduana
        contribuyente exoneracion condonacion prorroga pasaje boleto abono prima bonificacion incentivo estimulo
        indemnizacion reparacion compensacion descuento jubilacion retiro seguro cobertura minimo smi renta ingreso
        paternidad maternidad lactancia teletrabajo desconexion vacaciones indice cupo paridad veda vapeador
        cigarrillo alcohol plastico bolsa gasolina diesel combustible gas luz electricidad agua arriendo desalojo
        desahucio okupacion sitio emergencia militarizacion inmunidad reeleccion bicameralismo voto matrimonio
        identidad curriculo examen asignatura educacion regularizacion pena castigo condena extorsion prision carcel
        registro padron sistema esquema modelo mecanismo lineamiento directriz obligacion obligatoriedad
    """,
    "W": """
        obra construccion trabajo edificacion excavacion dragado pilotaje perforacion demolicion pavimentacion
        asfaltado ampliacion remodelacion rehabilitacion renovacion restauracion modernizacion electrificacion
        ensanche instalacion montaje ejecucion reconstruccion implementacion despliegue cimentacion colocacion tendido
        repavimentacion mejoramiento faena descapote desbroce hormigonado vaciado armado izaje fundicion colado
        adecuacion mantenimiento repotenciacion relleno iluminacion arborizacion siembra canalizacion soterramiento
        entubamiento refaccion
    """,
    "P": """
        negociacion dialogo conversacion proceso procedimiento licitacion concurso subasta consulta reclutamiento
        contratacion inscripcion registro apertura lanzamiento inauguracion entrega votacion debate lectura
        distribucion desembolso pago envio traspaso revision venta tramite tramitacion discusion mesa piloto prueba
        llamado convocatoria matriculacion empadronamiento vacunacion reparto postulacion matricula seleccion puja
        remate oferta tendido levantamiento mapeo
    """,
    "B": """
        pago prestacion pension subsidio bono ayuda cobertura reembolso devolucion salario sueldo comida almuerzo
        desayuno medicina medicamento tratamiento atencion descuento credito beca aguinaldo transferencia seguro
        permiso licencia racion alimento jubilacion retiro prima gratificacion estimulo incentivo indemnizacion
        reparacion compensacion abono giro mesada subvencion remuneracion aumento alza incremento canasta despensa
        alimentacion leche utiles uniforme mochila computadora tableta laptop libro titulo escritura cedula tarjeta
        vacuna insulina terapia dialisis consulta cirugia protesis lente anticonceptivo renta ingreso minimo cheque
        apoyo asignacion auxilio colaboracion pasaje transporte boleto vivienda casa llave lote tierra parcela
        hectarea semilla fertilizante combustible cuidado servicio agua luz
    """,
    "H": """
        suspension cautelar paralizacion veto bloqueo amparo congelamiento congelacion moratoria pausa freno
        prohibicion paro impedimento
    """,
    "D": """
        plazo fecha apertura entrega inauguracion inicio votacion lanzamiento entrada aplicacion implementacion
        llegada
    """,
    "C": """
        corte juez jueza tribunal justicia magistrado magistrada supremo supremos sala camara juzgado constitucional
        contencioso contraloria judicatura audiencia fiscalizador contralor
    """,
    "L": """
        asamblea congreso legislativo legislatura senado parlamento camara diputado diputada senador senadora
        legislador legisladora asambleista congresista pleno plenario comision cortes parlamentario concejo
    """,
    "V": """
        votante elector ciudadano ciudadania electorado pueblo urna referendum referendo plebiscito consulta poblacion
        ecuatoriano chileno uruguayo colombiano panameno suizo boliviano mexicano peruano costarricense italiano
    """,
    "U": """
        pasajero paciente alumno estudiante interno recluso preso reo viajero usuario conductor auto carro camion
        barco buque bus autobus tranvia tren avion vuelo familia inquilino vecino beneficiario cliente visitante nino
        pensionista jubilado recluta maestro docente medico policia turista ciclista peaton trabajador agricultor
        solicitante hogar mujer madre refugiado agente vehiculo carga contenedor adulto afiliado afiliada asegurado
        asegurada contribuyente productor productora campesino campesina pescador pescadora migrante damnificado
        damnificada victima adolescente joven persona poblador habitante residente embarazada gestante bebe lactante
        menor universitario becario becaria empleado empleada empresa comerciante emprendedor emprendedora pensionado
        pensionada anciano mayor interna privado privada detenido detenida pandillero soldado enfermera enfermero
        motociclista automovilista transportista convoy consumidor trabajadora docencia comunidad comunero enfermo
        profesor profesora alumna alumnado estudiantado pasajera viajera usuaria vecina beneficiaria clienta nina
        jubilada maestra medica familiar inquilina propietario propietaria arrendatario deudor deudora hipotecado
        autonomo autonoma pyme ganadero agricultora exportador importador sordo ciego discapacitado desempleado parado
        padre recien nacido huerfano viuda veterano marinero bombero cadete aspirante egresado graduado bachiller
        desplazado retornado refugiada extranjero indigena mineros minero municipio localidad provincia isla pueblo
        ferry crucero tonelada litro barril megavatio kilovatio agua electricidad energia gas furgon paquete moto
        bicicleta ambulancia dosis consultante derechohabiente cotizante socio suscriptor abonado hablante nucleo
        unidad ciudadano ciudadana gente funcionario servidor gendarme carabinero
    """,
    "M": """
        maquinaria maquina obrero cuadrilla operario ingeniero retroexcavadora excavadora tuneladora grua constructora
        contratista camion pala volqueta topografo trabajador cuadrillas trabajadores soldador albanil buzo draga
        perforadora tractor motoniveladora compactadora aplanadora piloteadora equipo consorcio
    """,
    "F": """
        fondo dinero prestamo financiamiento financiacion presupuesto recurso credito millon partida desembolso
        capital subsidio giro cuota inversion bono
    """,
    "G": """
        meta objetivo promesa compromiso cuota palabra oferta
    """,
    "X": """
        investigacion expediente fuego vuelo clase partido discurso debate sesion cuenta critica apelacion recurso
        fianza acusacion denuncia solicitud deuda cargo tropa embajador jugador duda caso audiencia cumbre conferencia
        reunion evento acto festival exposicion exhibicion muestra feria seminario taller foro congreso encuentro
        curso campeonato torneo ataque ofensiva huelga paro mensaje advertencia sentencia golpe brecha herida puerta
        guerra campana mitin protesta sospechoso funcionario delantero entrenador club equipo concierto gira disco
        cancion pelicula temporada suscripcion aerolinea portero accion bolsa divisa llamado argumento idea sugerencia
        afirmacion comentario informe reporte carta correo pregunta homenaje pesame corona premio medalla
        reconocimiento monumento estatua mural placa ojo boca ano galardon flor condecoracion diploma ultimatum
        oportunidad paso camino via jornada amistad relacion celebracion gala campeon asado acta lista demanda versión
        postura credencial visita viaje candidatura agenda rueda pasaporte vacacion fiesta ceremonia boda tienda
        restaurante hotel sucursal supermercado escolar lectivo judicial
    """,
}
