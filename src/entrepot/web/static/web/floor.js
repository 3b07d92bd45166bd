// The scan screens. A scan is kept in this browser before it is sent, and forgotten only when it is answered: a lost
// network loses none, and the token it carries lets the server do it once however often it is sent.
(() => {
  "use strict";
  const body = document.body;
  const store = `entrepot-floor:${body.dataset.person}`;
  const WAIT = 2000;
  const PATIENCE = 12000;
  const MOST = 50;
  const read = (key, otherwise) => { try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; } };
  const write = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* a private window: kept until it is closed */ } };
  let queue = read(store, []);
  let sending = false;
  let offline = false;
  let taken = ""; // the last scan, shown in the frame in which it is made
  const keep = () => write(store, queue);
  const screen = () => document.getElementById("floor");
  const field = () => document.getElementById("scan");
  const here = () => location.pathname;
  const token = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // Sounds and shaking ----------------------------------------------------------------------------------------------
  // One tone for right, two low ones for wrong, two equal ones for "look", three rising ones for the end of a paper.
  const TONES = {
    good: { notes: [[1175, 0.09]], type: "sine", shake: [30] },
    warn: { notes: [[620, 0.13], [0, 0.06], [620, 0.13]], type: "triangle", shake: [80, 60, 80] },
    bad: { notes: [[170, 0.22], [0, 0.05], [120, 0.34]], type: "square", shake: [220, 80, 220] },
    done: { notes: [[784, 0.09], [988, 0.09], [1319, 0.16]], type: "sine", shake: [30, 40, 30] },
  };
  let sounds = null;
  const muted = () => read("entrepot-floor-mute", false);
  const sound = (tone) => {
    const played = TONES[tone];
    if (!played) return;
    document.dispatchEvent(new CustomEvent("floor:sound", { detail: { tone, muted: muted() } }));
    if (navigator.vibrate) navigator.vibrate(played.shake);
    if (muted()) return;
    try {
      sounds ??= new AudioContext();
      if (sounds.state === "suspended") sounds.resume();
      let at = sounds.currentTime;
      for (const [pitch, length] of played.notes) {
        if (pitch) {
          const voice = sounds.createOscillator();
          const loud = sounds.createGain();
          voice.type = played.type;
          voice.frequency.value = pitch;
          loud.gain.setValueAtTime(0.25, at);
          loud.gain.exponentialRampToValueAtTime(0.001, at + length);
          voice.connect(loud).connect(sounds.destination);
          voice.start(at);
          voice.stop(at + length);
        }
        at += length;
      }
    } catch { /* no sound here: colour, sign and words say the same */ }
  };

  // The field -------------------------------------------------------------------------------------------------------
  const typing = (place) => place?.matches?.("input:not([type=hidden]), select, textarea") && place.id !== "scan";
  const toField = () => {
    const first = document.querySelector("[data-floor-first]");
    (field() ?? first)?.focus({ preventScroll: true });
  };
  const dress = () => {
    const keys = read("entrepot-floor-keys", false);
    const place = field();
    if (place) place.inputMode = keys ? "text" : "none";
    for (const button of document.querySelectorAll("[data-floor-keys]")) button.setAttribute("aria-pressed", String(keys));
    for (const button of document.querySelectorAll("[data-floor-mute]")) {
      button.setAttribute("aria-pressed", String(muted()));
      button.querySelector("[data-on]").hidden = muted();
      button.querySelector("[data-off]").hidden = !muted();
    }
  };
  const showQueue = () => {
    const mine = queue.filter((one) => one.path === here());
    const first = queue[0];
    const stuck = first && !first.sent && first.path !== here();
    document.getElementById("floor-net").hidden = !offline;
    document.getElementById("floor-net-count").textContent = String(queue.length);
    document.getElementById("floor-else").hidden = !stuck;
    if (stuck) document.getElementById("floor-else-link").href = first.path + first.search;
    screen()?.toggleAttribute("data-waiting", mine.length > 0);
    const shown = document.getElementById("floor-taken");
    if (shown) shown.textContent = taken;
  };

  // Sending ---------------------------------------------------------------------------------------------------------
  const freeze = (form, more) => {
    const facts = new FormData(form);
    facts.delete("csrfmiddlewaretoken");
    facts.set("token", token());
    for (const [name, text] of Object.entries(more)) facts.set(name, text);
    return [...facts.entries()].map(([name, text]) => [name, String(text)]);
  };
  const put = (entry) => {
    if (queue.length >= MOST) return sound("bad");
    queue.push({ path: here(), search: location.search, ...entry });
    keep();
    showQueue();
    pump();
  };
  const pump = async () => {
    if (sending) return;
    const entry = queue[0];
    if (!entry) return showQueue();
    if (!entry.sent) {
      const form = document.querySelector("form[data-floor-scan]");
      if (entry.path !== here()) return showQueue();
      if (!form) { // nothing is scanned on this screen any more: the scan before was the last one
        queue.shift();
        keep();
        sound("bad");
        return pump();
      }
      entry.sent = freeze(form, { scan: entry.scan, ...(entry.many ? { quantity: entry.many } : {}) });
      keep();
    }
    sending = true;
    let answer = null;
    try {
      answer = await post(entry);
      offline = false;
    } catch {
      offline = true;
    }
    if (answer) await take(entry, answer);
    sending = false;
    showQueue();
    if (answer) pump();
    else setTimeout(pump, WAIT);
  };
  const post = async (entry) => {
    const facts = new URLSearchParams(entry.sent);
    facts.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "");
    const answer = await fetch(entry.path, {
      method: "POST",
      body: facts,
      headers: { "X-Floor": "1", "HX-Request": "true" },
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if ([429, 502, 503, 504].includes(answer.status)) throw new Error("come back later");
    return { answer, text: await answer.text() };
  };
  const done = () => { queue.shift(); keep(); };
  const take = async (entry, { answer, text }) => {
    const gate = answer.headers.get("HX-Redirect");
    if (gate) return location.assign(gate); // signed out: the scan waits until somebody signs in again
    const onward = answer.headers.get("X-Floor-Go");
    if (onward) {
      done();
      sound("good");
      if (entry.path === here()) await open(onward);
      return undefined;
    }
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("floor");
    if (!fresh) {
      if (answer.status === 403 && !entry.again) { // another sign-in has changed the form's key
        entry.again = true;
        keep();
        return location.reload();
      }
      done();
      sound("bad");
      return location.assign(entry.path);
    }
    for (const one of queue) { // what was scanned after it goes on from where it led to
      if (!one.sent && one.path === entry.path) one.search = fresh.dataset.keep ? `?${fresh.dataset.keep}` : "";
    }
    done();
    sound(fresh.dataset.tone);
    if (entry.path === here()) show(fresh);
    return undefined;
  };
  const open = async (address) => {
    try {
      const answer = await fetch(address, { headers: { "X-Floor": "1" }, credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("floor");
      if (!fresh) return location.assign(address);
      const before = here();
      history.pushState(null, "", address);
      for (const one of queue) if (!one.sent && one.path === before) one.path = here(); // scanned while it opened
      keep();
      show(fresh, false);
    } catch {
      location.assign(address);
    }
  };
  const show = (fresh, addressToo = true) => {
    screen().replaceWith(document.adoptNode(fresh));
    if (addressToo) {
      const query = fresh.dataset.keep;
      history.replaceState(null, "", here() + (query ? `?${query}` : ""));
    }
    document.title = `${fresh.querySelector("h1")?.textContent.trim() ?? ""} · Entrepot`;
    dress();
    showQueue();
    toField();
  };

  // What people do --------------------------------------------------------------------------------------------------
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-floor-scan]")) {
      event.preventDefault();
      const place = field();
      const many = form.querySelector("#many");
      const code = place.value.trim();
      if (!code) return toField();
      if (queue.length < MOST) taken = code;
      put({ scan: code, many: many?.value.trim() ?? "" });
      place.value = "";
      if (many) many.value = "";
      toField();
    } else if (form.matches("[data-floor-form]")) {
      event.preventDefault();
      if (queue.length) return sound("bad"); // what was scanned before comes first
      put({ sent: freeze(form, {}) });
    }
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-floor-mute]")) {
      write("entrepot-floor-mute", !muted());
      dress();
      sound("good");
    } else if (event.target.closest("[data-floor-keys]")) {
      write("entrepot-floor-keys", !read("entrepot-floor-keys", false));
      dress();
      field()?.blur();
    } else if (event.target.closest("#floor-else-drop")) {
      queue = queue.filter((one) => one.path === here());
      keep();
      showQueue();
      pump();
    }
    if (!event.target.closest("a, input, select, textarea, summary, label, details")) toField();
  });
  // A scanner types wherever the focus is: what it types belongs into the field.
  document.addEventListener("keydown", (event) => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.activeElement !== field() && !typing(document.activeElement)) toField();
  });
  addEventListener("online", () => pump());
  addEventListener("storage", (event) => { if (event.key === store && !sending) { queue = read(store, []); showQueue(); } });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("popstate", () => location.reload());

  // A screen on which nothing happens asks again by itself.
  let asked = Date.now();
  setInterval(async () => {
    const old = screen();
    const every = Number(old?.dataset.again ?? 30) * 1000;
    if (document.hidden || sending || queue.length || offline || Date.now() - asked < every) return;
    if (field()?.value || typing(document.activeElement) || old.querySelector("details[open], .said")?.matches("details")) return;
    asked = Date.now();
    try {
      const answer = await fetch(location.href, { headers: { "X-Floor": "1" }, credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("floor");
      if (!fresh || sending || queue.length || field()?.value || typing(document.activeElement)) return;
      const said = screen().querySelector("#floor-said");
      fresh.querySelector("#floor-said")?.replaceChildren(...said.childNodes);
      show(fresh, false);
    } catch { /* the next scan will find out */ }
  }, 1000);

  dress();
  showQueue();
  toField();
  sound(screen()?.dataset.tone);
  pump();
})();
