/* Comforts only: every page works without this file. */
(function () {
  "use strict";
  var doc = document, root = doc.documentElement, store;
  try { store = window.localStorage; } catch (e) { store = null; }
  if (store && store.getItem("tutup") === "1") { root.classList.add("tutup"); } // before the first paint: no figure flashes up
  doc.addEventListener("DOMContentLoaded", function () {
    var eye = doc.getElementById("tutup");
    if (eye) {
      if (root.classList.contains("tutup")) { eye.checked = true; root.classList.remove("tutup"); }
      eye.addEventListener("change", function () { if (store) { store.setItem("tutup", eye.checked ? "1" : "0"); } });
    }
    doc.querySelectorAll("[data-tour]").forEach(function (a) { // the page's tour comes when it is asked for
      a.addEventListener("click", function (e) {
        var s = doc.createElement("script");
        e.preventDefault();
        s.src = a.dataset.tour;
        doc.head.appendChild(s);
      }, { once: true });
    });
    doc.querySelectorAll("[data-print]").forEach(function (b) {
      b.hidden = false;
      b.addEventListener("click", function () { window.print(); });
    });
    doc.querySelectorAll("[data-peek]").forEach(function (b) {
      var field = doc.getElementById(b.dataset.peek);
      b.hidden = false;
      b.addEventListener("click", function () {
        var masked = field.type === "password";
        field.type = masked ? "text" : "password";
        b.textContent = masked ? "Sembunyikan" : "Tampilkan";
      });
    });
    doc.addEventListener("input", function (e) { // dots while typing; the cursor stays as far from the end as it was
      var f = e.target;
      if (!f.classList.contains("money") || !/^[\d.]*$/.test(f.value)) { return; }
      var rest = f.value.length - f.selectionEnd, plain = f.value.replace(/\./g, "").replace(/^0+(?=\d)/, "");
      f.value = plain.replace(/\B(?=(\d{3})+$)/g, ".");
      f.setSelectionRange(f.value.length - rest, f.value.length - rest);
    });
    doc.querySelectorAll("form[data-once]").forEach(function (f) { // the server counts a second click once anyway
      f.addEventListener("submit", function (e) {
        if (f.dataset.sent) { e.preventDefault(); }
        f.dataset.sent = "1";
        setTimeout(function () { delete f.dataset.sent; }, 4000); // whoever comes back may send again
      });
    });
    doc.querySelectorAll("form[data-live]").forEach(function (f) {
      var place = doc.getElementById(f.dataset.live);
      f.addEventListener("change", function (e) {
        if (e.target.hasAttribute("data-whole")) { f.submit(); return; }
        var address = f.action.split("#")[0] + "?" + new URLSearchParams(new FormData(f));
        place.setAttribute("aria-busy", "true");
        fetch(address).then(function (r) { if (r.status !== 200) { throw r; } return r.text(); }).then(function (text) {
          place.innerHTML = new DOMParser().parseFromString(text, "text/html").getElementById(place.id).innerHTML;
          place.removeAttribute("aria-busy");
          history.replaceState(null, "", address);
        }).catch(function () { f.submit(); });
      });
    });
    doc.querySelectorAll("[data-until]").forEach(function (place) { // how long goods are still kept for the buyer
      var end = new Date(place.dataset.until).getTime();
      function tell() {
        var left = Math.max(0, Math.round((end - Date.now()) / 1000)), hours = Math.floor(left / 3600);
        var minutes = Math.floor(left % 3600 / 60), seconds = left % 60;
        place.textContent = left ? "Tersisa " + (hours ? hours + " jam " : "") + minutes + " menit " + (hours ? "" : seconds + " detik") + "." : "Waktunya habis.";
        if (left) { setTimeout(tell, 1000); }
      }
      tell();
    });
    doc.querySelectorAll(".filters select").forEach(function (s) {
      s.addEventListener("change", function () { s.form.submit(); });
    });
  });
})();
