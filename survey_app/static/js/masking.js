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

  const inside = (range, holder) => {
    const before = document.createRange();
    before.selectNodeContents(holder);
    before.setEnd(range.startContainer, range.startOffset);
    return before.toString();
  };

  const read = () => {
    const selection = document.getSelection();
    if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const holder = stretch(range.startContainer);
    const picked = range.toString();
    if (!holder || !picked.trim()) return;
    const last = stretch(range.endContainer);
    const endsJustAfter = range.endOffset === 0 && last !== holder;
    if (last !== holder && !endsJustAfter) return;
    const from = Number(holder.dataset.start) + points(inside(range, holder));
    words.value = picked.trim();
    start.value = String(from);
    end.value = String(from + points(picked));
    version.value = text.dataset.version;
    form.classList.add("is-selecting");
  };

  document.addEventListener("selectionchange", read);
  words.addEventListener("input", forget);
}
