"""Recognises what a site shows instead of a page: a maintenance notice, a cookie wall, a login, a captcha, JavaScript.

Each is recognised by its words, in a text that is too short, or too full of them, to have other content.
"""

import re

import lxml.html

from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.watch.sources.metatags import refresh_of

_LONGEST_NOTICE = 600  # characters; a longer text has content
_LONGEST_SHELL = 1500  # characters of all visible text, including navigation
_LONGEST_LOOK = 6000  # characters that are searched
_A_PHRASE_IN = 250  # characters: a cookie wall has at least one phrase in so many


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# A site about itself: roads and power plants are under maintenance too, and that is news.
_MAINTENANCE = _any(
    r"\b(?:we|(?:web)?site|web ?page|portal|server)\b.{0,30}\b(?:under|for|in|undergoing)\b.{0,20}\bmaintenance\b",
    r"\b(?:sitio|p[aá]gina|portal|web|servidor|estamos|nos encontramos)\b.{0,40}"
    r"\b(?:en|por|realizando|(?:tareas|labores|trabajos) de)\b.{0,20}\bmantenimiento\b",
    r"\bscheduled maintenance\b|\bmaintenance mode\b|\bmantenimiento programado\b|\bmodo (?:de )?mantenimiento\b",
    r"^\W*(?:under |en )?(?:maintenance|mantenimiento)\W*$",
    r"\bback (?:soon|shortly|online)\b|\btemporarily (?:unavailable|offline)\b|\b(?:service|site|page) unavailable\b",
    r"\b(?:try|check|come) (?:again|back) (?:later|soon|shortly|in a)\b|\bsorry for (?:the|any) inconvenience\b",
    r"\b(?:volvemos|volveremos|regresamos|regresaremos) (?:\w+ ){0,2}(?:pronto|enseguida|breve|minutos|horas)\b",
    r"\bestaremos de (?:vuelta|regreso)\b",
    r"\btemporalmente (?:fuera de (?:servicio|l[ií]nea)|no disponible|inactiv[oa])\b",
    r"\b(?:servicio|sitio|p[aá]gina|portal) (?:web )?no (?:est[aá] )?disponible\b",
    r"\b(?:disculp\w+|lamentamos|perdon\w+) (?:por )?(?:las?|los?) (?:molestias?|inconvenientes?)\b",
    r"\b(?:int[eé]nt\w+|vuelva|vuelve|regrese|pruebe|prueba) (?:\w+ ){0,3}(?:m[aá]s tarde|pronto|luego|en unos)\b",
)
# Phrases that only a site itself says to its visitors, and the labels of its buttons.
_CONSENT_ASKED = _any(
    r"\bwe use (?:\w+ ){0,2}cookies",
    r"\bwe,? (?:and|with) our\b|\bour (?:[\d,.]+ )?(?:partners|vendors)\b|\bbefore you continue\b",
    r"\bwe (?:value|care about|respect) your\b|\bwe need your consent|\byour (?:consent|choices|privacy|device)\b",
    r"\b(?:accept|reject) (?:all|cookies)\b|\bI (?:agree|accept)\b|\bthis (?:web)?site uses (?:\w+ )?cookies",
    r"\bmanage (?:\w+ )?(?:options|preferences|settings|choices|cookies)\b",
    r"\b(?:usamos|utilizamos|empleamos) (?:\w+ ){0,2}cookies|\bnosotros y \b",
    r"\bnuestros (?:[\d,.]+ )?(?:socios|proveedores)",
    r"\b(?:nos importa|valoramos|respetamos|cuidamos) (?:tu|su|la) privacidad",
    r"\btu (?:consentimiento|privacidad|dispositivo)",
    r"\b(?:acept[aeo]r?|rech[aá]z[aeo]r?|rechac[eé]) (?:y continuar|tod[ao]s?\b|(?:las |nuestras )?cookies)",
    r"\b(?:configurar|gestionar|personalizar) (?:las |mis )?(?:opciones|preferencias|cookies)|\bantes de continuar\b",
    r"\best[ae] (?:sitio|p[aá]gina|web)(?: web)? (?:usa|utiliza) (?:\w+ ){0,2}cookies",
    r"\b(?:danos|necesitamos) tu consent",
)
_CONSENT_MATTER = _any(
    r"cookie|consent|privac|personali[sz]ed|personalizad|information on a device|en un dispositivo|advertis|publicidad",
    r"legitimate interest|inter[eé]s leg[ií]timo|\bIAB\b|\bTCF\b|\bGDPR\b|\bRGPD\b|anuncios",
)
_COOKIES = _any("cookie", "consent")
_HUMANS = _any(
    r"captcha|cloudflare|are you (?:a )?human|\brobot\b|just a moment|checking your browser",
    r"verify(?:ing)? (?:that )?you",
    r"unusual traffic|tr[aá]fico inusual|(?:eres|es|soy) (?:un )?humano|verific\w+ (?:que )?(?:eres|es usted|tu|su) ",
)
_SCRIPT = _any(
    r"(?:enabl\w+|turn(?:ed)? on|activat\w+|requires?|needs?|without|supports?|allow) (?:\w+ ){0,3}java ?script",
    r"(?:habilit\w+|activ\w+|necesit\w+|requiere\w*|permit\w+|sin|soport\w+) (?:\w+ ){0,3}java ?script",
    r"java ?script (?:\w+ ){0,3}(?:disabled|required|enabled|desactivado|deshabilitado|activado|habilitado|necesario)",
)
_LOGIN = _any(
    r"(?:log|sign) ?in to (?:continue|read|view|access|see|keep)|please (?:log|sign) ?in",
    r"(?:must|need to|have to) (?:be logged|log|sign) ?in|(?:debes?|necesitas?) iniciar sesi[oó]n",
    r"inici\w+ sesi[oó]n (?:para|con)|(?:reg[ií]str\w+|identif[ií]\w+) (?:gratis )?para (?:seguir|continuar|leer|ver)",
    r"ingres[ae] (?:a|con) (?:tu|su) (?:cuenta|usuario|contraseña)",
)
AWAY = deferred_message("The page shows only a notice that it is away for a while; it is read again later.")


def is_maintenance(text: str) -> bool:
    """Whether a text is a maintenance notice and nothing else."""
    return len(text) <= _LONGEST_NOTICE and bool(_MAINTENANCE.search(" ".join(text.split())))


def wall_in(text: str) -> DeferredMessage | None:
    """The obstacle that an extracted text turns out to be; None if it is content."""
    requests = {match.group().lower() for match in _CONSENT_ASKED.finditer(text[:_LONGEST_LOOK])}
    phrases = len(requests) + len(_CONSENT_MATTER.findall(text[:_LONGEST_LOOK]))
    if len(requests) >= 2 and _COOKIES.search(text) and phrases * _A_PHRASE_IN >= len(text):
        return deferred_message(
            "The site shows a request for consent to cookies instead of the page: our reader cannot answer it."
        )
    if len(text) > _LONGEST_NOTICE:
        return None
    if _SCRIPT.search(text):
        return deferred_message("The page shows its text only with JavaScript, which we do not run.")
    if _LOGIN.search(text):
        return deferred_message("The page asks for a login: what stands behind it cannot be read.")
    return None


def wall_of(tree: lxml.html.HtmlElement) -> DeferredMessage | None:
    """The obstacle on a page without content; None if it is not recognised."""
    text = " ".join(" ".join(tree.xpath("//body//text()[not(parent::script or parent::style)]")).split())
    for content in tree.xpath(
        "//meta[not(ancestor::noscript)][translate(@http-equiv,'REFSH','refsh')='refresh']/@content"
    ):
        seconds, address = refresh_of(content)
        if address:
            return deferred_message(
                "The page sends its visitors on to %(address)s after %(seconds)s s: use that address.",
                address=address,
                seconds=seconds,
            )
    if tree.xpath("//input[@type='password']") and len(text) < _LONGEST_SHELL:
        return deferred_message("The page asks for a login: what stands behind it cannot be read.")
    if len(text) < _LONGEST_NOTICE and _HUMANS.search(text):
        return deferred_message(
            "The site asks whether we are human, so our reader is not let in: ask its owner, or use another address."
        )
    if wall := wall_in(text):
        return wall
    if is_maintenance(text):
        return AWAY
    if len(text) < 200 and tree.xpath("//script"):
        return deferred_message("The page shows its text only with JavaScript, which we do not run.")
    return None
