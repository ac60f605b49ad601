// Parallel coordinates: a line a run, an axis a parameter or metric. A stretch marked on an axis keeps the runs that pass it.
import { atEachWidth, lineOf, number, remember, short, svg, tell } from "./chart-frame.js";
import { scaleOf, tableOf } from "./chart-table.js";

const HEIGHT = 380;
const TOP = 44;
const BOTTOM = HEIGHT - 16;
const AXIS_ROOM = 104;
const NUDGE = 12;

export const parallel = (section) => new Parallel(section);

class Parallel {
  constructor(section) {
    this.plot = section.querySelector(".plot");
    this.form = section.querySelector("form");
    this.count = section.querySelector("[data-count]");
    this.table = tableOf(section);
    this.brushes = new Map();
    this.hidden = new Set();
    this.hot = null;
    this.form.addEventListener("input", () => this.choose());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    section.querySelector("[data-reset]").addEventListener("click", () => {
      this.brushes.clear();
      this.draw();
    });
    document.addEventListener("millwright:runs", (event) => {
      Object.assign(this, event.detail);
      this.draw();
    });
    atEachWidth(this.plot, () => this.draw());
  }

  choose() {
    const axes = this.chosen();
    for (const key of this.brushes.keys()) if (!axes.includes(key)) this.brushes.delete(key);
    remember({ metric: this.form.elements.metric.value, axis: axes });
    this.draw();
  }

  chosen() {
    return [...this.form.querySelectorAll('input[name="axis"]:checked')].map((box) => box.value);
  }

  draw() {
    const columns = this.chosen().map((key) => this.table.column(key)).filter(Boolean);
    const width = Math.max(this.plot.clientWidth, AXIS_ROOM * Math.max(1, columns.length));
    if (!this.plot.clientWidth) return;
    const gap = columns.length > 1 ? (width - AXIS_ROOM) / (columns.length - 1) : 0;
    const axes = columns.map((column, i) => ({ column, x: AXIS_ROOM / 2 + i * gap, y: scaleOf(column, [BOTTOM, TOP]) }));
    const focused = document.activeElement?.dataset?.axis;
    const canvas = svg("svg", { class: "chart parallel", viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "group", "aria-label": "Parallel coordinates; the table below has the same values" });
    const lines = svg("g", {});
    canvas.append(lines);
    for (const axis of axes) canvas.append(this.axis(axis, gap));
    this.canvas = canvas;
    this.axes = axes;
    this.lines = lines;
    this.paint();
    this.plot.replaceChildren(canvas);
    if (focused) this.canvas.querySelector(`[data-axis="${CSS.escape(focused)}"]`)?.focus();
  }

  /** Draws the lines: those outside a marked stretch first and faint. */
  paint() {
    const colour = this.table.column(this.form.elements.metric.value);
    const shade = colour?.numeric ? scaleOf(colour, [0, 100]) : null;
    const drawn = this.table.rows.map((row, i) => ({ row, i, kept: !this.hidden.has(row.id) && this.keeps(i) }));
    const order = drawn.toSorted((a, b) => Number(a.kept) - Number(b.kept) || Number(a.row.id === this.hot) - Number(b.row.id === this.hot));
    this.lines.replaceChildren(...order.filter(({ row }) => !this.hidden.has(row.id)).map(({ row, i, kept }) => {
      const line = lineOf(row.place);
      const path = svg("path", { "data-run": row.id, d: this.path(i), class: `curve ${shade ? "" : line.class}${kept ? "" : " out"}${this.hot === row.id ? " hot" : ""}`, "stroke-dasharray": shade ? undefined : line["stroke-dasharray"] });
      if (shade && colour.values[i] !== null && kept) path.style.stroke = `color-mix(in oklab, var(--high) ${shade(colour.values[i]).toFixed(0)}%, var(--low))`;
      path.append(svg("title", {}, [row.name, ...this.axes.map(({ column }) => `${column.name}: ${show(column.values[i])}`)].join("\n")));
      return path;
    }));
    for (const { row, kept } of drawn) row.row.hidden = !kept;
    const left = drawn.filter(({ kept }) => kept).length;
    this.count.textContent = `${left} of ${drawn.length} runs`;
    this.ramp(colour, shade);
  }

  /** What the colours mean. */
  ramp(colour, shade) {
    const place = this.form.closest("section").querySelector(".ramp");
    place.hidden = !shade;
    if (!shade) return;
    const values = colour.values.filter((value) => value !== null);
    place.querySelector("[data-low]").textContent = number(Math.min(...values));
    place.querySelector("[data-high]").textContent = number(Math.max(...values));
    place.querySelector("[data-name]").textContent = colour.name + (shade.log ? " (log)" : "");
  }

  keeps(i) {
    return this.axes.every(({ column, y }) => {
      const brush = this.brushes.get(column.key);
      if (!brush) return true;
      const value = column.values[i];
      return value !== null && y(value) >= brush[0] && y(value) <= brush[1];
    });
  }

  /** A run's line is broken where it has no value. */
  path(i) {
    let pen = "M";
    let text = "";
    for (const { column, x, y } of this.axes) {
      const value = column.values[i];
      if (value === null) {
        pen = "M";
        continue;
      }
      text += `${pen}${x.toFixed(1)} ${y(value).toFixed(1)}`;
      if (pen === "M" && this.axes.length === 1) text += "h0.1";
      pen = "L";
    }
    return text;
  }

  axis({ column, x, y }, gap) {
    const most = Math.max(10, Math.floor((gap || 200) / 7.5));
    const group = svg("g", { class: "upright", "data-axis": column.key, tabindex: 0, role: "group", "aria-label": `${column.name}: Enter marks a stretch, arrow keys move it, with Shift they widen or narrow it, Escape takes it away` });
    group.append(svg("title", {}, column.name), svg("path", { class: "grid", d: `M${x} ${TOP}V${BOTTOM}` }));
    group.append(svg("text", { class: "axis", x, y: 14, "text-anchor": "middle" }, short(column.name, most)));
    if (y.log) group.append(svg("text", { class: "tick", x, y: 29, "text-anchor": "middle" }, "log"));
    for (const tick of thinned(y.ticks(6))) {
      group.append(svg("path", { class: "grid", d: `M${x - 4} ${y(tick)}h8` }), svg("text", { class: "tick halo", x: x + 7, y: y(tick) + 4 }, short(show(tick), 12)));
    }
    const brush = this.brushes.get(column.key);
    group.append(svg("rect", { class: "reach", x: x - 14, y: TOP - 6, width: 28, height: BOTTOM - TOP + 12 }));
    group.append(svg("rect", { class: "brush", x: x - 8, y: brush ? brush[0] : TOP, width: 16, height: brush ? brush[1] - brush[0] : 0 }));
    this.handle(group, column.key);
    return group;
  }

  handle(group, key) {
    let from = null;
    const at = (event) => Math.min(BOTTOM + 4, Math.max(TOP - 4, event.clientY - this.canvas.getBoundingClientRect().top));
    const mark = group.querySelector(".brush");
    group.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = at(event);
      group.setPointerCapture(event.pointerId);
    });
    group.addEventListener("pointermove", (event) => {
      if (from === null) return;
      const to = at(event);
      if (Math.abs(to - from) < 4) return;
      this.brushes.set(key, [Math.min(from, to), Math.max(from, to)]);
      mark.setAttribute("y", Math.min(from, to));
      mark.setAttribute("height", Math.abs(to - from));
      this.paint();
    });
    group.addEventListener("pointerup", (event) => {
      if (from !== null && Math.abs(at(event) - from) < 4) this.brushes.delete(key);
      from = null;
      this.draw();
    });
    group.addEventListener("pointercancel", () => (from = null));
    group.addEventListener("keydown", (event) => this.key(event, key));
  }

  key(event, key) {
    const brush = this.brushes.get(key);
    const down = { ArrowUp: -NUDGE, ArrowDown: NUDGE }[event.key];
    if (event.key === "Enter" && !brush) {
      this.brushes.set(key, [TOP - 4, (TOP + BOTTOM) / 2]);
    } else if (event.key === "Escape" || event.key === "Delete") {
      this.brushes.delete(key);
    } else if (down !== undefined && brush) {
      const next = event.shiftKey ? [brush[0], brush[1] + down] : [brush[0] + down, brush[1] + down];
      if (next[1] - next[0] >= NUDGE && next[0] >= TOP - 5 - NUDGE && next[1] <= BOTTOM + 5 + NUDGE) this.brushes.set(key, next);
    } else {
      return;
    }
    event.preventDefault();
    this.draw();
    tell(this.count.textContent);
  }
}

const show = (value) => (value === null ? "–" : typeof value === "number" ? number(value) : value);

const thinned = (ticks) => {
  const every = Math.ceil(ticks.length / 16);
  return ticks.filter((_, i) => i % every === 0);
};
