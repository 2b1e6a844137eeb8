"""Addresses that are printed: what a resident reads at home must open there."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request, url_for


def withdrawal_page() -> str:
    """The withdrawal page as residents can open it; none where only this room's network can."""
    host = urlsplit(request.host_url).hostname or ""
    try:
        public = ip_address(host).is_global
    except ValueError:
        public = "." in host and not host.endswith(".local")
    return url_for("withdrawal.start", _external=True) if public else ""
