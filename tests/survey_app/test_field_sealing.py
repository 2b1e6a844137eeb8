"""Keys that tablets seal to, and the opening of what they closed themselves."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import Invalid
from survey_app.keys import DamagedKeyError, KeyRing
from survey_app.services import aesgcm
from survey_app.services.sealing import unseal

COUNCIL = uuid.UUID(int=7)
# NIST's own examples: SP 800-38D test cases 13 to 15 (GCM specification, appendix B).
KEY = "feffe9928665731c6d6a8f9467308308" * 2
WORDS = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
CLOSED = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
    "b094dac5d93471bdec1a502270e3cc6c"
)
CASES = [
    ("00" * 32, "00" * 12, "530f8afbc74536b9a963b4f1c4cb738b", ""),
    (
        "00" * 32,
        "00" * 12,
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
        "00" * 16,
    ),
    (KEY, "cafebabefacedbaddecaf888", CLOSED, WORDS),
]


def recipient(key: str) -> pyrage.x25519.Recipient:
    return pyrage.x25519.Recipient.from_str(key)


def test_a_councils_key_is_made_once_and_apart_from_its_neighbours(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    (public,) = ring.recipients(COUNCIL)
    assert public.startswith("age1")
    assert KeyRing(tmp_path / "keys").recipients(COUNCIL) == (public,)
    assert ring.recipients(uuid.UUID(int=8)) != (public,)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}


def test_ten_first_users_at_once_have_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(10) as pool:
        rings = [KeyRing(tmp_path / "keys") for _ in range(10)]
        found = set(pool.map(lambda ring: ring.recipients(COUNCIL), rings))
    assert len(found) == 1
    assert len(list((tmp_path / "keys").iterdir())) == 1, "no half-made file is left"


def test_custodians_are_sealed_to_as_well(tmp_path: Path) -> None:
    ring, custodian = KeyRing(tmp_path), pyrage.x25519.Identity.generate()
    note = f"# gardé par Amina\n\n{custodian.to_public()}\n{custodian.to_public()}\n"
    (tmp_path / "recovery.txt").write_text(note, encoding="utf-8")
    keys = ring.recipients(COUNCIL)
    assert keys[1:] == (str(custodian.to_public()),)
    sealed = pyrage.encrypt("été".encode(), [recipient(key) for key in keys])
    assert pyrage.decrypt(sealed, [custodian]).decode() == "été"
    assert unseal(ring.sealing(COUNCIL), sealed).decode() == "été"


def test_a_damaged_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / f"sealing-{COUNCIL}.key"
    path.write_text("pas une cle\n", encoding="ascii")
    with pytest.raises(DamagedKeyError, match="abîmée"):
        KeyRing(tmp_path).sealing(COUNCIL)
    assert path.read_text() == "pas une cle\n"
    path.unlink()
    (tmp_path / "recovery.txt").write_text("age1faux\n")
    with pytest.raises(DamagedKeyError, match=r"recovery\.txt"):
        KeyRing(tmp_path).recipients(COUNCIL)


@given(words=st.binary(max_size=200), flipped=st.integers(min_value=0))
def test_one_bit_changed_and_nothing_opens(words: bytes, flipped: int) -> None:
    identity = pyrage.x25519.Identity.generate()
    sealed = bytearray(pyrage.encrypt(words, [identity.to_public()]))
    assert unseal(identity, bytes(sealed)) == words
    sealed[flipped // 8 % len(sealed)] ^= 1 << flipped % 8
    with pytest.raises(Invalid) as refused:
        unseal(identity, bytes(sealed))
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize(("key", "iv", "box", "words"), CASES)
def test_boxes_open_as_the_standard_says(key: str, iv: str, box: str, words: str) -> None:
    opened = aesgcm.decrypt(bytes.fromhex(key), bytes.fromhex(iv), bytes.fromhex(box))
    assert opened.hex() == words


@given(place=st.integers(min_value=0, max_value=8 * (len(CLOSED) // 2) - 1))
def test_an_altered_box_is_never_read(place: int) -> None:
    box = bytearray.fromhex(CLOSED)
    box[place // 8] ^= 1 << place % 8
    with pytest.raises(aesgcm.WrongTag):
        aesgcm.decrypt(bytes.fromhex(KEY), bytes.fromhex(CASES[2][1]), bytes(box))


def test_another_key_another_iv_or_no_box_at_all_is_refused() -> None:
    key, iv, box = bytes.fromhex(KEY), bytes.fromhex(CASES[2][1]), bytes.fromhex(CLOSED)
    for wrong in ((bytes(32), iv, box), (key, bytes(12), box), (key, iv, b""), (key[:16], iv, box)):
        with pytest.raises(aesgcm.WrongTag):
            aesgcm.decrypt(*wrong)
