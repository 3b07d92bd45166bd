// Finding out: what a term means, and the stop of the tour one is at.
// What a term means opens at the word that was pressed. Popovers do the rest: Escape, a click elsewhere, Tab into them.
(() => {
  "use strict";
  const GAP = 6;
  let pressed = null;
  document.addEventListener("click", (event) => {
    const word = event.target.closest?.(".term");
    if (!word) return;
    pressed = word;
    const key = word.getAttribute("popovertarget");
    // The word came with a part of the page that was asked for later, and its meaning did not.
    if (!document.getElementById(key)) location.assign(`/help/terms/#${key.slice("term-".length)}`);
  }, true);

  const place = (card) => {
    const word = pressed.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = card;
    const left = Math.min(Math.max(word.left, GAP), innerWidth - width - GAP);
    const below = word.bottom + GAP;
    const top = below + height + GAP <= innerHeight ? below : Math.max(word.top - height - GAP, GAP);
    Object.assign(card.style, { inset: "auto", margin: "0", left: `${left}px`, top: `${top}px` });
  };
  document.addEventListener("toggle", (event) => {
    const card = event.target;
    if (!card.matches?.(".term-card") || !pressed) return;
    pressed.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "open") place(card);
  }, true);
  addEventListener("scroll", () => {
    for (const card of document.querySelectorAll(".term-card:popover-open")) card.hidePopover();
  }, { capture: true, passive: true });

  // The tour: the element meant is outlined and brought into view above the card, and the card is where one reads on.
  const card = document.getElementById("tour");
  if (card) {
    const shown = card.dataset.tourShows && document.querySelector(card.dataset.tourShows);
    shown?.classList.add("tour-mark");
    card.focus({ preventScroll: true });
    if (shown) scrollTo({ top: shown.getBoundingClientRect().top + scrollY - 120, behavior: "instant" });
  }
})();
