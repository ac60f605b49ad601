// Charts of single values are made from the table that stands below them, so that both say the same.
import { extent, linear, log } from "./chart-frame.js";

const WIDE = 100;

/** The columns and rows of the table; a column whose values are all numbers is one of numbers. */
export const tableOf = (section) => {
  const table = section.querySelector("table[data-values]");
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row,
    id: row.dataset.run,
    place: Number(row.dataset.place),
    name: row.cells[0].innerText.trim(),
    href: row.querySelector("a").href,
    values: [...row.cells].slice(1).map((cell) => cell.dataset.v),
  }));
  const columns = [...table.tHead.rows[0].cells].slice(1).map((cell, i) => {
    const given = rows.map((row) => row.values[i]).filter((value) => value !== undefined);
    const numeric = given.length > 0 && given.every((value) => value !== "" && Number.isFinite(Number(value)));
    return { key: cell.dataset.column, name: cell.innerText.trim(), numeric, values: rows.map((row) => parsed(row.values[i], numeric)) };
  });
  return { rows, columns, column: (key) => columns.find((each) => each.key === key) };
};

const parsed = (value, numeric) => (value === undefined ? null : numeric ? Number(value) : value);

/** Where the values of a column lie: numbers on a line, words one after the other; `logarithmic` when asked for or, if undefined, when they span orders of magnitude. */
export const scaleOf = (column, range, logarithmic) => {
  if (!column.numeric) {
    const words = [...new Set(column.values.filter((value) => value !== null))].sort();
    const inner = linear([-0.5, Math.max(0.5, words.length - 0.5)], range);
    const scale = (value) => inner(words.indexOf(value));
    scale.ticks = () => words;
    scale.words = words;
    return scale;
  }
  const values = column.values.filter((value) => value !== null);
  const positive = values.every((value) => value > 0);
  const spread = positive && Math.max(...values) / Math.min(...values) >= WIDE;
  const useLog = logarithmic === undefined ? spread : logarithmic && values.some((value) => value > 0);
  const domain = extent(values, 0.04, useLog);
  const scale = (useLog ? log : linear)(domain, range);
  scale.log = useLog;
  scale.has = (value) => value !== null && (!useLog || value > 0);
  return scale;
};
