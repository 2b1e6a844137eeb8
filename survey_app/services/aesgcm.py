"""AES-256-GCM, opening only (FIPS 197 and NIST SP 800-38D): the drafts of a rescue file.

Tablets close their drafts with what browsers have. A few drafts in a tablet's life are opened
here, at the command line, where nobody can measure how long it takes: a library of its own would
be one more thing to trust and to install. Checked against NIST's vectors.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

KEY_BYTES, IV_BYTES, TAG_BYTES = 32, 12, 16
ROUNDS = 14
REDUCTION = 0xE1 << 120
BLOCK = 16


class WrongTag(ValueError):  # noqa: N818  # what the standard calls FAIL
    """The key is another one, or the box was altered: nothing of it may be read."""


def decrypt(key: bytes, iv: bytes, box: bytes) -> bytes:
    """The plaintext of a box: ciphertext, then its 16-byte tag. Raises `WrongTag`."""
    if len(key) != KEY_BYTES or len(iv) != IV_BYTES or len(box) < TAG_BYTES:
        raise WrongTag("not a box of AES-256-GCM")
    cipher, tag = box[:-TAG_BYTES], box[-TAG_BYTES:]
    words = _expanded(key)
    mask = _block(words, iv + (1).to_bytes(4, "big"))
    wanted = _xor(_ghash(int.from_bytes(_block(words, bytes(BLOCK)), "big"), cipher), mask)
    if not hmac.compare_digest(wanted, tag):
        raise WrongTag("the tag does not fit")
    blocks = range(-(-len(cipher) // BLOCK))
    stream = b"".join(_block(words, iv + (rank + 2).to_bytes(4, "big")) for rank in blocks)
    return _xor(cipher, stream)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))


def _doubled(value: int) -> int:
    """Twice a byte in the field of AES."""
    return (value << 1) ^ (0x11B if value & 0x80 else 0)


def _substitutions() -> Iterator[int]:
    """The S-box, in order: inverse in the field, then the affine map."""
    power, logs, value = [1], {1: 0}, 1
    for rank in range(1, 255):
        value ^= _doubled(value)  # times 3, which generates the whole field
        power.append(value)
        logs[value] = rank
    for byte in range(256):
        yield _rotations(power[-logs[byte] % 255] if byte else 0) ^ 0x63


def _rotations(value: int) -> int:
    """A byte and its next four rotations, added up."""
    result = value
    for _ in range(4):
        value = (value << 1 | value >> 7) & 0xFF
        result ^= value
    return result


SBOX = bytes(_substitutions())


def _expanded(key: bytes) -> list[bytes]:
    """The fifteen round keys, of sixteen bytes."""
    words = [key[i : i + 4] for i in range(0, KEY_BYTES, 4)]
    constant = 1
    while len(words) < 4 * (ROUNDS + 1):
        word = words[-1]
        if len(words) % 8 == 0:
            word = bytes(SBOX[byte] for byte in word[1:] + word[:1])
            word = bytes((word[0] ^ constant,)) + word[1:]
            constant = _doubled(constant)
        elif len(words) % 8 == 4:
            word = bytes(SBOX[byte] for byte in word)
        words.append(_xor(words[-8], word))
    return [b"".join(words[i : i + 4]) for i in range(0, len(words), 4)]


SHIFTED = [(rank * 5) % 16 for rank in range(16)]
"""Where each byte of the state comes from, once its rows are shifted."""
DOUBLE = bytes(_doubled(byte) for byte in range(256))


def _block(keys: list[bytes], block: bytes) -> bytes:
    """One block, encrypted: what both the counter and the tag are made of."""
    state = _xor(block, keys[0])
    for rank in range(1, ROUNDS):
        moved = [SBOX[state[place]] for place in SHIFTED]
        mixed = bytearray()
        for i in range(0, BLOCK, 4):
            a, b, c, d = moved[i : i + 4]
            whole = a ^ b ^ c ^ d
            mixed += bytes(
                (
                    a ^ whole ^ DOUBLE[a ^ b],
                    b ^ whole ^ DOUBLE[b ^ c],
                    c ^ whole ^ DOUBLE[c ^ d],
                    d ^ whole ^ DOUBLE[d ^ a],
                )
            )
        state = _xor(bytes(mixed), keys[rank])
    return _xor(bytes(SBOX[state[place]] for place in SHIFTED), keys[ROUNDS])


def _ghash(secret: int, cipher: bytes) -> bytes:
    """The keyed sum of the ciphertext and its length; nothing else is signed with it."""
    padded = cipher + bytes(-len(cipher) % BLOCK) + (len(cipher) * 8).to_bytes(BLOCK, "big")
    total = 0
    for i in range(0, len(padded), BLOCK):
        total = _times(total ^ int.from_bytes(padded[i : i + BLOCK], "big"), secret)
    return total.to_bytes(BLOCK, "big")


def _times(one: int, other: int) -> int:
    """Product in the field of GCM, where the first bit is the highest."""
    product = 0
    for bit in range(127, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ (REDUCTION if other & 1 else 0)
    return product
