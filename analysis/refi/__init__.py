"""REFI-QDA 1.5 project files (.qdpx): what NVivo, ATLAS.ti, MAXQDA or QualCoder read and write.

A project becomes frozen dataclasses and back, identical. Source: the REFI-QDA standard,
``Project.xsd``. lxml loads only when a file is really written or read.
"""

from __future__ import annotations

from analysis.refi.model import RefiError
from analysis.refi.reader import Reading, read
from analysis.refi.writer import write

__all__ = ["Reading", "RefiError", "read", "write"]
