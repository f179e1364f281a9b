"""A capture as a WARC file (ISO 28500), which any web archive's tools can read and play back."""

import gzip
import hashlib
import io
from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from pledges.domain.lazy import lazy
from pledges.models import Capture

if TYPE_CHECKING:
    from warcio import statusandheaders, timeutils, warcwriter
else:
    statusandheaders, timeutils = lazy("warcio.statusandheaders"), lazy("warcio.timeutils")
    warcwriter = lazy("warcio.warcwriter")

# About the transfer, not the page: the bytes are kept as they were after decompression.
_HOP_HEADERS = frozenset(
    {"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive", "trailer"}
)


def file_name(capture: Capture) -> str:
    """A name for the file: the day and the beginning of the hash."""
    return f"capture-{capture.captured_at:%Y%m%d}-{capture.sha256[:12]}.warc.gz"


def warc_of(capture: Capture, *, made_by: str, notes: Sequence[tuple[str, str]] = ()) -> bytes:
    """The capture as the bytes of a .warc.gz: what made it, the answer as it is kept, and a record of `notes` about it.

    The response's date is that of the capture (UTC). Hop-by-hop and compression headers are left out,
    since the bytes are kept decompressed; the length in the headers is that of the bytes. Raises ValueError when the
    bytes are not those of the hash.
    """
    body = gzip.decompress(capture.body)
    if hashlib.sha256(body).hexdigest() != capture.sha256:
        raise ValueError(f"capture {capture.pk} is not the page whose SHA-256 was stored")
    out = io.BytesIO()
    writer = warcwriter.WARCWriter(out, gzip=True)
    when = {"WARC-Date": timeutils.datetime_to_iso_date(capture.captured_at)}
    about = {"software": made_by, "format": "WARC File Format 1.0", "description": "One page kept as evidence."}
    writer.write_record(writer.create_warcinfo_record(file_name(capture), about))
    response = writer.create_warc_record(
        capture.url,
        "response",
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=statusandheaders.StatusAndHeaders(
            _status_line(capture.status), _headers(capture), protocol="HTTP/1.1"
        ),
        warc_headers_dict=when,
    )
    writer.write_record(response)
    fields = [("sha256-of-the-page", capture.sha256), *notes]
    lines = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in fields).encode()
    identity = response.rec_headers.get_header("WARC-Record-ID")
    writer.write_record(
        writer.create_warc_record(
            capture.url,
            "metadata",
            payload=io.BytesIO(lines),
            length=len(lines),
            warc_content_type="application/warc-fields",
            warc_headers_dict=when | {"WARC-Concurrent-To": identity},
        )
    )
    return out.getvalue()


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _headers(capture: Capture) -> list[tuple[str, str]]:
    headers = {name.lower(): " ".join(str(value).split()) for name, value in capture.headers.items()}
    written = [(name.title(), value) for name, value in headers.items() if name not in _HOP_HEADERS]
    if "content-type" not in headers and capture.content_type:
        written.append(("Content-Type", capture.content_type))
    return [*written, ("Content-Length", str(capture.size))]
