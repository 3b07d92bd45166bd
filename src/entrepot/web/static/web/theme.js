// Light or dark before the first paint: the cookie decides (the server wrote it on <html>), else what a page of the manual
// kept that no server sent, else the system.
(() => {
  const root = document.documentElement;
  if (!root.dataset.bsTheme) {
    let kept = null;
    try { if (location.protocol === "file:") kept = localStorage.getItem("theme"); } catch { /* a browser that keeps nothing */ }
    const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.bsTheme = dark ? "dark" : "light";
  }
})();
