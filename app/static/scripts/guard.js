// Text typed into a form [data-guard] is not lost by accident: the browser asks first.
let leaving = false;
addEventListener("leaving", () => (leaving = true));

for (const form of document.querySelectorAll("form[data-guard]")) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => {
    if (changed && !leaving) event.preventDefault();
  });
}
