/* The till cut off: its page, its files and its prices from what was kept. Nothing else is kept, nothing is sent here. */
"use strict";
const KEPT = "kasir-1", PAGE = /^\/kopmin\/kasir\/\d+$/, PRICES = /^\/kopmin\/kasir\/\d+\/harga\.json$/, PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));

// The page names what it needs; files of an older page go.
self.addEventListener("message", (e) => {
  e.waitUntil((async () => {
    const kept = await caches.open(KEPT), wanted = new Set(e.data.files);
    for (const old of await kept.keys()) {
      const path = new URL(old.url);
      if (path.pathname.startsWith("/static/") && !wanted.has(path.pathname + path.search)) { await kept.delete(old); }
    }
    for (const file of wanted) { if (file.startsWith("/static/") ? !(await kept.match(file)) : true) { await keep(kept, file, await fetch(file, { redirect: "manual" })); } }
    e.source.postMessage("siap");
  })().catch(() => e.source.postMessage("belum")));
});

async function keep(kept, request, answer) {
  if (answer.ok && answer.type === "basic") { await kept.put(request, answer.clone()); }
  return answer;
}

async function fresh(request) {
  const kept = await caches.open(KEPT), old = await kept.match(request, { ignoreVary: true });
  const asked = fetch(request).then((answer) => keep(kept, request.url, answer));
  if (!old) { return asked; }
  asked.catch(() => {});
  const late = new Promise((done) => setTimeout(done, PATIENCE, old));
  return Promise.race([asked.then((answer) => (answer.status >= 500 ? old : answer)).catch(() => old), late]);
}

async function file(request) {
  const kept = await caches.open(KEPT);
  return (await kept.match(request, { ignoreVary: true })) || keep(kept, request.url, await fetch(request));
}

self.addEventListener("fetch", (e) => {
  const at = new URL(e.request.url);
  if (e.request.method !== "GET" || at.origin !== location.origin) { return; }
  if (PAGE.test(at.pathname) || PRICES.test(at.pathname)) { e.respondWith(fresh(e.request)); }
  else if (at.pathname.startsWith("/static/ekopz/")) { e.respondWith(file(e.request)); }
});
