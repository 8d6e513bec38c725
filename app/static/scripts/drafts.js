// Where drafts are kept: in this browser alone, under names that say nothing.
// localStorage: kept on request. sessionStorage: between pressing "send" and the answer.
const PREFIX = "note:";

export function read(key) {
  return attempt(() => localStorage.getItem(PREFIX + key));
}

export function isKept(key) {
  return attempt(() => localStorage.getItem(PREFIX + key)) != null;
}

export function keep(key, text) {
  attempt(() => localStorage.setItem(PREFIX + key, text));
}

export function keepUntilAnswered(key, text) {
  attempt(() => localStorage.removeItem(PREFIX + key));
  attempt(() => sessionStorage.setItem(PREFIX + key, text));
}

// The form came back, or no answer came at all: the draft is kept on, as it was asked for.
export function keepOn(key) {
  const waiting = attempt(() => sessionStorage.getItem(PREFIX + key));
  if (waiting == null) return;
  attempt(() => sessionStorage.removeItem(PREFIX + key));
  keep(key, waiting);
}

export function erase(key) {
  for (const store of stores()) attempt(() => store.removeItem(PREFIX + key));
}

export function eraseAll() {
  for (const store of stores()) {
    for (const name of Object.keys(store)) if (name.startsWith(PREFIX)) store.removeItem(name);
  }
}

function stores() {
  return attempt(() => [localStorage, sessionStorage]) ?? [];
}

// Browsers that allow no storage throw at the first touch; then there simply is no draft.
function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
