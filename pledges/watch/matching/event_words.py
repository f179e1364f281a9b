"""Words that name kinds of events in the news about pledges, and the names of weekdays and months.

Only for telling apart two developments of one story; the status of a pledge is judged by `status.suggestion`.
"""

from functools import lru_cache

from pledges.domain.languages import LANGUAGES
from pledges.domain.text import fold
from pledges.watch.text.language import words

_BY_KIND = {
    # kind: (English words, Spanish words; "-" for the endings of a participle)
    "begin": (
        "begin begins began begun start starts started launch launches launched groundbreaking underway diggers",
        "comienza comienzan comenzó arranca arrancan arrancó inicia inician inició empieza empezó inicio comienzo",
    ),
    "stop": (
        "suspend suspends suspended suspension halt halts halted stop stops stopped freeze freezes frozen paralysed "
        "blocked blocks",
        "suspende suspenden suspendió suspendid- suspensión paraliza paralizan paralizó paralizad- frena frenan frenó "
        "frenad- detenid- congela congelan congeló congelad- bloquea bloquean bloqueó bloquead-",
    ),
    "approve": (
        "approve approves approved pass passes passed adopt adopts adopted ratify ratifies ratified",
        "aprueba aprueban aprobó aprobad- aprobación ratifica ratifican ratificó ratificad-",
    ),
    "refuse": (
        "reject rejects rejected refuse refuses refused veto vetoes vetoed annul annuls annulled overturn overturns "
        "overturned unconstitutional defeat defeated",
        "rechaza rechazan rechazó rechazad- veta vetó vetad- veto niega niegan negó anula anulan anuló anulad- "
        "inconstitucional tumba tumbó derrota",
    ),
    "withdraw": (
        "withdraw withdraws withdrew withdrawn scrap scraps scrapped cancel cancels cancelled canceled abandon "
        "abandons abandoned shelve shelves shelved",
        "retira retiran retiró retirad- cancela cancelan canceló cancelad- desiste desistió descarta descartó "
        "descartad- deroga derogan derogó derogad-",
    ),
    "open": (  # handing over a hospital and opening it are the same event
        "open opens opened inaugurate inaugurates inaugurated opening handed hands deliver delivers delivered delivery "
        "receive receives received",
        "inaugura inauguran inauguró inaugurad- inauguración abre abren abrió estrena estrenan entrega entregan "
        "entregó entregad- recibe reciben recibió",
    ),
    "close": (
        "close closes closed shut shuts closure",
        "cierra cierran cerró cerrad- cierre clausura clausuró clausurad-",
    ),
    "inquire": (
        "investigate investigates investigated investigation probe probes audit audits auditors fraud",
        "investiga investigan investigó investigación indaga auditoría contraloría sobreprecio denuncia denuncian",
    ),
    "seize": (
        "arrest arrests arrested detained",
        "arrestad- arrestan arrestó detienen detuvo apresan captura capturan",
    ),
    "release": (
        "release releases released freed acquitted",
        "libera liberan liberó liberad- libertad absuelve absolvió absuelt-",
    ),
    "force": ("force effect", "vigor vigencia rige regirá"),
    "delay": (
        "delay delays delayed postpone postpones postponed",
        "retrasa retrasó retrasad- retraso aplaza aplazan aplazó aplazad- posterga postergó postergad- prórroga "
        "prorroga",
    ),
    "strike": ("strike strikes", "huelga paro"),
    "resume": ("resume resumes resumed", "reanuda reanudan reanudó retoma retoman reactiva"),
    "finish": (
        "finish finishes finished completes completed",
        "termina terminó concluye concluyó culmina culminó finaliza finalizó",
    ),
    "rise": ("rise rises rose increase increases increased", "sube suben subió aumenta aumentan aumentó"),
    "fall": ("cut cuts lower lowers lowered fall falls fell", "baja bajan bajó reduce reducen redujo recorta recortó"),
    "hold": ("hold holds held unchanged", "mantiene mantuvo"),
    "sign": ("sign signs signed decree", "firma firman firmó decreta decretó decreto"),
    "clear": ("clear clears cleared allow allows allowed", "autoriza autorizó permite permitió"),
    "burn": (
        "fire burn burns burned collapse collapses collapsed attack attacks attacked",
        "incendio colapsa colapsó ataque atacan explosión",
    ),
}
REVERSALS = frozenset({"stop", "refuse", "withdraw", "close", "release", "delay", "inquire", "strike", "burn"})

_KINDS: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
for _kind, _lists in _BY_KIND.items():
    for _language, _list in zip(LANGUAGES, _lists, strict=True):
        for _word in _list.split():
            _forms = [_word[:-1] + _ending for _ending in ("o", "a", "os", "as")] if _word.endswith("-") else [_word]
            _KINDS[_language] |= dict.fromkeys(_forms, _kind)

_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday "
    "january february march april may june july august september october november december",
    "lunes martes miércoles jueves viernes sábado domingo "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
)
# Each name with the English one. "may" is a verb more often than a month.
TIMES = {
    fold(word): english
    for names in _DAYS
    for word, english in zip(names.split(), _DAYS[0].split(), strict=True)
    if word != "may"
}


@lru_cache(maxsize=1024)
def event_kinds(text: str, language: str) -> frozenset[str]:
    """The kinds of events that a headline or a first sentence reports."""
    kinds = _KINDS.get(language, {})  # with accents: "retiró" is a withdrawal, "retiro" a pension
    return frozenset(kinds[word] for word in map(str.casefold, words(text)) if word in kinds)
