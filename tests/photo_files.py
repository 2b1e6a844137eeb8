"""Photo files as phones make them, with a marker wherever a camera or an app can write one."""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

MARKER = b"ZORGLUBINE-43.6117N"


def noise(width: int = 320, height: int = 240) -> Image.Image:
    """Pixels like no others: bytes of their file cannot be found elsewhere by chance."""
    return Image.effect_noise((width, height), 60).convert("RGB")


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int = 1, marker: bytes = MARKER) -> bytes:
    """A little-endian TIFF: device and place in the first directory, a thumbnail in the second."""
    thumbnail = saved(Image.new("RGB", (16, 16)), comment=marker)
    texts, gps_at, second_at = 8 + 2 + 12 * 4 + 4, 0, 0
    make = marker + b"\x00"
    gps_at = texts + len(make)
    gps_text = gps_at + 2 + 12 + 4
    second_at = gps_text + len(make)
    thumbnail_at = second_at + 2 + 12 * 2 + 4

    def entry(tag: int, kind: int, count: int, value: int) -> bytes:
        return struct.pack("<HHII", tag, kind, count, value)

    first = entry(0x010F, 2, len(make), texts) + entry(0x0112, 3, 1, orientation)
    first += entry(0x8298, 2, len(make), texts) + entry(0x8825, 4, 1, gps_at)
    gps = entry(0x001C, 7, len(make), gps_text)
    second = entry(0x0201, 4, 1, thumbnail_at) + entry(0x0202, 4, 1, len(thumbnail))
    return b"".join(
        (
            b"Exif\x00\x00II*\x00" + struct.pack("<I", 8),
            struct.pack("<H", 4) + first + struct.pack("<I", second_at) + make,
            struct.pack("<H", 1) + gps + struct.pack("<I", 0) + make,
            struct.pack("<H", 2) + second + struct.pack("<I", 0) + thumbnail,
        )
    )


def jpeg(image: Image.Image | None = None, orientation: int = 1) -> bytes:
    """A JPEG that says the marker in EXIF, XMP, ICC, a comment, other segments, and at its end."""
    plain = saved(
        image or noise(),
        exif=exif(orientation),
        xmp=b"<x:xmpmeta>" + MARKER + b"</x:xmpmeta>",
        icc_profile=MARKER * 10,
        comment=MARKER,
    )
    photoshop = b"Photoshop 3.0\x00" + MARKER
    segment = b"\xff\xed" + struct.pack(">H", len(photoshop) + 2) + photoshop
    return plain[:2] + segment + plain[2:] + MARKER


def png(image: Image.Image | None = None) -> bytes:
    words = PngInfo()
    words.add_text("Comment", MARKER.decode())
    words.add_itxt("XML:com.adobe.xmp", MARKER.decode())
    return saved(image or noise(), "PNG", pnginfo=words, exif=exif(), icc_profile=MARKER) + MARKER


def webp(image: Image.Image | None = None) -> bytes:
    return saved(image or noise(), "WEBP", exif=exif(), xmp=MARKER, icc_profile=MARKER)


def mpo() -> bytes:
    """Two pictures in one file, as some phones make: the second one says the marker."""
    return saved(noise(), "MPO", save_all=True, append_images=[noise(200, 100)]) + MARKER


ALL = {"jpeg": jpeg, "png": png, "webp": webp, "mpo": mpo}


def segments(content: bytes) -> list[int]:
    """The markers of a JPEG's segments, in order, up to where its pixels begin."""
    found, at = [], 2
    while content[at + 1] != 0xDA:
        assert content[at] == 0xFF
        found.append(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return found
