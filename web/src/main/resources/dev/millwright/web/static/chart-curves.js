// Metrics over steps or time, all runs in one picture: drag to look closer, smooth, switch to a log axis, read values off.
import { apart, atEachWidth, extent, html, linear, lineOf, log, number, remember, seconds, short, svg, tell } from "./chart-frame.js";

const LABELS_FROM = 560;
const LABEL_ROOM = 14;
const READ_AT_ONCE = 10;
const POLL_MILLIS = 5000;
let clips = 0;

/** A section with one form of controls and a figure for each metric. */
export const curves = (section) => {
  const runs = JSON.parse(section.dataset.runs);
  const form = section.querySelector("form");
  const state = { x: "step", log: false, smooth: 0, hidden: new Set(), hot: null };
  const charts = [...section.querySelectorAll("figure")].map((figure) => new Curves(figure, runs, state));
  const read = () => {
    state.x = form.elements.x.value;
    state.log = form.elements.log.checked;
    state.smooth = Number(form.elements.smooth.value);
    form.querySelector("output").textContent = state.smooth === 0 ? "none" : state.smooth.toFixed(2);
  };
  read();
  const changed = (event) => {
    read();
    const metric = form.elements.metric;
    if (metric && metric.value !== charts[0].key) {
      charts[0].show(metric.value);
      load(runs, [charts[0]]);
    } else {
      if (event.target.name === "x") charts.forEach((chart) => (chart.zoom = null));
      charts.forEach((chart) => chart.draw());
    }
    remember({ metric: metric?.value, x: state.x === "step" ? "" : state.x, log: state.log ? "1" : "", smooth: state.smooth || "" });
  };
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("millwright:runs", (event) => {
    Object.assign(state, event.detail);
    charts.forEach((chart) => chart.draw());
  });
  load(runs, charts);
  if (section.dataset.live !== undefined) setInterval(() => document.hidden || load(runs, charts), POLL_MILLIS);
};

/** Fetches what the charts show, in few requests. */
const load = async (runs, charts) => {
  const ask = new URLSearchParams({ runs: runs.map((run) => run.id).join(",") });
  new Set(charts.map((chart) => chart.key)).forEach((key) => ask.append("key", key));
  try {
    const answer = await fetch(`/runs/metrics?${ask}`, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error((await answer.json()).error);
    const { series } = await answer.json();
    charts.forEach((chart) => chart.take(series.filter((each) => each.key === chart.key)));
  } catch (failed) {
    charts.forEach((chart) => chart.fail(`The values did not arrive: ${failed.message}`));
  }
};

class Curves {
  constructor(figure, runs, state) {
    this.figure = figure;
    this.plot = figure.querySelector(".plot");
    this.reset = figure.querySelector("[data-reset]");
    this.table = figure.querySelector("table");
    this.note = figure.querySelector(".note");
    this.runs = runs;
    this.state = state;
    this.series = null;
    this.show(figure.dataset.metric);
    this.reset.addEventListener("click", () => this.look(null));
    atEachWidth(this.plot, () => this.draw());
  }

  show(key) {
    this.key = key;
    this.series = null;
    this.zoom = null;
    this.figure.querySelector("[data-title]").textContent = key;
  }

  take(series) {
    const places = new Map(this.runs.map((run) => [run.id, run]));
    this.series = series.map((each) => ({ ...each, run: places.get(each.run) }));
    this.fill();
    this.draw();
  }

  fail(text) {
    this.series = null;
    this.plot.replaceChildren(html("p", { class: "problem" }, text));
  }

  /** What the picture shows, as numbers. */
  fill() {
    const rows = this.series.map(({ run, total, values, steps }) => {
      const finite = values.map((value, i) => ({ value, step: steps[i] })).filter(({ value }) => value !== null);
      const by = finite.toSorted((a, b) => a.value - b.value);
      const at = (point) => (point ? [number(point.value), html("span", { class: "unit" }, `step ${point.step}`)] : ["–"]);
      const cell = (...content) => html("td", { class: "num" }, ...content);
      const link = html("a", { href: `/runs/${encodeURIComponent(run.id)}` }, run.name);
      return html("tr", {}, html("th", { scope: "row" }, link), cell(number(total)), cell(...at(finite[0])), cell(...at(by[0])), cell(...at(by.at(-1))), cell(...at(finite.at(-1))));
    });
    this.table.tBodies[0].replaceChildren(...rows);
  }

  look(zoom) {
    this.zoom = zoom;
    this.draw();
  }

  /** The points of each run that is shown, with what smoothing makes of them. */
  lines() {
    return this.series
      .filter((each) => !this.state.hidden.has(each.run.id))
      .map((each) => {
        const start = each.times[0];
        const smooth = smoothed(each.values, this.state.smooth);
        const points = each.values.map((raw, i) => ({
          x: this.state.x === "time" ? (each.times[i] - start) / 1000 : each.steps[i],
          raw,
          y: smooth[i],
          step: each.steps[i],
          time: each.times[i],
        }));
        if (this.state.x === "time") points.sort((a, b) => a.x - b.x);
        return { run: each.run, points };
      });
  }

  draw() {
    const width = Math.floor(this.plot.clientWidth);
    this.reset.disabled = !this.zoom;
    if (!this.series || !width) return;
    const lines = this.lines();
    const shown = (value) => value !== null && (!this.state.log || value > 0);
    const all = lines.flatMap((line) => line.points);
    const whole = extent(all.filter((point) => shown(point.raw)).map((point) => point.x));
    this.note.textContent = "";
    if (!whole) {
      const why = this.series.length === 0 ? "None of these runs logged it." : this.state.log ? "No value is above zero, so a log axis has nothing to show." : "Nothing to show: no run is chosen, or no value is a number.";
      this.plot.replaceChildren(html("p", { class: "quiet" }, why));
      return;
    }
    const domain = this.zoom ?? whole;
    const inside = all.filter((point) => point.x >= domain[0] && point.x <= domain[1] && shown(point.raw));
    const values = inside.flatMap((point) => (this.state.smooth > 0 ? [point.raw, point.y] : [point.raw]));
    const range = extent(values, 0.05, this.state.log) ?? (this.state.log ? [0.1, 1] : [0, 1]);
    if (this.state.log && all.some((point) => point.raw !== null && point.raw <= 0)) this.note.textContent = "Values at or below zero have no place on a log axis and are left out.";
    this.paint(width, lines, domain, range, shown);
  }

  paint(width, lines, domain, range, shown) {
    const small = this.figure.dataset.small !== undefined;
    const height = small ? 220 : width < LABELS_FROM ? 300 : 400;
    const labelled = !small && width >= LABELS_FROM && lines.length > 0;
    const longest = Math.max(...lines.map((line) => line.run.name.length), 0);
    const right = labelled ? Math.min(170, 22 + longest * 6.6) : 14;
    const box = { left: 62, top: 10, right: width - right, bottom: height - 42 };
    const x = linear(domain, [box.left, box.right]);
    const y = (this.state.log ? log : linear)(range, [box.bottom, box.top]);
    const clip = `clip-${++clips}`;
    const canvas = svg("svg", { class: "chart curves", viewBox: `0 0 ${width} ${height}`, width, height, tabindex: 0, role: "application", "aria-roledescription": "chart", "aria-label": `${this.key} of ${lines.length} runs. Arrow keys read values, plus and minus zoom, Escape shows the whole range.` });
    canvas.append(svg("clipPath", { id: clip }, svg("rect", { x: box.left, y: box.top - 4, width: Math.max(0, box.right - box.left), height: box.bottom - box.top + 8 })));
    canvas.append(axes(box, x, y, this.state, this.key));
    const ink = svg("g", { "clip-path": `url(#${clip})` });
    for (const line of lines) {
      const drawn = { ...lineOf(line.run.place), "data-run": line.run.id };
      const faint = this.state.hot !== null && this.state.hot !== line.run.id ? " away" : this.state.hot ? " hot" : "";
      const visible = line.points.map((point) => (shown(point.raw) ? point : null));
      if (this.state.smooth > 0) ink.append(svg("path", { ...drawn, class: `curve raw ${drawn.class}${faint}`, d: path(visible, x, y, "raw") }));
      ink.append(svg("path", { ...drawn, class: `curve ${drawn.class}${faint}`, d: path(visible, x, y, "y") }));
      if (visible.filter(Boolean).length === 1) {
        const only = visible.find(Boolean);
        ink.append(svg("circle", { class: `mark ${drawn.class}${faint}`, cx: x(only.x), cy: y(only.y), r: 4 }));
      }
    }
    canvas.append(ink);
    if (labelled) canvas.append(this.labels(lines, box, domain, x, y, shown));
    this.plot.replaceChildren(canvas);
    new Reader(this, canvas, lines, { box, x, y, domain, shown });
  }

  /** The runs' names where their lines end; where there is no room for all, those that keep clear of each other. */
  labels(lines, box, domain, x, y, shown) {
    const ends = lines.flatMap((line) => {
      const last = line.points.findLast((point) => shown(point.raw) && point.x <= domain[1]);
      return last && last.x >= domain[0] ? [{ run: line.run, at: y(last.y), y: y(last.y), x: x(last.x) }] : [];
    });
    const room = Math.floor((box.bottom - box.top) / LABEL_ROOM);
    let kept = ends;
    if (ends.length > room) {
      kept = [];
      for (const end of ends.sort((a, b) => a.y - b.y)) if (kept.length === 0 || end.y - kept.at(-1).y >= LABEL_ROOM) kept.push(end);
    } else {
      apart(kept, LABEL_ROOM, box.top + 4, box.bottom);
    }
    return svg("g", { class: "names" }, kept.flatMap((end) => {
      const colour = lineOf(end.run.place).class;
      return [
        svg("path", { class: "lead", d: `M${Math.min(end.x + 3, box.right)} ${end.at}L${box.right + 10} ${end.y}` }),
        svg("text", { class: `name ${colour}`, x: box.right + 13, y: end.y + 4 }, short(end.run.name, 22)),
      ];
    }));
  }
}

/** Exponential moving average, corrected for its start; gaps stay gaps. */
const smoothed = (values, weight) => {
  if (weight === 0) return values;
  let mean = 0;
  let count = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    count++;
    return mean / (1 - weight ** count);
  });
};

const path = (points, x, y, part) => {
  let pen = "M";
  let text = "";
  for (const point of points) {
    if (point === null) {
      pen = "M";
      continue;
    }
    text += `${pen}${x(point.x).toFixed(1)} ${y(point[part]).toFixed(1)}`;
    pen = "L";
  }
  return text;
};

const axes = (box, x, y, state, key) => {
  const group = svg("g", {});
  const across = Math.max(2, Math.floor((box.right - box.left) / 90));
  for (const tick of y.ticks(5)) {
    const at = y(tick);
    group.append(svg("path", { class: "grid", d: `M${box.left} ${at}H${box.right}` }), svg("text", { class: "tick", x: box.left - 7, y: at + 4, "text-anchor": "end" }, number(tick)));
  }
  for (const tick of x.ticks(across)) {
    const text = state.x === "time" ? seconds(tick) : number(tick);
    group.append(svg("path", { class: "grid", d: `M${x(tick)} ${box.bottom}v5` }), svg("text", { class: "tick", x: x(tick), y: box.bottom + 18, "text-anchor": "middle" }, text));
  }
  const middle = (box.left + box.right) / 2;
  group.append(
    svg("text", { class: "axis", x: middle, y: box.bottom + 36, "text-anchor": "middle" }, state.x === "time" ? "time since the first value" : "step"),
    svg("text", { class: "axis", "text-anchor": "middle", transform: `translate(13 ${(box.top + box.bottom) / 2}) rotate(-90)` }, short(key, 30) + (state.log ? " (log)" : "")),
  );
  return group;
};

/** Reads values off under the pointer or by arrow keys, and zooms to what is dragged over. */
class Reader {
  constructor(chart, canvas, lines, place) {
    Object.assign(this, { chart, canvas, lines, ...place });
    this.start = null;
    this.at = null;
    this.guide = svg("g", { class: "guide" });
    this.band = svg("rect", { class: "band", y: this.box.top, height: this.box.bottom - this.box.top, width: 0 });
    canvas.append(this.band, this.guide);
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointerleave", () => this.leave());
    canvas.addEventListener("pointercancel", () => this.leave());
    canvas.addEventListener("dblclick", () => chart.look(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.leave());
  }

  place(event) {
    const bounds = this.canvas.getBoundingClientRect();
    return { x: Math.min(this.box.right, Math.max(this.box.left, event.clientX - bounds.left)), y: event.clientY - bounds.top };
  }

  down(event) {
    if (event.button !== 0) return;
    this.start = this.place(event).x;
    this.canvas.setPointerCapture(event.pointerId);
  }

  move(event) {
    const { x, y } = this.place(event);
    if (this.start !== null) {
      this.band.setAttribute("x", Math.min(this.start, x));
      this.band.setAttribute("width", Math.abs(x - this.start));
    }
    this.read(this.x.invert(x), y);
  }

  up(event) {
    const from = this.start;
    const { x } = this.place(event);
    this.start = null;
    this.band.setAttribute("width", 0);
    if (from !== null && Math.abs(x - from) > 6) this.chart.look([this.x.invert(Math.min(from, x)), this.x.invert(Math.max(from, x))]);
  }

  leave() {
    if (this.start !== null) return;
    this.guide.replaceChildren();
    this.tip?.remove();
    this.tip = null;
  }

  key(event) {
    const [low, high] = this.domain;
    const span = high - low;
    const zoomed = { "+": 0.25, "=": 0.25, "-": -0.5 }[event.key];
    if (zoomed !== undefined) {
      this.chart.look([low + span * zoomed, high - span * zoomed]);
    } else if (event.key === "Escape" || event.key === "0") {
      this.chart.look(null);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const step = (event.key === "ArrowLeft" ? -1 : 1) * (span / 40);
      this.read(Math.min(high, Math.max(low, (this.at ?? low + span / 2) + step)), (this.box.top + this.box.bottom) / 2);
      tell(this.tip?.innerText ?? "");
      event.preventDefault();
      return;
    } else {
      return;
    }
    event.preventDefault();
    this.chart.plot.querySelector("svg")?.focus();
  }

  /** Shows the values of all lines nearest to a place on the x axis, those nearest to the pointer first in line. */
  read(at, pointer) {
    this.at = at;
    const found = this.lines.flatMap((line) => {
      const point = nearest(line.points, at, this.shown);
      return point ? [{ run: line.run, point, y: this.y(point.y) }] : [];
    });
    if (found.length === 0) return;
    const close = found.toSorted((a, b) => Math.abs(a.y - pointer) - Math.abs(b.y - pointer));
    const told = close.slice(0, READ_AT_ONCE).sort((a, b) => b.point.y - a.point.y);
    const x = this.x(close[0].point.x);
    this.guide.replaceChildren(
      svg("path", { d: `M${x} ${this.box.top}V${this.box.bottom}` }),
      ...told.map(({ run, point, y }) => svg("circle", { class: `mark ${lineOf(run.place).class}`, cx: this.x(point.x), cy: y, r: run === close[0].run ? 5 : 3 })),
    );
    this.tip?.remove();
    this.tip = this.reading(close[0], told, found.length - told.length);
    this.chart.plot.append(this.tip);
    const free = this.chart.plot.clientWidth - this.tip.offsetWidth;
    this.tip.style.left = `${Math.max(0, Math.min(free, x > this.chart.plot.clientWidth / 2 ? x - this.tip.offsetWidth - 14 : x + 14))}px`;
  }

  reading(first, told, rest) {
    const where = this.chart.state.x === "time" ? `${seconds(first.point.x)}, step ${number(first.point.step)}` : `step ${number(first.point.step)}`;
    const rows = told.map(({ run, point }) => {
      const smooth = this.chart.state.smooth > 0 ? html("td", { class: "num quiet" }, number(point.raw)) : [];
      return html("tr", run === first.run ? { class: "first" } : {}, html("td", {}, swatch(run.place), short(run.name, 24)), html("td", { class: "num" }, number(point.y)), smooth);
    });
    return html("div", { class: "tip" }, html("p", {}, where), html("table", {}, html("tbody", {}, rows)), rest > 0 ? html("p", {}, `and ${rest} more`) : []);
  }
}

/** A short piece of a run's line. */
export const swatch = (place) => {
  const line = lineOf(place);
  return svg("svg", { class: "swatch", viewBox: "0 0 22 8", width: 22, height: 8, "aria-hidden": "true" }, svg("path", { ...line, class: `curve ${line.class}`, d: "M1 4H21" }));
};

const nearest = (points, at, shown) => {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].x < at) low = middle + 1;
    else high = middle;
  }
  const around = [points[low], points[low - 1], points[low + 1]].filter((point) => point && shown(point.raw));
  return around.sort((a, b) => Math.abs(a.x - at) - Math.abs(b.x - at))[0];
};
