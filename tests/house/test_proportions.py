"""No file that everybody must edit, no function that nobody can hold in mind."""

from __future__ import annotations

import ast

from house.project_files import PACKAGES, name, ours, text

LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def too_long_files(*suffixes: str, under: tuple[str, ...]) -> list[str]:
    sizes = [
        (len((text(path) or "").splitlines()), name(path)) for path in ours(*suffixes, under=under)
    ]
    return [f"{size} {path}" for size, path in sorted(sizes, reverse=True) if size > LONGEST_FILE]


def too_long_functions(source: str, where: str) -> list[str]:
    """The functions of a module over the limit, from ``def`` to the last line."""
    return [
        f"{size} {where}:{node.lineno} {node.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]


def test_no_module_is_over_three_hundred_lines() -> None:
    assert ours(".py", under=PACKAGES)
    assert too_long_files(".py", under=(*PACKAGES, "tests", "tools", "bench")) == []


def test_no_page_style_or_script_is_over_three_hundred_lines() -> None:
    assert too_long_files(".html", ".css", ".js", ".typ", under=PACKAGES) == []


def test_no_function_is_over_forty_lines() -> None:
    found = [
        line
        for path in ours(".py", under=(*PACKAGES, "tests", "tools", "bench"))
        for line in too_long_functions(text(path) or "", name(path))
    ]
    assert sorted(found, key=lambda line: -int(line.split()[0])) == []


def test_the_ruler_measures_a_function_of_forty_one_lines() -> None:
    body = "    x = 1\n" * LONGEST_FUNCTION
    assert too_long_functions(f"def f():\n{body}", "here") == ["41 here:1 f"]
    shorter = "    x = 1\n" * (LONGEST_FUNCTION - 1)
    assert too_long_functions(f"def f():\n{shorter}", "here") == []
