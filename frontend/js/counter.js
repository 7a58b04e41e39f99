// Says how much room is left in a text, once it gets tight.

const characters = (number) => `${number} ${number === 1 ? "character" : "characters"}`;

function count(field) {
  const output = document.getElementById(`${field.id}-count`);
  if (!output) return;
  const limit = Number(field.dataset.limit);
  const left = limit - [...field.value].length;
  const near = left <= limit / 5;
  output.classList.toggle("field__count--over", left < 0);
  if (left < 0) output.textContent = `${characters(-left)} too long`;
  else output.textContent = near ? `${characters(left)} left` : output.dataset.rest;
}

document.addEventListener("input", (event) => {
  if (event.target.dataset?.limit) count(event.target);
});

for (const output of document.querySelectorAll("[data-count]")) output.dataset.rest = output.textContent;
for (const field of document.querySelectorAll("[data-limit]")) count(field);
