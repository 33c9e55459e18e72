/* The till. What is sold is first kept in this browser (IndexedDB) and sent until the server says it has it; every sale
   carries a token of its own, so that sending twice books once. Texts are set as text, never as markup. */
(function () {
  "use strict";
  const doc = document, $ = (id) => doc.getElementById(id);
  const rp = (n) => "Rp " + String(n).replace(/\B(?=(\d{3})+$)/g, ".");
  const whole = (text) => Number(String(text).replace(/\D/g, "").slice(0, 12));
  const el = (tag, more, ...inside) => {
    const made = Object.assign(doc.createElement(tag), more || {});
    made.append(...inside.filter((x) => x !== null && x !== undefined && x !== ""));
    return made;
  };
  const button = (text, act, kind) => el("button", { type: "button", className: kind || "big", textContent: text, onclick: act });

  // ---- what is kept here -----------------------------------------------------------------------------------------
  const opened = new Promise((done, fail) => {
    const ask = indexedDB.open("ekopz-kasir", 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore("jual", { keyPath: "token" });
    ask.onsuccess = () => done(ask.result); ask.onerror = () => fail(ask.error);
  });
  async function store(mode, act) {
    const base = await opened;
    return new Promise((done, fail) => {
      const work = base.transaction("jual", mode, mode === "readwrite" ? { durability: "strict" } : {});
      const ask = act(work.objectStore("jual"));
      work.oncomplete = () => done(ask.result); work.onerror = work.onabort = () => fail(work.error);
    });
  }
  const keep = (sale) => store("readwrite", (s) => s.put(sale));
  const forget = (token) => store("readwrite", (s) => s.delete(token));
  const kept = async () => (await store("readonly", (s) => s.getAll())).sort((a, b) => a.pada - b.pada || a.urut - b.urut);

  // ---- sending ---------------------------------------------------------------------------------------------------
  class SignedOut extends Error {}
  class NotMine extends Error {}
  const base = doc.body.dataset.base || "/kopmin/kasir/";
  async function ask(path, more) {
    const stop = new AbortController(), clock = setTimeout(() => stop.abort(), (more || {}).patience || 20000);
    try {
      const answer = await fetch(base + path, Object.assign({ redirect: "manual", credentials: "same-origin", signal: stop.signal }, more));
      if (answer.type === "opaqueredirect" || answer.status === 401) { throw new SignedOut(); }
      return answer;
    } finally { clearTimeout(clock); }
  }
  async function json(path, more) {
    const answer = await ask(path, more);
    if (!answer.ok) { throw Object.assign(new Error("http " + answer.status), { status: answer.status }); }
    return answer.json();
  }
  async function send(shift, sales, patience) {
    const who = await json(shift + "/siapa.json", { patience: patience, cache: "no-store" });
    if (!who.mine) { throw Object.assign(new NotMine(), { cashier: who.cashier }); }
    const plain = sales.map((s) => ({ token: s.token, barang: s.barang, bayar: s.bayar, anggota: s.anggota, diterima: s.diterima, pada: s.pada, terjadi: s.terjadi }));
    const got = await json(shift + "/kirim", {
      method: "POST", patience: patience || 60000, body: JSON.stringify({ penjualan: plain }),
      headers: { "Content-Type": "application/json", "X-CSRFToken": who.csrf },
    });
    return got.penjualan;
  }

  let trouble = "", running = null, sent = () => {};
  function sync() {  // one at a time on this page; another page of this browser may send the same, which books nothing more
    running = running || all().catch((e) => { trouble = said(e); }).finally(() => { running = null; sent(); });
    return running;
  }
  function said(error) {
    if (error instanceof SignedOut) { return "keluar"; }
    if (error instanceof NotMine) { return "orang:" + error.cashier; }
    return error.status && error.status < 500 ? "tolak" : "putus";
  }
  async function all() {
    trouble = "";
    const shifts = new Map();
    for (const sale of await kept()) { if (!sale.alasan) { shifts.set(sale.giliran, (shifts.get(sale.giliran) || []).concat(sale)); } }
    for (const [shift, sales] of shifts) {
      try {
        for (let at = 0; at < sales.length; at += 100) {
          const batch = sales.slice(at, at + 100);
          batch.forEach((s) => { s.terjadi = true; });
          for (const answer of await send(shift, batch)) { await told(answer, batch.find((s) => s.token === answer.token)); }
        }
      } catch (e) {  // what is of another shift may still go
        trouble = said(e);
        if (trouble === "putus" || trouble === "keluar") { return; }
      }
    }
  }
  async function told(answer, sale) {
    if (!sale) { return; }
    if (answer.keadaan === "refused") { sale.alasan = answer.alasan; await keep(sale); return; }
    await forget(sale.token);
    if (answer.keadaan === "waiting" && $("kabar")) { news("Satu penjualan " + rp(sale.total) + " diterima dan menunggu diperiksa: " + answer.alasan); }
    if (last && last.token === sale.token) { last.nomor = answer.nomor; paper(last); }
  }

  // ---- the page that closes a shift only warns -------------------------------------------------------------------
  const warn = $("belum-terkirim");
  if (warn) {
    const tell = async () => {
      const left = (await kept()).filter((s) => String(s.giliran) === warn.dataset.shift);
      warn.hidden = !left.length;
      warn.textContent = left.length + " penjualan (" + rp(left.reduce((n, s) => n + s.total, 0)) + ") di perangkat ini belum terkirim. Kirim dulu dari layar kasir, baru tutup giliran.";
    };
    sync().then(tell);
    return;
  }
  if (!doc.body.dataset.shift) { return; }

  // ---- goods and prices ------------------------------------------------------------------------------------------
  const my = doc.body.dataset, shift = Number(my.shift);
  let goods = [], byId = new Map(), byCode = new Map(), cart = [], member = null, last = null, seen = {};
  try { seen = JSON.parse(localStorage.getItem("kasir-laris") || "{}"); } catch (e) { seen = {}; }
  async function prices() {
    try {
      const answer = await ask(shift + "/harga.json");
      if (!answer.ok) { return; }
      goods = (await answer.json()).barang.map((r) => ({ id: r[0], name: r[1], find: (r[1] + " " + r[3]).toLowerCase(), code: r[2], sku: r[3], list: r[4], member: r[5], runs: r[6] }));
      byId = new Map(goods.map((g) => [g.id, g])); byCode = new Map();
      goods.forEach((g) => { byCode.set(g.sku.toLowerCase(), g); if (g.code) { byCode.set(g.code.toLowerCase(), g); } });
    } catch (e) { if (!goods.length) { news("Daftar harga belum ada di perangkat ini. Sambungkan dulu ke internet.", true); } }
    found(); draw();
  }
  function price(good, pieces) {
    let best = member && good.member ? Math.min(good.list, good.member) : good.list;
    const now = Date.now();
    good.runs.forEach((r) => { if (r[1] <= now && now < r[2] && (!r[3] || pieces <= r[3]) && r[0] < best) { best = r[0]; } });
    return best;
  }
  const total = () => cart.reduce((n, l) => n + l.pieces * price(l.good, l.pieces), 0);
  function found() {
    const text = $("cari").value.trim().toLowerCase(), words = text.split(/\s+/);
    const usual = () => goods.slice().sort((a, b) => (seen[b.id] || 0) - (seen[a.id] || 0));
    const hits = text ? goods.filter((g) => words.every((w) => g.find.includes(w)) || g.code.startsWith(text)) : usual();
    $("barang").scrollTop = 0;
    $("barang").replaceChildren(...hits.slice(0, 24).map((g) => el("button", { type: "button", onclick: () => add(g.id, true) }, el("span", { textContent: g.name }), el("b", { textContent: rp(price(g, 1)) }))));
    if (!hits.length && text) { $("barang").append(el("p", { className: "soft", textContent: "Tidak ada barang dengan nama atau kode itu." })); }
  }
  function add(id, clear) {
    const good = byId.get(id), line = cart.find((l) => l.good.id === id);
    if (!good) { return; }
    if (line) { line.pieces = Math.min(9999, line.pieces + 1); } else if (cart.length < 50) { cart.push({ good: good, pieces: 1 }); } else { news("Paling banyak 50 macam barang dalam satu struk."); }
    if (clear && $("cari").value) { $("cari").value = ""; found(); }
    draw();
  }
  function scanned(code) {
    const good = byCode.get(code.trim().toLowerCase());
    if (good) { add(good.id, true); hush(); } else { news("Barcode " + code + " tidak ada di daftar barang toko ini.", true); }
    return !!good;
  }
  $("pencarian").addEventListener("submit", (e) => {  // a scanner types the digits, then Enter
    e.preventDefault();
    const text = $("cari").value.trim(), shown = $("barang").querySelectorAll("button");
    if (!text) { return; }
    if (byCode.has(text.toLowerCase()) || /^\d{6,}$/.test(text)) { scanned(text); $("cari").select(); }
    else if (shown.length === 1) { shown[0].click(); }
  });
  $("cari").addEventListener("input", found);

  // ---- cart ------------------------------------------------------------------------------------------------------
  function draw() {
    $("keranjang").replaceChildren(...cart.map((l) => {
      const each = price(l.good, l.pieces), set = (n) => { l.pieces = Math.min(9999, n); if (n < 1) { cart = cart.filter((x) => x !== l); } draw(); };
      const count = el("input", { value: l.pieces, inputMode: "numeric", ariaLabel: "Jumlah " + l.good.name, onchange: (e) => set(whole(e.target.value)) });
      const less = button("−", () => set(l.pieces - 1), "step"), more = button("+", () => set(l.pieces + 1), "step");
      less.ariaLabel = "Kurangi " + l.good.name; more.ariaLabel = "Tambah " + l.good.name;
      return el("li", {}, el("span", { textContent: l.good.name }), el("span", { className: "sum", textContent: rp(each * l.pieces) }),
        el("div", { className: "pieces" }, less, count, more, el("span", { textContent: "@ " + rp(each) + (each < l.good.list ? " (biasa " + rp(l.good.list) + ")" : "") })));
    }));
    $("kosong").hidden = cart.length > 0;
    $("bayar").disabled = !cart.length; $("bayar").textContent = cart.length ? "Bayar " + rp(total()) : "Bayar";
  }
  function person() {
    const box = $("anggota");
    if (member) {
      const about = member.name ? member.name + " · " + member.number : "Anggota " + member.number + " (diperiksa saat tersambung)";
      const owed = my.kasbon && member.name ? "Kasbon tersisa " + rp(member.kasbon) : "";
      box.replaceChildren(el("div", {}, el("b", { textContent: about }), owed ? el("p", { className: "soft", textContent: owed }) : ""), button("Ganti", () => { member = null; person(); found(); draw(); }));
      return;
    }
    const field = el("input", { id: "nomor", placeholder: "Nomor atau kartu anggota", autocomplete: "off", ariaLabel: "Nomor atau kartu anggota" });
    const form = el("form", {}, field, el("button", { className: "big", textContent: "Cari" }));
    form.onsubmit = async (e) => { e.preventDefault(); if (field.value.trim()) { await look(field.value.trim()); $("cari").focus(); } };
    box.replaceChildren(form);
  }
  async function look(told) {
    hush();
    try {
      const got = await json(shift + "/anggota.json?cari=" + encodeURIComponent(told), { patience: 6000 });
      member = { number: got.number, name: got.name, kasbon: got.kasbon_rp, told: got.number };
    } catch (e) {
      if (e.status && e.status < 500) { news("Tidak ada anggota aktif dengan nomor atau kartu itu.", true); return; }
      member = { number: told.slice(-20), name: "", kasbon: 0, told: told };
    }
    person(); found(); draw();
  }

  // ---- paying ----------------------------------------------------------------------------------------------------
  const box = $("kotak");
  function dialog(title, ...inside) {
    box.replaceChildren(el("h2", { id: "judul", textContent: title }), ...inside.filter(Boolean));
    if (!box.open) { box.showModal(); }
  }
  box.addEventListener("close", () => $("cari").focus());
  const isCut = () => !navigator.onLine || trouble === "putus";
  function pay(way, error) {
    const due = total(), ways = [["cash", "Tunai"]].concat(my.qris ? [["qris", "QRIS"]] : [], my.kasbon ? [["credit", "Kasbon"]] : []);
    const pick = el("div", { className: "row" }, ...ways.map(([code, name]) => {
      const b = button(name, () => pay(code)); b.setAttribute("aria-pressed", String(code === way)); return b;
    }));
    pick.classList.toggle("three", ways.length === 3);
    const parts = [el("p", { className: "total", textContent: rp(due) }), pick];
    if (error) { parts.push(el("p", { className: "alert bad", role: "alert", textContent: error })); }
    parts.push(...({ cash: byCash, qris: byQris, credit: byCredit })[way](due));
    parts.push(button("Kembali ke keranjang", () => box.close()));
    dialog("Bayar", ...parts);
  }
  function byCash(due) {
    const notes = [due].concat([5000, 10000, 20000, 50000, 100000].map((n) => Math.ceil(due / n) * n)).filter((n, at, list) => list.indexOf(n) === at).slice(0, 5);
    const field = el("input", { id: "uang", inputMode: "numeric", autocomplete: "off" }), change = el("p", { className: "soft", ariaLive: "polite" });
    field.oninput = () => { const n = whole(field.value); field.value = n ? rp(n).slice(3) : ""; change.textContent = !n ? "" : n < due ? "Kurang " + rp(due - n) : "Kembali " + rp(n - due); };
    const other = el("form", {}, el("label", { htmlFor: "uang", textContent: "Uang lain" }), el("div", { className: "row" }, field, el("button", { className: "big main", textContent: "Selesai" })), change);
    other.onsubmit = (e) => { e.preventDefault(); if (whole(field.value) >= due) { finish("cash", whole(field.value)); } else { field.focus(); } };
    return [el("div", { className: "row" }, ...notes.map((n, at) => button(at ? rp(n) : "Uang pas", () => finish("cash", n), at ? "big" : "big main"))), other];
  }
  function byQris(due) {
    const tell = el("p", { textContent: "Minta pembeli memindai, lalu lihat uangnya sudah masuk." });
    const sticker = () => { tell.textContent = "Pakai stiker QRIS toko dan minta pembeli mengetik " + rp(due) + ". Lihat uangnya sudah masuk."; };
    let code = null;
    if (isCut()) { sticker(); } else { code = el("img", { className: "qr", alt: "QRIS " + rp(due), src: base + shift + "/qris.svg?jumlah=" + due }); code.onerror = () => { code.remove(); sticker(); }; }
    return [code, tell, el("div", { className: "row" }, button("Uang sudah masuk", () => finish("qris", 0), "big main"))];
  }
  function byCredit(due) {
    if (!member || !member.name) { return [el("p", { className: "alert", textContent: member ? "Kasbon perlu sambungan, supaya batasnya terlihat." : "Isi dulu nomor anggotanya di keranjang." })]; }
    if (isCut()) { return [el("p", { className: "alert", textContent: "Kasbon perlu sambungan. Pilih cara bayar lain." })]; }
    if (member.kasbon < due) { return [el("p", { className: "alert", textContent: "Kasbon " + member.name + " tersisa " + rp(member.kasbon) + ", kurang dari " + rp(due) + "." })]; }
    return [el("p", { textContent: member.name + ", kasbon tersisa " + rp(member.kasbon) + "." }), el("div", { className: "row" }, button("Catat kasbon", () => finish("credit", 0), "big main"))];
  }
  let turn = 0;
  function made(way, received) {
    const lines = cart.map((l) => ({ name: l.good.name, pieces: l.pieces, each: price(l.good, l.pieces), id: l.good.id }));
    return {
      token: uuid(), giliran: shift, urut: ++turn, pada: Date.now(), bayar: way, diterima: received, terjadi: true,
      anggota: member ? member.told : "", nama: member ? member.name || member.number : "", baris: lines,
      barang: lines.map((l) => [l.id, l.pieces, l.each]), total: lines.reduce((n, l) => n + l.pieces * l.each, 0),
    };
  }
  function uuid() {
    if (crypto.randomUUID) { return crypto.randomUUID(); }
    const b = crypto.getRandomValues(new Uint8Array(16)); b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    return Array.from(b, (n, at) => (/^(4|6|8|10)$/.test(at) ? "-" : "") + n.toString(16).padStart(2, "0")).join("");
  }
  let busy = false;
  async function finish(way, received) {
    if (busy) { return; }
    busy = true;
    try {
      const sale = made(way, received);
      await keep(sale);  // before anything is sent
      const refusal = isCut() ? "" : await now(sale);
      if (refusal) { pay(way, refusal); return; }
      cart.forEach((l) => { seen[l.good.id] = (seen[l.good.id] || 0) + 1; });
      try { localStorage.setItem("kasir-laris", JSON.stringify(seen)); } catch (e) { /* only the order of buttons */ }
      cart = []; member = null; last = sale; person(); found(); draw(); paper(sale); done(sale); show();
    } catch (e) { news("Perangkat ini tidak dapat menyimpan penjualan. Kosongkan ruang penyimpanannya.", true); } finally { busy = false; }
  }
  /** Sends a sale while the buyer stands there; the reason when the shop cannot sell so, "" when it is done or kept. */
  async function now(sale) {
    let answer;
    try { answer = (await send(shift, [Object.assign({}, sale, { terjadi: false })], 8000))[0]; } catch (e) { trouble = said(e); return ""; }
    if (answer.keadaan === "refused") { await forget(sale.token); return answer.alasan; }
    sale.nomor = answer.nomor; sale.pesanan = answer.pesanan; await forget(sale.token);
    return "";
  }
  function done(sale) {
    const change = sale.bayar === "cash" ? sale.diterima - sale.total : 0;
    dialog(sale.nomor ? "Selesai " + sale.nomor : "Selesai, menunggu sambungan", el("p", { textContent: sale.bayar === "cash" ? "Kembali" : "Jumlah" }), el("p", { className: "total", textContent: rp(sale.bayar === "cash" ? change : sale.total) }),
      el("div", { className: "row" }, button("Cetak struk", () => window.print()), button("Penjualan baru", () => box.close(), "big main")));
    box.querySelector(".main").focus();
  }
  function paper(sale) {
    const way = { cash: "Tunai", qris: "QRIS", credit: "Kasbon" }[sale.bayar], head = [el("h1", { textContent: my.store }), el("p", { textContent: my.coop + (my.place ? ", " + my.place : "") })];
    const when = new Date(sale.pada).toLocaleString("id-ID", { dateStyle: "long", timeStyle: "short" });
    const rows = sale.baris.map((l) => el("tr", {}, el("td", { textContent: l.name + " " + l.pieces + " x " + rp(l.each).slice(3) }), el("td", { textContent: rp(l.pieces * l.each).slice(3) })));
    rows.push(el("tr", { className: "sum" }, el("td", { textContent: "Jumlah" }), el("td", { textContent: rp(sale.total) })));
    $("struk").replaceChildren(...head, el("p", { textContent: (sale.nomor || "Menunggu nomor " + sale.token.slice(0, 8)) + ", " + when + (sale.nama ? ", " + sale.nama : "") + ". Kasir " + my.cashier }),
      el("table", {}, ...rows), el("p", { textContent: way + (sale.bayar === "cash" ? ". Diterima " + rp(sale.diterima) + ", kembali " + rp(sale.diterima - sale.total) : "") }), el("p", { textContent: "Terima kasih" }));
  }
  $("bayar").addEventListener("click", () => pay("cash"));

  // ---- the line to the server ------------------------------------------------------------------------------------
  function news(text, bad) { const k = $("kabar"); k.hidden = false; k.className = bad ? "bad" : ""; k.replaceChildren(text); }
  function hush() { $("kabar").hidden = true; }
  async function show() {
    const all = await kept(), left = all.filter((s) => !s.alasan).length, odd = all.length - left, state = $("sambungan");
    const count = left ? left + " belum terkirim" : "";
    state.className = odd || trouble === "keluar" || trouble.startsWith("orang") ? "bad" : left || isCut() ? "cut" : "";
    state.textContent = odd ? odd + " ditolak" : trouble === "keluar" ? "Masuk lagi" : trouble.startsWith("orang") ? "Giliran " + trouble.slice(6) : isCut() ? ["Tanpa sambungan", count].filter(Boolean).join(" · ") : count || "Tersambung";
    if (trouble === "keluar") { $("kabar").hidden = false; $("kabar").className = "bad"; $("kabar").replaceChildren("Anda sudah keluar. Penjualan tetap tersimpan di sini. ", el("a", { href: my.in, textContent: "Masuk lagi untuk mengirim" })); }
    doc.body.dataset.left = String(all.length);
  }
  $("sambungan").addEventListener("click", async () => {
    const rows = (await kept()).map((s) => el("li", {}, el("span", { textContent: new Date(s.pada).toLocaleTimeString("id-ID", { timeStyle: "short" }) + (s.giliran === shift ? "" : " giliran lain") }), el("b", { textContent: rp(s.total) }), s.alasan ? el("p", { textContent: s.alasan }) : ""));
    const retry = async () => { box.close(); for (const s of await kept()) { if (s.alasan) { delete s.alasan; await keep(s); } } await sync(); };
    dialog(rows.length ? "Belum terkirim" : "Semua sudah terkirim", rows.length ? el("ul", {}, ...rows) : null, el("div", { className: "row" }, button("Kirim sekarang", retry, "big main"), button("Tutup", () => box.close())), button("Kertas struk " + roll() + " mm, ganti", () => { set(roll() === "58" ? "80" : "58"); box.close(); }));
  });
  // the width of this till's paper
  const roll = () => localStorage.getItem("kasir-kertas") || "58";
  function set(width) { localStorage.setItem("kasir-kertas", width); doc.documentElement.style.setProperty("--roll", width + "mm"); }
  set(roll());
  window.addEventListener("online", () => { trouble = ""; sync().then(prices); });
  window.addEventListener("offline", show);
  setInterval(async () => { if (navigator.onLine && (await kept()).some((s) => !s.alasan)) { sync(); } }, 15000);
  setInterval(() => { if (navigator.onLine && !cart.length) { prices(); } }, 300000);

  // ---- the camera, where the browser reads barcodes --------------------------------------------------------------
  if ("BarcodeDetector" in window && navigator.mediaDevices) {
    const lens = $("lensa");
    let seenLast = "", stream = null;
    $("kamera").hidden = false;
    $("kamera").addEventListener("click", async () => {
      if (stream) { stream.getTracks().forEach((t) => t.stop()); stream = null; lens.hidden = true; return; }
      try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch (e) { news("Kamera tidak dapat dibuka. Izinkan kamera untuk halaman ini.", true); return; }
      lens.srcObject = stream; lens.hidden = false; await lens.play();
      const reader = new window.BarcodeDetector();
      const look1 = async () => {
        if (!stream) { return; }
        const code = ((await reader.detect(lens).catch(() => []))[0] || {}).rawValue || "";
        if (code && code !== seenLast) { scanned(code); }
        seenLast = code; setTimeout(look1, 300);
      };
      look1();
    });
  }

  // ---- ready for being cut off -----------------------------------------------------------------------------------
  if ("serviceWorker" in navigator && my.worker) {
    navigator.serviceWorker.addEventListener("message", (e) => { doc.body.dataset.offline = e.data; });
    navigator.serviceWorker.register(my.worker).then(() => navigator.serviceWorker.ready).then((ready) => {
      const files = [...doc.querySelectorAll("link[href], script[src]")].map((n) => new URL(n.href || n.src)).map((u) => u.pathname + u.search);
      ready.active.postMessage({ files: [location.pathname, location.pathname + "/harga.json"].concat(files) });
    }).catch(() => {});
    if (navigator.storage && navigator.storage.persist) { navigator.storage.persist(); }
  }
  window.Kasir = {  // what a person does by hand, for who drives the page
    add: add, sync: sync, left: async () => (await kept()).length,
    sell: async (items, way, received) => { cart = items.map((i) => ({ good: byId.get(i[0]), pieces: i[1] })); await finish(way || "cash", received || total()); box.close(); },
  };
  sent = show;
  person(); draw(); show(); prices().then(sync);
})();
