// Follow a piece of long work; without this module the page has an « Actualiser » link.

const EVERY = 1500; // milliseconds between two questions

const work = document.getElementById("travail");

async function ask() {
  let told;
  try {
    const answer = await fetch(work.dataset.state, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    told = await answer.json();
  } catch {
    setTimeout(ask, EVERY * 4); // the network is away: the work goes on without us
    return;
  }
  if (told.over) {
    location.reload();
    return;
  }
  const bar = work.querySelector("progress");
  bar.max = told.total || 1;
  bar.value = told.done;
  const message = document.getElementById("message");
  if (told.message && message.textContent !== told.message) message.textContent = told.message;
  setTimeout(ask, EVERY);
}

if (work) setTimeout(ask, EVERY);
