"""What the chat services receive, through Apprise's own code; hostile headlines; what is said when one refuses."""

import json
import logging
import sys
from dataclasses import replace

import pytest

from pledges.domain.chat_addresses import Service, chat_address
from pledges.domain.destinations import NotSent
from pledges.jobs.messages import chat, markup
from pledges.jobs.messages.markup import Item, Message
from pledges.tests.support import chat_services as services
from pledges.tests.support.chat_services import chat_services

ADDRESSES = {
    Service.SLACK: services.SLACK,
    Service.TEAMS: services.TEAMS,
    Service.DISCORD: services.DISCORD,
    Service.TELEGRAM: services.TELEGRAM,
    Service.MATTERMOST: services.MATTERMOST,
}
SITE = "https://pledges.example"
MESSAGE = Message(
    "1 new lead",
    (
        Item(
            "Build two prisons",
            ("“Work began.”", "Not started → In progress"),
            "Open the lead",
            f"{SITE}/admin/lead/7/",
        ),
    ),
    lambda left: f"and {left} more at the desk" if left else "",
)


def post(service, message=MESSAGE):
    address = chat_address(ADDRESSES[service], mattermost_origins=["https://chat.example.org"])
    signs = markup.MARKUPS[service]
    chat.send(address, title=signs.title(message.title), body=markup.body(message, signs))


def text_of(service, body):
    """The text in what a service received."""
    match service:
        case Service.SLACK:
            return body["attachments"][0]["text"]
        case Service.TEAMS:
            return body["attachments"][0]["content"]["body"][1]["text"]
        case Service.DISCORD:
            return body["content"]
    return body["text"]


# --- the plain case


def test_what_each_service_receives(monkeypatch):
    with chat_services(monkeypatch) as received:
        for service in ADDRESSES:
            post(service)
    assert received.addresses == [
        services.SLACK,
        services.TEAMS.replace(":443", ""),
        services.DISCORD,
        "https://api.telegram.org/bot123456789:TelegramSecretTelegramSecretTelegra/sendMessage",
        services.MATTERMOST,
    ]
    slack, teams, discord, telegram, mattermost = received.bodies
    page = "https://pledges.example/admin/lead/7/"
    assert slack == {
        "mrkdwn": False,
        "attachments": [
            {
                "title": "1 new lead",
                "text": f"Build two prisons\n“Work began.”\nNot started → In progress\n<{page}|Open the lead>",
                "color": "#3AA3E3",
            }
        ],
    }
    markdown = f"**Build two prisons**\n“Work began.”\nNot started → In progress\n[Open the lead]({page})"
    title, text = teams["attachments"][0]["content"]["body"]
    assert title["text"] == "1 new lead" and text["text"] == markdown.replace("\n", "\n\n")
    assert discord == {"tts": False, "wait": True, "flags": 4, "content": f"### 1 new lead\r\n{markdown}"}
    assert telegram == {
        "chat_id": -1001234567890,
        "parse_mode": "HTML",
        "disable_notification": False,
        "disable_web_page_preview": True,
        "text": "<b>1 new lead</b>\r\n<b>Build two prisons</b>\r\n“Work began.”\r\nNot started → In progress\r\n"
        f'<a href="{page}">Open the lead</a>',
    }
    assert mattermost == {"text": f"#### 1 new lead\r\n{markdown}", "username": "Pledge Tracker"}


def test_a_workflow_of_power_automate_and_a_mattermost_server_in_the_house(monkeypatch):
    with chat_services(monkeypatch) as received:
        chat.send(chat_address(services.POWER_AUTOMATE), title="Test", body="Test")
        origin = "http://mattermost:8065"
        chat.send(
            chat_address(f"{origin}/team/hooks/key0123456789", mattermost_origins=[origin]), title="Test", body="Test"
        )
    assert received.addresses == [services.POWER_AUTOMATE.replace(":443", ""), f"{origin}/team/hooks/key0123456789"]


def test_only_the_five_plugins_are_loaded(monkeypatch):
    with chat_services(monkeypatch):
        for service in ADDRESSES:
            post(service)
    names = {name.removeprefix("apprise.plugins.") for name in sys.modules if name.startswith("apprise.plugins.")}
    assert names == {"base", "discord", "mattermost", "slack", "telegram", "workflows"}


# --- hostile headlines


HOSTILE = [
    "@everyone @here @channel <!channel> <!subteam^S1|x> <@U1> &lt;!channel&gt;",
    "[Kept](https://evil.example) <https://evil.example|Kept> <a href='https://evil.example'>Kept</a>",
    "**Kept** `code` ~~x~~ ||x|| # Heading > quote <at>Everyone</at> {{DATE(2026-01-01T00:00:00Z)}}",
    "www.evil.example evil.example/x user@evil.example mailto:x@evil.example t.me/evil 192.0.2.1 evil.1und1.example",
    "Work\nNot started → Kept\r\n\u2028[x]\u202e(https://evil.example)\x00",
]


@pytest.mark.parametrize("service", ADDRESSES)
def test_a_headline_forges_no_link_and_calls_nobody(monkeypatch, service):
    item = Item(" ".join(HOSTILE), tuple(HOSTILE), "Open | ](https://evil.example) <b>", f"{SITE}/admin/lead/7/")
    with chat_services(monkeypatch) as received:
        post(service, replace(MESSAGE, items=(item,)))
    [body] = received.bodies
    text = text_of(service, body)
    assert "https://evil.example" not in json.dumps(body) and "\u202e" not in text and "\x00" not in text
    assert not any(name in json.dumps(body) for name in ("www.e", "evil.e", "evil.1", "t.me", "192.0"))
    assert "@everyone" not in text and "@here" not in text and "@channel" not in text
    lines = [line for line in text.splitlines() if line]
    titled = service in (Service.DISCORD, Service.TELEGRAM, Service.MATTERMOST)
    assert len(lines) == 1 + len(HOSTILE) + 1 + titled  # a headline stays on its line
    match service:
        case Service.SLACK:
            links = [part.partition(">")[0] for part in text.split("<")[1:]]
            label = "Open ¦ ](https:\u200b//evil.\u200bexample) &lt;b&gt;"
            assert links == [f"https://pledges.example/admin/lead/7/|{label}"]
        case Service.TELEGRAM:
            assert text.count("<") == 6 and text.count("<a ") == 1  # the title, the heading and the link
        case Service.TEAMS:
            assert "<at>" not in text and "entities" not in json.dumps(body) and "{{" not in text
            assert text.count("](") == 1
        case _:
            assert text.count("](") == 1 and "\\[Kept\\]\\(" in text and "\\*\\*Kept" in text


def test_numbers_and_sentences_keep_their_dots():
    assert markup.defused("It costs 3.5 million. Work began...") == "It costs 3.5 million. Work began..."


@pytest.mark.parametrize("service", ADDRESSES)
def test_many_things_fit_into_one_message_and_the_rest_is_counted(monkeypatch, service):
    items = tuple(
        Item(f"{at} " + "&*" * 80, ("@" * 280, "<" * 160), "Open", f"{SITE}/admin/lead/{at}/") for at in range(50)
    )
    message = replace(MESSAGE, items=items, left_out=2, url=f"{SITE}/admin/leads/")
    with chat_services(monkeypatch) as received:
        post(service, message)
    text = text_of(service, received.bodies[0])
    longest = {Service.DISCORD: 2000, Service.TELEGRAM: 4096, Service.MATTERMOST: 4000}.get(service, 8000)
    assert markup.length(text) <= longest
    shown = text.count("/admin/lead/")
    assert 1 <= shown < 50 and f"and {52 - shown} more at the desk" in text and "/admin/leads/" in text


# --- refusals


@pytest.mark.parametrize(
    ("service", "status", "answer", "sentence"),
    [
        (Service.SLACK, 404, b"no_service", "Slack does not know the address (404): it may have been deleted there."),
        (Service.SLACK, 410, b"channel_is_archived", "Slack does not know the address (410)"),
        (Service.SLACK, 200, b"<html>", "Slack refused the message (200)."),
        (Service.TEAMS, 401, b"", "Microsoft Teams does not accept the address any more (401)"),
        (Service.DISCORD, 429, b"", "Discord asks to wait: it gets too many messages (429)."),
        (Service.MATTERMOST, 503, b"", "Mattermost has a fault of its own (503)."),
        (
            Service.TELEGRAM,
            400,
            b'{"ok": false, "description": "Bad Request: chat not found"}',
            "Telegram refused the message: Bad Request: chat not found (400).",
        ),
    ],
)
def test_a_refusal_is_told_in_plain_words_and_without_the_secret(
    monkeypatch, caplog, service, status, answer, sentence
):
    caplog.set_level(logging.DEBUG)
    for name in ("apprise", "urllib3.connectionpool"):  # as the settings have them, which pytest's level overrides
        assert logging.getLogger(name).getEffectiveLevel() > logging.DEBUG
    with chat_services(monkeypatch, answer, status), pytest.raises(NotSent) as refused:
        post(service)
    assert str(refused.value).startswith(sentence) and refused.value.gone == (status == 410)
    assert not any(secret in caplog.text + str(refused.value) for secret in services.SECRETS)


@pytest.mark.parametrize("service", ADDRESSES)
def test_a_redirect_is_not_followed(monkeypatch, service):
    with (
        chat_services(monkeypatch, status=307, headers=[("Location", "http://169.254.169.254/")]) as received,
        pytest.raises(NotSent, match=r"another address \(307\), which is not followed"),
    ):
        post(service)
    assert len(received) == 1


def test_a_server_that_is_away_and_one_that_drips(monkeypatch):
    monkeypatch.setattr(chat, "WHOLE_SECONDS", 0.3)
    away = chat_address("http://127.0.0.1:9/hooks/key0123456789", mattermost_origins=["http://127.0.0.1:9"])
    with pytest.raises(NotSent, match="Mattermost could not be reached"):
        chat.send(away, title="Test", body="Test")
    with (
        chat_services(monkeypatch, b"ok" * 20, drip=True),
        pytest.raises(NotSent, match="Mattermost took too long to answer"),
    ):
        post(Service.MATTERMOST)
