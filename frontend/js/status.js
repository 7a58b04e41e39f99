// The one live region of a page: what happened is also said.

const region = document.getElementById("status");

export function announce(text) {
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 100); // a region that was empty speaks again
}

// A result that was on the page before the region could notice it.
const flashed = [...document.querySelectorAll("[data-announce]")].map((message) => message.textContent.trim());
if (flashed.length) announce(flashed.join(" "));

document.addEventListener("htmx:responseError", () => announce("That did not work. Your text is still here."));
document.addEventListener("htmx:sendError", () => announce("The server could not be reached. Your text is still here."));

// After a failed submit the summary of problems is where to go on.
document.querySelector("[data-problems]")?.focus();

// Held notices say how long is left; once a minute is enough, and silently.
setInterval(() => {
  for (const left of document.querySelectorAll("[data-until]")) {
    const minutes = Math.max(0, Math.ceil((Date.parse(left.dataset.until) - Date.now()) / 60_000));
    left.textContent = minutes ? `in ${minutes} ${minutes === 1 ? "minute" : "minutes"}` : "now";
  }
}, 60_000);
