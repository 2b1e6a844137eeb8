"""The text of a table that somebody saved as CSV, from whatever program."""

from __future__ import annotations


def decoded(data: bytes) -> str | None:
    """UTF-8, with or without a byte-order mark, else Windows; None for what is no text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return None if "\0" in text else text
