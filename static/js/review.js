// Keys for going through a queue and through the items of an application; pages work without them.
const places = () => [...document.querySelectorAll("[data-item]")];
const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

const here = () => document.activeElement?.closest?.("[data-item]") ?? null;
const go = (step) => {
  const all = places();
  const at = all.indexOf(here());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
};
const press = (key) => {
  const target = (key === "d" ? document : here())?.querySelector(`[data-key="${key}"]`);
  if (!target) return false;
  if (key === "d") { target.focus(); target.scrollIntoView({ block: "nearest" }); }
  else if (target.matches("details")) { target.open = true; target.querySelector("input:not([type=hidden]), textarea").focus(); }
  else target.click();
  return true;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const key = event.key.toLowerCase();
  if (isTyping(event.target)) {
    if (key === "escape") here()?.focus();
    return;
  }
  const dialog = document.querySelector("#phim-tat");
  if (dialog?.open) return;
  if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
  else if (key === "?" && dialog) dialog.showModal();
  else if (!("arwud".includes(key) && press(key))) return;
  event.preventDefault();
});

// Where one goes on: the place in the address, or the first item that waits for a verdict.
const wanted = location.hash ? document.getElementById(location.hash.slice(1)) : document.querySelector("[data-waits]");
if (!document.querySelector(".errsum")) wanted?.focus();
