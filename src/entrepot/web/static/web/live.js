// What a page does by itself: regions that ask again, a form that somebody else changed meanwhile, a lost connection,
// and a form that is not sent into nothing.
(() => {
  "use strict";
  const place = document.getElementById("live-notices");
  const say = (name, fill) => {
    if (!place) return null;
    const shown = document.getElementById(name)?.content.firstElementChild.cloneNode(true);
    if (!shown) return null;
    hush(name);
    shown.dataset.said = name;
    fill?.(shown);
    place.append(shown);
    return shown;
  };
  const hush = (name) => place?.querySelectorAll(`[data-said="${name}"]`).forEach((one) => one.remove());
  document.addEventListener("click", (event) => {
    event.target.closest?.("[data-hush]")?.closest("[data-said]")?.remove();
  });

  // What somebody typed ---------------------------------------------------------------------------------------------
  const typed = (control) => {
    if (control.type === "hidden" || control.type === "file" || control.disabled) return false;
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked && !control.matches("[data-row]");
    if (control.options) {
      const first = [...control.options].some((one) => one.defaultSelected) || control.multiple ? -1 : 0;
      return [...control.options].some((one, n) => one.selected !== (one.defaultSelected || n === first));
    }
    return control.value !== undefined && control.value !== control.defaultValue;
  };
  const touched = (form) => [...form.elements].some((one) => one.name && typed(one));
  const someForm = () => [...document.querySelectorAll('form[method="post"]')].some(touched);

  // Regions: data-live="orders store:3" asks again when one of its topics moved ------------------------------------
  // All of them come from one answer, so that what stands side by side belongs together.
  const due = new Set();
  const TEXT = "input:not([type=checkbox]):not([type=radio]):not([type=hidden]), select, textarea";
  const busy = (region) =>
    region.contains(document.activeElement?.closest(TEXT)) ||
    region.querySelector("dialog[open]") !== null ||
    [...region.querySelectorAll(TEXT)].some(typed);
  const pairs = (old, fresh, selector, same) => {
    const there = [...fresh.querySelectorAll(selector)];
    return [...old.querySelectorAll(selector)].map((one) => [one, there.find((other) => same(one, other))]);
  };
  const keep = (old, fresh) => {
    for (const [box, twin] of pairs(old, fresh, "input[data-row], input[data-select-all]", (a, b) => a.name === b.name && a.value === b.value)) {
      if (twin) [twin.checked, twin.indeterminate] = [box.checked, box.indeterminate];
    }
    const head = (one) => one.id || one.querySelector("summary")?.textContent.trim();
    for (const [one, twin] of pairs(old, fresh, "details", (a, b) => head(a) === head(b))) if (twin) twin.open = one.open;
    for (const name of ["[data-selected-bar]", "[data-selected-count]"]) {
      const there = fresh.querySelectorAll(name);
      old.querySelectorAll(name).forEach((one, n) => {
        if (!there[n]) return;
        there[n].hidden = one.hidden;
        there[n].toggleAttribute("data-open", one.hasAttribute("data-open"));
        there[n].querySelector("[data-selected-open]")?.setAttribute("aria-expanded", String(one.hasAttribute("data-open")));
        if (name === "[data-selected-count]") there[n].textContent = one.textContent;
      });
    }
  };
  const spot = (region) => {
    const at = document.activeElement;
    if (!at || at === document.body || !region.contains(at)) return null;
    if (at.id) return `#${CSS.escape(at.id)}`;
    for (const name of ["href", "name", "data-dialog"]) {
      const value = at.getAttribute(name);
      if (value) return `${at.localName}[${name}="${CSS.escape(value)}"]${at.value && name === "name" ? `[value="${CSS.escape(at.value)}"]` : ""}`;
    }
    return null;
  };
  const swap = (region, fresh) => {
    keep(region, fresh);
    if (region.isEqualNode(fresh)) return;
    const at = spot(region);
    const rolled = [...region.querySelectorAll("[tabindex='0']")].map((one) => [one.scrollLeft, one.scrollTop]);
    region.replaceWith(document.adoptNode(fresh));
    [...fresh.querySelectorAll("[tabindex='0']")].forEach((one, n) => { if (rolled[n]) [one.scrollLeft, one.scrollTop] = rolled[n]; });
    if (at) fresh.querySelector(at)?.focus({ preventScroll: true });
    htmx.process(fresh);
  };

  // Seats: a form that carries what was seen asks whether that is still so -----------------------------------------
  const marksOf = (seat) => { try { return JSON.parse(seat.value.slice(0, seat.value.lastIndexOf(":"))).seen; } catch { return {}; } };
  const wordsOf = (form, name) => {
    const all = [...form.elements].filter((one) => one.name === name || one.name.startsWith(`${name}-`));
    const said = all.map((one) => {
      if (one.type === "checkbox" || one.type === "radio") return one.checked ? one.closest("label")?.textContent.trim() || "✓" : "";
      return one.selectedOptions ? [...one.selectedOptions].map((option) => option.textContent.trim()).join(", ") : one.value;
    });
    return said.filter(Boolean).join(", ").slice(0, 300) || "—";
  };
  const labelOf = (form, name) => {
    const one = form.querySelector(`[name="${CSS.escape(name)}"]`);
    if (!one) return form.querySelector(`[data-part="${CSS.escape(name)}"]`)?.textContent.trim() || name;
    return one.closest("fieldset")?.querySelector("legend")?.textContent.trim() || one.labels?.[0]?.textContent.trim() || name;
  };
  const told = new Map();
  const look = (page) => {
    for (const seat of document.querySelectorAll("input[data-seat]")) {
      const fresh = [...page.querySelectorAll("input[data-seat]")].find((one) => one.dataset.seat === seat.dataset.seat);
      if (!fresh) continue;
      const before = marksOf(seat), now = marksOf(fresh);
      const moved = Object.keys(now).filter((name) => before[name] && before[name] !== now[name]);
      const sign = moved.map((name) => now[name]).join();
      if (told.get(seat.dataset.seat) === sign) continue;
      told.set(seat.dataset.seat, sign);
      hush("live-changed");
      if (!moved.length) continue;
      say("live-changed", (notice) => {
        notice.querySelector("[data-who]").textContent = fresh.dataset.who;
        const list = notice.querySelector("[data-what]");
        for (const name of moved) {
          const term = document.createElement("dt"), value = document.createElement("dd");
          term.textContent = labelOf(seat.form, name);
          value.textContent = wordsOf(fresh.form, name);
          list.append(term, value);
        }
      });
    }
  };

  // Asking ----------------------------------------------------------------------------------------------------------
  const signedOut = (address) => (someForm() ? say("live-signed-out") : location.assign(address));
  const putOff = new Set();
  const ask = async () => {
    const regions = [...due];
    due.clear();
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (answer.headers.get("HX-Redirect")) return signedOut(answer.headers.get("HX-Redirect"));
    if (!answer.ok) return;
    hush("live-signed-out");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const region of regions) {
      if (!region.isConnected) continue;
      if (busy(region)) { putOff.add(region); continue; }
      const fresh = page.getElementById(region.id);
      if (fresh) swap(region, fresh);
      else region.remove();
    }
    look(page);
  };
  let soon = 0;
  const askSoon = () => { soon ||= setTimeout(() => { soon = 0; ask().catch(() => {}); }, 250); };
  const refresh = (region) => {
    if (!region.id) return;
    due.add(region);
    askSoon();
  };
  const about = (wanted, topic) => topic === "*" || wanted.includes(topic) || wanted.includes(topic.split(":")[0]);
  const heard = (topic) => {
    for (const region of document.querySelectorAll("[data-live]")) if (about(region.dataset.live.split(" "), topic)) refresh(region);
    for (const seat of document.querySelectorAll("input[data-seat]")) if (about(seat.dataset.seat.split(" "), topic)) askSoon();
  };
  document.addEventListener("entrepot:moved", (event) => heard(event.detail));

  // A page with something running asks every five seconds in any case; while the live connection is lost all of them
  // every fifteen, else every minute.
  const every = (seconds, act) => setInterval(() => { if (!document.hidden) act(); }, seconds * 1000);
  const all = () => { document.querySelectorAll("[data-live]").forEach(refresh); if (document.querySelector("input[data-seat]")) askSoon(); };
  let lost = false;
  every(5, () => document.querySelectorAll("[data-poll]").forEach(refresh));
  every(3, () => {
    for (const region of putOff) {
      if (!region.isConnected) { putOff.delete(region); continue; }
      if (busy(region)) continue;
      putOff.delete(region);
      refresh(region);
    }
  });
  every(15, () => { if (lost) all(); });
  every(60, () => { if (!lost) all(); });

  // The live connection ---------------------------------------------------------------------------------------------
  const address = document.body.dataset.liveUrl;
  let source = null, late = 0;
  const listen = () => {
    source = new EventSource(address, { withCredentials: true });
    source.onopen = () => {
      clearTimeout(late);
      late = 0;
      hush("live-lost");
      if (lost) all();
      lost = false;
    };
    source.onmessage = (event) => {
      try {
        const word = JSON.parse(event.data);
        heard(word.topic ?? word);
      } catch {
        heard(event.data);
      }
    };
    source.onerror = () => {
      late ||= setTimeout(() => { lost = true; say("live-lost"); all(); }, 20000);
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 10000);
    };
  };
  if (address && document.querySelector("[data-live], input[data-seat]")) {
    listen();
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  }

  // A form with something typed is sent only where somebody is there to take it -------------------------------------
  const here = place?.dataset.hereUrl;
  const there = async () => {
    const answer = await fetch(here, { headers: { "HX-Request": "true" }, credentials: "same-origin", signal: AbortSignal.timeout(8000) });
    if (answer.headers.get("HX-Redirect")) return "live-signed-out";
    if (!answer.ok) return "live-no-answer";
    const { csrf } = await answer.json();
    for (const one of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) one.value = csrf;
    return "";
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (!here || event.defaultPrevented || form.method !== "post" || !touched(form)) return;
    if (form.dataset.taken) return delete form.dataset.taken;
    event.preventDefault();
    const trouble = await there().catch(() => "live-no-answer");
    delete form.dataset.sent;
    button?.classList.remove("btn-sending");
    button?.removeAttribute("aria-busy");
    hush("live-no-answer");
    hush("live-signed-out");
    if (trouble) return say(trouble)?.scrollIntoView({ block: "nearest" });
    form.dataset.taken = "yes";
    form.requestSubmit(button);
  });
})();
