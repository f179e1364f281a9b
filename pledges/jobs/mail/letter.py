"""The layout that all e-mail to readers and to staff shares, as plain text and as simple HTML."""

from collections.abc import Iterable

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from pledges.jobs.mail.staff_notices import Line, Section, address


def letter(
    *,
    to: str,
    subject: str,
    sections: Iterable[Section] = (),
    intro: Iterable[Line] = (),
    closing: Iterable[Line] = (),
    end: str = "",
    one_click: bool = False,
) -> EmailMultiAlternatives:
    """The message to one address, in the active language. It loads nothing remote and does not track readers.

    `end` is the path of the page where one unsubscribes, for the List-Unsubscribe header; with `one_click` that page
    takes the mail program's POST (RFC 8058).
    """
    subject = " ".join(subject.split())  # a header is one line, and a title may hold several
    context = {
        "subject": subject,
        "intro": [(line.words, address(line.path)) for line in intro],
        "sections": [
            (section.heading, [(line.words, address(line.path)) for line in section.lines], section.more)
            for section in sections
        ],
        "closing": [(line.words, address(line.path)) for line in closing],
    }
    message = EmailMultiAlternatives(subject, render_to_string("mail/letter.txt", context), to=[to])
    message.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    if end and address(end):
        message.extra_headers["List-Unsubscribe"] = f"<{address(end)}>"
        if one_click:
            message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message
