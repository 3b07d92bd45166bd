// A long table keeps its head in sight while the page scrolls. A table that is wider than its place must scroll sideways
// instead, and what scrolls sideways cannot keep its head: so each is measured.
(() => {
  "use strict";
  const measured = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const place = target.closest(".table-scroll");
      if (place) place.classList.toggle("table-fits", target.offsetWidth <= place.clientWidth + 1);
    }
  });
  const known = new WeakSet();
  const look = () => {
    for (const table of document.querySelectorAll(".table-scroll > table")) {
      if (known.has(table)) continue;
      known.add(table);
      measured.observe(table);
    }
  };
  let soon = 0;
  new MutationObserver(() => { soon ||= requestAnimationFrame(() => { soon = 0; look(); }); })
    .observe(document.documentElement, { childList: true, subtree: true });
  look();
})();
