"""Deliveries as messages: those of one event that wait for a destination are one message."""

import smtplib
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

from pledges.domain.chat_addresses import BadChatAddress, ChatAddress, Service, chat_address
from pledges.domain.destinations import NotSent
from pledges.domain.messages import deferred_message
from pledges.jobs.mail.letter import letter
from pledges.jobs.mail.staff_notices import Line, Section
from pledges.jobs.messages import chat, texts
from pledges.jobs.messages.markup import MARKUPS, Item, Message, body
from pledges.models import Delivery, Destination


def send(destination: Destination, deliveries: Sequence[Delivery]) -> None:
    """Send one message on deliveries of one event, in the destination's language. Raises NotSent.

    Asks nothing of the database.
    """
    address = _address(destination.address)
    with translation.override(destination.language):
        message = texts.message(deliveries[0].event, [delivery.payload["data"] for delivery in deliveries])
        if address.service == Service.EMAIL:
            _mail(address.parts[0], message)
        else:
            markup = MARKUPS[address.service]
            chat.send(address, title=markup.title(message.title), body=body(message, markup))


def check(address: str) -> str:
    """The address as it is stored. Raises NotSent, with what a right one looks like, if messages cannot go to it."""
    checked = _address(address)
    if checked.service == Service.EMAIL:
        try:
            validate_email(checked.parts[0])
        except ValidationError as error:
            raise NotSent(" ".join(error.messages)) from None
        if not settings.EMAIL_HOST:
            raise NotSent(deferred_message("This tracker sends no e-mail: its operator has to set EMAIL_URL."))
    return checked.url


def _address(address: str) -> ChatAddress:
    """The parts of an address: checked again before each message, since the operator's list may have changed."""
    try:
        return chat_address(address, mattermost_origins=settings.MATTERMOST_ORIGINS)
    except BadChatAddress as error:
        raise NotSent(error.sentence) from None


def _mail(to: str, message: Message) -> None:
    sections = [Section(item.heading, _lines(item)) for item in message.items]
    left = message.more(message.left_out)
    closing = [Line(left, _path(message.url))] if left else []
    try:
        letter(to=to, subject=message.title, sections=sections, closing=closing).send()
    except (smtplib.SMTPException, OSError) as error:
        reason = type(error).__name__
        raise NotSent(
            deferred_message("The mail server did not take the message (%(reason)s).", reason=reason)
        ) from None


def _lines(item: Item) -> list[Line]:
    lines = [Line(words, "") for words in item.lines]
    return [*lines, Line(item.label, _path(item.url))] if item.url else lines


def _path(url: str) -> str:
    return url.removeprefix(settings.SITE_URL)
