// The page of one judge. The server knows how far the sitting is; this shows the pair, measures how
// long it is visible, and goes on to the next pair at once while the answer is on its way.

import { Outbox, ask, askUntilAnswered, isPassing, randomKey, store } from "./outbox.js";

const GUARD = 350; // milliseconds: the second click of a double click is none for the next pair
const OFFLINE = "No connection. Your answers are kept here and are sent as soon as it is back.";
const element = (id) => document.getElementById(id);
const sections = [...document.querySelectorAll("main > section")];

let token = location.pathname.split("/").pop();
let outbox;
let sitting = null; // what the server said last
let items = []; // the pair that is shown, and the next
let shown = null; // the item on the screen
let shownAt = 0;
let visibleSince = 0; // 0 while nobody can see the pair
let visibleMs = 0;
let busy = false; // a beginning or an undo is under way
let offline = false; // the server does not answer
let turn = 0; // counts what the judge does, so that an answer of the server that is older is seen

function waiting(is) {
  offline = is;
  say("");
}

/** Says something until there is something else to say; that there is no connection, all the time. */
function say(words) {
  const all = offline ? OFFLINE : words;
  if (element("status").textContent !== all) {
    element("status").textContent = all;
  }
}

function show(id) {
  for (const section of sections) {
    section.hidden = section.id !== id;
  }
  if (id !== "pair") {
    stopClock();
    shown = null;
    scrollTo(0, 0);
    element(id).querySelector("h1")?.focus();
  }
}

function startClock() {
  shownAt = performance.now();
  visibleMs = 0;
  visibleSince = document.visibilityState === "visible" ? shownAt : 0;
}

function stopClock() {
  if (visibleSince > 0) {
    visibleMs += performance.now() - visibleSince;
    visibleSince = 0;
  }
}

/** Shows the first of the items. */
function showPair() {
  const first = items[0];
  if (shown === null || shown.item !== first.item) {
    shown = first;
    element("prompt").textContent = first.prompt; // as text: never read as markup
    element("left").textContent = first.left;
    element("right").textContent = first.right;
    show("pair");
    scrollTo(0, 0);
    showProgress();
    element("heading").focus({ preventScroll: true });
    startClock();
  } else {
    showProgress();
  }
}

function showProgress() {
  const answered = Math.min(sitting.answered + outbox.size, sitting.total);
  element("heading").textContent = `Pair ${Math.min(answered + 1, sitting.total)} of ${sitting.total}`;
  element("progress").max = sitting.total;
  element("progress").value = answered;
  element("undo").setAttribute("aria-disabled", String(answered === 0));
}

/** Takes over what the server says. */
function follow(next) {
  sitting = next;
  items = next.items;
  switch (next.phase) {
    case "judging":
      showPair();
      break;
    case "done":
      showDone(next.counts);
      break;
    default:
      show(next.phase);
  }
}

function showDone(counts) {
  const all = counts.left + counts.right + counts.same + counts.unusable;
  const minutes = Math.max(1, Math.round(counts.ms / 60000));
  element("sum").textContent =
    `You have judged ${all} ${all === 1 ? "pair" : "pairs"} in about ` +
    `${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
  for (const choice of ["left", "right", "same", "unusable"]) {
    element(`sum-${choice}`).textContent = counts[choice];
  }
  show("done");
}

async function failed(error) {
  if (error.status === 404) {
    say("");
    show("gone");
  } else {
    say("Something went wrong. Please reload the page; your answers are kept.");
  }
}

/** Sends what is waiting, then sees where the sitting is. */
async function look() {
  const own = store.getItem(`tiebreak/${token}/own`); // begun from an open link before
  if (own !== null) {
    use(own);
  }
  const before = turn;
  try {
    await outbox.flush();
    const now = await askUntilAnswered(token, "look", undefined, waiting);
    if (turn === before) {
      follow(now);
    }
  } catch (error) {
    failed(error);
  }
}

function use(own) {
  token = own;
  outbox = new Outbox(token, waiting);
  history.replaceState(null, "", `../j/${own}`);
}

async function begin() {
  if (!element("consent").checked) {
    say("Please tick the box above the button first.");
    element("consent").focus();
    return;
  }
  if (busy) {
    return;
  }
  busy = true;
  const name = `tiebreak/${token}/begin`; // one sitting, however often this is sent
  const key = store.getItem(name) ?? randomKey();
  store.setItem(name, key);
  try {
    const begun = await askUntilAnswered(
      token,
      "begin",
      {
        consent: true,
        native_speaker: element("native").value,
        age_band: element("age").value,
        experience: element("experience").value,
        key,
      },
      waiting);
    if (begun.token !== token) {
      store.setItem(`tiebreak/${token}/own`, begun.token);
      use(begun.token);
    }
    follow(begun);
  } catch (error) {
    failed(error);
  } finally {
    busy = false;
  }
}

function device() {
  const shorter = Math.min(screen.width, screen.height);
  if (!matchMedia("(pointer: coarse)").matches) {
    return "desktop";
  }
  return shorter < 600 ? "phone" : "tablet";
}

function choose(choice) {
  if (shown === null || busy || performance.now() - shownAt < GUARD) {
    return;
  }
  stopClock();
  turn++;
  outbox.add({
    item: shown.item,
    choice,
    ms: Math.round(Math.min(visibleMs, 86400000)),
    client_time: new Date().toISOString(),
    device: device(),
    key: randomKey(),
  });
  say("");
  items = items.slice(1);
  if (items.length > 0) {
    showPair();
  } else {
    show("saving");
  }
  send();
}

async function send() {
  const before = turn;
  const taken = await outbox.flush();
  if (taken === null || outbox.size > 0 || turn !== before) {
    return; // whoever sends the last one goes on
  }
  if (taken.refused) {
    await look();
    say("That pair was answered already, perhaps in another window.");
  } else {
    follow(taken.sitting);
  }
}

async function undo() {
  if (busy || sitting === null) {
    return;
  }
  busy = true;
  turn++;
  try {
    const taken = await outbox.flush();
    const last = taken?.sitting ?? sitting;
    if (last.undo > 0) {
      shown = null;
      follow(await askUntilAnswered(token, "undo", { item: last.undo }, waiting));
      say("Your last answer was taken back.");
    }
  } catch (error) {
    failed(error);
  } finally {
    busy = false;
  }
}

async function pause() {
  turn++;
  element("link").textContent = location.href;
  show("paused");
  try {
    await outbox.flush();
    await ask(token, "pause", {});
  } catch (error) {
    if (!isPassing(error)) {
      failed(error);
    }
  }
}

const CHOICES = {
  1: "left",
  2: "right",
  3: "same",
  4: "unusable",
  ArrowLeft: "left",
  ArrowRight: "right",
};

function key(event) {
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
  if (!plain || event.repeat || element("pair").hidden || !element("keys").checked) {
    return;
  }
  if (event.key in CHOICES) {
    event.preventDefault();
    choose(CHOICES[event.key]);
  } else if (event.key === "u" || event.key === "U" || event.key === "Backspace") {
    event.preventDefault();
    undo();
  }
}

element("begin").addEventListener("click", begin);
element("undo").addEventListener("click", undo);
element("undo-done").addEventListener("click", undo);
element("pause").addEventListener("click", pause);
element("resume").addEventListener("click", look);
for (const button of document.querySelectorAll("[data-choice]")) {
  button.addEventListener("click", () => choose(button.dataset.choice));
}
document.addEventListener("keydown", key);
element("keys").checked = store.getItem("tiebreak/keys") !== "off";
element("keys").addEventListener("change", () =>
  store.setItem("tiebreak/keys", element("keys").checked ? "on" : "off"));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    stopClock();
  } else if (shown !== null) {
    visibleSince = performance.now();
    if (outbox.size === 0 && !busy) {
      look(); // another window may have gone on
    }
  }
});
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    look(); // back to a page that the browser kept as it was
  }
});

outbox = new Outbox(token, waiting);
look();
