"""The text of an uploaded document (PDF, DOCX, HTML or plain text), one line per paragraph.

Files are untrusted: the type is recognised from the first bytes, then from media type and name, and sizes are capped
before and during decompression.
"""

import email
import email.policy
import re
import unicodedata

import pypdfium2
from pypdfium2 import raw

from pledges.domain.messages import UserFacingError, deferred_message
from pledges.watch.sources import articles, page_watch, pdf, word_package, wordprocessing
from pledges.watch.text.paragraphs import Line, unwrapped, whole_words, without_furniture
from pledges.watch.web.charsets import decode

MOST_BYTES = 20_000_000
MOST_PAGES = 600
MOST_CHARACTERS = 2_000_000
_MIN_LETTERS = 40  # per page on average: a PDF with fewer holds scanned pages
_NOT_TEXT = dict.fromkeys([*range(9), 11, *range(14, 32), 0x7F])
_DAMAGED_PDF = deferred_message("The PDF is damaged and cannot be read: save it again, or paste its text.")
_REFUSED_PDFS = {
    raw.FPDF_ERR_PASSWORD: deferred_message(
        "The PDF is locked with a password: save it without one, or paste its text."
    ),
    raw.FPDF_ERR_SECURITY: deferred_message(
        "The PDF is locked in a way we cannot open: print it to a new PDF, or paste its text."
    ),
}


class DocumentError(UserFacingError):
    """No text can be read from the document; `sentence` tells an editor what to do."""


def text_of(body: bytes, *, content_type: str = "", file_name: str = "", url: str = "") -> str:
    """The text of a document, each paragraph, heading and list item on a line of its own.

    `content_type` is the whole header with its charset; `file_name` and `url` help if the bytes do not show the type.
    For a web page it is the article's text or, without an article, all visible text. Raises DocumentError.
    """
    if len(body) > MOST_BYTES:
        raise DocumentError(
            deferred_message("The document is larger than 20 MB: hand in the part that matters, or paste its text.")
        )
    if not body.strip():
        raise DocumentError(deferred_message("The document is empty: choose another file."))
    text = _READERS[_kind(body, content_type, file_name)](body, content_type, url)
    text = unicodedata.normalize("NFC", whole_words(text)).translate(_NOT_TEXT)
    lines = (" ".join(line.split()) for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    if not text:
        raise DocumentError(deferred_message("There is no text in the document: paste the text instead."))
    if len(text) > MOST_CHARACTERS:
        raise _too_long()
    return text


def _kind(body: bytes, content_type: str, file_name: str) -> str:
    declared = f"{content_type.split(';')[0].strip().lower()} {file_name.lower().rsplit('.', 1)[-1]}"
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(b"PK"):
        return "docx"
    if body.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise DocumentError(
            deferred_message("This is an old Word or RTF file: save it as DOCX or PDF, or paste its text.")
        )
    if body.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x1f\x8b", b"ID3", b"\x7fELF", b"MZ")):
        raise DocumentError(
            deferred_message("This file holds no text: hand in a PDF, DOCX, HTML or text file, or paste the text.")
        )
    if "pdf" in declared.split() or "application/pdf" in declared:
        raise DocumentError(
            deferred_message("This is called a PDF but is none: open it and save it again, or paste its text.")
        )
    start = decode(body[:100_000], content_type)
    page = re.search(r"<\s*(?:!doctype html|html|head|body|article|main|div|p)\b", start, re.IGNORECASE)
    if page and ("html" in declared or start.lstrip().startswith("<") or declared in (" ", "text/plain ")):
        return "html"
    return "plain"


def _pdf(body: bytes, _content_type: str, _url: str) -> str:
    try:
        with pypdfium2.PdfDocument(body) as document:
            number = len(document)
            if number > MOST_PAGES:
                too_many = deferred_message(
                    "The PDF has %(pages)s pages, more than %(most)s: hand in the part that matters.",
                    pages=number,
                    most=MOST_PAGES,
                )
                raise DocumentError(too_many)
            pages, length = [], 0
            for page in document:
                pages.append(pdf.lines(page))
                page.close()
                length += sum(len(line.text) for line in pages[-1])
                if length > MOST_CHARACTERS:
                    raise _too_long()
    except DocumentError:
        raise
    except pypdfium2.PdfiumError as error:
        raise DocumentError(_REFUSED_PDFS.get(error.err_code, _DAMAGED_PDF)) from None
    except Exception:  # a damaged or malicious file may raise anything
        raise DocumentError(_DAMAGED_PDF) from None
    letters = sum(map(str.isalpha, "".join(line.text for lines in pages for line in lines)))
    if letters < _MIN_LETTERS * min(number, 3):
        raise DocumentError(
            deferred_message(
                "The PDF holds pictures of pages and no text: run text recognition on it, or paste its text."
            )
        )
    return "\n".join(unwrapped(without_furniture(pages)))


def _docx(body: bytes, _content_type: str, _url: str) -> str:
    try:
        lines, length = [], 0
        for line in wordprocessing.lines(body, _embedded):
            lines.append(line)
            length += len(line)
            if length > MOST_CHARACTERS:
                raise _too_long()
        return "\n".join(lines)
    except DocumentError:
        raise
    except word_package.TooLargeError:
        raise DocumentError(
            deferred_message("The file unpacks to far more than a document: save it again, or paste its text.")
        ) from None
    except word_package.NotWordError:
        raise DocumentError(
            deferred_message("This is not a Word document (DOCX): hand in a DOCX, PDF, HTML or text file.")
        ) from None
    except Exception:  # a damaged or malicious package may raise anything
        raise DocumentError(
            deferred_message("The Word document is damaged and cannot be read: save it again, or paste its text.")
        ) from None


def _embedded(body: bytes) -> str:
    """The text of a file embedded in a Word document: HTML, plain text, or another Word document."""
    if body.startswith(b"PK"):
        return "\n".join(wordprocessing.lines(body, lambda _body: ""))  # no further nesting: a file may contain itself
    if re.match(rb"(?:MIME-Version|Content-Type|From):", body, re.IGNORECASE):  # a web page saved as MHTML
        message = email.message_from_bytes(body, policy=email.policy.default)
        pages = (part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html")
        body = next((page for page in pages if isinstance(page, bytes)), b"")
    if _kind(body, "", "") != "html":
        return _plain(body, "", "")
    try:
        return page_watch.read(body, url="", content_type="", selector="body")
    except articles.ArticleError:
        return ""


def _too_long() -> DocumentError:
    return DocumentError(
        deferred_message("The text is longer than two million characters: hand in the part that matters.")
    )


def _html(body: bytes, content_type: str, url: str) -> str:
    try:
        return articles.extract(body, url=url, content_type=content_type, longest=MOST_CHARACTERS + 1).text
    except articles.ArticleError:
        pass
    try:
        return page_watch.read(body, url=url, content_type=content_type, selector="body")
    except articles.ArticleError:
        raise DocumentError(
            deferred_message(
                "No text was found in the page: it may need a login, or JavaScript to show itself. Paste its text."
            )
        ) from None


def _plain(body: bytes, content_type: str, _url: str) -> str:
    text = decode(body, content_type)
    odd = sum(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f\x0b" for letter in text[:5000])
    if "\0" in text[:5000] or odd > len(text[:5000]) / 50:
        raise DocumentError(
            deferred_message("This file holds no text: hand in a PDF, DOCX, HTML or text file, or paste the text.")
        )
    lines = text.splitlines()
    filled = [line.strip() for line in lines if line.strip()]
    if len(filled) > 8 and max(map(len, filled)) <= 90 and sum(len(line) > 55 for line in filled) > len(filled) / 2:
        paragraphs = re.split(r"\n\s*\n", "\n".join(line.strip() for line in lines))
        return "\n".join(
            text for part in paragraphs for text in unwrapped([Line(line) for line in part.splitlines() if line])
        )
    return text


_READERS = {"pdf": _pdf, "docx": _docx, "html": _html, "plain": _plain}
