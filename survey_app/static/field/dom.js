// Making the screens of the tablet: elements from words, French typography, one screen at a time.

const GAP = "[ \\u00a0\\u202f]";
const WORD = "[\\p{L}\\p{N}_»)\\]]";
const NO_BREAK = "\u00a0";
const NARROW = "\u202f";
const OPENING = new RegExp(`«${GAP}*(?=[^ \\u00a0\\u202f])`, "gu");
const CLOSING = new RegExp(`(?<=[^ \\u00a0\\u202f«])${GAP}*»`, "gu");
const COLON = new RegExp(`(?<=\\S)(?:${GAP}+:|(?<=${WORD}):(?=\\s|$|»))`, "gu");
const HIGH = new RegExp(`(?<=\\S)(?:${GAP}+([;!?])|(?<=${WORD})([;!?])(?=\\s|$|[»)!?]))`, "gu");

/** Our own sentences with the non-breaking spaces of French, as analysis/export/typography.py
 * puts them; never a resident's words. Applied twice, it is applied once. */
export function fr(text) {
  return text
    .replace(OPENING, `«${NO_BREAK}`)
    .replace(CLOSING, `${NO_BREAK}»`)
    .replace(COLON, `${NO_BREAK}:`)
    .replace(HIGH, (_all, apart, close) => NARROW + (apart ?? close));
}

/**
 * An element. `attributes`: `onclick` and the like are listeners, a boolean sets or leaves out,
 * null leaves out. Texts among the children are ours and get the typography of French; a
 * person's own words come as a Text node (see `words`).
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  const kept = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  element.append(...kept.map((child) => (child instanceof Node ? child : fr(String(child)))));
  return element;
}

/** What somebody said, exactly as it was said. */
export function words(text) {
  return document.createTextNode(text);
}

/** A button that acts; `kind` is one of the sheet's: primary, secondary, danger, quiet. */
export function button(label, onclick, kind = "primary", more = {}) {
  const dress = kind === "primary" ? "button" : `button button--${kind}`;
  return make("button", { type: "button", ...more, class: [dress, more.class].filter(Boolean).join(" "), onclick }, label);
}

/** Replace the screen: its title takes the focus, for a screen reader to begin there. */
export function show(main, ...nodes) {
  main.replaceChildren(...nodes.flat(Infinity).filter(Boolean));
  const title = main.querySelector("h1");
  title?.setAttribute("tabindex", "-1");
  title?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}
