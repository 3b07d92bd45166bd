// Light or dark before the first paint: the cookie decides (the server wrote it on <html>), else the system.
(() => {
  const root = document.documentElement;
  if (!root.dataset.bsTheme) {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.bsTheme = dark ? "dark" : "light";
  }
})();
