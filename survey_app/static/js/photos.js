// Photos are made small on the tablet before they leave it: nothing that the camera wrote beside
// the picture (place, hour, model) goes with them. The server does it again.

const LONGEST = 1600; // pixels
const QUALITY = 0.82;

/** The photo redrawn as a small JPEG. Rejects when the browser cannot read it. */
async function redraw(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // what is transparent would turn black
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

/** The photo as a small JPEG, with the canvas it was drawn on: `{blob, canvas}`. */
export async function shrink(file) {
  const canvas = await redraw(file);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
  return { blob, canvas };
}

async function prepare(input) {
  const [file] = input.files;
  if (!file) return;
  const { blob, canvas } = await shrink(file);
  if (!blob || input.files[0] !== file) return;
  const files = new DataTransfer();
  files.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
  input.files = files.files;
  preview(input, canvas.toDataURL("image/jpeg", 0.6));
}

function preview(input, address) {
  const question = input.closest(".question");
  let picture = question.querySelector(".photo__picture");
  if (!picture) {
    picture = document.createElement("img");
    picture.className = "photo__picture";
    input.before(picture);
  }
  picture.alt = "La photo choisie pour cette question";
  picture.src = address;
}

/** Prepare each photo once chosen; the form waits for those that are not ready. */
export function preparePhotos(form, update) {
  const waiting = new Set();
  for (const input of form.querySelectorAll('input[type="file"]')) {
    const start = () => {
      const drop = form.querySelector(`#${CSS.escape(`${input.id}-retirer`)}`);
      if (drop) drop.checked = false;
      // A file that the browser cannot read goes as it is: the server says what it makes of it.
      const ready = prepare(input).catch(() => {}).finally(() => { waiting.delete(ready); update(); });
      waiting.add(ready);
    };
    input.addEventListener("change", start);
    // Chosen before this script came, or kept by a browser that reloads the page.
    if (input.files.length) start();
  }
  form.addEventListener("submit", (event) => {
    if (!waiting.size) return;
    event.preventDefault();
    const button = event.submitter;
    Promise.all(waiting).then(() => form.requestSubmit(button));
  });
}
