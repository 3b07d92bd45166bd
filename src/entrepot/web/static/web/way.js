// Finding one's way: folded sections of the menu, the palette (Ctrl-K), and what this person opened lately.
(() => {
  "use strict";
  // Sections of the menu: in a cookie, so that pages come folded.
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("[data-fold]")) return;
    const folded = [...document.querySelectorAll("[data-fold]:not([open])")].map((group) => group.dataset.fold);
    document.cookie = `folded=${folded.join(".")}; path=/; max-age=31536000; samesite=lax`;
  }, true);

  const palette = document.getElementById("palette");
  if (!palette) return;
  const field = document.getElementById("palette-q");
  const list = document.getElementById("palette-hits");
  const rest = document.getElementById("palette-rest");

  // Lately opened: kept in this browser for this person at this seller; whoever signs out leaves nothing of anybody.
  const MOST = 8;
  const shelf = `lately:${document.body.dataset.person}`;
  const lately = () => {
    try { return JSON.parse(localStorage.getItem(shelf)) ?? []; } catch { return []; }
  };
  const keep = (rows) => { try { localStorage.setItem(shelf, JSON.stringify(rows)); } catch { /* no room, no memory */ } };
  const object = document.querySelector("[data-object]");
  if (object) {
    const word = document.title.replace(/ · Entrepot$/, "");
    const me = { href: location.pathname, word, under: object.dataset.objectOf, icon: object.dataset.object };
    keep([me, ...lately().filter((row) => row.href !== me.href)].slice(0, MOST));
  }
  const forget = () => {
    for (const name of Object.keys(localStorage)) if (name.startsWith("lately:")) localStorage.removeItem(name);
  };
  const leaving = document.querySelector("form[data-forget]"); // the palette's form leads to the same address
  document.addEventListener("submit", (event) => {
    if (leaving && event.target.action === leaving.action) try { forget(); } catch { /* nothing kept */ }
  });

  const part = (name, className, text = "") => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  };
  const drawing = (name) => {
    const pattern = palette.querySelector("svg.icon");
    const made = pattern.cloneNode(true);
    const use = made.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
    return made;
  };
  const latelyGroup = () => {
    const rows = lately().filter((row) => typeof row.href === "string" && row.href.startsWith("/") && row.href !== location.pathname);
    if (!rows.length) return null;
    const group = part("div", "hits");
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", "hits-lately");
    const title = part("div", "hits-title", list.dataset.recentTitle);
    title.id = "hits-lately";
    title.setAttribute("role", "presentation");
    group.append(title);
    rows.slice(0, 5).forEach((row, at) => {
      const line = part("a", "hit");
      line.href = row.href;
      line.id = `hit-lately-${at}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.tabIndex = -1;
      const words = part("span", "hit-words");
      words.append(part("span", "hit-word", row.word));
      if (row.under) words.append(part("span", "hit-under", row.under));
      line.append(drawing(row.icon), words);
      group.append(line);
    });
    return group;
  };

  // The list: one line is meant at a time, and the field keeps the focus.
  const lines = () => [...list.querySelectorAll("[role=option]")];
  const meant = () => list.querySelector("[aria-selected=true]");
  const mean = (line) => {
    meant()?.setAttribute("aria-selected", "false");
    if (!line) return field.removeAttribute("aria-activedescendant");
    line.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", line.id);
    line.scrollIntoView({ block: "nearest" });
  };
  const show = (answer) => {
    list.replaceChildren(...answer.getElementById("palette-hits").children);
    rest.replaceChildren(...answer.getElementById("palette-rest").children);
    const before = field.value.trim() ? null : latelyGroup();
    if (before) list.prepend(before);
    const some = lines().length > 0;
    list.hidden = !some;
    field.setAttribute("aria-expanded", String(some));
    list.scrollTop = 0;
    mean(lines()[0]);
  };
  let asking = null;
  let soon = 0;
  let shown = null; // the words to which the lines belong: Enter waits for those of the words that stand there
  let hasty = false;
  const choose = () => {
    hasty = field.value !== shown;
    if (hasty) later(0);
    else meant()?.click();
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const words = field.value;
    const answer = await fetch(`${palette.dataset.find}?q=${encodeURIComponent(words)}`, {
      headers: { "HX-Request": "true", "HX-Current-URL": location.href }, credentials: "same-origin", signal: asking.signal,
    });
    if (answer.headers.get("HX-Redirect")) return location.assign(answer.headers.get("HX-Redirect"));
    if (!answer.ok) return;
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    shown = words;
    if (hasty) choose();
  };
  const later = (wait) => {
    clearTimeout(soon);
    soon = setTimeout(() => ask().catch(() => {}), wait);
  };
  const open = () => {
    if (palette.open || document.querySelector("dialog[open]")) return;
    palette.showModal();
    field.value = "";
    shown = null;
    hasty = false;
    field.focus();
    later(0);
  };
  const does = {
    theme: () => document.querySelector("[data-theme-switch]")?.click(),
    keys: () => document.getElementById("keys-sheet")?.showModal(),
  };

  document.addEventListener("entrepot:find", open);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    for (const drop of document.querySelectorAll("details.menu-drop[open]")) drop.open = false;
    open();
  });
  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (palette.open) palette.close();
    else open();
  });
  field.addEventListener("input", (event) => { if (!event.isComposing || field.value.length > 1) later(120); });
  field.addEventListener("compositionend", () => later(60));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // Enter ends a syllable before it chooses
    const all = lines();
    const at = all.indexOf(meant());
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 6, all.length - 1), PageUp: Math.max(at - 6, 0) };
    if (event.key in steps && all.length) {
      event.preventDefault();
      mean(all[(steps[event.key] + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose();
    }
  });
  list.addEventListener("pointermove", (event) => {
    const line = event.target.closest("[role=option]");
    if (line && line !== meant()) mean(line);
  });
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[role=option]");
    if (!line || event.ctrlKey || event.metaKey) return;
    palette.close();
    does[line.dataset.does]?.();
  });
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); }); // beside it
})();
