from __future__ import annotations

import io
import re
from itertools import combinations
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from analysis.glyphs import FONT, MISSING, clean, drawable
from analysis.pictures import HIDDEN, PALETTE, Picture, bars, word_cloud
from tests.analysis.synthesis_cases import HOSTILE, words

SVG = "{http://www.w3.org/2000/svg}"
SPOKEN = words(*[(f"mot{rank}", 200 - rank, 60 - rank) for rank in range(55)])


def parts(picture: Picture) -> ElementTree.Element:
    """The parsed SVG, once sure that it is safe and described."""
    root = ElementTree.fromstring(picture.svg)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == picture.title
    assert root.findtext(f"{SVG}desc") == picture.alt
    allowed = {f"{SVG}{tag}" for tag in ("svg", "g", "title", "desc", "rect", "text")}
    assert {element.tag for element in root.iter()} <= allowed
    names = {name for element in root.iter() for name in element.attrib}
    assert not [
        name for name in names if "href" in name or name.startswith("on") or name == "style"
    ]
    return root


def test_cloud_holds_every_word_without_overlap() -> None:
    root = parts(word_cloud(SPOKEN))
    texts = root.findall(f"{SVG}text")
    assert {text.text for text in texts} == {word.lemma for word in SPOKEN}
    boxes = []
    for text in texts:
        font = ImageFont.truetype(str(FONT), int(text.get("font-size", "0")))
        left, bottom = int(text.get("x", "0")), int(text.get("y", "0")) + font.getmetrics()[1]
        right = left + int(text.get("textLength", "0"))
        boxes.append((left, bottom - sum(font.getmetrics()), right, bottom))
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= 900 and box[3] <= 500 for box in boxes)
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0]
        assert apart or one[3] <= other[1] or other[3] <= one[1]


def test_same_words_same_cloud_and_the_most_said_is_the_largest() -> None:
    first, second = word_cloud(SPOKEN), word_cloud(SPOKEN)
    assert (first.svg, first.png) == (second.svg, second.png)
    texts = parts(first).findall(f"{SVG}text")
    assert max(texts, key=lambda text: int(text.get("font-size", "0"))).text == "mot0"
    with Image.open(io.BytesIO(first.png)) as image:
        assert image.size == (1800, 1000)
        assert len(image.convert("RGB").getcolors(1 << 24) or ()) > len(PALETTE)


def test_colours_are_dark_enough_on_white() -> None:
    for colour in PALETTE:
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
        assert 1.05 / (luminance + 0.05) >= 7


def test_words_of_one_testimony_are_left_out_and_small_counts_hidden() -> None:
    cloud = word_cloud([*SPOKEN[:3], *words(("rare", 190, 10), ("prénom", 180, 1))])
    assert ("rare", HIDDEN, HIDDEN) in cloud.rows
    assert ("mot0", "200", "60") in cloud.rows
    assert "prénom" not in cloud.svg


def test_too_few_words_is_said() -> None:
    picture = word_cloud(SPOKEN[:2])
    assert "Pas assez de mots" in picture.alt
    assert picture.rows == ()
    assert "Pas assez" in "".join(parts(picture).itertext())


def test_bars_show_each_number_in_proportion() -> None:
    picture = bars([("Logement", 40), ("Cadre de vie", 10), ("Santé", 0)], 62)
    root = parts(picture)
    assert picture.rows == (("Logement", "40"), ("Cadre de vie", "10"), ("Santé", "0"))
    assert picture.alt == "Sur 62 témoignages : Logement : 40, Cadre de vie : 10 et Santé : 0."
    _, first, second, third = (int(item.get("width", "0")) for item in root.iter(f"{SVG}rect"))
    assert first == 4 * second
    assert third == 1


def test_long_label_is_cut_and_empty_bars_say_so() -> None:
    root = parts(bars([("très long " * 30, 3)], 3))
    label = next(root.iter(f"{SVG}text"))
    assert (label.text or "").endswith("…")
    assert ImageFont.truetype(str(FONT), 15).getlength(label.text or "") <= 400
    assert "très long " * 29 in root.findtext(f"{SVG}g/{SVG}title", "")
    assert "Aucun thème" in bars([], 3).alt


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=8), min_size=3, max_size=5, unique=True))
def test_hostile_words_are_only_text(spoken: list[str]) -> None:
    held = words(*[(word, 9, 3) for word in [*spoken, HOSTILE, '"><script>x</script>']])
    for picture in (word_cloud(held), bars([(word.lemma, word.count) for word in held], 9)):
        assert parts(picture).find(f".//{SVG}script") is None


def test_drawable_keeps_what_the_font_draws() -> None:
    assert drawable("Œuvre\u202f! → 12 €") == "Œuvre\u202f! → 12 €"
    assert drawable("non 👍🏽👍 fin 日本") == f"non {MISSING} fin {MISSING}"
    assert clean("a\x00\x1f\u202eb\r\nc\u2028d\ud800\ufffe") == "ab\nc\nd"


@given(st.text())
def test_cleaned_text_can_be_written_in_xml(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", clean(text))
    assert clean(clean(text)) == clean(text)
    assert drawable(drawable(text)) == drawable(text)
