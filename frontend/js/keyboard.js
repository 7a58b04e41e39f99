// Shortcuts. Each one presses a control that is on the page: data-key="w" for a letter, data-go="t" for a place.

import { hasRoom, open } from "./pane.js";

const PAUSE_BEFORE_OPENING = 80; // milliseconds on a row before its pane is fetched
const CHORD = 1500; // milliseconds in which the letter after G counts

const off = document.documentElement.dataset.shortcuts === "off";
let going = 0;
let opening = 0;

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);

function currentRow() {
  return document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row][aria-current]");
}

function move(step) {
  const all = rows();
  const at = all.indexOf(currentRow());
  const next = all[at === -1 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))];
  const link = next?.querySelector("[data-open]");
  if (!link) return;
  link.focus();
  clearTimeout(opening);
  if (hasRoom(link)) opening = setTimeout(() => open(link), PAUSE_BEFORE_OPENING);
}

// A letter is about the item in hand, or about the page; never about a row that is neither.
function find(key) {
  const row = currentRow();
  const pane = document.getElementById("pane");
  const about = row && !row.matches("[aria-current]") ? [row] : [pane, row];
  const own = about.map((place) => place?.querySelector(`[data-key="${key}"]`)).find(Boolean);
  const anywhere = key === "z" ? "" : ":not([data-row] *, #pane *)"; // undo is about what was done last, wherever it is shown
  return own ?? document.querySelector(`[data-key="${key}"]${anywhere}`);
}

function press(key) {
  const control = find(key);
  if (!control) return false;
  control.focus();
  if (!control.matches("textarea, input")) control.click();
  return true;
}

function go(key) {
  document.querySelector(`[data-go="${key}"]`)?.click();
}

function mainAction(event) {
  const form = event.target.closest("form") ?? document.querySelector("form[data-main-form]");
  const button = form?.querySelector("[data-main]") ?? form?.querySelector('button[type="submit"]');
  if (!button) return;
  event.preventDefault();
  button.click();
}

function letter(event) {
  const key = event.key.toLowerCase();
  if (Date.now() - going < CHORD) {
    going = 0;
    return go(key);
  }
  if (key === "g") {
    going = Date.now();
    return true;
  }
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1) ?? true;
  if (key === "o") return currentRow()?.querySelector("[data-open]")?.click() ?? true;
  if (key === "?") return document.getElementById("shortcuts")?.togglePopover() ?? true;
  return press(key);
}

const writing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) mainAction(event);
  else if (off || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  else if (event.key.length === 1 && letter(event)) event.preventDefault();
});
