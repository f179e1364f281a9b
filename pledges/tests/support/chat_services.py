"""A local server that stands in for the chat services: Apprise's own code speaks HTTP with it."""

import json
from contextlib import contextmanager
from urllib.parse import urlsplit

from pledges.tests.support.endpoints import endpoint

SLACK = "https://hooks.slack.com/services/T01ABCDEF/B01ABCDEF/SlackSecretSlackSecret"
TEAMS = (
    "https://prod-12.westeurope.logic.azure.com:443/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/"
    "invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=TeamsSecret-TeamsSecret_TeamsSecret"
)
POWER_AUTOMATE = (
    "https://default0123456789abcdef.01.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/"
    "0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0"
    "&sig=TeamsSecret-TeamsSecret_TeamsSecret"
)
DISCORD = "https://discord.com/api/webhooks/123456789012345678/DiscordSecret-DiscordSecret_DiscordSecret"
TELEGRAM = "tgram://123456789:TelegramSecretTelegramSecretTelegra/-1001234567890"
MATTERMOST = "https://chat.example.org/hooks/mattermostsecretmatter01"
EMAIL = "mailto://desk@example.org"
SECRETS = ["SlackSecret", "TeamsSecret", "DiscordSecret", "TelegramSecret", "mattermostsecret"]


class Requests(list):
    """What the services received, as (address, body of the JSON)."""

    @property
    def addresses(self):
        return [address for address, _body in self]

    @property
    def bodies(self):
        return [body for _address, body in self]


@contextmanager
def chat_services(monkeypatch, answer=b"ok", status=200, **options):
    """A server that takes what is meant for the chat services; yields the `Requests`.

    Only the last step is replaced: where the connection goes. Redirects are followed, or not, by the code under test.
    """
    from requests.adapters import HTTPAdapter

    received = Requests()
    send = HTTPAdapter.send
    with endpoint(answer, status, **options) as (url, _asked), monkeypatch.context() as patch:
        origin = url.removesuffix("/v1")

        def redirected(self, request, **kwargs):
            assert kwargs["verify"] is not False and kwargs["timeout"], "certificates are checked, and time is limited"
            received.append((request.url, json.loads(request.body)))
            parts = urlsplit(request.url)
            request.url = f"{origin}{parts.path}?{parts.query}"
            return send(self, request, **kwargs)

        patch.setattr(HTTPAdapter, "send", redirected)
        yield received
