// The little that the pages need beyond htmx: menus, theme, select-all, dialogs, copying. What moves by itself: live.js.
(() => {
  "use strict";
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const found = event.target.closest?.(selector);
      if (found) act(found, event);
    });

  // Menus -----------------------------------------------------------------------------------------------------------
  on("click", "[data-toggle]", (button) => {
    const open = document.querySelector(button.dataset.toggle).classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });
  document.addEventListener("click", (event) => {
    for (const drop of document.querySelectorAll("details.menu-drop[open]")) {
      if (!drop.contains(event.target)) drop.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const drop of document.querySelectorAll("details.menu-drop[open]")) {
      drop.open = false;
      drop.querySelector("summary").focus();
    }
  });

  // Theme -----------------------------------------------------------------------------------------------------------
  on("click", "[data-theme-switch]", () => {
    const root = document.documentElement;
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=31536000; samesite=lax`;
  });

  // Selecting rows --------------------------------------------------------------------------------------------------
  const countSelected = (form) => {
    const boxes = [...form.querySelectorAll("input[data-row]")];
    const chosen = boxes.filter((box) => box.checked).length;
    for (const place of form.querySelectorAll("[data-selected-count]")) place.textContent = String(chosen);
    for (const bar of form.querySelectorAll("[data-selected-bar]")) bar.hidden = chosen === 0;
    const all = form.querySelector("[data-select-all]");
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };
  on("change", "[data-select-all]", (box) => {
    for (const row of box.form.querySelectorAll("input[data-row]")) row.checked = box.checked;
    countSelected(box.form);
  });
  on("change", "input[data-row]", (box) => countSelected(box.form));
  on("click", "[data-selected-open]", (button) => { // on a telephone: the bar lies over the rows, so its deeds are folded
    const open = button.closest("[data-selected-bar]").toggleAttribute("data-open");
    button.setAttribute("aria-expanded", String(open));
  });

  // Dialogs ---------------------------------------------------------------------------------------------------------
  on("click", "[data-dialog]", (button) => document.querySelector(button.dataset.dialog).showModal());
  on("click", "[data-dialog-close]", (button) => button.closest("dialog").close());
  // Leaving a field asks for the list once more; its answer must not close the dialog that was opened meanwhile.
  document.addEventListener("htmx:before:swap", (event) => { if (document.querySelector("dialog[open]")) event.preventDefault(); });

  // Forms that send themselves when a choice changes, and never twice ----------------------------------------------
  on("change", "[data-auto-submit]", (control) => control.form.requestSubmit());
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) {
      button.classList.add("btn-sending");
      button.setAttribute("aria-busy", "true");
    }
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll(".btn-sending")) button.classList.remove("btn-sending");
  });

  // Copying ---------------------------------------------------------------------------------------------------------
  on("click", "[data-copy]", async (button) => {
    const place = document.querySelector(button.dataset.copy);
    if (navigator.clipboard) await navigator.clipboard.writeText(place.textContent.trim());
    else {
      getSelection().selectAllChildren(place); // a page served without https has no clipboard of its own
      document.execCommand("copy");
    }
    const word = button.querySelector("[data-copied]");
    if (word) word.hidden = false;
  });

  // More rows in the hand-made order --------------------------------------------------------------------------------
  on("click", "[data-add-row]", (button) => {
    const form = button.closest("form");
    const total = form.querySelector(`input[name="${button.dataset.addRow}-TOTAL_FORMS"]`);
    const empty = document.querySelector(button.dataset.template);
    const row = empty.content.cloneNode(true);
    for (const place of row.querySelectorAll("*")) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        const value = place.getAttribute(name);
        if (value?.includes("__prefix__")) place.setAttribute(name, value.replaceAll("__prefix__", total.value));
      }
    }
    total.value = String(Number(total.value) + 1);
    form.querySelector(button.dataset.into).append(row);
    form.querySelector(button.dataset.into).lastElementChild.querySelector("input")?.focus();
  });
})();
