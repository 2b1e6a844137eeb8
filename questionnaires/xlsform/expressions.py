"""Conditions and constraints of a workbook: refused by function, or rewritten with our names."""

from __future__ import annotations

from questionnaires.expressions import ExpressionError
from questionnaires.xlsform.lines import Line, Report
from questionnaires.xlsform.names import Names, rewritten, unsupported

SAY_OTHERWISE = "Écrivez la condition autrement, ou videz cette case."


def expression(line: Line, name: str, report: Report) -> str:
    """The cell as it is; each function that we lack is refused, as is what cannot be read."""
    text = line.plain.get(name, "")
    if not text.strip():
        return ""
    missing = unsupported(text)
    for function in missing:
        report.refuse(
            line.where,
            f"La fonction « {function} » n’est pas prise en charge (colonne « {name} »).",
            SAY_OTHERWISE,
        )
    if not missing:
        try:
            rewritten(text, "", Names())
        except ExpressionError as error:
            report.refuse(
                line.where,
                f"La colonne « {name} » est illisible au signe {error.position + 1} : "
                f"{error.message}",
                SAY_OTHERWISE,
            )
    return text
