"""Stand-in of the branch intake for the reading of files."""

import re


class DocumentError(Exception):
    """It cannot be read; str() is a sentence for an editor."""


def text_of(body: bytes, *, content_type: str = "", file_name: str = "", url: str = "") -> str:
    """The text of a document."""
    if body.startswith(b"%PDF"):
        raise DocumentError("This PDF is damaged, or it is none: open it and save it again.")
    text = body.decode("utf-8", "replace")
    return re.sub(r"<[^>]+>", "\n", text) if "html" in content_type or file_name.endswith(".html") else text
