"""Which addresses messages may go to: six services, each in its own form; everything else of Apprise is refused."""

import pytest

from pledges.domain.chat_addresses import BadChatAddress, Service, chat_address
from pledges.tests.support.chat_services import (
    DISCORD,
    EMAIL,
    MATTERMOST,
    POWER_AUTOMATE,
    SLACK,
    TEAMS,
    TELEGRAM,
)

ORIGINS = ["https://chat.example.org", "http://mattermost:8065"]


@pytest.mark.parametrize(
    ("text", "service", "url"),
    [
        (SLACK, Service.SLACK, SLACK),
        (f"  {SLACK}/\n", Service.SLACK, SLACK),
        ("slack://T01ABCDEF/B01ABCDEF/SlackSecretSlackSecret", Service.SLACK, SLACK),
        (TEAMS, Service.TEAMS, TEAMS.replace(":443", "")),
        (POWER_AUTOMATE, Service.TEAMS, POWER_AUTOMATE.replace(":443", "")),
        (DISCORD, Service.DISCORD, DISCORD),
        (DISCORD.replace("discord.com", "ptb.discordapp.com"), Service.DISCORD, DISCORD),
        (DISCORD.replace("https://discord.com/api/webhooks", "discord:/"), Service.DISCORD, DISCORD),
        (TELEGRAM, Service.TELEGRAM, TELEGRAM),
        (f"{TELEGRAM}:7", Service.TELEGRAM, f"{TELEGRAM}:7"),
        (
            TELEGRAM.replace("-1001234567890", "newsroom"),
            Service.TELEGRAM,
            TELEGRAM.replace("-1001234567890", "@newsroom"),
        ),
        (MATTERMOST, Service.MATTERMOST, MATTERMOST),
        ("mmosts://chat.example.org/mattermostsecretmatter01", Service.MATTERMOST, MATTERMOST),
        (
            "http://Mattermost:8065/team/hooks/key0123456789",
            Service.MATTERMOST,
            "http://mattermost:8065/team/hooks/key0123456789",
        ),
        ("desk@example.org", Service.EMAIL, EMAIL),
        ("mailto:desk@example.org", Service.EMAIL, EMAIL),
    ],
)
def test_an_address_is_known_by_its_form(text, service, url):
    address = chat_address(text, mattermost_origins=ORIGINS)
    assert (address.service, address.url) == (service, url)
    assert chat_address(url, mattermost_origins=ORIGINS) == address  # as it is stored, it stays
    assert not any(part in repr(address) for part in address.parts if part)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "This is no address of Slack"),
        ("file:///etc/passwd", "This is no address of Slack"),
        ("json://localhost/", "This is no address of Slack"),
        ("xmls://example.org/", "This is no address of Slack"),
        ("dbus://", "This is no address of Slack"),
        ("syslog://", "This is no address of Slack"),
        ("mailtos://user:password@gmail.com", "This is no address of Slack"),
        ("https://example.org/", "This is no address of Slack"),
        (f"{SLACK}?verify=no", "An address of Slack looks like https://hooks.slack.com/services/"),
        (f"{SLACK}?template=file:///etc/passwd", "An address of Slack looks like"),
        (SLACK.replace("https", "http"), "An address of Slack looks like"),
        (SLACK.replace("https://", "https://evil.example/"), "An address of Slack looks like"),
        (SLACK.replace("hooks.slack.com", "hooks.slack.com@evil.example"), "An address of Slack looks like"),
        (SLACK.replace("hooks.slack.com", "hooks.slack.com.evil.example"), "An address of Slack looks like"),
        (f"{SLACK}, json://localhost", "An address of Slack looks like"),
        ("slack://xoxb-1234-1234-abc/#general", "An address of Slack looks like"),
        (f"{DISCORD}?avatar_url=http://evil.example&rto=999", "An address of Discord looks like"),
        (DISCORD.replace("discord.com", "discord.evil.example"), "An address of Discord looks like"),
        (f"{TELEGRAM}?image=yes&cto=99", "An address of Telegram looks like tgram://"),
        (f"{TELEGRAM}/12345", "An address of Telegram looks like"),
        ("tgram://123456789:TelegramSecretTelegramSecretTelegra/", "An address of Telegram looks like"),
        (f"{TEAMS}&template=/etc/passwd", "An address of Microsoft Teams looks like"),
        (f"{TEAMS}&sig=another-signature-of-enough-characters", "An address of Microsoft Teams looks like"),
        (TEAMS.replace("logic.azure.com", "logic.azure.com.evil.example"), "An address of Microsoft Teams looks like"),
        (TEAMS.replace("https://", "https://user@"), "An address of Microsoft Teams looks like"),
        (TEAMS.replace(":443", ":8443"), "An address of Microsoft Teams looks like"),
        (TEAMS.replace(":443", ":99999"), "An address of Microsoft Teams looks like"),
        (MATTERMOST.replace("chat.", "other."), "https://other.example.org is not among the Mattermost servers"),
        (MATTERMOST.replace("https://chat.example.org", "http://127.0.0.1:6379"), "http://127.0.0.1:6379 is not among"),
        (MATTERMOST.replace("chat.example.org", "chat.example.org:8443"), "https://chat.example.org:8443 is not"),
        (MATTERMOST.replace("https", "http"), "http://chat.example.org is not among"),
        (
            MATTERMOST.replace("chat.example.org", "chat.example.org@evil.example"),
            "An address of Mattermost looks like",
        ),
        (f"{MATTERMOST}?icon_url=http://evil.example", "An address of Mattermost looks like"),
        ("mmosts://chat.example.org/../hooks/../../api/v4/users", "An address of Mattermost looks like"),
        ("mailto:desk@example.org,all@example.org", "One mailbox is written like mailto://desk@example.org"),
        ("mailto://desk@example.org?smtp=evil.example", "One mailbox is written like"),
        (f"{SLACK}\nX: y", "This is no address of Slack"),
        ("x" * 1001, "This is no address of Slack"),
    ],
)
def test_another_address_is_refused_with_what_a_right_one_looks_like(text, hint):
    with pytest.raises(BadChatAddress) as refused:
        chat_address(text, mattermost_origins=ORIGINS)
    assert str(refused.value).startswith(hint)
    assert "Secret" not in str(refused.value)
