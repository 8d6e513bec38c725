// A button [data-confirm] asks once more. Its words stand on the page anyway.
for (const button of document.querySelectorAll("button[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (button.dataset.confirmed) return;
    event.preventDefault();
    ask(button);
  });
}

function ask(button) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  const words = document.createElement("p");
  words.id = "confirm-words";
  words.textContent = button.dataset.confirm;
  dialog.setAttribute("aria-labelledby", words.id);
  const yes = document.createElement("button");
  yes.className = button.className;
  yes.textContent = button.firstChild.textContent.trim();
  const no = document.createElement("button");
  no.className = "button button-secondary";
  no.textContent = button.dataset.cancel;
  const row = document.createElement("div");
  row.className = "button-row";
  row.append(no, yes);
  dialog.append(words, row);
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    button.dataset.confirmed = "yes";
    dialog.close();
    button.click();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    button.focus();
    delete button.dataset.confirmed;
  });
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
}
