// The page: what is asked or chosen, and the reply to it. Replies and numbers stand in the page, packed.

/* global element, exchangeOf, show, printOne, asksWithEnter, log, openModel, decide -- of exchange.js and search.js */
const told = document.getElementById("status");
const form = document.getElementById("ask");
const question = document.getElementById("question");
const TOO_OLD = "This browser is too old to show the answers of this page.";

form.hidden = false; // without this script it could ask nothing

let replies;
let model;
let named = null; // the id of the gravest warning sign that was named: it comes first until the page is closed

/** What a block of the page holds, as bytes. */
async function unpacked(id) {
  const packed = atob(document.getElementById(id).textContent);
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

/** Makes the page ready; what is asked before then waits for it. */
async function prepare() {
  replies = JSON.parse(new TextDecoder().decode(await unpacked("replies")));
  const questions = replies.model.ids.map((id) => replies.labels[id]);
  model = openModel({ ...replies.model, questions }, await unpacked("numbers"));
  openAddress();
}

const ready = prepare().catch(() => (told.textContent = TOO_OLD));

// --- replies

/** The reply to a message, as an element. */
function replyTo(message) {
  const decision = decide(model, message);
  const idOf = (row) => model.ids[row];
  if (decision.kind === "urgent") named = graver(named, idOf(decision.shown));
  const reply = written(decision, idOf);
  if (decision.caution !== null) reply.prepend(fragment(replies.cautions[idOf(decision.caution)] ?? ""));
  return reply;
}

function written(decision, idOf) {
  if (decision.shown !== null) return entry(idOf(decision.shown));
  const reply = fragment(decision.kind === "list" ? replies.list : replies.none).firstElementChild;
  if (decision.kind === "list") reply.querySelector("h2").after(choices(decision.listed.map(idOf)));
  if (decision.kind === "list" && replies.only) reply.querySelector("h2").after(note(replies.only));
  return withSign(reply);
}

/** The reply that shows an entry. */
function entry(id) {
  const reply = fragment(replies.entries[id]).firstElementChild;
  for (const picture of reply.querySelectorAll("img")) picture.src = replies.figures[picture.getAttribute("src")];
  return id === named ? reply : withSign(reply);
}

/** Of two warning signs the one that needs care sooner, of two alike the newer one. */
function graver(before, newer) {
  return before && replies.cares[before] < replies.cares[newer] ? before : newer;
}

/** A reply below the sign that was named before, if one was. */
function withSign(reply) {
  if (named) reply.prepend(fragment(replies.signs[named]));
  return reply;
}

function choices(ids) {
  const button = (id) => element("button", { type: "button" }, replies.labels[id]);
  const items = ids.map((id) => {
    const opening = button(id);
    opening.dataset.entry = id;
    return element("li", {}, opening);
  });
  return element("ul", { className: "choices" }, ...items);
}

function note(text) {
  return element("p", { className: "note" }, text);
}

/** HTML of the page itself, in which every word is escaped, without being shown: nothing in it loads yet. */
function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// --- what people do

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text) return;
  question.value = "";
  await ready;
  if (model) show(exchangeOf(text), replyTo(text));
  else question.value = text;
});

asksWithEnter(question);

async function choose(id) {
  await ready;
  document.querySelector(".help")?.removeAttribute("open");
  if (model) show(exchangeOf(replies.labels[id]), entry(id));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.entry) choose(button.dataset.entry);
  else if (button && "print" in button.dataset) printOne(button.closest(".exchange"));
});

document.getElementById("anew").addEventListener("click", () => {
  log.replaceChildren();
  document.body.classList.remove("begun");
  document.getElementById("welcome").scrollIntoView();
  question.focus({ preventScroll: true });
});

/** Opens the entry that the address names behind "#". */
function openAddress() {
  const id = new URLSearchParams(`id=${location.hash.slice(1)}`).get("id"); // which forgives what is badly written
  if (Object.hasOwn(replies.entries, id)) choose(id);
}

window.addEventListener("hashchange", openAddress);
