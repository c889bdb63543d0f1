// What axe does not look at. Gives sentences; `least` is how high a target has to be, 0: no matter.
(least) => {
  const found = [];
  const say = (what, e) => found.push(`${what}: ${(e?.outerHTML ?? "").slice(0, 160)}`);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const seen = (selector) => all(selector).filter((e) => e.checkVisibility());
  const isExample = location.pathname.endsWith("/ui");

  if (seen("h1").length !== 1) say("not one h1");
  if (!document.title.trim()) say("no title");

  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) {
    const wide = seen("main *").find((e) => e.getBoundingClientRect().right > innerWidth + 1
      && !e.closest(".tscroll, .visually-hidden, .tabs, .gallery"));
    say(`${over} pixels wider than the window`, wide);
  }

  for (const e of all("img")) {
    if (e.complete && !e.naturalWidth && e.loading !== "lazy") say("no picture", e);
  }
  for (const e of all("a[href^='#']")) {
    const id = decodeURIComponent(e.getAttribute("href").slice(1));
    if (!document.getElementById(id)) say("leads nowhere", e);
  }
  const ids = all("[id]").map((e) => e.id);
  for (const id of new Set(ids.filter((each, i) => ids.indexOf(each) !== i))) say(`two of id ${id}`);

  const [, second] = isExample ? [] : seen(".primary");
  if (second) say("more than one primary", second);

  const targets = "main button, main .btn, main input.input, main select, .tabbar a, .acts a";
  for (const e of least ? seen(targets) : []) {
    const isApart = e.closest(".stepper, .visually-hidden");
    if (!isApart && e.getBoundingClientRect().height < least) say("too small for a thumb", e);
  }
  return found;
}
