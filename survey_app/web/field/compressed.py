"""Text that is the same for everybody travels compressed: a tablet often has a thin network.

Never a page of the desk: compressing a secret beside what somebody else may choose tells the
secret (the BREACH attack). The shell and the package hold none.

Our scripts leave their comments and indents behind: a fifth of their weight, which no tablet reads.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache

from flask import Response, request

ENDPOINTS = frozenset({"static", "field.shell", "field.worker", "field.manifest", "field.package"})
TYPES = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
SMALLEST = 500  # bytes: below, compressing costs more than it saves
# Whole lines only, and no script has a text over several lines: nothing else can look like these.
COMMENTS = re.compile(rb"^[ \t]*(?:/\*\*.*?\*/[ \t]*|//[^\n]*)\n", re.DOTALL | re.MULTILINE)
INDENTS = re.compile(rb"^[ \t]+", re.MULTILINE)
PERSONAL = "field.package"  # an account's own: compressed again each time


def compress(response: Response) -> Response:
    """Compress a whole public answer when the browser accepts it; its ETag says so."""
    if request.endpoint not in ENDPOINTS or not _is_text(response):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or request.accept_encodings.quality("gzip") <= 0:
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < SMALLEST:
        return response
    if request.endpoint == PERSONAL:
        response.set_data(_gzipped(content))
    else:
        response.set_data(_kept(content, _is_own_script(request.path)))
    response.headers["Content-Encoding"] = "gzip"
    tag, weak = response.get_etag()
    if tag is not None:
        response.set_etag(f"{tag}-gzip", bool(weak))
        response.make_conditional(request)
    return response


def _is_text(response: Response) -> bool:
    return (response.content_type or "").startswith(TYPES) and response.content_encoding is None


def _is_own_script(path: str) -> bool:
    return path.endswith(".js") and "/vendor/" not in path


def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


@lru_cache(maxsize=200)
def _kept(content: bytes, script: bool) -> bytes:
    return _gzipped(INDENTS.sub(b"", COMMENTS.sub(b"", content)) if script else content)
