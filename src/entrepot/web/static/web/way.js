// Finding one's way: which sections of the menu are folded is remembered in a cookie, so that pages come folded.
(() => {
  "use strict";
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("[data-fold]")) return;
    const folded = [...document.querySelectorAll("[data-fold]:not([open])")].map((group) => group.dataset.fold);
    document.cookie = `folded=${folded.join(".")}; path=/; max-age=31536000; samesite=lax`;
  }, true);
})();
