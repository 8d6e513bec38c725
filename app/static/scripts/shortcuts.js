// Keys of a desk: j and k go from row to row ([data-row]), other keys press what carries [data-key],
// "?" lists them. A key that is held down presses once. They can be switched off, and never work
// while one is typing.
const dialog = document.querySelector("[data-keys]");
const opener = document.querySelector("[data-keys-open]");
const SETTING = "keys-off";

if (dialog) {
  const keysOn = dialog.querySelector("#keys-on");
  keysOn.checked = stored() !== "yes";
  keysOn.addEventListener("change", () => store(keysOn.checked ? null : "yes"));
  describe();
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    const held = event.repeat && !"jk".includes(event.key);
    if (held || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target;
    const typing = target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
    if (typing) {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (keysOn.checked && press(event.key)) event.preventDefault();
  });
}

function press(key) {
  if (key === "?") dialog.showModal();
  else if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "/") return focus(document.querySelector("#search"));
  else return click(key);
  return true;
}

let current = -1;
function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const focused = rows.indexOf(document.activeElement);
  if (focused >= 0) current = focused;
  current = Math.min(Math.max(current + by, 0), rows.length - 1);
  focus(rows[current]);
}

function focus(element) {
  if (!element) return false;
  element.focus();
  element.scrollIntoView({ block: "nearest" });
  return true;
}

function click(key) {
  if (key.length !== 1) return false;
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  target?.click();
  return Boolean(target);
}

function describe() {
  const list = dialog.querySelector("dl");
  for (const target of document.querySelectorAll("[data-key]")) {
    const entry = document.createElement("div");
    const key = document.createElement("kbd");
    const term = document.createElement("dt");
    const words = document.createElement("dd");
    key.textContent = target.dataset.key;
    words.textContent = target.firstChild.textContent.trim();
    term.append(key);
    entry.append(term, words);
    list.append(entry);
  }
}

function stored() {
  try {
    return localStorage.getItem(SETTING);
  } catch {
    return null;
  }
}

function store(value) {
  try {
    if (value === null) localStorage.removeItem(SETTING);
    else localStorage.setItem(SETTING, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
