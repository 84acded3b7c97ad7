// One conversation with the server. What it knows stands in the id that the server gave last, which this page alone
// keeps, until it is closed.

import { shown, signStays } from "./routine.js";

const KEPT_AS = "conversation";
const SIGN_KEPT_AS = "sign";
const SECONDS_TO_WAIT = 20;
const SIGN_STAYS = "A warning sign that you named comes first until someone has looked at it.";
/* global element, hidden, show, exchangeOf, log, printOne, asksWithEnter -- of exchange.js */
const status = document.getElementById("status");
const form = document.getElementById("ask");
const question = document.getElementById("question");
const told = document.getElementById("told");

let conversation = kept(KEPT_AS) || "new";
signStays(Boolean(kept(SIGN_KEPT_AS)));
let busy = false;
let telling;

function kept(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null; // storage may be forbidden; then a reload begins anew
  }
}

/** Goes on from an id, and from the warning sign, if any, that comes first. */
function goOnFrom(id, sign) {
  conversation = id;
  signStays(Boolean(sign));
  try {
    sessionStorage.setItem(KEPT_AS, id);
    sessionStorage.setItem(SIGN_KEPT_AS, sign ?? "");
  } catch {
    // as above
  }
}

// --- asking

/** Sends `body` to `path`; gives what came, or throws a `Failure` that can be shown. */
async function post(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(SECONDS_TO_WAIT * 1000),
    });
  } catch (error) {
    throw new Failure(
      error.name === "TimeoutError"
        ? "The answer took too long."
        : navigator.onLine
          ? "The server cannot be reached."
          : "You are offline.",
    );
  }
  const data = await response.json().catch(() => null);
  if (response.ok && data) return data;
  if (response.status === 503) {
    const seconds = Number(response.headers.get("Retry-After")) || 1;
    throw new Failure("Too many people are asking just now.", { notBefore: Date.now() + seconds * 1000 });
  }
  const detail = data?.detail ?? `the server answered with error ${response.status}`;
  if (detail.startsWith("conversation:")) {
    goOnFrom("new");
    throw new Failure("The conversation before cannot be gone on with, so a new one begins.");
  }
  throw new Failure(sentence(detail), { useless: response.status === 413 || response.status === 422 });
}

class Failure extends Error {
  constructor(message, about = {}) {
    super(message);
    Object.assign(this, about);
  }
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

/** One exchange: what was said, and what came of it, in the log. */
async function exchange(said, path, body) {
  if (busy) return;
  await answer(exchangeOf(said), path, body);
}

async function answer(place, path, body) {
  waiting(true);
  place.scrollIntoView();
  try {
    const data = await post(path, { ...body, conversation, html: true });
    goOnFrom(data.conversation, data.sign);
    show(place, data.html); // written by the server, which escapes every word
    shown(place);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    showFailure(place, failure, path, body);
  } finally {
    waiting(false);
  }
}

/** Most answers are there at once: only what takes longer is told. */
function waiting(now) {
  busy = now;
  clearTimeout(telling);
  status.textContent = "";
  document.body.classList.toggle("waiting", now);
  if (now) telling = setTimeout(() => (status.textContent = "Looking for an answer…"), 300);
}

function showFailure(place, failure, path, body) {
  const retry = element("button", { type: "button" }, "Try again");
  const card = element("div", { className: "failure", role: "alert" }, element("p", {}, failure.message));
  if (failure.useless) question.value = body.question ?? ""; // to be changed
  else card.append(retry);
  retry.addEventListener("click", async () => {
    if (busy) return;
    card.remove();
    waiting(true);
    await new Promise((done) => setTimeout(done, Math.max((failure.notBefore ?? 0) - Date.now(), 0)));
    await answer(place, path, body);
  });
  place.append(card);
  (retry.isConnected ? retry : question).focus({ preventScroll: true });
  place.scrollIntoView();
}

function say(text) {
  return exchange(text, "v1/ask", { question: text });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text || busy) return;
  question.value = "";
  say(text);
});

asksWithEnter(question);

document.querySelector("main").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.entry) exchange(button.textContent, "v1/open", { entry: button.dataset.entry });
  else if (button.dataset.say) say(button.dataset.say);
  else if ("print" in button.dataset) printOne(button.closest(".exchange"));
});

// --- what the conversation knows

/** Shows what the conversation knows, after the lines `first`. */
async function showKnown(first = []) {
  const forget = document.getElementById("forget");
  let lines;
  try {
    const known = await post("v1/known", { conversation });
    lines = [
      ...first,
      ...(known.subject ? [`We are at: ${known.subject}`] : []),
      ...known.told.map((each) => `You told me that you ${each}.`),
    ];
    forget.hidden = lines.length === first.length;
    if (known.sign) lines.push(SIGN_STAYS);
    if (!lines.length) lines.push("Nothing yet: I only keep what you tell me in this conversation.");
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    forget.hidden = true;
    lines = [failure.message];
  }
  document.getElementById("told-list").replaceChildren(...lines.map((line) => element("p", {}, line)));
  if (!told.open) told.showModal();
  document.getElementById("told-title").focus();
}

/** Has all forgotten but a warning sign, and empties the page; gives whether it could. */
async function forgetAll() {
  try {
    const known = await post("v1/forget", { conversation });
    goOnFrom(known.conversation, known.sign);
    log.replaceChildren();
    document.body.classList.remove("begun");
    status.textContent = known.sign ? SIGN_STAYS : "";
    return true;
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    status.textContent = failure.message;
    return false;
  }
}

document.getElementById("show-told").addEventListener("click", () => showKnown());
document.getElementById("close-told").addEventListener("click", () => told.close());
document.getElementById("forget").addEventListener("click", async () => {
  if (await forgetAll()) await showKnown(["Forgotten: what you asked, and what you told me of yourself."]);
  else told.close();
});
document.getElementById("anew").addEventListener("click", async () => {
  if (!busy && (await forgetAll())) question.focus();
});

if (conversation !== "new") status.textContent = "Going on from before. “Start anew” begins a new conversation.";
