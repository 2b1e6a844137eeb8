"""A photo file as a stranger sent it, made again from its pixels alone.

Nothing of what the camera wrote beside them (place, time, device, thumbnail, comments) goes
through. Everything here happens in memory.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_app.domain import Invalid

if TYPE_CHECKING:
    from PIL.Image import Image, Transpose

MEDIA_TYPE = "image/jpeg"
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000
# A PNG, a WebP or a progressive JPEG is unfolded whole in memory; the others line by line.
MAX_PIXELS_WHOLE = 25_000_000
SIDE = 1600
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
ORIENTATION = 0x0112  # EXIF 2.32, section 4.6.4

NOTHING_LOST = "Rien de ce que vous avez noté n’est perdu. "

# Reading a big photo takes up to 400 MB for a second or two: never several times at once.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Photograph:
    """A JPEG without anything but its pixels. ``width`` and ``height`` in pixels."""

    content: bytes
    width: int
    height: int


def reencode(data: bytes) -> Photograph:
    """The photo in these bytes, upright, ``SIDE`` pixels at most on its longer side.

    Raises `Invalid`, in French, on anything else than one reasonable JPEG, PNG or WebP.
    """
    if not data:
        raise _unreadable()
    if len(data) > MAX_BYTES:
        raise _too_large()
    from PIL import Image

    too_large = (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning)
    with _ONE_AT_A_TIME:
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _refuse_bomb(image)
                return _written(_pixels(image))
        except Invalid:
            raise
        except too_large:
            raise _too_large() from None
        except Exception:  # a decoder meets hostile bytes with about any error there is
            raise _unreadable() from None


def _refuse_bomb(image: Image) -> None:
    whole = image.format in {"PNG", "WEBP"} or "progressive" in image.info
    if image.width * image.height > (MAX_PIXELS_WHOLE if whole else MAX_PIXELS):
        raise _too_large()


def _pixels(image: Image) -> Image:
    """The pixels, reduced, upright, on white where the image lets see through."""
    from PIL.Image import new

    turn = _turn(image)
    image.thumbnail((SIDE, SIDE))
    seen = image.convert("RGBA" if image.has_transparency_data else "RGB")
    clean = new("RGB", seen.size, "white")
    clean.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    return clean if turn is None else clean.transpose(turn)


def _turn(image: Image) -> Transpose | None:
    """How to set the image upright, when the camera noted how it was held."""
    from PIL.Image import Transpose

    try:
        noted = image.getexif().get(ORIENTATION, 1)
    except Exception:  # what the camera wrote is damaged: the pixels may still be fine
        return None
    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return turns.get(noted)


def _written(image: Image) -> Photograph:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return Photograph(buffer.getvalue(), image.width, image.height)


def _unreadable() -> Invalid:
    return Invalid(
        "Ce fichier n’est pas une photo que l’outil sait lire.",
        f"{NOTHING_LOST}Prenez une photo avec la tablette, "
        "ou choisissez une image JPEG, PNG ou WebP.",
        code="not-a-photo",
    )


def _too_large() -> Invalid:
    return Invalid(
        "Cette photo est trop grande.",
        f"{NOTHING_LOST}Choisissez-en une plus petite : {MAX_BYTES // 1024**2} Mo "
        f"et {MAX_PIXELS_WHOLE // 10**6} millions de points au plus.",
        code="photo-too-large",
    )
