// Keys of the desk: rows by J and K, choosing by X, going by G and a letter. Keys are read by their place on the
// keyboard, so they work while Hangul is typed. Where something is typed, they are letters.
(() => {
  "use strict";
  const typing = (target) => target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog");
  const titles = () => [...document.querySelectorAll("main tbody tr :is([data-open], a.row-title)")];
  const rowOf = (element) => element?.closest?.("main tbody tr");
  const off = document.body.dataset.keys === "off"; // switched off by the person; Ctrl-K is no letter and stays
  const boxOf = (row) => row?.querySelector("input[data-row]");
  let last = "";   // the address of the row one was on, which outlives a refresh of the list
  let anchor = ""; // the row from which a range is chosen
  let going = 0;

  const here = () => {
    const row = rowOf(document.activeElement);
    const all = titles();
    const at = all.findIndex((link) => (row ? link.closest("tr") === row : link.href === last));
    return [all, at];
  };
  const move = (by) => {
    const [all, at] = here();
    if (!all.length) return;
    const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
    all[to].focus();
    all[to].scrollIntoView({ block: "nearest" });
  };
  const set = (box, on) => {
    if (!box || box.checked === on) return;
    box.checked = on;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const range = (row, on) => {
    const rows = titles().map((link) => link.closest("tr"));
    const from = rows.findIndex((one) => boxOf(one)?.value === anchor);
    const to = rows.indexOf(row);
    if (from < 0 || to < 0) return;
    for (const one of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) set(boxOf(one), on);
  };
  const choose = (withRange) => {
    const [all, at] = here();
    if (at < 0) return;
    const row = all[at].closest("tr");
    const box = boxOf(row);
    if (withRange && anchor) range(row, true);
    else set(box, !box.checked);
    anchor = box.value;
  };
  const everything = () => {
    const all = document.querySelector("[data-rows] [data-select-all]");
    set(all, !all?.checked);
  };
  const search = () => {
    const field = document.querySelector("main form[role=search] input[type=search], main .filters input[type=search]");
    if (!field) return document.dispatchEvent(new Event("entrepot:find"));
    field.focus();
    field.select();
  };
  const lead = (address) => { if (address) location.assign(address); };
  const go = (code) => {
    const link = document.querySelector(`[data-go="${code.slice(3).toLowerCase()}"]`);
    if (link) location.assign(link.href);
  };

  const keys = {
    KeyJ: () => move(1),
    KeyK: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    KeyX: (event) => choose(event.shiftKey),
    KeyA: everything,
    KeyN: () => lead(document.querySelector("main[data-new]")?.dataset.new),
    KeyE: () => document.querySelector("main [data-edit]")?.click(),
    BracketRight: () => document.querySelector("main a[rel=next]")?.click(),
    BracketLeft: () => { if (new URLSearchParams(location.search).has("after")) history.back(); },
    KeyG: () => { going = Date.now(); },
    Slash: (event) => (event.shiftKey ? document.getElementById("keys-sheet")?.showModal() : search()),
  };
  document.addEventListener("keydown", (event) => {
    if (off || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.isComposing || event.keyCode === 229 || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (going && Date.now() - going < 1500 && event.code.startsWith("Key")) {
      going = 0;
      return go(event.code);
    }
    going = 0;
    if (event.code.startsWith("Arrow") && !rowOf(document.activeElement)) return; // elsewhere they scroll
    const deed = keys[event.code];
    if (!deed) return;
    event.preventDefault();
    deed(event);
  });
  document.addEventListener("focusin", (event) => {
    const link = rowOf(event.target)?.querySelector("[data-open]");
    if (link) last = link.href;
  });

  // A click with Shift chooses from the last one to this.
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("input[data-row]");
    if (!box) return;
    if (event.shiftKey && anchor) range(rowOf(box), box.checked);
    anchor = box.value;
  });

  // All that fit, not only those on this page.
  const scope = (form, wanted) => {
    const field = form.querySelector("input[name=scope]");
    if (!field) return;
    field.value = wanted;
    for (const part of form.querySelectorAll("[data-scope]")) part.hidden = part.dataset.scope !== wanted;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-scope-set]");
    if (!button) return;
    const { form } = button;
    if (button.dataset.scopeSet === "filter") for (const box of form.querySelectorAll("input[data-row]")) set(box, true);
    scope(form, button.dataset.scopeSet);
    form.querySelector(`[data-scope="${button.dataset.scopeSet}"] + *, [data-scope-set]:not([hidden])`)?.focus?.();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[data-row], [data-select-all]") && event.target.form) scope(event.target.form, "chosen");
  });

  // A filter of which the server could not make a list says so, and the old list stays.
  for (const name of ["htmx:error", "htmx:response:error"]) {
    document.addEventListener(name, () => document.querySelector("[data-list-error]")?.removeAttribute("hidden"));
  }
  document.addEventListener("htmx:before:request", () =>
    document.querySelector("[data-list-error]")?.setAttribute("hidden", ""));
})();
