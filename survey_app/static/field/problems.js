// What is to be seen to in an answer, with the French sentences that came aboard with the form.

/** A problem: `code` for programs, `where` a path (`arrets.2.aime`), `message` in French. */
export function problem(form, code, where, slots = {}, sentence = code) {
  const message = form.sentences[sentence].replace(/\{([a-z]+)\}/g, (slot, name) => slots[name] ?? slot);
  return { code, where, message };
}

/** An answer that cannot be read; `problems` say why. */
export class Refused extends Error {
  constructor(problems) {
    super("this answer cannot be read");
    this.problems = problems;
  }
}
