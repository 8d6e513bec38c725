// Wraps the selected words of a text in ⟦ ⟧: they are held back from the writer. Pressing again on
// a passage that is marked takes the marks away. The marks can be typed as well, also as [[ ]].
for (const button of document.querySelectorAll("[data-hold-back]")) {
  const area = document.getElementById(button.dataset.holdBack);
  button.hidden = false;
  button.addEventListener("click", () => {
    const { selectionStart: from, selectionEnd: to, value } = area;
    area.focus();
    if (from === to) return;
    const words = value.slice(from, to);
    const unmarked = words.replaceAll(/⟦|⟧|\[\[|\]\]/g, "");
    const changed = unmarked === words ? `⟦${words}⟧` : unmarked;
    area.setRangeText(changed, from, to, "select");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
