// Opens an item beside its list where there is room for both; the link opens it as a page everywhere else.

import htmx from "./htmx.js";

const wide = matchMedia("(min-width: 80.0625rem)");

export function open(link) {
  const row = link.closest("[data-row]");
  for (const other of document.querySelectorAll("[data-row][aria-current]")) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  history.replaceState(history.state, "", link.href);
  return htmx.ajax("GET", link.href, { target: "#pane", swap: "innerHTML", source: "#pane" });
}

export function hasRoom(link) {
  return wide.matches && link.matches("[data-pane]") && Boolean(document.getElementById("pane"));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-pane]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || !hasRoom(link)) return;
  event.preventDefault();
  open(link);
});
