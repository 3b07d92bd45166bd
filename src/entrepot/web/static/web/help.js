// The manual: copy a block of code, fold the menu, light or dark where no desk is around, and the search of the site of
// files (window.manual is its index; in the application the server searches).
(() => {
  "use strict";
  document.documentElement.classList.add("help-scripted");
  const all = (selector) => [...document.querySelectorAll(selector)];

  for (const button of all("[data-help-copy]")) {
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      const text = button.parentElement.querySelector("code").textContent;
      try { await navigator.clipboard.writeText(text); } catch {
        getSelection().selectAllChildren(button.parentElement.querySelector("code"));
        document.execCommand("copy");
      }
      const word = button.dataset.word ?? (button.dataset.word = button.textContent);
      button.textContent = `${word} ✓`;
      setTimeout(() => { button.textContent = word; }, 2000);
    });
  }

  for (const button of all("[data-help-menu]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = document.getElementById(button.getAttribute("aria-controls")).classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
    });
  }

  for (const button of all("[data-help-theme]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const theme = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
      document.documentElement.dataset.bsTheme = theme;
      document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
      try { localStorage.setItem("theme", theme); } catch { /* a browser that keeps nothing */ }
    });
  }

  const menu = document.querySelector(".help-menu");
  const mine = menu?.querySelector("[aria-current]");
  if (mine) menu.scrollTop = mine.offsetTop - menu.clientHeight / 2;

  if (!window.manual) return; // the page of the search alone has it
  const field = document.querySelector(".help-search-wide input, .help-search input");
  document.addEventListener("keydown", (event) => {
    if (event.code !== "Slash" || event.ctrlKey || event.metaKey || event.target.closest("input")) return;
    event.preventDefault();
    field?.focus();
  });
  const normal = (text) => text.normalize("NFC").toLowerCase();
  const place = document.querySelector("[data-help-found]");
  if (!place) return;
  // One row: title, heading, address, text, language, 1 for developers. The order of results is that of search.py.
  const rank = ([title, heading, , text, , late], words) => {
    const [in_title, in_heading, in_text] = [normal(title), normal(heading), normal(text)];
    if (!words.every((word) => in_title.includes(word) || in_heading.includes(word) || in_text.includes(word))) return -1;
    const behind = late ? 10 : 0;
    if (words.every((word) => in_title.includes(word))) return behind + (heading ? 1 : 0);
    return behind + (words.every((word) => in_title.includes(word) || in_heading.includes(word)) ? 2 : 3);
  };
  const shown = ([title, heading, address, text, language], words) => {
    const row = document.createElement("li");
    row.lang = language;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = heading ? `${title} › ${heading}` : title;
    const said = document.createElement("p");
    const folded = normal(text);
    const word = words.find((one) => folded.includes(one)) ?? "";
    const at = word && folded.length === text.length ? folded.indexOf(word) : 0;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(at, at + word.length);
    const rest = text.slice(at + word.length);
    const before = text.slice(Math.max(at - 70, 0), at);
    const most = word ? 70 : 140;
    said.append(at > 70 ? "… " : "", before, ...(word ? [mark] : []), rest.slice(0, most), rest.length > most ? " …" : "");
    row.append(link, said);
    return row;
  };
  const wanted = new URLSearchParams(location.search).get("q")?.trim().slice(0, 200) ?? "";
  const input = document.querySelector(".help-search-wide input");
  const look = () => {
    const words = normal(input.value).split(/\s+/).filter(Boolean);
    const list = place.querySelector("ol");
    const taken = new Map();
    const rows = !words.length ? [] : window.manual
      .map((row, number) => [rank(row, words), number, row])
      .filter(([how]) => how >= 0)
      .sort((one, other) => one[0] - other[0] || one[1] - other[1])
      .filter(([, , row]) => { taken.set(row[0], (taken.get(row[0]) ?? 0) + 1); return taken.get(row[0]) <= 3; })
      .slice(0, 20);
    place.querySelector("p[data-nothing]")?.remove();
    list.replaceChildren(...rows.map(([, , row]) => shown(row, words)));
    if (words.length && !rows.length) {
      const nothing = document.createElement("p");
      nothing.dataset.nothing = "";
      nothing.textContent = place.dataset.none;
      place.prepend(nothing);
    }
  };
  input.value = wanted;
  input.addEventListener("input", look);
  look();
})();
