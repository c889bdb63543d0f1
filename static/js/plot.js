// Drawing a plot on a plain plan: a tap adds a corner; the text field below holds the GeoJSON.
// The page works without it: whoever has GeoJSON pastes it.
const plan = document.querySelector("[data-plan]"), field = document.querySelector("#shape");
const tools = document.querySelector("[data-tools]");
if (plan && field && tools) {
  const SIZE = 400, DEGREE = 111320, steps = [1, 2, 5];
  let east = +plan.dataset.east, north = +plan.dataset.north, metres = +plan.dataset.metres;
  const drawn = { east, north, metres };
  let ring = [], parts = []; // parts: all rings of a shape with holes or several parts, only shown
  const own = plan.querySelector("[data-own]"), others = plan.querySelector("[data-others]");
  const said = tools.querySelector("[data-said]"), hint = tools.querySelector("[data-hint]"), words = tools.dataset;
  const make = (name, values) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
    return made;
  };
  const narrow = () => Math.cos(north * Math.PI / 180);
  const place = ([x, y]) => {
    const unit = SIZE / metres;
    return [SIZE / 2 + (x - east) * narrow() * DEGREE * unit, SIZE / 2 - (y - north) * DEGREE * unit];
  };
  const position = (x, y) => {
    const unit = metres / SIZE;
    return [+(east + (x - SIZE / 2) * unit / DEGREE / narrow()).toFixed(7), +(north - (y - SIZE / 2) * unit / DEGREE).toFixed(7)];
  };
  const draw = () => {
    const dots = ring.map(place);
    const line = (corners) => `M${corners.map((corner) => place(corner).map((each) => each.toFixed(1)).join(",")).join(" ")}${corners.length > 2 ? "Z" : ""}`;
    const d = parts.length ? parts.map(line).join("") : dots.length > 1 ? line(ring) : "";
    own.replaceChildren(
      ...(d ? [make("path", { class: "own", "fill-rule": "evenodd", d })] : []),
      ...dots.map(([cx, cy]) => make("circle", { class: "own", cx, cy, r: dots.length > 1 ? 4 : 7 })),
    );
    // The neighbours were drawn by the server for its own view; move them into ours.
    const scale = drawn.metres / metres, [x, y] = place([drawn.east, drawn.north]);
    others.setAttribute("transform", `translate(${x - SIZE / 2 * scale} ${y - SIZE / 2 * scale}) scale(${scale})`);
    let bar = 1;
    for (let power = 1; power <= metres / 4; power *= 10) for (const step of steps) if (step * power <= metres / 4) bar = step * power;
    const length = bar * SIZE / metres;
    plan.querySelector("[data-bar]").setAttribute("d", `M16 ${SIZE - 20}h${length}m0 -5v10m-${length} -10v10`);
    plan.querySelector("[data-scale]").textContent = `${bar.toLocaleString(document.documentElement.lang)} m`;
    said.textContent = `${words.corners} ${parts.length ? parts.flat().length : ring.length}`;
    hint.textContent = parts.length ? words.parts : [, words.one, words.two][ring.length] ?? "";
  };
  const keep = () => {
    // Two corners are sent as the area that they are not: the server says what to do about it.
    field.value = ring.length === 0 ? "" : JSON.stringify(ring.length === 1
      ? { type: "Point", coordinates: ring[0] }
      : { type: "Polygon", coordinates: [[...ring, ring[0]]] });
    draw();
  };
  const read = () => {
    try {
      let found = JSON.parse(field.value);
      if (found.type === "FeatureCollection") found = found.features[0];
      if (found.type === "Feature") found = found.geometry;
      const open = (corners) => { // without the corner that closes it, if there is one
        const [first, last] = [corners[0], corners[corners.length - 1]];
        return (corners.length > 1 && first[0] === last[0] && first[1] === last[1] ? corners.slice(0, -1) : corners).map(([x, y]) => [x, y]);
      };
      const rings = found.type === "Point" ? [[found.coordinates]] : found.type === "MultiPolygon" ? found.coordinates.flat() : found.coordinates;
      parts = rings.length > 1 ? rings.map(open) : [];
      ring = parts.length ? [] : open(rings[0]);
      if (![...parts.flat(), ...ring].flat().every(Number.isFinite)) throw new Error("no numbers");
      look(parts.length ? parts.flat() : ring);
    } catch { ring = []; parts = []; }
    draw();
  };
  const look = (corners) => {
    const xs = corners.map(([x]) => x), ys = corners.map(([, y]) => y);
    east = (Math.min(...xs) + Math.max(...xs)) / 2;
    north = (Math.min(...ys) + Math.max(...ys)) / 2;
    const reach = Math.max(...corners.map(([x, y]) => Math.max(Math.abs(x - east) * narrow(), Math.abs(y - north)))) * DEGREE;
    metres = Math.max(60, 2.5 * reach);
  };
  // Where the person stands becomes a corner, with how far off it may be: walking round the plot.
  const stand = (button) => {
    hint.textContent = words.seeking;
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      button.removeAttribute("aria-busy");
      if (parts.length) { draw(); return; }
      ring.push([+coords.longitude.toFixed(7), +coords.latitude.toFixed(7)]);
      look(ring);
      keep();
      const off = Math.ceil(coords.accuracy);
      hint.textContent = [`${words.found} ${off.toLocaleString(document.documentElement.lang)} m.`, off > 20 ? words.rough : "", hint.textContent].filter(Boolean).join(" ");
    }, (error) => {
      button.removeAttribute("aria-busy");
      hint.textContent = error.code === error.PERMISSION_DENIED ? words.refused : words.lost;
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 });
  };
  tools.hidden = false;
  plan.dataset.drawing = "";
  if (navigator.geolocation) tools.querySelector("[data-here]").hidden = false;
  plan.addEventListener("click", (event) => {
    if (parts.length) { draw(); return; }
    const box = plan.getBoundingClientRect();
    ring.push(position((event.clientX - box.left) / box.width * SIZE, (event.clientY - box.top) / box.height * SIZE));
    keep();
  });
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]"), act = button?.dataset.act;
    if (!act) return;
    if (act === "undo" && !parts.length) { ring.pop(); keep(); }
    if (act === "here") { if (button.getAttribute("aria-busy") !== "true") stand(button); return; }
    if (act === "clear") { ring = []; parts = []; keep(); }
    if (act === "in") metres = Math.max(20, metres / 2);
    if (act === "out") metres = Math.min(200000, metres * 2);
    if (act === "go") {
      const numbers = tools.querySelector("input").value.split(/[,;\s]+/).map(Number);
      if (numbers.length === 2 && numbers.every(Number.isFinite) && Math.abs(numbers[0]) < 90) [north, east] = numbers;
    }
    draw();
  });
  field.addEventListener("change", read);
  read();
}
