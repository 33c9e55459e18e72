/* Kopmin: comforts only. Every page works without this file. */
(function () {
  "use strict";
  var doc = document;
  function all(selector, root) { return Array.prototype.slice.call((root || doc).querySelectorAll(selector)); }

  // Menu on a phone: open in place, close with Escape, keep the focus.
  var menu = doc.getElementById("menu"), opener = doc.querySelector(".to-menu");
  if (menu && opener) {
    var show = function (open) {
      menu.classList.toggle("open", open);
      doc.querySelectorAll("[href='#menu']").forEach(function (a) { a.setAttribute("aria-expanded", String(open)); });
      if (open) { menu.querySelector("a").focus(); } else { opener.focus(); }
    };
    all("[href='#menu']").forEach(function (a) {
      a.setAttribute("role", "button"); a.setAttribute("aria-expanded", "false");
      a.addEventListener("click", function (e) { e.preventDefault(); show(!menu.classList.contains("open")); });
    });
    menu.querySelector(".close").addEventListener("click", function (e) { e.preventDefault(); show(false); });
    doc.addEventListener("keydown", function (e) { if (e.key === "Escape" && menu.classList.contains("open")) { show(false); } });
  }

  // Rupiah fields show their dots while typing.
  function dots(text) {
    var digits = text.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
    return digits.replace(/\B(?=(\d{3})+$)/g, ".");
  }
  function money(input) {
    if (/^[\d.\s]*$/.test(input.value)) { input.value = dots(input.value); }
    input.addEventListener("input", function () {
      if (!/^[\d.\s]*$/.test(input.value)) { return; }
      var fromEnd = input.value.length - input.selectionStart;
      input.value = dots(input.value);
      var at = Math.max(0, input.value.length - fromEnd);
      input.setSelectionRange(at, at);
    });
  }
  all("input.money").forEach(money);

  // Journal lines: more rows, running totals.
  all("[data-lines]").forEach(function (table) {
    var form = table.closest("form"), sum = table.querySelector("[data-sum]");
    function figure(name) {
      return all("input[name$='" + name + "']", table).reduce(function (total, i) { return total + Number(i.value.replace(/\D/g, "")); }, 0);
    }
    function add() {
      if (!sum) { return; }
      var debit = figure("debit"), credit = figure("credit");
      sum.textContent = "Debit Rp " + (dots(String(debit)) || "0") + " · Kredit Rp " + (dots(String(credit)) || "0") +
        (debit === credit ? " · seimbang" : " · selisih Rp " + dots(String(Math.abs(debit - credit))));
    }
    table.addEventListener("input", add); add();
    var more = form.querySelector("[data-more]");
    if (more) {
      more.addEventListener("click", function (e) {
        e.preventDefault();
        var rows = all("tbody tr", table), last = rows[rows.length - 1], copy = last.cloneNode(true), next = rows.length;
        all("input, select", copy).forEach(function (i) {
          i.name = i.name.replace(/-\d+-/, "-" + next + "-"); i.id = i.id.replace(/-\d+-/, "-" + next + "-"); i.value = "";
        });
        all("label", copy).forEach(function (l) { l.htmlFor = l.htmlFor.replace(/-\d+-/, "-" + next + "-"); });
        last.parentNode.appendChild(copy); all("input.money", copy).forEach(money);
        copy.querySelector("input, select").focus();
      });
    }
  });

  // Ask before what cannot be taken back.
  var box = doc.getElementById("confirm"), answered = 0;
  if (box && box.showModal) {
    box.addEventListener("submit", function (e) { answered = e.submitter && e.submitter.value !== "ya" ? 0 : Date.now(); });
    doc.addEventListener("click", function (e) {
      var button = e.target.closest("button[data-confirm]");
      if (!button || button.dataset.sure) { return; }
      e.preventDefault();
      if (Date.now() - answered < 600) { return; }  // the second click of a double one lands on what lies below
      box.querySelector("p").textContent = button.dataset.confirm;
      box.querySelector("[value=ya]").textContent = button.textContent.trim();
      box.returnValue = "";
      box.onclose = function () { if (box.returnValue === "ya") { button.dataset.sure = "1"; button.click(); button.dataset.sure = ""; } };
      box.showModal();
    });
  }

  // A second click does not send twice.
  all("form[method=post]").forEach(function (form) {
    form.addEventListener("submit", function (e) {
      if (form.dataset.sent) { e.preventDefault(); return; }
      form.dataset.sent = "1";
      setTimeout(function () { form.dataset.sent = ""; }, 8000);
    });
  });

  all("[data-pick-all]").forEach(function (head) {
    head.addEventListener("change", function () {
      all("input[name=rowid]", head.closest("form")).forEach(function (i) { i.checked = head.checked; });
    });
  });
  all("[data-tour]").forEach(function (a) {
    a.addEventListener("click", function (e) {
      var s = doc.createElement("script"); e.preventDefault(); s.src = a.dataset.tour; doc.head.appendChild(s);
    }, { once: true });
  });
  all("[data-print]").forEach(function (b) { b.hidden = false; b.addEventListener("click", function () { window.print(); }); });
  all("[data-auto]").forEach(function (s) { s.addEventListener("change", function () { s.form.requestSubmit(); }); });
  all("[data-reload]").forEach(function (n) { setTimeout(function () { location.reload(); }, Number(n.dataset.reload) * 1000); });
  all("[data-peek]").forEach(function (b) {
    b.hidden = false;
    b.addEventListener("click", function () {
      var field = doc.getElementById(b.dataset.peek), hidden = field.type === "password";
      field.type = hidden ? "text" : "password"; b.textContent = hidden ? "Sembunyikan" : "Tampilkan"; b.setAttribute("aria-pressed", String(hidden));
    });
  });
})();
