// Words inside sentences: selected with a mouse, a finger or the keyboard, then coded alone.
// The server counts in code points; the browser counts UTF-16 units: converted here, only here.

import { bench, choose, onNewChoice, text, ticks } from "./bench-ticks.js";

const { debut, fin, mots } = bench ? bench.elements : {};
const said = document.getElementById("dit");
const panel = document.querySelector("details.quote");
const points = (string) => Array.from(string).length;

export const chosen = () => debut.value !== "";

export const forget = () => {
  debut.value = "";
  fin.value = "";
  mots.value = "";
  CSS.highlights?.delete("choix");
};

const holder = (node) => {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const found = element?.closest("[data-start]");
  return found && text.contains(found) ? found : null;
};

// Where an end of a selection falls in the whole text, in code points.
const place = (node, offset) => {
  const span = holder(node);
  if (!span) return null;
  const before = document.createRange();
  before.selectNodeContents(span);
  before.setEnd(node, offset);
  return Number(span.dataset.start) + points(before.toString());
};

const tickOf = (span) => ticks.find((tick) => tick.closest("li").contains(span));

// The words selected, sentence by sentence: nothing of what stands between them in the page.
const wordsIn = (range, spans) =>
  spans
    .map((span) => {
      const part = document.createRange();
      part.selectNodeContents(span);
      if (span.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
      if (span.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
      return part.toString();
    })
    .join(" ");

const read = () => {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const from = place(range.startContainer, range.startOffset);
  const to = place(range.endContainer, range.endOffset);
  if (from === null || to === null || to <= from) return;
  const spans = Array.from(text.querySelectorAll("[data-start]")).filter((span) =>
    range.intersectsNode(span)
  );
  const words = wordsIn(range, spans).trim();
  if (!words) return;
  debut.value = String(from);
  fin.value = String(to);
  mots.value = words;
  if (panel) panel.open = true;
  if (window.Highlight && CSS.highlights) CSS.highlights.set("choix", new Highlight(range.cloneRange()));
  choose(spans.map(tickOf).filter(Boolean));
};

// --- By keyboard: one word, then its neighbours.

let walk = null; // the sentence one walks in, its words, the first and the last chosen

const wordsOf = (string) => {
  if (!window.Intl?.Segmenter) {
    return Array.from(string.matchAll(/\S+/gu), (m) => [m.index, m.index + m[0].length]);
  }
  const cut = new Intl.Segmenter("fr", { granularity: "word" }).segment(string);
  return Array.from(cut)
    .filter((piece) => piece.isWordLike)
    .map((piece) => [piece.index, piece.index + piece.segment.length]);
};

const select = () => {
  const [from, to] = [Math.min(walk.anchor, walk.focus), Math.max(walk.anchor, walk.focus)];
  document
    .getSelection()
    .setBaseAndExtent(walk.node, walk.words[from][0], walk.node, walk.words[to][1]);
  said.textContent = walk.node.data.slice(walk.words[from][0], walk.words[to][1]);
  read(); // at once: the next key may be a code, before the browser tells of the selection
};

export const leave = () => {
  walk = null;
};

export const walkIn = (tick) => {
  const node = tick?.closest("li").querySelector("[data-start]")?.firstChild;
  const words = node ? wordsOf(node.data) : [];
  if (!words.length) return;
  walk = { node, words, anchor: 0, focus: 0 };
  select();
};

// Whether the key belongs to the walk among words.
export const walked = (event) => {
  if (!walk) return false;
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) {
    walk.focus = Math.min(Math.max(walk.focus + step, 0), walk.words.length - 1);
    if (!event.shiftKey) walk.anchor = walk.focus;
    select();
    return true;
  }
  if (event.key !== "Escape") return false;
  leave();
  document.getSelection().removeAllRanges();
  forget();
  return true;
};

export const start = () => {
  onNewChoice(() => {
    leave();
    const selection = document.getSelection();
    if (selection?.anchorNode && holder(selection.anchorNode)) selection.removeAllRanges();
    forget();
  });
  document.addEventListener("selectionchange", read);
  // The click that ends a selection must not untick the sentence it lies in.
  text.addEventListener("click", (event) => {
    const selection = document.getSelection();
    const inside = selection && !selection.isCollapsed && holder(selection.anchorNode);
    if (inside && event.target.closest("label") && !event.target.matches("input")) {
      event.preventDefault();
    }
  });
  mots.addEventListener("input", () => {
    debut.value = "";
    fin.value = "";
  });
};
