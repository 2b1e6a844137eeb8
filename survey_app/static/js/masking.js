// Words selected in the text fill the masking form, as code-point offsets into the whole text.
// Without this file the words are typed by hand: everything else is the same form.

const text = document.getElementById("texte");
const form = document.getElementById("masquer");

if (text && form) {
  const { words, start, end, version } = form.elements;
  const how = document.getElementById("comment-masquer");
  how.textContent =
    "Sélectionnez des mots dans le texte, ou écrivez-les, puis choisissez ce qu’ils disent.";

  const points = (string) => Array.from(string).length;

  const forget = () => {
    start.value = "";
    end.value = "";
    version.value = "";
    form.classList.remove("is-selecting");
  };

  // The stretch of plain text (never a masked passage) that holds an end of the selection.
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
    form.classList.add("is-selecting");
  };

  document.addEventListener("selectionchange", read);
  words.addEventListener("input", forget);
}
