"""Word lists: function words (for language detection), stop words, abbreviations, words common in all news."""

# Languages close to Spanish are here so that texts in them are not taken for Spanish.
FUNCTION_WORDS = {
    "en": """
        the of and to in is was for that with on by he she it at from has have had be been are were will would
        this which they their his her not as an who said after more its than but or about when there into out up
        over could
    """,
    "es": """
        el la los las de del y en que un una es por con para se su sus al lo como más pero fue ha han este esta
        entre sobre según también ya no sin desde hasta son está cuando donde tras le les dijo muy hay contra
        será ser
    """,
    "pt": """
        o a os as de do da dos das e em que um uma é por com para se seu sua ao como mais mas foi não são na no
        nas nos pelo pela também já sem até sobre está quando muito há contra ser entre segundo disse ainda
    """,
    "ca": """
        el la els les de del i en que un una és per amb se seu seva al com més però va ha han aquest aquesta
        entre sobre segons també ja no sense des fins són quan on li molt hi contra ser als dels
    """,
    "it": """
        il la i le gli di del della e in che un una è per con si su suo al come più ma fu ha hanno questo questa
        tra non sono da dal nel nella anche già senza fino quando molto contro essere dopo lo alla dei delle
    """,
    "fr": """
        le la les de du des et en que un une est par avec pour se son sa au comme plus mais fut a ont ce cette
        entre sur selon aussi pas sans depuis sont quand où très contre être dans qui il elle ne aux été après
    """,
    "de": """
        der die das den dem des und in zu ist war für dass mit auf von er sie es bei aus hat haben wird werden
        nicht als ein eine einer einem wie auch nach sich im am um an noch nur oder über vor
    """,
}

# In addition to the function words of the same language.
STOP_WORDS = {
    "en": """
        a i we you me my our your him them us if so no do does did can may might must shall should being having
        these those what where why how all any each other some such only own same then too very just also new
        one two three first last during before between under against through while because per via s t re says
        told
    """,
    "es": """
        a e o u ni si mi tu me te nos os él ella ellos ellas esto eso ese esa esos esas estos estas aquel cual
        cuales quien quienes cuyo qué cómo otro otra otros otras todo toda todos todas cada mismo misma uno dos
        tres era eran fueron sido siendo estar están había hacia durante mientras porque aunque ante bajo además
        así donde nuevo nueva nuevos nuevas primer primera dice han he hemos tiene tienen puede pueden solo
        antes después
    """,
}

ABBREVIATIONS = """
    sr sra srta sres dr dra dres lic ing arq abg ab econ prof gral gen cnel crnl tnte cap sgto cmdte mons pdte
    pte vice art arts núm num nro no nos pág págs cap av avda cdla km aprox ee uu s.a cía ltda d.m vs ej fig vol
    mr mrs ms st sen rep gov lt col sgt maj capt hon rev jr inc ltd corp co dept est jan feb mar apr jun jul aug
    sep sept oct nov dec ene abr ago dic u.s u.k u.n e.g i.e p.ej a.m p.m d.c ph.d
"""

# Words of any news about government, whatever its subject: they hardly distinguish one pledge from another.
COMMON_IN_NEWS = {
    "en": """
        government president presidential minister ministry national state country people public official office
        year month week day time today monday tuesday wednesday thursday friday saturday sunday plan project
        programme program policy law bill decree order announce make give take get use need want help work part
        group number million billion percent dollar cost power political party election vote voter campaign
        promise pledge leader member council city local federal administration authority arrive service system
        measure process case report statement create build provide increase reduce improve support begin start
        end include continue propose major main high large small good great many several against immediately
        fully
    """,
    "es": """
        gobierno presidente presidenta presidencial ministro ministra ministerio nacional estado país persona
        público pública oficial oficina año mes semana día tiempo hoy lunes martes miércoles jueves viernes
        sábado domingo plan proyecto programa política ley decreto orden anunciar anunció hacer dar tomar usar
        necesitar querer ayudar trabajo parte grupo número millón millones mil dólares costo poder político
        partido elección votar voto campaña promesa compromiso líder miembro consejo ciudad local autoridad
        llegar llegó cargo tener cumplir servicio sistema medida proceso caso informe declaración crear
        construir aumentar reducir mejorar apoyar empezar iniciar comenzar terminar incluir continuar proponer
        principal mayor alto gran grande pequeño bueno mucho varios vez forma nivel general
    """,
}
