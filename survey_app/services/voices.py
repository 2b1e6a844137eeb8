"""A voice as a stranger sent it: known by its first bytes, never by what it says it is."""

from __future__ import annotations

from survey_app.domain import Invalid

MAX_BYTES = 32 * 1024 * 1024


def media_type(data: bytes) -> str:
    """``audio/webm``, ``audio/ogg`` or ``audio/mp4``; `Invalid`, in French, for anything else."""
    if len(data) > MAX_BYTES:
        raise Invalid(
            f"Cet enregistrement dépasse {MAX_BYTES // 1024**2} Mo.",
            "Il n’a pas été enregistré et n’est pas effacé de la tablette.",
            code="voice-too-large",
        )
    if data[:4] == b"\x1a\x45\xdf\xa3":  # EBML, RFC 8794
        return "audio/webm"
    if data[:4] == b"OggS":  # RFC 3533
        return "audio/ogg"
    if data[4:8] == b"ftyp":  # ISO/IEC 14496-12
        return "audio/mp4"
    raise Invalid(
        "Ce fichier n’est pas un enregistrement que l’outil sait lire.",
        "Il n’a pas été enregistré et n’est pas effacé de la tablette. Prévenez la coordination.",
        code="not-a-voice",
    )
