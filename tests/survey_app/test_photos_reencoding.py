"""What a photo file becomes: its pixels alone, or a refusal in French; never a crash."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

import photo_files as files
from survey_app.domain import Invalid
from survey_app.services.photographs import MAX_BYTES, SIDE, reencode

APP0, QUANTISATION, FRAME, HUFFMAN = 0xE0, 0xDB, 0xC0, 0xC4
PNG_START = b"\x89PNG\r\n\x1a\n"


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["JPEG"])


@pytest.mark.parametrize("kind", files.ALL)
def test_nothing_but_pixels_goes_through(kind: str) -> None:
    sent = files.ALL[kind]()
    assert files.MARKER in sent
    kept = reencode(sent)
    assert files.MARKER not in kept.content
    assert set(files.segments(kept.content)) == {APP0, QUANTISATION, FRAME, HUFFMAN}
    assert kept.content.endswith(b"\xff\xd9")
    image = opened(kept.content)
    assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert image.size == (kept.width, kept.height) == (320, 240)


def test_the_file_that_is_sent_really_has_a_place_and_a_thumbnail() -> None:
    """The test above is not vacuous: a reader of EXIF finds each thing planted."""
    sent = opened(files.jpeg(orientation=6))
    noted = sent.getexif()
    assert noted.get(0x0112) == 6
    assert files.MARKER in noted.get_ifd(0x8825)[0x001C]
    assert noted.get_ifd(ExifTags.IFD.IFD1)[0x0202] > 100
    assert files.jpeg().count(files.MARKER) > 15


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright_however_the_tablet_was_held(orientation: int) -> None:
    turn = Image.Transpose
    undo = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_90,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_270,
    }
    upright = Image.new("RGB", (64, 32), "blue")
    upright.paste("red", (0, 0, 16, 16))
    held = upright.transpose(undo[orientation]) if orientation in undo else upright
    kept = reencode(files.jpeg(held, orientation))
    image = opened(kept.content)
    assert image.size == (64, 32)
    red, blue = image.getpixel((5, 5)), image.getpixel((58, 26))
    assert red[0] > 200 > 60 > red[2]
    assert blue[2] > 200 > 60 > blue[0]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4000), st.integers(1, 300), st.booleans())
def test_it_is_never_larger_than_asked_nor_stretched(long: int, short: int, tall: bool) -> None:
    size = (short, long) if tall else (long, short)
    kept = reencode(files.saved(Image.new("RGB", size)))
    assert max(kept.width, kept.height) == min(max(size), SIDE)
    scale = max(kept.width, kept.height) / max(size)
    assert abs(kept.width - size[0] * scale) <= 1
    assert abs(kept.height - size[1] * scale) <= 1


def test_what_lets_see_through_is_put_on_white() -> None:
    kept = reencode(files.png(Image.new("RGBA", (40, 40), (0, 0, 0, 0))))
    assert opened(kept.content).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16"])
def test_other_ways_to_write_colours_are_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(reencode(files.saved(Image.new(mode, (30, 20)), kind)).content).mode == "RGB"


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"bonjour",
        SVG,
        b"%PDF-1.7\n",
        b"\xff\xd8\xff",
        files.jpeg()[:3000],
        files.saved(files.noise(), "GIF"),
        files.saved(files.noise(), "TIFF"),
        files.saved(files.noise(), "BMP"),
        files.saved(files.noise(), "PPM"),
        files.saved(files.noise(), "ICO"),
    ],
    ids=["empty", "nul", "words", "svg", "pdf", "start", "cut", "gif", "tiff", "bmp", "ppm", "ico"],
)
def test_what_is_no_photo_is_refused_in_french(data: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        reencode(data)
    assert refusal.value.code == "not-a-photo"
    assert "n’est perdu" in str(refusal.value)


def declared_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says that it is huge."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG_START + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 999))


def declared_jpeg(width: int, height: int) -> bytes:
    plain = files.saved(files.noise(64, 64))
    at = plain.index(b"\xff\xc0") + 5
    return plain[:at] + struct.pack(">HH", height, width) + plain[at + 4 :]


@pytest.mark.parametrize(
    "data",
    [
        declared_png(6000, 5000),
        declared_png(10_000, 9_500),
        declared_png(100_000, 100_000),
        declared_jpeg(8000, 7600),
        declared_jpeg(65_000, 65_000),
        files.jpeg() + b"\x00" * MAX_BYTES,
    ],
    ids=["png", "png-warned", "png-bomb", "jpeg", "jpeg-bomb", "bytes"],
)
def test_what_would_fill_the_memory_is_refused_unread(data: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        reencode(data)
    assert refusal.value.code == "photo-too-large"
    assert "15 Mo" in str(refusal.value)


BIGGEST = """
import resource, sys
from PIL import ExifTags, Image
from survey_app.services.photographs import reencode
Image.init()
data = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
reencode(data)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (7700, 7700)), ("WEBP", (5000, 4990))])
def test_the_biggest_photo_takes_a_bounded_memory(
    tmp_path: Path, kind: str, size: tuple[int, int]
) -> None:
    path = tmp_path / "photo"
    Image.new("RGB", size, "red").save(path, kind)
    done = subprocess.run(
        [sys.executable, "-c", BIGGEST, str(path)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 450  # megabytes


GOOD = [make() for make in files.ALL.values()]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A photo with bytes changed, cut, repeated or put in: what a hostile hand would send."""
    data = bytearray(draw(st.sampled_from(GOOD)))
    # Most of what decoders trust stands in the first bytes.
    place = st.one_of(st.integers(0, 700), st.integers(0, len(data) - 1))
    for _ in range(draw(st.integers(1, 12))):
        at = min(draw(place), len(data) - 1)
        match draw(st.sampled_from(("change", "insert", "cut", "repeat"))):
            case "change":
                data[at] = draw(st.integers(0, 255))
            case "insert":
                data[at:at] = draw(st.binary(min_size=1, max_size=8))
            case "cut":
                del data[at : at + draw(st.integers(1, 60))]
            case _:
                data[at:at] = data[at : at + draw(st.integers(1, 200))]
        if not data:
            break
    return bytes(data)


def survives(data: bytes) -> bool:
    """Whether it is kept; anything else than a clean photo or an `Invalid` fails."""
    try:
        kept = reencode(data)
    except Invalid as refusal:
        if refusal.code not in {"not-a-photo", "photo-too-large"}:
            raise
        return False
    assert max(kept.width, kept.height) <= SIDE
    assert files.MARKER not in kept.content
    opened(kept.content).load()
    return True


@settings(max_examples=200, deadline=None)
@given(damaged())
def test_a_damaged_photo_is_kept_clean_or_refused(data: bytes) -> None:
    survives(data)


def test_damage_is_both_kept_and_refused_at_times() -> None:
    """The property above says something: some damaged files get in, others do not."""
    chance = random.Random(7)
    seen = set()
    for _ in range(60):
        data = bytearray(GOOD[chance.randrange(len(GOOD))])
        for _ in range(3):
            data[chance.randrange(len(data))] = chance.randrange(256)
        seen.add(survives(bytes(data)))
    assert seen == {True, False}
