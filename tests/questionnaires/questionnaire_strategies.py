"""Random questionnaires, answers and expressions for the properties of this folder."""

from __future__ import annotations

from hypothesis import strategies as st

from questionnaires.expressions import Binary, Call, Current, Literal, Negate, Node, Ref
from questionnaires.model import Choice, Question, Questionnaire, Section

NAMES = ("un", "deux", "trois", "quatre", "constructor", "__proto__", "toString", "a.b-c")

# Texts on the edges: numbers or nearly, days or nearly, spaces of XPath and others, code points.
EDGES = (
    *("", "0", "-0", "-.5", "7.", " 12\t", "\u00a012", "+1", "1e3", "0x10", "1_000", "1,5", "- 1"),
    *("٣", "１", "9" * 400, "0." + "0" * 400 + "1", "9007199254740993", "NaN", "Infinity"),
    *("2026-03-01", "2026-02-31", "2026-3-1", "2026-03-01T10:30", "2026-03-01\n", "10:30"),
    *("un deux", "un\u00a0deux", "un\u2003deux", " un\r\ndeux\x0btrois\x0c", "\x1c", "\ufeff"),
    *("👍🏽", "e\u0301", "\U0001f9d1\u200d\U0001f33e", "true", "false", "un", "deux", "refus"),
)

signs = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
words = st.text(signs, min_size=1, max_size=30).map(lambda text: "m" + text)
labels = st.dictionaries(st.sampled_from(["fr", "ar", "en"]), words, max_size=2).map(
    lambda extra: {"fr": "Mot", **extra}
)
names = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)

string_literals = st.text(max_size=12).map(lambda text: text.replace("'", ""))
numbers = st.floats(min_value=0, allow_nan=False, allow_infinity=False).map(abs)

days = st.dates().map(str) | st.sampled_from(["2026-03-01", "2026-03-02"])

leaves: st.SearchStrategy[Node] = st.one_of(
    string_literals.map(Literal),
    st.text(alphabet="a'é ", max_size=5).map(Literal),
    st.sampled_from(EDGES).map(Literal),
    days.map(Literal),
    numbers.map(Literal),
    st.integers(0, 20).map(float).map(Literal),
    st.sampled_from(NAMES).map(Ref),
    st.just(Current()),
    st.sampled_from([Call("today"), Call("true"), Call("false"), Call("string-length")]),
)


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    operators = ["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"]
    return st.one_of(
        st.builds(Negate, inner),
        st.builds(Binary, st.sampled_from(operators), inner, inner),
        st.builds(lambda arg: Call("not", (arg,)), inner),
        st.builds(lambda arg: Call("count-selected", (arg,)), inner),
        st.builds(lambda arg: Call("string-length", (arg,)), inner),
        st.builds(lambda one, two: Call("selected", (one, two)), inner, inner),
        st.builds(lambda one, two, three: Call("if", (one, two, three)), inner, inner, inner),
        st.lists(inner, min_size=2, max_size=4).map(lambda args: Call("coalesce", tuple(args))),
    )


trees: st.SearchStrategy[Node] = st.recursive(leaves, _larger, max_leaves=12)
small_trees = leaves | _larger(leaves)

choice_lists = st.lists(
    st.builds(
        Choice,
        names,
        labels,
        exclusive=st.booleans(),
        theme=st.none() | st.sampled_from(["LOG", "CAD"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda choice: choice.name,
).map(tuple)


@st.composite
def questions(draw: st.DrawFn, name: str) -> Question:
    kind = draw(
        st.sampled_from(["text", "select_one", "select_multiple", "scale", "integer", "note"])
    )
    return Question(
        name,
        kind,
        draw(labels),
        hint=draw(st.just({}) | labels),
        probes=tuple(draw(st.lists(labels, max_size=2))),
        required=draw(st.booleans()),
        choices=draw(choice_lists) if kind.startswith("s") else (),
        profile=draw(st.booleans()),
        visibility=draw(st.sampled_from(["", "team"])),
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    unique = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    asked = [draw(questions(name)) for name in unique]
    cut = draw(st.integers(0, len(asked)))
    sections = (
        Section("premiere", draw(labels), tuple(asked[:cut]), kind="consent"),
        Section("seconde", draw(labels), tuple(asked[cut:])),
    )
    return Questionnaire("essai", "1", draw(labels), {}, "individuel", draw(labels), {}, sections)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=2)
    ),
    max_leaves=5,
)

_edges = (
    st.sampled_from(EDGES)
    | st.floats()
    | st.integers(-3, 20)
    | st.integers(-(10**30), 10**30)
    | st.sampled_from([-0.0, 1e21, 1e-7, -1.5e-10, 5e-324, 2.0**53, 0.1, 10**400])
    | st.text(alphabet=st.characters(), max_size=5)  # lone surrogates too
    | st.booleans()
)
_non_responses = st.sampled_from(["refus", "ne_sait_pas", "autre"]).map(
    lambda name: {"non_response": name}
)
# What a tablet may hold for a question, hostile or not.
answers = st.one_of(
    _edges, days, _non_responses, json_values, st.lists(_edges | json_values, max_size=4)
)
