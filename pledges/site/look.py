"""What a newsroom gives every page of its own: a style sheet with its colour, and its logo.

Both are addressed by what they hold, so that browsers keep them for good. The style sheet is a file of this site, as
the Content-Security-Policy allows no styles in a page.
"""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from pledges.domain.colours import HEX, readable
from pledges.domain.process_cache import kept
from pledges.models import Logo

FOR_GOOD = "public, max-age=31536000, immutable"
SCHEMES = ("base", "dark")  # the style sheets that begin with the colours of the light and of the dark scheme


@require_safe
def style_sheet(request: HttpRequest, accent: str) -> HttpResponse:
    """The colour as CSS: a band at the top, and links in a shade of it that can be read in both schemes.

    Readers who ask for more contrast keep the links of the tracker's own style sheet.
    """
    colour = f"#{accent}"
    if not re.fullmatch(HEX, colour):
        raise Http404(colour)
    light, dark = (readable(colour, paper) for paper in papers())
    css = (
        f"header.site {{ border-top: .35rem solid {colour}; }}\n"
        f"@media (prefers-contrast: no-preference) {{ :root {{ --link: {light}; }} }}\n"
        f"@media screen and (prefers-color-scheme: dark) and (prefers-contrast: no-preference) "
        f"{{ :root {{ --link: {dark}; }} }}\n"
    )
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": FOR_GOOD})


@kept()
def papers() -> list[str]:
    """The background of the pages in the light and in the dark scheme, as the style sheets have them."""
    found = []
    for name in SCHEMES:
        css = (settings.BASE_DIR / "static" / "css" / f"{name}.css").read_text(encoding="utf-8")
        found += re.findall(rf"--paper: ({HEX});", css)[:1]
    return found


@require_safe
def logo(request: HttpRequest, sha256: str) -> HttpResponse:
    """A logo by its hash. Its policy lets nothing run, should somebody open it as a page."""
    etag = f'"{sha256}"'
    headers = {
        "ETag": etag,
        "Cache-Control": FOR_GOOD,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    row = Logo.objects.filter(pk=sha256).first()
    if row is None:
        raise Http404(sha256)
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(bytes(row.body), content_type=row.content_type, headers=headers)
