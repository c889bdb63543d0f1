// Keys for going through a queue and through the items of an application; pages work without them.
const places = () => [...document.querySelectorAll("[data-item]")];
const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

const waiting = () => document.querySelector("[data-waits]");
const here = () => document.activeElement?.closest?.("[data-item]") ?? (places().length === 1 ? places()[0] : null);
const go = (step) => {
  const all = places();
  const at = all.indexOf(here());
  const next = at < 0 ? waiting() ?? all[0] : all[Math.min(all.length - 1, Math.max(0, at + step))];
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

// Where one goes on: the place in the address, or what waits first, if it can be seen as it is.
const wanted = location.hash ? document.getElementById(location.hash.slice(1)) : waiting();
const isSeen = location.hash || (wanted?.getBoundingClientRect().bottom ?? 0) <= innerHeight;
if (isSeen && !document.querySelector(".errsum")) wanted?.focus();
