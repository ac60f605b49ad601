// What all charts share: elements, scales, ticks, how numbers are written, and the state that lives in the address.
const SVG = "http://www.w3.org/2000/svg";
const COLOURS = 8;
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "4 2", "12 3", "1 4"];
const MARKS = ["circle", "square", "up", "diamond", "down", "cross", "bar"];
const MINUS = "\u2212";

/** An SVG element with attributes; those that are undefined are left out. */
export const svg = (name, attributes = {}, ...children) => dress(document.createElementNS(SVG, name), attributes, children);

/** The same of HTML. */
export const html = (name, attributes = {}, ...children) => dress(document.createElement(name), attributes, children);

const dress = (element, attributes, children) => {
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children.flat());
  return element;
};

/** The classes and the dashes of the run that was chosen as number `place`: eight colours, then the same ones dashed. */
export const lineOf = (place) => ({
  class: `c${place % COLOURS}`,
  "stroke-dasharray": DASHES[Math.floor(place / COLOURS) % DASHES.length] || undefined,
});

/** The mark of a run in a scatter: another shape once the colours are used up. */
export const markOf = (place, x, y, size = 5) => {
  const shape = MARKS[Math.floor(place / COLOURS) % MARKS.length];
  const s = size;
  const paths = {
    square: `M${x - s} ${y - s}h${2 * s}v${2 * s}h${-2 * s}Z`,
    up: `M${x} ${y - s - 1}L${x + s + 1} ${y + s}H${x - s - 1}Z`,
    diamond: `M${x} ${y - s - 2}L${x + s + 2} ${y}L${x} ${y + s + 2}L${x - s - 2} ${y}Z`,
    down: `M${x} ${y + s + 1}L${x + s + 1} ${y - s}H${x - s - 1}Z`,
    cross: `M${x - s} ${y - 2}h${s - 2}v${2 - s}h4v${s - 2}h${s - 2}v4h${2 - s}v${s - 2}h-4v${2 - s}h${2 - s}Z`,
    bar: `M${x - s - 2} ${y - 2}h${2 * s + 4}v4h${-2 * s - 4}Z`,
  };
  const attributes = { class: `mark c${place % COLOURS}` };
  return shape === "circle" ? svg("circle", { ...attributes, cx: x, cy: y, r: s }) : svg("path", { ...attributes, d: paths[shape] });
};

/** A number as people read it: four digits that count, powers of ten only for the very large and very small. */
export const number = (value) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) {
    const [digits, power] = value.toExponential(2).split("e");
    return `${tidy(String(Number(digits)))}e${tidy(String(Number(power)))}`;
  }
  return tidy(String(Number(value.toPrecision(4))));
};
const tidy = (text) => {
  const [whole, part] = text.replace("-", MINUS).split(".");
  const apart = whole.replace(/(\d)(?=(\d{3})+$)/g, whole.replace(MINUS, "").length > 4 ? "$1\u202f" : "$1");
  return part === undefined ? apart : `${apart}.${part}`;
};

/** A length of time in seconds. */
export const seconds = (value) => {
  if (value < 60) return `${number(value)}\u202fs`;
  if (value < 3600) return `${number(Math.round(value / 6) / 10)}\u202fmin`;
  return `${number(Math.round(value / 360) / 10)}\u202fh`;
};

/** Places values of a domain on a range; `ticks` are those that a reader can add up. */
export const linear = ([low, high], [from, to]) => {
  const span = high - low || 1;
  const scale = (value) => from + ((value - low) / span) * (to - from);
  scale.invert = (place) => low + ((place - from) / (to - from)) * span;
  scale.ticks = (count) => linearTicks(low, high, count);
  return scale;
};

const linearTicks = (low, high, count) => {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((candidate) => candidate >= rough * 0.999);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
};

/** The same with equal room for equal factors; only values above zero have a place. */
export const log = ([low, high], range) => {
  const inner = linear([Math.log10(low), Math.log10(high)], range);
  const scale = (value) => inner(Math.log10(value));
  scale.invert = (place) => 10 ** inner.invert(place);
  scale.ticks = (count) => logTicks(low, high, count);
  return scale;
};

const logTicks = (low, high, count) => {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const every = Math.max(1, Math.ceil((last - first) / Math.max(1, count)));
  const factors = last - first <= 1 ? [1, 2, 3, 5, 7] : last - first <= 3 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = first; power <= last; power += every) {
    for (const factor of every > 1 ? [1] : factors) {
      const tick = Number((factor * 10 ** power).toPrecision(6));
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks.length > 1 ? ticks : linearTicks(low, high, count);
};

/** The lowest and the highest of the finite values, with some air; around a single value there is room as well. */
export const extent = (values, air = 0, logarithmic = false) => {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return null;
  if (logarithmic) {
    const factor = high > low ? (high / low) ** air : 1.5;
    return [low / factor, high * factor];
  }
  const room = high > low ? (high - low) * air : Math.abs(low) * 0.1 || 1;
  return [low - room, high + room];
};

/** A name cut to what fits; the whole one is read out by its title. */
export const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Moves labels apart until each has `room`, as little as possible, between `top` and `bottom`. */
export const apart = (labels, room, top, bottom) => {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  let free = top;
  for (const label of sorted) {
    label.y = Math.max(label.y, free);
    free = label.y + room;
  }
  let limit = bottom;
  for (const label of sorted.reverse()) {
    label.y = Math.min(label.y, limit);
    limit = label.y - room;
  }
  return labels;
};

/** Keeps choices in the address, so that what is seen can be shared; those that are empty go. */
export const remember = (choices) => {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(choices)) {
    url.searchParams.delete(key);
    for (const each of [value].flat()) if (each !== "" && each !== null && each !== undefined) url.searchParams.append(key, each);
  }
  history.replaceState(history.state, "", url);
  for (const link of document.querySelectorAll("a[data-keeps]")) {
    const target = new URL(link.href);
    for (const key of Object.keys(choices)) {
      target.searchParams.delete(key);
      for (const each of url.searchParams.getAll(key)) target.searchParams.append(key, each);
    }
    link.href = target;
  }
};

/** Draws now, and again whenever the element is given another width. */
export const atEachWidth = (element, draw) => {
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.floor(element.clientWidth);
    if (now > 0 && now !== width) {
      width = now;
      draw(width);
    }
  }).observe(element);
};

/** Says one thing at a time to those who listen. */
export const tell = (text) => {
  const place = document.getElementById("said");
  if (place) place.textContent = text;
};
