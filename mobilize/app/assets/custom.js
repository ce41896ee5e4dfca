// Before anything is painted: language, zoom allowed, theme; after a lost connection: come back at once.
document.documentElement.lang = "en";
document.querySelector('meta[name="viewport"]').setAttribute("content", "width=device-width, initial-scale=1");
window.mobilize = {
  theme() {
    const kept = localStorage.getItem("mobilize:theme");
    const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    return kept || (dark ? "dark" : "light");
  },
  setTheme(name) {
    localStorage.setItem("mobilize:theme", name);
    document.documentElement.dataset.theme = name;
    window.dispatchEvent(new Event("mobilize:theme"));
  },
  colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  },
};
document.documentElement.dataset.theme = window.mobilize.theme();
// A figure for people: thousands apart, three digits where that is enough, never scientific.
window.mobilize.figure = function (v) {
  if (v === null || v === undefined || Number.isNaN(v)) return "–";
  const size = Math.abs(v);
  if (size >= 100) return Math.round(v).toLocaleString("en-US");
  if (size < 0.005) return "0";
  return String(Number(v.toPrecision(size >= 10 ? 3 : 2)));
};
// What several pictures and tables share: marks of what binds, months, arrow keys, order, pages.
Object.assign(window.mobilize, {
  whole(v) { return v.toLocaleString("en-US"); },
  month(n) { return Math.floor(n / 12) + "-" + String(n % 12 + 1).padStart(2, "0"); },
  ring(r, sides, turn) {
    let d = "";
    for (let n = 0; n < sides; n++) {
      const a = turn + 2 * Math.PI * n / sides;
      d += (n ? "L" : "M") + (r * Math.cos(a)).toFixed(2) + " " + (r * Math.sin(a)).toFixed(2);
    }
    return d + "Z";
  },
  shape(key, r) {
    if (key === "equipment") { const h = (r * 0.9).toFixed(2); return `M-${h} -${h}H${h}V${h}H-${h}Z`; }
    if (key === "crew") return this.ring(r * 1.25, 3, -Math.PI / 2);
    if (key === "input") return this.ring(r * 1.18, 4, 0);
    if (key === "disturbance") return this.ring(r * 1.08, 8, Math.PI / 8);
    if (key === "qualification") return this.ring(r * 1.08, 6, 0);
    if (key === "licence") return this.ring(r * 1.12, 5, -Math.PI / 2);
    if (key === "closed") { const h = (r * 0.95).toFixed(2), w = (r * 0.7).toFixed(2); return `M-${h} -${w}H${h}V${w}H-${h}Z`; }
    const c = r.toFixed(2);
    return `M-${c} 0A${c} ${c} 0 1 0 ${c} 0A${c} ${c} 0 1 0 -${c} 0Z`;
  },
  // How many plants each thing binds; what binds none is left out.
  legend(binds, plants) {
    const count = binds.map(() => 0);
    plants.forEach((p) => { count[p.kind] += 1; });
    return binds.map((b, n) => Object.assign({ n, count: count[n] }, b)).filter((b) => b.count > 0);
  },
  // Rows by a column: figures by size, words by the alphabet.
  compare(a, b, sort) {
    const x = a[sort.key], y = b[sort.key];
    return (sort.down ? -1 : 1) * (typeof x === "number" ? x - y : String(x).localeCompare(String(y)));
  },
  arrows: { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] },
  // The nearest spot in the way of an arrow key; what lies aside counts as `aside` times as far.
  toward(from, spots, key, aside, closest) {
    const way = this.arrows[key];
    let best = null, least = Infinity;
    spots.forEach((q) => {
      const dx = q.x - from.x, dy = q.y - from.y, ahead = dx * way[0] + dy * way[1];
      const far = ahead + aside * (Math.abs(dx * way[1]) + Math.abs(dy * way[0]));
      if (ahead > closest && far < least) { best = q; least = far; }
    });
    return best;
  },
  // Methods of a table that the server filters and turns: `name` is its property.
  paged(name) {
    return {
      n: window.mobilize.whole,
      filter(part) { clearTimeout(this.timer); this.show({ ...this[name].filter, text: this.text, ...part, page: 0 }); },
      soon() { clearTimeout(this.timer); this.timer = setTimeout(() => this.filter({}), 250); },
      turn(page) { this.show({ ...this[name].filter, page }); window.scrollTo(0, 0); },
    };
  },
});
// The server's clock, by which a turn's time runs, and the number of what this tab sends to a room. What is pressed
// twice before the server has answered keeps its number, and so is done once; `more` is to be done each time.
Object.assign(window.mobilize, {
  sent: 0,
  heard: 0,
  last: "",
  ahead: 0,
  now() { return Date.now() / 1000 + this.ahead; },
  act(kind, body, more = false) {
    const said = JSON.stringify([kind, body]);
    if (more || said !== this.last || this.sent <= this.heard) this.sent += 1;
    this.last = said;
    return { kind, body, n: this.sent };
  },
});
if (location.pathname.startsWith("/seat/")) {
  fetch("/api/now").then((r) => r.text()).then((t) => { window.mobilize.ahead = Number(t) - Date.now() / 1000; }).catch(() => {});
}
// What cannot be taken back is done by the second press of its button: `sure` is the one pressed once.
window.mobilize.careful = {
  twice(key, does) {
    if (this.sure === key && Date.now() - this.since > 300) { this.sure = ""; does(); }
    else if (this.sure !== key) { this.sure = key; this.since = Date.now(); }
  },
  unsure() { this.sure = ""; },
};
// Whether the server hears this tab; and a plant's work when orders are made one after another.
Object.assign(window.mobilize, {
  online() {
    const k = window.solara && window.solara.debug && window.solara.debug.kernel();
    return !k || k.connectionStatus === "connected";
  },
  // Bars in percent of the months shown; `capacity` are units a month from `month` on, the last repeating.
  lanes(orders, capacity, month) {
    const rows = [], LONGEST = 240;
    let t = 0, used = 0;
    orders.forEach((o) => {
      const room = () => capacity[Math.min(t, capacity.length - 1)];
      let rest = o.quantity, from = -1;
      while (t < LONGEST) {
        const take = Math.min(rest, room() - used);
        if (take > 0 && from < 0) from = t + used / room();
        rest -= Math.max(0, take); used += Math.max(0, take);
        if (rest <= 1e-9) break;
        t += 1; used = 0;
      }
      const to = t + (room() > 0 ? used / room() : 1), done = month + Math.ceil(to - 1e-9) - 1;
      rows.push({ id: o.id, from: from < 0 ? to : from, to, done, late: Math.max(0, done - o.required), due: o.required - month + 1 });
      if (room() - used <= 1e-9) { t += 1; used = 0; }
    });
    const months = Math.max(1, ...rows.map((r) => Math.ceil(Math.max(r.to, r.due) - 1e-9)));
    const part = (v) => 100 * Math.min(1, Math.max(0, v / months));
    return { months, rows: rows.map((r) => ({ ...r, left: part(r.from), width: part(r.to) - part(r.from), due: part(r.due) })) };
  },
});
// The charts' library comes with Solara's own assets; it is loaded once, from this server.
window.mobilize.echarts = function () {
  if (!this.loading) this.loading = new Promise((resolve) => window.requirejs([window.solara.cdn + "/echarts@5.4.0/dist/echarts.min.js"], resolve));
  return this.loading;
};
// A lost connection comes back as soon as the network or the server does, not at the next guess.
(function () {
  const kernel = () => window.solara && window.solara.debug && window.solara.debug.kernel();
  const back = () => { const k = kernel(); if (k && k.connectionStatus === "connecting") k.reconnect(); };
  window.addEventListener("online", back);
  setInterval(() => {
    const k = kernel();
    if (k && k.connectionStatus !== "connected") fetch("/healthz").then((r) => { if (r.ok) back(); }).catch(() => {});
  }, 1000);
})();
// Methods by which an act that cannot be taken back asks once more; the focus goes back where it was.
window.mobilize.sure = {
  once(text, label, run) {
    this.sure = { text, label, run, from: document.activeElement };
    this.$nextTick(() => { if (this.$refs.keep) this.$refs.keep.focus(); });
  },
  answered(yes) {
    const s = this.sure;
    this.sure = null;
    if (!s) return;
    if (s.from && s.from.isConnected) s.from.focus();
    if (yes) s.run();
  },
};
// What a team does in a step of a class, in words.
window.mobilize.teamStates = { handed: "✓ handed in", work: "○ at work", empty: "nobody in it", closed: "■ closed", none: "" };
// Whether a key is meant for a field, or for the browser itself.
window.mobilize.typing = function (e) {
  const tag = e.target.tagName;
  return e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || ["SELECT", "TEXTAREA"].includes(tag) || (tag === "INPUT" && !["range", "checkbox", "radio", "button"].includes(e.target.type));
};
// What the bars of a room and a class share: the title, the clock, the theme, the keys. A bar has `clock` and `title`
// as computed values, and `pressed(key)`, which does what a key of its own does, or says that it has none.
window.mobilize.bar = {
  data() { return { theme: window.mobilize.theme(), now: window.mobilize.now() }; },
  computed: {
    left() { return Math.max(0, this.clock.running ? this.clock.ends - this.now : this.clock.left); },
    said() { const s = Math.round(this.left); return Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0"); },
    page() { const page = this.pages.find((p) => p.id === this.current); return page ? page.label + " · " : ""; },
  },
  watch: {
    title() { document.title = this.title; },
    sequence(n) { window.mobilize.sent = Math.max(window.mobilize.sent, n); window.mobilize.heard = n; },
    fault() { if (this.fault.text) window.mobilize.sent = this.sequence; },
  },
  methods: {
    count() { window.mobilize.sent = window.mobilize.heard = this.sequence; },
    begin() {
      document.title = this.title;
      this.beat = setInterval(() => { this.now = window.mobilize.now(); }, 500);
      this.keys = (e) => this.key(e);
      window.addEventListener("keydown", this.keys);
    },
    end() { clearInterval(this.beat); window.removeEventListener("keydown", this.keys); },
    send(kind, body) { this.act(window.mobilize.act(kind, body)); },
    turn() { this.theme = this.theme === "dark" ? "light" : "dark"; window.mobilize.setTheme(this.theme); },
    key(e) {
      if (e.repeat || window.mobilize.typing(e)) return;
      const page = Number(e.key);
      if (page >= 1 && page <= this.pages.length) this.go(this.pages[page - 1].id);
      else if (e.key === "t") this.turn();
      else if (this.pressed(e.key) === false) return;
      e.preventDefault();
    },
  },
};
