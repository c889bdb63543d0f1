// Drawing a plot on a plain plan: a tap adds a corner; the text field below holds the GeoJSON.
// The page works without it: whoever has GeoJSON pastes it.
const plan = document.querySelector("[data-plan]"), field = document.querySelector("#shape");
const tools = document.querySelector("[data-tools]");
if (plan && field && tools) {
  const SIZE = 400, DEGREE = 111320, steps = [1, 2, 5];
  let east = +plan.dataset.east, north = +plan.dataset.north, metres = +plan.dataset.metres;
  const drawn = { east, north, metres };
  let ring = [];
  const own = plan.querySelector("[data-own]"), others = plan.querySelector("[data-others]");
  const said = tools.querySelector("[data-said]"), words = tools.dataset;
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
    const dots = ring.map(place), path = dots.map((dot) => dot.map((each) => each.toFixed(1)).join(",")).join(" ");
    own.replaceChildren(
      ...(dots.length > 1 ? [make("path", { class: "own", d: `M${path}${dots.length > 2 ? "Z" : ""}` })] : []),
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
    said.textContent = `${words.corners} ${ring.length}`;
  };
  const keep = () => {
    field.value = ring.length === 0 ? "" : JSON.stringify(ring.length < 3
      ? { type: "Point", coordinates: ring[ring.length - 1] }
      : { type: "Polygon", coordinates: [[...ring, ring[0]]] });
    draw();
  };
  const read = () => {
    try {
      let found = JSON.parse(field.value);
      if (found.type === "FeatureCollection") found = found.features[0];
      if (found.type === "Feature") found = found.geometry;
      ring = found.type === "Point" ? [found.coordinates] : found.coordinates[0].slice(0, -1);
      ring = ring.map(([x, y]) => [x, y]);
      const xs = ring.map(([x]) => x), ys = ring.map(([, y]) => y);
      if (![...xs, ...ys].every(Number.isFinite)) throw new Error("no numbers");
      east = (Math.min(...xs) + Math.max(...xs)) / 2;
      north = (Math.min(...ys) + Math.max(...ys)) / 2;
      const reach = Math.max(...ring.map(([x, y]) => Math.max(Math.abs(x - east) * narrow(), Math.abs(y - north)))) * DEGREE;
      metres = Math.max(60, 2.5 * reach);
    } catch { ring = []; }
    draw();
  };
  tools.hidden = false;
  plan.dataset.drawing = "";
  plan.addEventListener("click", (event) => {
    const box = plan.getBoundingClientRect();
    ring.push(position((event.clientX - box.left) / box.width * SIZE, (event.clientY - box.top) / box.height * SIZE));
    keep();
  });
  tools.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (!act) return;
    if (act === "undo") { ring.pop(); keep(); }
    if (act === "clear") { ring = []; keep(); }
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
