// Two values of each run against each other: parameters or metrics.
import { atEachWidth, markOf, number, remember, short, svg } from "./chart-frame.js";
import { scaleOf, tableOf } from "./chart-table.js";

const LABEL_HEIGHT = 14;
const LETTER = 6.4;

export const scatter = (section) => {
  const form = section.querySelector("form");
  const plot = section.querySelector(".plot");
  const note = section.querySelector(".note");
  const table = tableOf(section);
  const state = { hidden: new Set(), hot: null };
  const draw = () => paint(plot, note, table, form, state);
  form.addEventListener("input", () => {
    const { x, y, logx, log } = form.elements;
    remember({ x: x.value, y: y.value, logx: logx.checked ? "1" : "", log: log.checked ? "1" : "" });
    draw();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("millwright:runs", (event) => {
    Object.assign(state, event.detail);
    draw();
  });
  atEachWidth(plot, draw);
};

const paint = (plot, note, table, form, state) => {
  const width = Math.floor(plot.clientWidth);
  const across = table.column(form.elements.x.value);
  const up = table.column(form.elements.y.value);
  if (!width || !across || !up) return;
  const height = width < 560 ? 340 : 440;
  const words = up.numeric ? 0 : Math.max(...up.values.map((value) => Math.min(14, String(value ?? "").length)));
  const box = { left: Math.max(62, words * 7 + 32), top: 12, right: width - 20, bottom: height - 46 };
  const x = scaleOf(across, [box.left + 8, box.right - 8], form.elements.logx.checked);
  const y = scaleOf(up, [box.bottom - 8, box.top + 8], form.elements.log.checked);
  const canvas = svg("svg", { class: "chart scatter", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": `${up.name} against ${across.name}; the table below has the same values` });
  canvas.append(axes(box, x, y, across, up));
  const has = (scale, value) => value !== null && (!scale.has || scale.has(value));
  const points = table.rows.flatMap((row, i) => {
    const [a, b] = [across.values[i], up.values[i]];
    return !state.hidden.has(row.id) && has(x, a) && has(y, b) ? [{ row, a, b, x: x(a), y: y(b) }] : [];
  });
  const missing = table.rows.length - state.hidden.size - points.length;
  note.textContent = missing > 0 ? `${missing} ${missing === 1 ? "run has" : "runs have"} no place here: a value is missing${x.log || y.log ? ", or not above zero" : ""}.` : "";
  const marks = points.map((point) => {
    const away = state.hot !== null && state.hot !== point.row.id ? "away" : "";
    const link = svg("a", { href: point.row.href, class: away, "data-run": point.row.id, "aria-label": `${point.row.name}: ${across.name} ${show(point.a)}, ${up.name} ${show(point.b)}` });
    link.append(svg("title", {}, `${point.row.name}\n${across.name}: ${show(point.a)}\n${up.name}: ${show(point.b)}`));
    link.append(markOf(point.row.place, point.x, point.y, state.hot === point.row.id ? 7 : 5));
    return link;
  });
  canvas.append(svg("g", {}, marks), names(points, box, state));
  plot.replaceChildren(canvas);
};

const show = (value) => (typeof value === "number" ? number(value) : value);

const axes = (box, x, y, across, up) => {
  const group = svg("g", {});
  for (const tick of y.ticks(6)) {
    group.append(svg("path", { class: "grid", d: `M${box.left} ${y(tick)}H${box.right}` }), svg("text", { class: "tick", x: box.left - 7, y: y(tick) + 4, "text-anchor": "end" }, short(show(tick), 14)));
  }
  const most = across.numeric ? 12 : Math.max(3, Math.floor((box.right - box.left) / Math.max(1, x.ticks(1).length) / 7));
  for (const tick of x.ticks(Math.max(2, Math.floor((box.right - box.left) / 80)))) {
    group.append(svg("path", { class: "grid", d: `M${x(tick)} ${box.bottom}v5` }), svg("text", { class: "tick", x: x(tick), y: box.bottom + 18, "text-anchor": "middle" }, short(show(tick), most)));
  }
  group.append(
    svg("path", { class: "grid", d: `M${box.left} ${box.bottom}H${box.right}` }),
    svg("text", { class: "axis", x: (box.left + box.right) / 2, y: box.bottom + 38, "text-anchor": "middle" }, short(across.name, 40) + (x.log ? " (log)" : "")),
    svg("text", { class: "axis", "text-anchor": "middle", transform: `translate(13 ${(box.top + box.bottom) / 2}) rotate(-90)` }, short(up.name, 40) + (y.log ? " (log)" : "")),
  );
  return group;
};

/** Names beside the marks, each where it hides no other name and no mark; the rest is told by pointing. */
const names = (points, box, state) => {
  const taken = points.map((point) => ({ left: point.x - 7, right: point.x + 7, top: point.y - 7, bottom: point.y + 7 }));
  const group = svg("g", { class: "names" });
  for (const point of points) {
    const text = short(point.row.name, 22);
    const room = text.length * LETTER;
    const spots = [
      { left: point.x + 9, top: point.y - 7 },
      { left: point.x - 9 - room, top: point.y - 7 },
      { left: point.x - room / 2, top: point.y - 22 },
      { left: point.x - room / 2, top: point.y + 8 },
    ].map((spot) => ({ ...spot, right: spot.left + room, bottom: spot.top + LABEL_HEIGHT }));
    const free = spots.find((spot) => spot.left > box.left && spot.right < box.right + 16 && spot.top > box.top - 6 && spot.bottom < box.bottom && taken.every((other) => spot.right < other.left || spot.left > other.right || spot.bottom < other.top || spot.top > other.bottom));
    if (!free) continue;
    taken.push(free);
    const away = state.hot !== null && state.hot !== point.row.id ? " away" : "";
    group.append(svg("text", { class: `name c${point.row.place % 8}${away}`, x: free.left, y: free.top + 11 }, text));
  }
  return group;
};
