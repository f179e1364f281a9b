"""Which language a reader gets at an address that names none."""

from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from pledges.site.shared.page_cache import last_newsroom


class LanguageMiddleware(LocaleMiddleware):
    """Django's, but an address without a language, such as "/", leads to the newsroom's main language.

    In a newsroom that writes two languages only where the reader's browser asks for neither of them.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 503 and request.path_info == "/":
            response = HttpResponseNotFound()  # the database is away, the front pages may still be in the cache
        if response.status_code == 404 and not translation.get_language_from_path(request.path_info):
            newsroom = last_newsroom()
            if newsroom and (newsroom.one_language or not wished(request)):
                translation.activate(newsroom.main_language)
        return super().process_response(request, response)


def wished(request: HttpRequest) -> str:
    """The code of the language that the reader's cookie or browser asks for; "" if we have none of those."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    header = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    for code in [cookie, *(code for code, _quality in parse_accept_lang_header(header))]:
        if code == "*":
            break
        with suppress(LookupError, ValueError):
            return translation.get_supported_language_variant(code)
    return ""
