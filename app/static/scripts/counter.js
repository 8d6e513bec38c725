// Characters left in a textarea [data-limit], counted as the server counts: code points, one per line end.
const number = new Intl.NumberFormat(document.documentElement.lang);

for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const limit = Number(area.dataset.limit);
  const left = document.querySelector(`#${CSS.escape(area.id)}-limit [data-left]`);
  let timer;
  const say = () => {
    const rest = limit - [...area.value].length;
    const words = rest < 0 ? left.dataset.over : left.dataset.words;
    left.textContent = area.value ? `${words} ${number.format(Math.abs(rest))}` : "";
    left.classList.toggle("counter-over", rest < 0);
  };
  // Spoken only after a pause, so that a screen reader does not talk into the writing.
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(say, 600);
  });
  say();
}
