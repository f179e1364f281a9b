"""Addresses of chat services and of mailboxes: what a right one looks like, and its parts. Nothing else is accepted.

People paste the address that the service shows, or write it as Apprise does. Either is taken apart here, part by part,
so that no query parameter and no other scheme of Apprise ever takes effect.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

from pledges.domain.messages import UserFacingError, deferred_message

LONGEST = 1000  # characters; the longest real ones, those of Power Automate, have about 350


class Service(StrEnum):
    """Where messages go."""

    SLACK = "slack"
    TEAMS = "teams"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    MATTERMOST = "mattermost"
    EMAIL = "email"


NAMES = {
    Service.SLACK: "Slack",
    Service.TEAMS: "Microsoft Teams",
    Service.DISCORD: "Discord",
    Service.TELEGRAM: "Telegram",
    Service.MATTERMOST: "Mattermost",
}
EXAMPLES = {
    Service.SLACK: "https://hooks.slack.com/services/T…/B…/…",
    Service.TEAMS: "https://….logic.azure.com/workflows/…/triggers/manual/paths/invoke?…&sig=…",
    Service.DISCORD: "https://discord.com/api/webhooks/…/…",
    Service.TELEGRAM: "tgram://123456789:ABC…/-1001234567890",
    Service.MATTERMOST: "https://chat.example.org/hooks/…",
    Service.EMAIL: "mailto://desk@example.org",
}

_SLACK = re.compile(
    r"(?:https://hooks\.slack\.com/services|slack:/)/([A-Z0-9]{1,40})/([A-Z0-9]{1,40})/([A-Z0-9]{1,80})/?",
    re.IGNORECASE | re.ASCII,
)
_DISCORD = re.compile(
    r"(?:https://(?:(?:canary|ptb)\.)?discord(?:app)?\.com/api(?:/v[0-9]{1,2})?/webhooks|discord:/)"
    r"/([0-9]{5,25})/([A-Z0-9_-]{20,120})/?",
    re.IGNORECASE | re.ASCII,
)
# The last part is a chat's number, negative for groups, or a public channel's name; after ":" the topic in a group.
_TELEGRAM = re.compile(
    r"(?:https://api\.telegram\.org/|tgram://)(?:bot)?([0-9]{5,20}:[A-Z0-9_-]{20,80})"
    r"/(-?[0-9]{1,20}|@?[A-Z][A-Z0-9_]{3,40})(?::([0-9]{1,12}))?/?",
    re.IGNORECASE | re.ASCII,
)
_EMAIL = re.compile(r"(?:mailto:(?://)?)?([^\s@/?#<>\"',;:]{1,64}@[^\s@/?#<>\"',;:]{1,190})", re.IGNORECASE)
_HOOK = re.compile(r"((?:/[A-Za-z0-9_-]{1,60}){0,3})/hooks/([A-Za-z0-9]{10,60})/?", re.ASCII)
_MATTERMOST_OF_APPRISE = re.compile(r"mmosts?://", re.IGNORECASE)
_TEAMS_HOST = re.compile(
    # Logic Apps, and the environments of the Power Platform, of Microsoft's clouds: public, US government, China.
    r"(?:[a-z0-9-]{1,63}\.){1,4}(?:logic\.azure\.(?:com|us|cn)"
    r"|api\.powerplatform\.(?:com|us|cn)|api\.(?:gov|high|mil)\.powerplatform\.microsoft\.us"
    r"|api\.powerplatform\.partner\.microsoftonline\.cn|api\.appsplatform\.us)",
    re.ASCII,
)
_TEAMS_PATH = re.compile(
    r"(/powerautomate/automations/direct(?:/cu/([0-9]{1,6}))?)?/workflows/([A-Z0-9_-]{8,80})"
    r"/triggers/manual/paths/invoke/?",
    re.IGNORECASE | re.ASCII,
)
_SIGNATURE = re.compile(r"[A-Za-z0-9_-]{20,120}", re.ASCII)
_API_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-preview)?|1", re.ASCII)
_TEAMS_PARAMETERS = {"api-version", "sp", "sv", "sig"}


class BadChatAddress(UserFacingError):
    """The address is of no service that messages can go to; `sentence` says what a right one looks like."""


@dataclass(frozen=True)
class ChatAddress:
    """A service, and the parts of an address that it needs; `url` is the one form in which it is stored.

    The parts are tokens, chats, a path: all of them are to be kept secret, except a mailbox's.
    """

    service: Service
    url: str
    parts: tuple[str, ...]
    origin: str = ""  # of services whose host differs from customer to customer

    def __repr__(self) -> str:
        return f"<ChatAddress of {self.service}>"  # so that no traceback or log holds the secret


def chat_address(text: str, *, mattermost_origins: Iterable[str] = ()) -> ChatAddress:
    """The parts of an address as people paste it.

    `mattermost_origins` are those that the operator allows, such as "https://chat.example.org".
    Raises BadChatAddress for everything else, with an example of what would be right.
    """
    text = text.strip()
    if not text or len(text) > LONGEST or not text.isprintable():
        raise _unknown()
    lowered = text.lower()
    if "hooks.slack.com" in lowered or lowered.startswith("slack:"):
        return _with_pattern(Service.SLACK, _SLACK, text, "https://hooks.slack.com/services/{}/{}/{}")
    if "/api/webhooks/" in lowered or lowered.startswith("discord:"):
        return _with_pattern(Service.DISCORD, _DISCORD, text, "https://discord.com/api/webhooks/{}/{}")
    if "api.telegram.org" in lowered or lowered.startswith("tgram:"):
        return _telegram(text)
    if lowered.startswith("mailto:") or "://" not in text:
        return _with_pattern(Service.EMAIL, _EMAIL, text, "mailto://{}")
    if "/workflows/" in lowered:
        return _teams(text)
    if "/hooks/" in lowered or _MATTERMOST_OF_APPRISE.match(text):
        return _mattermost(text, {origin.rstrip("/").lower() for origin in mattermost_origins})
    raise _unknown()


def _unknown() -> BadChatAddress:
    return BadChatAddress(
        deferred_message(
            "This is no address of Slack, Microsoft Teams, Discord, Telegram, Mattermost or a mailbox. A right one "
            "looks like %(slack)s, %(telegram)s or %(email)s.",
            slack=EXAMPLES[Service.SLACK],
            telegram=EXAMPLES[Service.TELEGRAM],
            email=EXAMPLES[Service.EMAIL],
        )
    )


def _wrong(service: Service) -> BadChatAddress:
    if service == Service.EMAIL:
        return BadChatAddress(
            deferred_message(
                "One mailbox is written like %(example)s, with nothing after it.", example=EXAMPLES[service]
            )
        )
    return BadChatAddress(
        deferred_message(
            "An address of %(service)s looks like %(example)s, with nothing before it and nothing after it.",
            service=NAMES[service],
            example=EXAMPLES[service],
        )
    )


def _with_pattern(service: Service, pattern: re.Pattern[str], text: str, url: str) -> ChatAddress:
    match = pattern.fullmatch(text)
    if match is None:
        raise _wrong(service)
    return ChatAddress(service, url.format(*match.groups()), match.groups())


def _telegram(text: str) -> ChatAddress:
    match = _TELEGRAM.fullmatch(text)
    if match is None:
        raise _wrong(Service.TELEGRAM)
    token, chat, topic = match.groups()
    if not chat.lstrip("-").isdecimal():
        chat = f"@{chat.removeprefix('@')}"
    parts = (token, f"{chat}:{topic}" if topic else chat)
    return ChatAddress(Service.TELEGRAM, f"tgram://{parts[0]}/{parts[1]}", parts)


def _teams(text: str) -> ChatAddress:
    """Parts: the workflow, its signature, the version of the API, "yes" for Power Automate's path, its routing id."""
    wrong = _wrong(Service.TEAMS)
    try:
        parts = urlsplit(text)
        host, port, parameters = (parts.hostname or "").lower(), parts.port, parse_qsl(parts.query, max_num_fields=8)
    except ValueError as error:
        raise wrong from error
    match = _TEAMS_PATH.fullmatch(parts.path)
    values = dict(parameters)
    signature, version = values.get("sig", ""), values.get("api-version", "")
    if (
        match is None
        or parts.scheme != "https"
        or not _TEAMS_HOST.fullmatch(host)
        or parts.netloc.lower() not in (host, f"{host}:443")
        or port not in (None, 443)
        or parts.fragment
        or len(values) != len(parameters)
        or not set(values) <= _TEAMS_PARAMETERS
        or not _SIGNATURE.fullmatch(signature)
        or not _API_VERSION.fullmatch(version)
    ):
        raise wrong
    direct, route, workflow = match.groups()
    query = f"?api-version={version}&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={signature}"
    path = f"{direct or ''}/workflows/{workflow}/triggers/manual/paths/invoke"
    pieces = (workflow, signature, version, "yes" if direct else "", route or "")
    return ChatAddress(Service.TEAMS, f"https://{host}{path}{query}", pieces, f"https://{host}")


def _mattermost(text: str, origins: set[str]) -> ChatAddress:
    """Parts: the path before /hooks/, and the hook's key."""
    if _MATTERMOST_OF_APPRISE.match(text):  # mmosts://host/path/key is https://host/path/hooks/key
        scheme, _colon, rest = text.partition("://")
        before, _slash, key = rest.rstrip("/").rpartition("/")
        text = f"http{'s' if scheme.lower() == 'mmosts' else ''}://{before}/hooks/{key}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _wrong(Service.MATTERMOST) from error
    match = _HOOK.fullmatch(parts.path)
    authority = f"{host}:{port}" if port else host
    if match is None or parts.query or parts.fragment or not host or parts.netloc.lower() != authority.lower():
        raise _wrong(Service.MATTERMOST)
    origin = f"{parts.scheme}://{authority}".lower()
    if origin not in origins:
        raise BadChatAddress(
            deferred_message(
                "%(origin)s is not among the Mattermost servers of this tracker: its operator has to name it in the "
                "setting MATTERMOST_ORIGINS.",
                origin=origin,
            )
        )
    path, key = match.groups()
    return ChatAddress(Service.MATTERMOST, f"{origin}{path}/hooks/{key}", (path, key), origin)
