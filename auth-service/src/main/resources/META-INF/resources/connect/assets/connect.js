// The page works without this: a consent then uses the whole page, and the list is read anew when it is opened again.
(() => {
  "use strict";
  const page = document.querySelector("[data-events]");
  const source = new EventSource(page.dataset.events);
  source.addEventListener("changed", () => location.reload());
  source.addEventListener("gone", () => source.close());

  // Our pages are cut off from the windows they open (Cross-Origin-Opener-Policy): the events tell what became of it.
  for (const form of page.querySelectorAll("form[data-popup]")) {
    form.addEventListener("submit", () => {
      const name = "perennial-consent";
      const popup = window.open("", name, "popup,width=640,height=800");
      form.target = popup ? name : "_self";
    });
  }
})();
