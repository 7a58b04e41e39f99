// The composer: findings are one click to act on, and text is not lost by leaving.

import { announce } from "./status.js";

const form = document.querySelector("form[data-compose]");

function put(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// "Replace with …" puts the better wording where the quoted words stand.
function replace(button) {
  const field = document.getElementById(button.dataset.replace);
  if (!field.value.includes(button.dataset.words)) return false;
  put(field, field.value.replace(button.dataset.words, () => button.dataset.better));
  field.focus();
  announce("Replaced.");
  return true;
}

function select(link) {
  const field = document.querySelector(link.hash);
  const start = field.value.indexOf(link.dataset.words);
  field.focus();
  if (start >= 0) field.setSelectionRange(start, start + link.dataset.words.length);
}

function step(direction) {
  const all = [...form.querySelectorAll("[data-finding]")];
  if (!all.length) return;
  const at = all.findIndex((finding) => finding.contains(document.activeElement));
  const next = all[(at + direction + all.length) % all.length];
  next.closest("details")?.setAttribute("open", "");
  next.querySelector("a, button")?.focus();
  next.scrollIntoView({ block: "center" });
}

// With something to fix, the main action leads there instead of asking the server for the same answer.
function leadToFirstStop(event) {
  const stops = form.querySelectorAll(".finding--stop");
  if (!stops.length || !event.submitter?.matches("[data-main]")) return false;
  event.preventDefault();
  stops[0].querySelector("a, button").focus();
  stops[0].scrollIntoView({ block: "center" });
  announce(`${stops.length} ${stops.length === 1 ? "problem" : "problems"} to fix before sending.`);
  return true;
}

// What was fixed leaves a tick where it stood, and how much is left is said.
const stops = new Map();
function tickWhatIsFixed() {
  let left = 0;
  let isFixed = false;
  for (const place of form.querySelectorAll(".findings[id]")) {
    const now = place.querySelectorAll(".finding--stop").length;
    if (now < (stops.get(place.id) ?? 0)) {
      isFixed = true;
      if (!now) place.prepend(document.getElementById("fixed").content.cloneNode(true));
    }
    stops.set(place.id, now);
    left += now;
  }
  if (isFixed) announce(left ? `Fixed. ${left} left.` : "Fixed. Nothing left to fix.");
}

// Findings stand in other forms too, such as the reply to what a candidate asked.
document.addEventListener("click", (event) => {
  const better = event.target.closest("[data-replace]");
  if (better && replace(better)) event.preventDefault();
  const myself = event.target.closest("[data-select]");
  if (myself) {
    event.preventDefault();
    select(myself);
  }
});

if (form) {
  let changed = false;
  tickWhatIsFixed();
  document.addEventListener("htmx:afterSettle", tickWhatIsFixed);
  form.addEventListener("input", (event) => {
    changed = true;
    const mirror = event.target.closest(".under")?.querySelector(".under__mirror");
    if (mirror) mirror.textContent = `${event.target.value}\u200b`; // the marks come back with the next check
  });
  form.addEventListener("submit", (event) => {
    if (!leadToFirstStop(event)) changed = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
