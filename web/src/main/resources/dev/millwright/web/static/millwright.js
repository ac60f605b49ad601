// Copies ids and commands at a click, and lets compare go only when two runs are chosen. A list that is refreshed beside the part that
// asks stays as it is until there is something new in it, so that nobody who reads or steps through it loses their place.
(() => {
  const say = (text) => {
    const place = document.getElementById("said");
    place.textContent = text;
    place.classList.add("shown");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => place.classList.remove("shown"), 1600);
  };

  document.addEventListener("click", (event) => {
    const source = event.target.closest("[data-copy]");
    if (!source) return;
    event.preventDefault();
    navigator.clipboard.writeText(source.dataset.copy).then(
      () => say("Copied"),
      () => say("Your browser did not allow copying"),
    );
  });

  const chosen = () => document.querySelectorAll('input[name="run"]:checked').length;
  const refresh = () => {
    const button = document.querySelector("[data-needs-two]");
    if (button) button.disabled = chosen() < 2;
  };
  document.addEventListener("change", refresh);
  document.addEventListener("DOMContentLoaded", refresh);
  window.addEventListener("pageshow", refresh);

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const fresh = fragment.querySelector("[data-newest]");
    if (!fresh || fresh.dataset.newest === undefined) return;
    if (fresh.dataset.newest === target.dataset.newest) event.detail.shouldSwap = false;
    for (const details of target.querySelectorAll("details[id][open]")) {
      fresh.querySelector(`#${CSS.escape(details.id)}`)?.setAttribute("open", "");
    }
  });

  document.addEventListener("htmx:sendError", () => say("The server does not answer; trying again"));
})();

// MLflow's clients print links to the pages of MLflow's own server, where all of the place is behind the #.
(() => {
  const follow = () => {
    if (location.pathname !== "/") return;
    const parts = location.hash.replace(/^#\//, "").split("?")[0].split("/");
    const [kind, name, inner, id] = parts;
    if (kind === "experiments" && name) {
      location.replace(inner === "runs" && id ? `/runs/${id}` : `/runs?experiment=${name}`);
    } else if (kind === "models" && name) {
      location.replace(inner === "versions" && id ? `/models/${name}/versions/${id}` : `/models/${name}`);
    }
  };
  follow();
  window.addEventListener("hashchange", follow);
})();

// Folds runs under the run that they are within. Rows come from the server when they are first asked for.
(() => {
  const under = (id) => document.querySelectorAll(`tr[data-under="${CSS.escape(id)}"]`);
  const fold = (toggle) => {
    toggle.setAttribute("aria-expanded", "false");
    for (const row of under(toggle.dataset.fold)) {
      row.hidden = true;
      const inner = row.querySelector("[data-fold]");
      if (inner) fold(inner);
    }
  };
  const unfold = (toggle) => {
    toggle.setAttribute("aria-expanded", "true");
    const rows = under(toggle.dataset.fold);
    for (const row of rows) row.hidden = false;
    if (rows.length === 0) htmx.trigger(toggle, "unfold");
  };
  const switched = (event) => {
    const toggle = event.target.closest("[data-fold]");
    if (!toggle) return;
    event.preventDefault();
    if (toggle.getAttribute("aria-expanded") === "true") fold(toggle);
    else unfold(toggle);
  };
  document.addEventListener("click", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) switched(event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " ") switched(event);
  });
})();

// Completes names in a filter: an ARIA combobox whose list stays closed until something fits what is being typed.
(() => {
  const PAUSE = 120;
  const BEGUN = /(?:[\w]+\.)?(?:`[^`]*|[^\s<>=!'"(),`]*)$/;

  /** Where in the filter a name is being typed; null where a comparator or a value is due. */
  const begun = (text) => {
    const quotes = text.replace(/`[^`]*`?/g, "").match(/['"]/g);
    if (quotes && quotes.length % 2) return null;
    const start = text.length - text.match(BEGUN)[0].length;
    const before = text.slice(0, start).trimEnd();
    return before === "" || /\sand$/i.test(before) ? start : null;
  };

  const combobox = (input) => {
    const list = document.createElement("ul");
    list.id = input.id + "-names";
    list.className = "completions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Names");
    list.hidden = true;
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    let timer;
    let asked;
    let start = 0;
    let active = -1;

    const close = () => {
      clearTimeout(timer);
      asked?.abort();
      list.hidden = true;
      list.replaceChildren();
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const point = (index) => {
      active = index;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
      const option = list.children[index];
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };

    const accept = (option) => {
      const after = input.value.slice(input.selectionStart).replace(/^[^\s<>=!'"(),`]*`?/, "");
      const head = input.value.slice(0, start) + option.dataset.name + " ";
      input.value = head + after.trimStart();
      input.setSelectionRange(head.length, head.length);
      close();
      input.focus();
    };

    const show = (keys) => {
      list.replaceChildren(...keys.map((key, i) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${i}`;
        option.dataset.name = key.name;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const kind = document.createElement("span");
        kind.className = "unit";
        kind.textContent = key.kind;
        option.append(key.name, kind);
        return option;
      }));
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = keys.length === 0;
      input.setAttribute("aria-expanded", String(keys.length > 0));
    };

    const ask = async () => {
      const text = input.value.slice(0, input.selectionStart);
      const from = begun(text);
      if (from === null) return close();
      start = from;
      asked?.abort();
      asked = new AbortController();
      const query = new URLSearchParams({ prefix: text.slice(from) });
      const experiment = input.form.elements.experiment?.value;
      if (experiment) query.set("experiment", experiment);
      try {
        const answer = await fetch(`${input.dataset.completes}?${query}`, { signal: asked.signal });
        if (!answer.ok) return close();
        const { keys } = await answer.json();
        if (document.activeElement === input) show(keys.filter((key) => key.name !== text.slice(from)));
      } catch (failed) {
        if (failed.name !== "AbortError") close(); // typing goes on without help
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const open = !list.hidden;
      const count = list.children.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) ask();
        else if (event.key === "ArrowDown") point((active + 1) % count);
        else point((active <= 0 ? count : active) - 1);
      } else if ((event.key === "Enter" || event.key === "Tab") && open && active >= 0 && !event.shiftKey) {
        event.preventDefault();
        accept(list.children[active]);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        close();
      }
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const option = event.target.closest("[role=option]");
      if (option) accept(option);
    });
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-completes]").forEach(combobox));
})();
