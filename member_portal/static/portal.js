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
    doc.querySelectorAll(".filters select").forEach(function (s) {
      s.addEventListener("change", function () { s.form.submit(); });
    });
  });
})();
