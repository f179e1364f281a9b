"""Who did it, in the history of the rows that a request changes."""

from django.http import HttpRequest, HttpResponse
from pghistory import middleware

from pledges.accounts.allauth_adapters import DESK


class HistoryMiddleware(middleware.HistoryMiddleware):
    """pghistory's, except where somebody reads the public site: nothing is changed there, and to look up who it is
    would cost two queries, and make the page one that depends on a cookie."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and not request.path.startswith(DESK):
            return self.get_response(request)
        return super().__call__(request)
