// Conditions evaluated on the tablet, exactly as questionnaires/expressions.py does.
// A tree comes from to_json; tests/vectors/expressions.json and random trees hold both together.
// Nothing here reads a prototype or runs text: names and trees may be hostile.

const NUMBER = /^[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const WORDS = /[^ \t\r\n]+/g; // XPath's four spaces, no other

/**
 * The value of an expression: text, number or truth. `values` maps question names to answers,
 * `current` is what `.` reads, `today` is "YYYY-MM-DD" (null: this device's day). Any answer is
 * read; only a tree that to_json cannot have written throws an Error.
 */
export function evaluate(ast, values, current = null, today = null) {
  return value(ast, { values: values ?? {}, current, today });
}

/** Whether the condition is true. */
export function holds(ast, values, current = null, today = null) {
  return truth(evaluate(ast, values, current, today));
}

function value(node, scope) {
  switch (node?.type) {
    case "string":
    case "number":
      if (typeof node.value === node.type) return node.value;
      break;
    case "ref":
      if (typeof node.name === "string") return scalar(answer(node.name, scope.values));
      break;
    case "current":
      return scalar(scope.current);
    case "negate":
      return -number(value(node.operand, scope));
    case "op":
      return operation(node, scope);
    case "call":
      if (FUNCTIONS.has(node.name) && Array.isArray(node.args)) {
        return FUNCTIONS.get(node.name)(node.args, scope);
      }
  }
  throw new Error("unknown node in an expression");
}

function operation(node, scope) {
  const right = () => value(node.right, scope);
  if (node.op === "and") return truth(value(node.left, scope)) && truth(right());
  if (node.op === "or") return truth(value(node.left, scope)) || truth(right());
  if (!OPERATORS.has(node.op)) throw new Error("unknown operator in an expression");
  return OPERATORS.get(node.op)(value(node.left, scope), right());
}

/** Only what was answered: `constructor` or `__proto__` may well be the name of a question. */
function answer(name, values) {
  return Object.hasOwn(values, name) ? values[name] : null;
}

/** An answer as XPath sees it; a non-response, and whatever is not an answer, is nothing. */
function scalar(given) {
  if (["string", "number", "boolean"].includes(typeof given)) return given;
  if (!Array.isArray(given)) return "";
  return given.map((item) => (Array.isArray(item) ? "" : text(scalar(item)))).join(" ");
}

function truth(found) {
  return Boolean(found); // XPath's boolean() is JavaScript's on these three types
}

function number(found) {
  if (typeof found === "string") return NUMBER.test(found) ? Number(found) : NaN;
  return Number(found);
}

function text(found) {
  return typeof found === "number" ? digits(found) : String(found);
}

/** A number without exponent: integers in full, others with the fewest digits that say it. */
function digits(found) {
  if (Number.isInteger(found)) return BigInt(found).toString();
  const [shortest, exponent] = String(found).split("e-");
  if (exponent === undefined) return shortest;
  const zeros = "0".repeat(Number(exponent) - 1);
  return `${found < 0 ? "-" : ""}0.${zeros}${shortest.replace(/[-.]/g, "")}`;
}

function equal(left, right) {
  const types = [typeof left, typeof right];
  if (types.includes("boolean")) return truth(left) === truth(right);
  if (types.includes("number")) return number(left) === number(right);
  return left === right;
}

/** A day as a number that keeps its order: XLSForm compares dates, XPath 1.0 has none. */
function day(found) {
  return typeof found === "string" && DAY.test(found) ? Number(found.replaceAll("-", "")) : null;
}

function ordered(compare) {
  return (left, right) => {
    const days = [day(left), day(right)];
    return days.includes(null) ? compare(number(left), number(right)) : compare(...days);
  };
}

function arithmetic(compute) {
  return (left, right) => compute(number(left), number(right));
}

const OPERATORS = new Map([
  ["=", equal],
  ["!=", (left, right) => !equal(left, right)],
  ["<", ordered((left, right) => left < right)],
  ["<=", ordered((left, right) => left <= right)],
  [">", ordered((left, right) => left > right)],
  [">=", ordered((left, right) => left >= right)],
  ["+", arithmetic((left, right) => left + right)],
  ["-", arithmetic((left, right) => left - right)],
  ["*", arithmetic((left, right) => left * right)],
  ["div", arithmetic((left, right) => left / right)],
  ["mod", arithmetic((left, right) => left % right)],
]);

function coalesce(args, scope) {
  let found = "";
  for (const arg of args) {
    found = value(arg, scope);
    if (found !== "") break;
  }
  return found;
}

function words(node, scope) {
  return text(value(node, scope)).match(WORDS) ?? [];
}

function selected([choices, name], scope) {
  const wanted = words(name, scope);
  return wanted.length === 1 && words(choices, scope).includes(wanted[0]);
}

function length([node = { type: "current" }], scope) {
  return Array.from(text(value(node, scope))).length; // code points, as Python counts
}

function localDay() {
  const now = new Date();
  const padded = (part) => String(part).padStart(2, "0");
  return [now.getFullYear(), padded(now.getMonth() + 1), padded(now.getDate())].join("-");
}

const FUNCTIONS = new Map([
  ["coalesce", coalesce],
  ["count-selected", ([choices], scope) => words(choices, scope).length],
  ["false", () => false],
  ["if", ([test, yes, no], scope) => value(truth(value(test, scope)) ? yes : no, scope)],
  ["not", ([node], scope) => !truth(value(node, scope))],
  ["selected", selected],
  ["string-length", length],
  ["today", (_args, scope) => scope.today ?? localDay()],
  ["true", () => true],
]);
