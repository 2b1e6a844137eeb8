// The coding bench, piece by piece. Without these files the same page is plain forms that post.

import "./bench-search.js";
import { start as startTicks } from "./bench-ticks.js";
import { start as startWords } from "./bench-words.js";
import { start as startGestures } from "./bench-gestures.js";
import { start as startKeys } from "./bench-keys.js";

if (document.querySelector("#coder input[name=phrase]")) {
  startTicks();
  startWords();
  startGestures();
  startKeys();
}
