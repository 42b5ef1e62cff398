"""Files over HTTP: in ranges, as attachments, and never as a page of ours."""

import mimetypes
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from io import FileIO
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date
from rest_framework.request import Request

from backend.domain.problems import problem
from backend.shared.errors import ProductError

CHUNK = 256 * 1024
# Whatever the file claims to be: no script, no form, no plug-in, no origin of ours.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
# Types that a browser only shows. Anything else is bytes.
HARMLESS = frozenset(
    {
        "application/json",
        "image/bmp",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "text/plain",
    }
)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Served:
    """An open file, and as what it goes out."""

    file: FileIO
    name: str
    size: int
    modified: float | None = None
    etag: str | None = None


def media_type(name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or ""
    return guessed if guessed in HARMLESS else "application/octet-stream"


def file_response(request: Request | HttpRequest, served: Served) -> HttpResponseBase:
    """The file or the asked-for range of it; nothing but a word where the asker has it. Closes the file."""
    if served.etag is not None and request.headers.get("If-None-Match") == served.etag:
        served.file.close()
        return HttpResponse(status=304, headers={"ETag": served.etag, "Cache-Control": "private, no-cache"})
    try:
        span = _span(request, served)
    except ProductError:
        served.file.close()
        raise
    start, end = span or (0, served.size)
    response = _body(request, served, start, end)
    for name, value in _headers(served, end - start).items():
        response.headers[name] = value
    if span is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{served.size}"
    return response


def _body(request: Request | HttpRequest, served: Served, start: int, end: int) -> HttpResponse | StreamingHttpResponse:
    kind = media_type(served.name)
    if request.method == "HEAD":
        served.file.close()
        return HttpResponse(content_type=kind)
    served.file.seek(start)
    plain = request._request if isinstance(request, Request) else request
    # Under ASGI a plain iterator would be read into memory as a whole before its first byte is sent.
    read = _read_async if isinstance(plain, ASGIRequest) else _read
    response = StreamingHttpResponse(read(served.file, end - start), content_type=kind)
    response._resource_closers.append(served.file.close)
    return response


def _headers(served: Served, length: int) -> dict[str, str]:
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(length),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(served.name, safe='')}",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
    }
    if served.etag is not None:
        headers["ETag"] = served.etag
    if served.modified is not None:
        headers["Last-Modified"] = http_date(served.modified)
    return headers


def _span(request: Request | HttpRequest, served: Served) -> tuple[int, int] | None:
    """First byte and the one behind the last; None for the whole file (also for ranges that make no sense)."""
    asked = request.headers.get("Range", "")
    found = _RANGE.fullmatch(asked)
    if found is None or found.groups() == ("", "") or not _of_this_state(request, served):
        return None
    first, last = found.groups()
    if first == "":
        start, end = max(0, served.size - int(last)), served.size
    else:
        start, end = int(first), min(served.size, int(last) + 1 if last else served.size)
        if last and int(last) < start:
            return None
    if start >= end:
        raise ProductError.of(
            problem("request.range", found=asked, size=served.size),
            status=416,
            headers={"Content-Range": f"bytes */{served.size}"},
        )
    return start, end


def _of_this_state(request: Request | HttpRequest, served: Served) -> bool:
    """A range of another state than the asker has the beginning of would make a file that never was."""
    wanted = request.headers.get("If-Range")
    return wanted is None or wanted == served.etag


def _read(file: FileIO, left: int) -> Iterator[bytes]:
    with file:
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


async def _read_async(file: FileIO, left: int) -> AsyncIterator[bytes]:
    read = sync_to_async(file.read, thread_sensitive=False)
    try:
        while left > 0 and (chunk := await read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
    finally:
        file.close()
