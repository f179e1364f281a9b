"""The text of a document that somebody hands in: PDF, DOCX, HTML or plain text, as bytes; paragraphs are lines.

Nothing is believed of a file but its bytes: what it is, is told by how it begins, then by its media type and name.
Sizes are capped before and while it is unpacked.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator

import docx
import pypdf
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf.errors import DependencyError, FileNotDecryptedError

from pledges.monitor import articles, webpage
from pledges.monitor.charsets import decode
from pledges.sentences import SaidError, say

MOST_BYTES = 20_000_000
MOST_PAGES = 600
MOST_CHARACTERS = 2_000_000
_MOST_UNPACKED = 100_000_000  # bytes of a DOCX, all its parts together
_MOST_PARTS = 5_000
_LEAST_LETTERS = 40  # of a page on average, below which a PDF is pictures of pages
_NOT_TEXT = dict.fromkeys([*range(9), 11, *range(14, 32), 0x7F, 0xAD, 0x200B, 0x200E, 0x200F, 0xFEFF])
_ENDS = re.compile(r"[.!?:;…][\"”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"(?:page |página )?\d+(?: ?(?:/|of|de) ?\d+)?", re.IGNORECASE)
_ITEM = re.compile(r"(?:[-*•▪‣·○●■–—]|\(?\d{1,3}[.)]|\(?[a-zA-Z]\)|[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ .'-]{0,40}:)\s")


class DocumentError(SaidError):
    """There is no text to be had from the document; `sentence` tells an editor what to do."""


def text_of(body: bytes, *, content_type: str = "", file_name: str = "", url: str = "") -> str:
    """The text of a document, each paragraph, heading and list item on a line of its own.

    `content_type` is the whole header, its charset included; `file_name` and `url` help where the bytes do not say what
    they are. Of a web page it is the article's text, or, without an article, all that the page shows.
    Raises DocumentError.
    """
    if len(body) > MOST_BYTES:
        raise DocumentError(say("The document is larger than 20 MB: hand in the part that matters, or paste its text."))
    if not body.strip():
        raise DocumentError(say("The document is empty: choose another file."))
    text = _READERS[_kind(body, content_type, file_name)](body, content_type, url)
    text = unicodedata.normalize("NFC", text).translate(_NOT_TEXT)
    lines = (" ".join(line.split()) for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    if not text:
        raise DocumentError(say("There is no text in the document: paste the text instead."))
    if len(text) > MOST_CHARACTERS:
        raise DocumentError(say("The text is longer than two million characters: hand in the part that matters."))
    return text


def _kind(body: bytes, content_type: str, file_name: str) -> str:
    told = f"{content_type.split(';')[0].strip().lower()} {file_name.lower().rsplit('.', 1)[-1]}"
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(b"PK"):
        return "docx"
    if body.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise DocumentError(say("This is an old Word or RTF file: save it as DOCX or PDF, or paste its text."))
    if body.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x1f\x8b", b"ID3", b"\x7fELF", b"MZ")):
        raise DocumentError(say("This file holds no text: hand in a PDF, DOCX, HTML or text file, or paste the text."))
    if "pdf" in told.split() or "application/pdf" in told:
        raise DocumentError(say("This is called a PDF but is none: open it and save it again, or paste its text."))
    start = decode(body[:100_000], content_type)
    page = re.search(r"<\s*(?:!doctype html|html|head|body|article|main|div|p)\b", start, re.IGNORECASE)
    if page and ("html" in told or start.lstrip().startswith("<") or told in (" ", "text/plain ")):
        return "html"
    return "plain"


def _pdf(body: bytes, _content_type: str, _url: str) -> str:
    try:
        reader = pypdf.PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(say("The PDF is locked with a password: save it without one, or paste its text."))
        number = len(reader.pages)
        if number > MOST_PAGES:
            said = say(
                "The PDF has %(pages)s pages, more than %(most)s: hand in the part that matters.",
                pages=number,
                most=MOST_PAGES,
            )
            raise DocumentError(said)
        pages, long = [], 0
        for page in reader.pages:
            pages.append(page.extract_text() or "")
            long += len(pages[-1])
            if long > MOST_CHARACTERS:
                raise DocumentError(
                    say("The text is longer than two million characters: hand in the part that matters.")
                )
    except DocumentError:
        raise
    except (DependencyError, FileNotDecryptedError, NotImplementedError):
        raise DocumentError(
            say("The PDF is locked in a way we cannot open: print it to a new PDF, or paste its text.")
        ) from None
    except Exception:  # whatever a damaged or hostile file makes its reader trip over
        raise DocumentError(say("The PDF is damaged and cannot be read: save it again, or paste its text.")) from None
    if sum(map(str.isalpha, "".join(pages))) < _LEAST_LETTERS * min(number, 3):
        raise DocumentError(
            say("The PDF holds pictures of pages and no text: run text recognition on it, or paste its text.")
        )
    return "\n".join(_unwrapped(_without_furniture(pages)))


def _without_furniture(pages: list[str]) -> list[str]:
    """The lines of all pages without page numbers and what stands at the edge of most of them."""
    split = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    edges: dict[str, int] = {}
    for lines in split:
        for line in {re.sub(r"\d+", "#", one) for one in lines[:1] + lines[-1:]}:
            edges[line] = edges.get(line, 0) + 1
    again = {line for line, times in edges.items() if len(pages) >= 4 and times > len(pages) / 2}
    kept = []
    for lines in split:
        for at, line in enumerate(lines):
            edge = at in (0, len(lines) - 1)
            if edge and (re.sub(r"\d+", "#", line) in again or _PAGE_NUMBER.fullmatch(line)):
                continue
            kept.append(line)
    return kept


def _unwrapped(lines: list[str]) -> Iterator[str]:
    """Paragraphs out of lines that were broken to fit a page: a line that nearly fills it goes on in the next."""
    lengths = sorted(len(line) for line in lines)
    wide = lengths[int(len(lengths) * 0.9)] * 0.75 if lengths else 0
    kept: list[str] = []
    for line in lines:
        last = kept[-1] if kept else ""
        full = len(last) >= wide
        ended = bool(_ENDS.search(last[-10:]))
        title = ended and len(line) < wide and not _ENDS.search(line[-10:])
        if (
            kept
            and not _ITEM.match(line)
            and (line[0].islower() or (full and not title and not (ended and wide <= 55)))
        ):
            if last.endswith("-") and line[0].islower():
                kept[-1] = last[:-1] + line
            else:
                kept.append(line)
            continue
        if kept:
            yield " ".join(kept)
        kept = [line]
    if kept:
        yield " ".join(kept)


def _docx(body: bytes, _content_type: str, _url: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise DocumentError(
                    say("The file unpacks to far more than a document: save it again, or paste its text.")
                )
            if not any(part.filename == "word/document.xml" for part in parts):
                raise DocumentError(say("This is not a Word document (DOCX): hand in a DOCX, PDF, HTML or text file."))
            _check_sizes(packed, parts)
        document = docx.Document(io.BytesIO(body))
        return "\n".join(_blocks(document))
    except DocumentError:
        raise
    except Exception:  # whatever a damaged or hostile package makes its reader trip over
        raise DocumentError(
            say("The Word document is damaged and cannot be read: save it again, or paste its text.")
        ) from None


def _check_sizes(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack each XML part once, counting: what a package says of its sizes may be a lie."""
    total = 0
    for part in parts:
        with packed.open(part) as stream:
            while piece := stream.read(65_536):
                total += len(piece)
                if total > _MOST_UNPACKED:
                    raise DocumentError(
                        say("The file unpacks to far more than a document: save it again, or paste its text.")
                    )


def _blocks(document) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield _paragraph(block)
        elif isinstance(block, Table):
            for row in block.rows:
                cells = []
                for cell in row.cells:
                    told = " ".join(cell.text.split())
                    if told and (not cells or cells[-1] != told):  # merged cells come again
                        cells.append(told)
                yield " | ".join(cells)


def _paragraph(block: Paragraph) -> str:
    text = " ".join(block.text.split())
    numbered = block._p.pPr is not None and block._p.pPr.numPr is not None
    listed = numbered or (block.style is not None and (block.style.name or "").startswith("List"))
    return f"- {text}" if text and listed else text


def _html(body: bytes, content_type: str, url: str) -> str:
    try:
        return articles.extract(body, url=url, content_type=content_type).text
    except articles.ArticleError:
        pass
    try:
        return webpage.read(body, url=url, content_type=content_type, selector="body")
    except articles.ArticleError:
        raise DocumentError(
            say("No text was found in the page: it may need a login, or JavaScript to show itself. Paste its text.")
        ) from None


def _plain(body: bytes, content_type: str, _url: str) -> str:
    text = decode(body, content_type)
    odd = sum(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f\x0b" for letter in text[:5000])
    if "\0" in text[:5000] or odd > len(text[:5000]) / 50:
        raise DocumentError(say("This file holds no text: hand in a PDF, DOCX, HTML or text file, or paste the text."))
    lines = text.splitlines()
    filled = [line.strip() for line in lines if line.strip()]
    if len(filled) > 8 and max(map(len, filled)) <= 90 and sum(len(line) > 55 for line in filled) > len(filled) / 2:
        paragraphs = re.split(r"\n\s*\n", "\n".join(line.strip() for line in lines))
        return "\n".join(one for part in paragraphs for one in _unwrapped([x for x in part.splitlines() if x]))
    return text


_READERS = {"pdf": _pdf, "docx": _docx, "html": _html, "plain": _plain}
