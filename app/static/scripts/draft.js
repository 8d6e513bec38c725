// A draft of the form [data-draft], only if the writer asks for it.
import { erase, isKept, keep, keepOn, keepUntilAnswered, read } from "./drafts.js";

for (const mark of document.querySelectorAll("[data-draft-sent]")) erase(mark.dataset.draftSent);

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = form.dataset.draft;
  const control = form.querySelector("[data-draft-control]");
  if (!control) continue;
  const asked = control.querySelector("input");
  control.hidden = false;
  keepOn(key);
  asked.checked = isKept(key);
  restore(form, read(key));

  const save = () => asked.checked && keep(key, snapshot(form));
  form.addEventListener("input", save);
  asked.addEventListener("change", () => (asked.checked ? save() : erase(key)));
  form.addEventListener("submit", () => asked.checked && keepUntilAnswered(key, snapshot(form)));
}

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "file", "password", "submit"].includes(field.type),
  );
}

function snapshot(form) {
  const kept = fields(form).map((field) =>
    ["checkbox", "radio"].includes(field.type)
      ? [field.name, field.value, field.checked]
      : [field.name, null, field.value],
  );
  return JSON.stringify(kept);
}

// What the server sent back is newer than the draft, so only empty forms are filled.
function restore(form, text) {
  const written = fields(form).some((field) => field.tagName === "TEXTAREA" && field.value);
  if (!text || written) return;
  for (const [name, value, state] of JSON.parse(text)) {
    for (const field of fields(form)) {
      if (field.name !== name) continue;
      if (value === null) field.value = state;
      else if (field.value === value) field.checked = state;
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
