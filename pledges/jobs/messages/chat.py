"""Sending a text to a chat service with Apprise's plugins (docs/adr/0052).

A plugin is made from the parts of a checked address. Apprise never parses an address itself: so only the five plugins
named here are ever loaded, on the first message of a worker, and no query parameter reaches them.
"""

import re
from importlib import import_module
from typing import Any

from django.conf import settings

from pledges.domain.chat_addresses import NAMES, ChatAddress, Service
from pledges.domain.destinations import NotSent
from pledges.domain.messages import DeferredMessage, deferred_message

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
WHOLE_SECONDS = 15.0  # for one message, however slowly the answer arrives
_SUPPRESS_PREVIEWS = 1 << 2  # Discord's flag: pages of the desk are nobody's to fetch
_STATUS = re.compile(r"error=([0-9]{3})\.$")
_TELEGRAM_REASON = re.compile(
    r"^Failed to send Telegram notification to [^:]+(?::[0-9]+)?: (.{1,200}), error=[0-9]{3}\.$"
)


def send(address: ChatAddress, *, title: str, body: str) -> None:
    """Post one message to a chat service; title and body are in its markup.

    Raises NotSent with the reason that Apprise logged; neither it nor any log holds the address.
    """
    import apprise  # only where messages are sent: it takes a third of a second

    # The outbox tries again, so that no worker sleeps until a service's rate limit ends, and nothing is sent twice.
    asset = apprise.AppriseAsset(
        app_id="Pledge Tracker",
        app_desc="Pledge Tracker",
        app_url=settings.SITE_URL,
        http_redirects=False,
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    plugin = _plugin(address, asset)
    plugin.throttle = lambda *args, **kwargs: None
    sender = apprise.Apprise(asset=asset)
    sender.add(plugin)
    body_format = apprise.NotifyFormat.HTML if address.service == Service.TELEGRAM else None
    result = sender.notify(body, title=title, body_format=body_format, timeout=WHOLE_SECONDS)
    if not result:
        raise _reason(address.service, [entry.message for entry in result.logs()], result.status.name == "TIMEOUT")


def _plugin(address: ChatAddress, asset: Any) -> Any:
    """Apprise's plugin for an address, with every parameter that an address could have set, set here."""
    options: dict[str, Any]
    match address.service:
        case Service.SLACK:
            name, (a, b, c) = "slack.NotifySlack", address.parts
            # Declared as text, it is taken as it is: what Apprise makes of Markdown brings escaped mentions back.
            options = {"token_a": a, "token_b": b, "token_c": c, "include_footer": False, "format": "text"}
        case Service.TEAMS:
            name, (workflow, signature, version, direct, route) = "workflows.NotifyWorkflows", address.parts
            options = {"workflow": workflow, "signature": signature, "version": version, "power_automate": bool(direct)}
            options |= {"routing_id": route or None, **_host(address)}
        case Service.DISCORD:
            name, (number, token) = "discord.NotifyDiscord", address.parts
            options = {"webhook_id": number, "webhook_token": token, "avatar": False, "flags": _SUPPRESS_PREVIEWS}
        case Service.TELEGRAM:
            name, (token, chat) = "telegram.NotifyTelegram", address.parts
            options = {"bot_token": token, "targets": [chat], "detect_owner": False, "preview": False}
        case Service.MATTERMOST:
            name, (path, key) = "mattermost.NotifyMattermost", address.parts
            options = {"token": key, "fullpath": path, **_host(address)}
        case _:
            raise ValueError(f"{address.service} is no chat service.")
    module, _dot, cls = name.partition(".")
    plugin = getattr(import_module(f"apprise.plugins.{module}"), cls)
    common: dict[str, Any] = {"secure": True, "verify": True, "redirect": False, "include_image": False}
    common |= {"cto": CONNECT_SECONDS, "rto": READ_SECONDS}
    return plugin(asset=asset, **common | options)


def _host(address: ChatAddress) -> dict[str, Any]:
    scheme, _colon, authority = address.origin.partition("://")
    host, _colon, port = authority.partition(":")
    return {"host": host, "port": int(port) if port else None, "secure": scheme == "https"}


def _reason(service: Service, logged: list[str], timed_out: bool) -> NotSent:
    name = NAMES[service]
    statuses = [int(match[1]) for text in logged if (match := _STATUS.search(text))]
    if not statuses:
        if timed_out:
            return NotSent(deferred_message("%(service)s took too long to answer.", service=name))
        return NotSent(
            deferred_message(
                "%(service)s could not be reached: no connection, or a certificate that is not valid.", service=name
            )
        )
    status = statuses[-1]
    if service == Service.TELEGRAM and (match := _TELEGRAM_REASON.match(logged[-1])):
        sentence = deferred_message(
            "Telegram refused the message: %(reason)s (%(status)s).", reason=match[1], status=status
        )
        return NotSent(sentence)
    return NotSent(_sentence(name, status), gone=status == 410)


def _sentence(name: str, status: int) -> DeferredMessage:
    if status == 429:
        return deferred_message(
            "%(service)s asks to wait: it gets too many messages (%(status)s).", service=name, status=status
        )
    if status in (401, 403):
        return deferred_message(
            "%(service)s does not accept the address any more (%(status)s): make a new one there, and enter it.",
            service=name,
            status=status,
        )
    if status in (404, 410):
        return deferred_message(
            "%(service)s does not know the address (%(status)s): it may have been deleted there. Make a new one, and "
            "enter it.",
            service=name,
            status=status,
        )
    if 300 <= status < 400:
        return deferred_message(
            "%(service)s sends the message on to another address (%(status)s), which is not followed.",
            service=name,
            status=status,
        )
    if status >= 500:
        return deferred_message("%(service)s has a fault of its own (%(status)s).", service=name, status=status)
    return deferred_message("%(service)s refused the message (%(status)s).", service=name, status=status)
