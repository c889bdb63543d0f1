// Small conveniences; every page works without them.
const say = (text) => { const region = document.querySelector("[data-live]"); if (region) region.textContent = text; };

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-d], [data-print]");
  if (!button) return;
  if (button.dataset.print !== undefined) { window.print(); return; }
  if (button.dataset.copy !== undefined) {
    try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
    const word = button.querySelector("[data-word]") ?? button, before = word.textContent;
    word.textContent = button.dataset.said ?? before;
    say(`${button.dataset.said} ${button.dataset.copy}`);
    setTimeout(() => { word.textContent = before; }, 1800);
    return;
  }
  const input = button.parentElement.querySelector("input");
  const wanted = (+input.value || 0) + +button.dataset.d;
  input.value = Math.min(+input.max || 999, Math.max(+input.min || 0, wanted));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// A form of the page as a sheet over it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-sheet]");
  const form = opener && document.querySelector(opener.hash);
  if (!form) return;
  event.preventDefault();
  const home = form.parentElement, sheet = document.createElement("dialog");
  sheet.className = "dialog sheet";
  sheet.setAttribute("aria-label", form.querySelector("h2").textContent);
  sheet.append(form);
  sheet.addEventListener("close", () => { home.append(form); sheet.remove(); });
  sheet.addEventListener("click", (press) => { if (press.target === sheet || press.target.closest("[data-close]")) sheet.close(); });
  document.body.append(sheet);
  sheet.showModal();
});

// A form is sent once: the second press of an impatient thumb does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

// A select or a checkbox that sends its form by itself; beside it stands a button for the others.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});
for (const button of document.querySelectorAll("[data-noscript]")) button.hidden = true;
