"""Tags for the pages that have an embed: the way to the picker, and the link by which programs find oEmbed."""

from urllib.parse import urlencode

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pledges.site.embeds.targets import OF_PAGE
from pledges.site.shared.paths import path_of

register = template.Library()


@register.simple_tag(takes_context=True)
def embed_picker(context: Context) -> str:
    """The address at which the present page's embed is chosen; "" for a page without one. A preview has that of the
    page it shows."""
    path = _present(context)
    if not path and (standing := context.get("standing")):
        path = path_of("pledge", standing.pledge.slug)
    return f"{path_of('embed')}?{urlencode({'url': path})}" if path else ""


@register.simple_tag(takes_context=True)
def oembed_link(context: Context) -> SafeString | str:
    """The <link> of oEmbed's discovery for the present page."""
    path = _present(context)
    if not path:
        return ""
    address = f"{context['origin']}{path_of('oembed')}?{urlencode({'url': context['origin'] + path})}"
    return format_html('<link rel="alternate" type="application/json+oembed" href="{}">', address)


def _present(context: Context) -> str:
    """The path of the present page with the parameters that its embed reads, the time included."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    kind = OF_PAGE.get(match.url_name) if match else None
    parameters = getattr(request, "page_parameters", None)
    if request is None or kind is None or parameters is None:
        return ""
    as_of = context.get("as_of")
    query = [(name, value) for name, value in parameters if name in kind.parameters and value]
    query += as_of.asked if as_of else ()
    return request.path + (f"?{urlencode(query)}" if query else "")
