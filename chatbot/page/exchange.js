// What pages of answers share: an exchange in the log, how it is shown and how it is printed.

const log = document.getElementById("log");

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function hidden(text) {
  return element("span", { className: "unseen" }, text);
}

/** A new exchange at the end of the log, with what was said. */
function exchangeOf(said) {
  const place = element("section", { className: "exchange" });
  place.append(element("p", { className: "asked" }, hidden("You asked: "), said));
  log.append(place);
  document.body.classList.add("begun");
  return place;
}

/** Shows a reply as HTML, in which every word is escaped, or as an element. */
function show(place, reply) {
  if (typeof reply === "string") place.insertAdjacentHTML("beforeend", reply);
  else place.append(reply);
  const heading = place.querySelector("h2");
  const advice = place.querySelector(".advice");
  if (advice && log.querySelector(".advice") === advice) advice.open = true; // told once; later, on demand
  heading.focus({ preventScroll: true });
  place.scrollIntoView();
}

/** Has Enter send the form of a text area; with Shift it begins a new line. */
function asksWithEnter(area) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      area.form.requestSubmit();
    }
  });
}

// --- printing: one answer by its button, or all by the browser's own command; folded parts are opened for it

function printOne(place) {
  const title = document.title;
  document.title = place.querySelector("h2").textContent;
  document.body.classList.add("one");
  place.classList.add("printed");
  window.print();
  document.title = title;
  document.body.classList.remove("one");
  place.classList.remove("printed");
}

let opened = [];
window.addEventListener("beforeprint", () => {
  opened = [...log.querySelectorAll("details.sources, details.advice")].filter((details) => !details.open);
  for (const details of opened) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
