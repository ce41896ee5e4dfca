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
