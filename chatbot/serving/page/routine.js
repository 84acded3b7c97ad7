// What someone keeps to practise. It stays in this browser: a movement comes whole with its answer. Only its pictures
// are loaded where they are shown, as those of answers are, and a calendar file is made by the server, which keeps
// nothing of it.

const KEPT_AS = "routine";
const VERSION = 1;
const MOST = 50;
const TICK = 200; // milliseconds
const SECONDS_TO_WAIT = 20;
const dialog = document.getElementById("routine");
const title = document.getElementById("routine-title");
const told = document.getElementById("routine-told");
const listed = document.getElementById("routine-listed");
const list = document.getElementById("routine-list");
const practice = document.getElementById("practice");
const sheet = document.getElementById("sheet");
const opener = document.getElementById("show-routine");

// --- the list

const empty = fresh();
let unkept = []; // changes that could not be stored; each further one tries again

/** What is stored: null where it cannot be read, nothing (undefined) where there is nothing or it is forbidden. */
function stored() {
  let text;
  try {
    text = localStorage.getItem(KEPT_AS);
  } catch {
    return undefined;
  }
  if (text === null) return undefined;
  try {
    const routine = JSON.parse(text);
    return isRoutine(routine) ? routine : null;
  } catch {
    return null;
  }
}

/** The list; null where what is stored cannot be read: then it stays as it is. */
function read() {
  const routine = stored();
  if (routine === null) return null;
  const { movements, ...others } = routine ?? empty;
  return { ...others, movements: unkept.reduce((changed, how) => how(changed), movements) };
}

function fresh() {
  return { version: VERSION, calendar: nameOfCalendar(), movements: [] };
}

function nameOfCalendar() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isRoutine(routine) {
  const named = routine?.version === VERSION && typeof routine.calendar === "string";
  return named && Array.isArray(routine.movements) && routine.movements.every(isMovement);
}

function isMovement(each) {
  return (
    ["id", "title", "amount", "card", "stop"].every((name) => typeof each?.[name] === "string") &&
    areAll(each.avoid, (item) => typeof item === "string") &&
    areAll(each.order, Number.isFinite) &&
    areAll(each.stages, isStage)
  );
}

function isStage(each) {
  return typeof each?.kind === "string" && typeof each.words === "string" && Number.isFinite(each.seconds);
}

function areAll(items, what) {
  return Array.isArray(items) && items.every(what);
}

/** Changes the movements of the list as it is now, which another tab may have changed; gives whether that was done. */
function change(how) {
  const routine = read();
  if (!routine) {
    show();
    return false;
  }
  unkept.push(how);
  routine.movements = how(routine.movements);
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(routine));
    unkept = [];
  } catch {
    // full, or forbidden: this page alone has it
  }
  render();
  return true;
}

/** Marks the buttons of what is kept. */
function markKept() {
  const kept = new Set((read()?.movements ?? []).map((each) => each.id));
  for (const button of document.querySelectorAll("[data-keep]")) {
    button.setAttribute("aria-pressed", String(kept.has(JSON.parse(button.dataset.keep).id)));
  }
  opener.textContent = kept.size ? `My routine (${kept.size})` : "My routine";
}

/** Does for a reply that was just shown: what is kept of it already says from now on what it says there. */
export function shown(place) {
  markKept();
  const button = place.querySelector("[data-keep]");
  if (!button) return;
  const newest = JSON.parse(button.dataset.keep);
  const old = read()?.movements.find((each) => each.id === newest.id);
  if (!old || JSON.stringify(old) === JSON.stringify(newest)) return;
  change((movements) => movements.map((each) => (each.id === newest.id ? newest : each)));
}

document.querySelector("main").addEventListener("click", (event) => {
  const button = event.target.closest("[data-keep]");
  if (!button) return;
  const movement = JSON.parse(button.dataset.keep);
  const status = document.getElementById("status");
  const there = button.getAttribute("aria-pressed") === "true";
  if (!there && (read()?.movements.length ?? 0) >= MOST) {
    status.textContent = `There are ${MOST} in your routine, which is the most. Take one out first.`;
    return;
  }
  const done = change((movements) => {
    const others = movements.filter((each) => each.id !== movement.id);
    return there ? others : [...others, movement];
  });
  if (!done) return;
  if (unkept.length) status.textContent = `${there ? "Taken out of" : "Put in"} your routine. ${notKept()}`;
  else status.textContent = there ? "Taken out of your routine." : "Kept in your routine, in this browser only.";
});

window.addEventListener("storage", (event) => {
  if (event.key === KEPT_AS || event.key === null) render();
});

// --- showing it

function show() {
  stop();
  render();
  if (!dialog.open) dialog.showModal();
  title.focus();
}

function render() {
  const routine = read();
  const movements = routine?.movements ?? [];
  const broken = document.getElementById("routine-broken");
  broken.hidden = routine !== null;
  told.textContent = routine ? [summary(movements), ...(unkept.length ? [notKept()] : [])].join(" ") : "";
  for (const part of document.querySelectorAll("[data-if-kept]")) part.hidden = !movements.length;
  list.replaceChildren(...movements.map(item));
  markKept();
}

function summary(movements) {
  if (!movements.length) return "Nothing yet. Below an answer that teaches a movement, “Keep in my routine” puts it here.";
  const counted = movements.filter((each) => !each.byHand);
  const parts = [`${movements.length} movement${movements.length === 1 ? "" : "s"}`];
  if (counted.length) {
    const minutes = Math.max(Math.ceil(counted.flatMap((each) => each.stages).reduce((sum, each) => sum + each.seconds, 0) / 60), 1);
    parts.push(`about ${minutes} minute${minutes === 1 ? "" : "s"}`);
  }
  if (counted.length < movements.length) parts.push(`${movements.length - counted.length} counted by hand`);
  return `${parts.join(", ")}.`;
}

/** What is told where a change could not be stored. */
function notKept() {
  return stored()
    ? "This browser could not store your last changes, so they are gone once you close this page."
    : "This browser keeps nothing of it, so it is gone once you close this page.";
}

function item(movement, place, all) {
  const row = element("li");
  const words = element("div", { className: "words" });
  words.append(element("strong", {}, movement.title), element("span", { className: "amount" }, movement.amount));
  const tools = element("div", { className: "moves" });
  const move = (by, name, label) => {
    const button = element("button", { type: "button", ariaLabel: `${label}: ${movement.title}` }, name);
    button.disabled = place + by < 0 || place + by >= all.length;
    button.addEventListener("click", () => {
      change((movements) => moved(movements, movement.id, by));
      focusIn(place + by, by < 0 ? 0 : 1);
    });
    return button;
  };
  const out = element("button", { type: "button", ariaLabel: `Take out: ${movement.title}` }, "Take out");
  out.addEventListener("click", () => {
    change((movements) => movements.filter((each) => each.id !== movement.id));
    focusIn(Math.min(place, list.children.length - 1), 2);
  });
  tools.append(move(-1, "Up", "Move up"), move(1, "Down", "Move down"), out);
  row.append(words, tools);
  return row;
}

function moved(movements, id, by) {
  const from = movements.findIndex((each) => each.id === id);
  const others = movements.filter((each) => each.id !== id);
  if (from >= 0) others.splice(Math.max(from + by, 0), 0, movements[from]);
  return others;
}

/** Puts the focus on a button of a row, or on the nearest one that can be pressed, so that it is not lost. */
function focusIn(place, button) {
  const buttons = [...(list.children[place]?.querySelectorAll("button") ?? [])];
  (buttons[button]?.disabled === false ? buttons[button] : (buttons.find((each) => !each.disabled) ?? title)).focus();
}

document.getElementById("order-routine").addEventListener("click", () => {
  change((movements) => movements.toSorted((one, other) => one.order[0] - other.order[0] || one.order[1] - other.order[1]));
});

opener.addEventListener("click", show);
document.getElementById("close-routine").addEventListener("click", () => dialog.close());
document.getElementById("begin-anew").addEventListener("click", () => {
  localStorage.removeItem(KEPT_AS);
  show();
});
dialog.addEventListener("close", () => {
  stop();
  opener.focus();
});

// --- counting down

const face = (name) => practice.querySelector(`[data-face="${name}"]`);
let running = null; // {stages, movements, place, left, since, paused, timer, lock, sound}

let sign = false;

/** Tells whether the conversation knows of a warning sign, which comes before practising. */
export function signStays(there) {
  sign = there;
}

document.getElementById("start-routine").addEventListener("click", () => {
  if (sign) {
    told.textContent = "A warning sign that you named comes first: practise once someone has looked at it.";
    title.focus();
    return;
  }
  const movements = read()?.movements ?? [];
  const warnings = movements.filter((each) => each.avoid.length);
  document.getElementById("warnings").replaceChildren(
    ...warnings.map((each) => element("li", {}, `${each.title} Not for you if: ${each.avoid.join("; ")}.`)),
    ...[...new Set(movements.map((each) => each.stop).filter(Boolean))].map((stop) => element("li", {}, stop)),
  );
  panel("before");
  document.getElementById("before-title").focus();
});

document.getElementById("begin").addEventListener("click", () => {
  const movements = read()?.movements ?? [];
  const stages = movements.flatMap((movement) => movement.stages.map((stage) => ({ ...stage, movement })));
  if (!stages.length) return;
  running = { stages, place: 0, left: 0, since: 0, paused: false, sound: sounding() };
  running.timer = setInterval(tick, TICK);
  keepAwake();
  panel("practice");
  to(0);
  face("pause").focus();
});

function panel(name) {
  listed.hidden = name !== "list";
  document.getElementById("before").hidden = name !== "before";
  practice.hidden = name !== "practice";
}

function stop() {
  if (running) {
    clearInterval(running.timer);
    running.lock?.release().catch(() => {});
    running.sound?.close().catch(() => {});
    running = null;
  }
  panel("list");
}

/** Seconds that are left of the stage that is on. */
function left() {
  return running.left - (running.paused ? 0 : (performance.now() - running.since) / 1000);
}

function tick() {
  if (running.stages[running.place].byHand || running.paused) return;
  if (left() > 0) return draw();
  beep();
  to(running.place + 1);
}

function to(place) {
  if (place >= running.stages.length) {
    stop();
    told.textContent = "Done. Well practised.";
    title.focus();
    return;
  }
  const before = running.stages[running.place];
  running.place = place;
  const stage = running.stages[place];
  running.left = stage.seconds;
  running.since = performance.now();
  if (place === 0 || stage.movement !== before.movement) {
    face("card").innerHTML = stage.movement.card; // written by the server, which escapes every word
    const picture = face("card").querySelector("img");
    face("picture").replaceChildren(...(picture ? [picture.cloneNode()] : []));
    face("how").open = stage.movement.byHand === true;
  }
  draw();
  face("said").textContent = `${stage.movement.title} ${stage.words}${stage.byHand ? "" : `, ${stage.seconds} seconds`}.`;
}

function draw() {
  const stage = running.stages[running.place];
  const next = running.stages[running.place + 1];
  face("title").textContent = stage.movement.title;
  face("words").textContent = stage.words;
  face("time").textContent = stage.byHand ? "by hand" : clock(left());
  face("next").textContent = !next ? "Next: the end" : `Next: ${next.movement === stage.movement ? next.words : next.movement.title}`;
  face("pause").textContent = running.paused ? "Go on" : "Pause";
  face("pause").hidden = stage.byHand;
  face("done").hidden = !stage.byHand;
}

function clock(seconds) {
  const whole = Math.max(Math.ceil(seconds), 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function isWork(stage) {
  return stage.kind === "hold" || stage.kind === "count";
}

const acts = {
  pause() {
    running.left = left();
    running.since = performance.now();
    running.paused = !running.paused;
    face("said").textContent = running.paused ? "Paused." : "Going on.";
    draw();
  },
  done() {
    to(running.place + 1);
    if (running) face(running.stages[running.place].byHand ? "done" : "pause").focus();
  },
  skip() {
    const place = running.stages.findIndex((stage, at) => at > running.place && (isWork(stage) || stage.kind === "ready"));
    to(place < 0 ? running.stages.length : place);
  },
  back() {
    const stage = running.stages[running.place];
    const begun = isWork(stage) && left() > stage.seconds - 3;
    const place = running.stages.findLastIndex((each, at) => isWork(each) && (begun ? at < running.place : at <= running.place));
    to(Math.max(place, 0));
  },
  stop() {
    stop();
    title.focus();
  },
};

practice.addEventListener("click", (event) => {
  const name = event.target.closest("button")?.dataset.face;
  if (running && name in acts) acts[name]();
});
document.getElementById("back-to-list").addEventListener("click", acts.stop);

async function keepAwake() {
  const mine = running;
  const lock = await navigator.wakeLock?.request("screen").catch(() => null); // refused where power is low
  if (running === mine && mine) mine.lock = lock;
  else lock?.release().catch(() => {});
}

document.addEventListener("visibilitychange", () => {
  if (running && document.visibilityState === "visible") keepAwake(); // it was let go when the page was hidden
});

function sounding() {
  try {
    return new AudioContext();
  } catch {
    return null;
  }
}

/** A short tone: who holds a stretch may not see the screen. */
function beep() {
  const sound = running.sound;
  if (!sound) return;
  const tone = new OscillatorNode(sound, { frequency: 660 });
  tone.connect(new GainNode(sound, { gain: 0.1 })).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.15);
}

// --- on paper, and in a calendar

let printing = false; // while pictures load

document.getElementById("print-routine").addEventListener("click", async () => {
  if (printing) return;
  printing = true;
  const movements = read()?.movements ?? [];
  const cards = movements.map((movement, place) => {
    const card = element("section", {}, element("h2", {}, `${place + 1}. ${movement.title}`));
    card.insertAdjacentHTML("beforeend", movement.card); // as above
    return card;
  });
  const disclaimer = element("footer", {}, document.getElementById("routine-disclaimer").textContent);
  sheet.replaceChildren(element("h1", {}, "My routine"), element("p", {}, summary(movements)), ...cards, disclaimer);
  await loaded(sheet);
  printing = false;
  dialog.close();
  document.body.classList.add("routine-only");
  window.print();
  document.body.classList.remove("routine-only");
  sheet.replaceChildren();
  opener.focus();
});

/** Waits for the pictures in a place, as long as one waits for an answer. */
function loaded(place) {
  const pictures = [...place.querySelectorAll("img")].filter((picture) => !picture.complete);
  const coming = pictures.map((picture) => new Promise((done) => (picture.onload = picture.onerror = done)));
  return Promise.race([Promise.all(coming), new Promise((done) => setTimeout(done, SECONDS_TO_WAIT * 1000))]);
}

document.getElementById("calendar").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = document.getElementById("calendar-said");
  const routine = read();
  const days = [...event.target.querySelectorAll("[name=day]:checked")].map((box) => box.value);
  if (!days.length) {
    said.textContent = "Choose a day at least.";
    event.target.querySelector("[name=day]").focus();
    return;
  }
  const entries = routine.movements.map((each) => each.id);
  const body = { entries, days, at: event.target.elements.at.value, now: localTime(), name: "routine" };
  try {
    const response = await fetch("v1/routine.ics", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(SECONDS_TO_WAIT * 1000),
    });
    if (response.status === 422) {
      said.textContent = refusal(await response.json(), routine.movements);
      return;
    }
    if (!response.ok) throw new Error();
    // What tells this list from those of others is put in here, so that the server never has it.
    const text = (await response.text()).replace(/^UID:.*$/m, `UID:${routine.calendar}@flexbot.invalid`);
    download(new Blob([text], { type: "text/calendar" }), "my-routine.ics");
    said.textContent = "Saved as my-routine.ics. Open it with your calendar.";
  } catch {
    said.textContent = navigator.onLine ? "The calendar file could not be made. Try again." : "You are offline.";
  }
});

/** What is told where the server can make no calendar file of the list. */
function refusal(problem, movements) {
  const gone = movements.filter((each) => problem.gone?.includes(each.id)).map((each) => `“${each.title}”`);
  if (!gone.length) return `The calendar file could not be made: ${problem.detail}.`;
  if (gone.length === movements.length) return "Nothing of your routine is in the corpus any more.";
  return `No longer in the corpus: ${gone.join(", ")}. Take out what is gone, then save the file.`;
}

function localTime() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function download(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

markKept();
