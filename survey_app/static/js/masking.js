// Words selected or tapped in the text fill the masking form, as code-point offsets into the
// whole text. Without this file the words are typed by hand: everything else is the same form.

const text = document.getElementById("texte");
const form = document.getElementById("masquer");
const WORD = /[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*/gu;

if (text && form) {
  const { words, start, end, version } = form.elements;
  const bar = document.getElementById("barre");
  const how = document.getElementById("comment-masquer");
  how.textContent =
    "Touchez un mot du texte (puis ses voisins), sélectionnez-en plusieurs, ou écrivez-les ; " +
    "dites ensuite ce qu’ils sont.";

  const points = (string) => Array.from(string).length;

  const forget = () => {
    start.value = "";
    end.value = "";
    version.value = "";
    bar.classList.remove("is-selecting");
  };

  // The stretch of text (never a masked passage) that holds an end of the selection.
  const stretch = (node) => {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const found = element && element.closest("[data-start]");
    return found && text.contains(found) ? found : null;
  };

  // Where an end of the selection falls in the whole text; nothing inside a masked passage.
  const place = (node, offset) => {
    const holder = stretch(node);
    if (!holder) return null;
    const before = document.createRange();
    before.selectNodeContents(holder);
    before.setEnd(node, offset);
    return Number(holder.dataset.start) + points(before.toString());
  };

  const read = () => {
    const selection = document.getSelection();
    if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const from = place(range.startContainer, range.startOffset);
    const picked = range.toString();
    if (from === null || !picked.trim()) return;
    const to = from + points(picked);
    const last = place(range.endContainer, range.endOffset);
    // Words of a masked passage in between would not be those of the text.
    if (last === null ? range.endOffset !== 0 : last !== to) return;
    words.value = picked.trim();
    start.value = String(from);
    end.value = String(to);
    version.value = text.dataset.version;
    bar.classList.add("is-selecting");
    text.dispatchEvent(new Event("selected"));
  };

  // The text node and the offset under a finger, whichever way this browser tells them.
  const under = (x, y) => {
    const at = document.caretPositionFromPoint?.(x, y);
    if (at) return { node: at.offsetNode, offset: at.offset };
    const range = document.caretRangeFromPoint?.(x, y);
    return range ? { node: range.startContainer, offset: range.startOffset } : null;
  };

  const around = (node, offset) =>
    Array.from(node.data.matchAll(WORD), (found) => ({
      node,
      from: found.index,
      to: found.index + found[0].length,
    })).find(({ from, to }) => from <= offset && offset <= to);

  let tapped = null;

  // A word next to what is tapped already extends it; any other begins again.
  const joined = (word) => {
    if (!tapped || tapped.node !== word.node) return word;
    if (tapped.from <= word.from && word.to <= tapped.to) return null;
    const gap = word.node.data.slice(
      Math.min(tapped.to, word.to),
      Math.max(tapped.from, word.from),
    );
    if (gap.match(WORD)) return word;
    return {
      node: word.node,
      from: Math.min(tapped.from, word.from),
      to: Math.max(tapped.to, word.to),
    };
  };

  const tap = (event) => {
    if (event.target.closest("[data-mark], button")) return;
    const selection = document.getSelection();
    if (selection && !selection.isCollapsed) {
      tapped = null;
      return;
    }
    const at = under(event.clientX, event.clientY);
    if (!at || at.node.nodeType !== Node.TEXT_NODE || !stretch(at.node)) return;
    const word = around(at.node, at.offset);
    if (!word) return;
    tapped = joined(word);
    if (tapped) {
      selection.setBaseAndExtent(at.node, tapped.from, at.node, tapped.to);
    } else {
      words.value = "";
      forget();
    }
  };

  document.addEventListener("selectionchange", read);
  text.addEventListener("click", tap);
  words.addEventListener("input", forget);
}
