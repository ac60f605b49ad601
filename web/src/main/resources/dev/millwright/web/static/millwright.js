// Copies ids and commands at a click, and lets compare go only when two runs are chosen. Everything else is htmx or plain links.
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

  document.addEventListener("htmx:sendError", () => say("The server does not answer; trying again"));
})();
