// "Leave quickly": the page is emptied first, then drafts, then one goes; "back" does not return here.
import { eraseAll } from "./drafts.js";

for (const link of document.querySelectorAll("[data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const target = link.href;
    document.title = "\u200b";
    window.dispatchEvent(new Event("leaving"));
    document.body.replaceChildren();
    eraseAll();
    location.replace(target);
  });
}
