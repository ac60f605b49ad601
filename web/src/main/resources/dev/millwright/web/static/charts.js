// Starts the charts of a page, and the list of runs that goes with them.
import { curves, swatch } from "./chart-curves.js";
import { parallel } from "./chart-parallel.js";
import { scatter } from "./chart-scatter.js";

/** The runs' names with their colours: pointing at one brings it out, a click leaves it out or takes it in again. */
const key = (list) => {
  const hidden = new Set();
  const announce = (hot) => document.dispatchEvent(new CustomEvent("millwright:runs", { detail: { hidden, hot } }));
  for (const button of list.querySelectorAll("button[data-run]")) {
    button.prepend(swatch(Number(button.dataset.place)));
    const id = button.dataset.run;
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      if (shown) hidden.delete(id);
      else hidden.add(id);
      announce(null);
    });
    button.addEventListener("pointerenter", () => hidden.has(id) || announce(id));
    button.addEventListener("pointerleave", () => announce(null));
  }
};

const kinds = { curves, parallel, scatter, key };
for (const [name, start] of Object.entries(kinds)) document.querySelectorAll(`[data-chart="${name}"]`).forEach(start);
