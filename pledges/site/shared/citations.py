"""Citations of a page: plain, APA, Chicago and BibTeX, each with the edition, so that the link shows what was cited."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.domain.dates import written

# BibTeX counts braces even behind a backslash, so each becomes a command without an open brace.
LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "&%$#_"},
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Work:
    """A page to be cited: `published` is the day of its edition, `accessed` the day that it is as of, `url` its
    permanent address. `key` is its BibTeX key, of letters, digits and hyphens.
    """

    author: str
    title: str
    edition: int
    published: date
    accessed: date
    url: str
    key: str


def printable(text: str) -> str:
    """The text in one line, without the control characters that XML does not allow."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def plain(work: Work) -> SafeString:
    """The citation as a newsroom would write it in a story."""
    return format_html(
        _("{author}, “{title}”, edition {edition} of {published}, as of {accessed}. {url}"),
        author=printable(work.author),
        title=_within_quotes(work.title),
        edition=work.edition,
        published=written(work.published, in_sentence=True),
        accessed=written(work.accessed, in_sentence=True),
        url=work.url,
    )


def apa(work: Work) -> SafeString:
    """APA style (Publication Manual, 7th edition), for a page whose content may change."""
    return format_html(
        _("{author} ({published}). {title} (Edition {edition}). Retrieved {accessed}, from {url}"),
        author=_ended(work.author),
        published=date_format(work.published, pgettext("date in APA style", "Y, F j")),
        title=format_html("<i>{}</i>", printable(work.title)),
        edition=work.edition,
        accessed=_american(work.accessed),
        url=work.url,
    )


def chicago(work: Work) -> SafeString:
    """Chicago style (Manual of Style, 17th edition), as an entry of a bibliography."""
    return format_html(
        _("{author} “{title}” Edition {edition}, {published}. Accessed {accessed}. {url}."),
        author=_ended(work.author),
        title=_ended(_within_quotes(work.title)),
        edition=work.edition,
        published=_american(work.published),
        accessed=_american(work.accessed),
        url=work.url,
    )


def bibtex(work: Work) -> str:
    """An entry for BibTeX and BibLaTeX: plain text in UTF-8, not HTML."""
    note = _("Edition %(edition)s, as of %(day)s") % {"edition": work.edition, "day": work.accessed.isoformat()}
    fields = {
        "author": f"{{{{{latex(work.author)}}}}}",  # the inner braces keep an organisation's name in one piece
        "title": f"{{{{{latex(work.title)}}}}}",
        "year": f"{{{work.published.year}}}",
        "month": MONTHS[work.published.month - 1],
        "note": f"{{{latex(note)}}}",
        "url": f"{{{work.url}}}",  # BibTeX reads it verbatim
        "urldate": f"{{{work.accessed.isoformat()}}}",
    }
    lines = [f"  {name} = {value}" for name, value in fields.items()]
    return f"@misc{{{work.key},\n" + ",\n".join(lines) + "\n}"


def latex(text: str) -> str:
    """The text escaped for LaTeX: no character acts as a command, and braces are balanced."""
    return "".join(LATEX.get(sign, sign) for sign in printable(text))


def _american(day: date) -> str:
    return date_format(day, pgettext("date in a citation", "F j, Y"))


def _ended(text: str) -> str:
    text = printable(text)
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def _within_quotes(text: str) -> str:
    """A title with its own quotation marks made single, to be put between double ones."""
    text = re.sub(r'"([^"]*)"', r"‘\1’", printable(text))
    return text.replace("“", "‘").replace("”", "’")
