/* A guided tour of the page, its steps read from the help text the "?" leads to without this file. */
(function () {
  "use strict";
  var doc = document, link = doc.querySelector("[data-tour]"), running = false;
  if (!link) { return; }
  function shown(e) { var r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0 && getComputedStyle(e).visibility !== "hidden"; }
  function place(names) {
    return names.reduce(function (found, name) { return found || (name && Array.prototype.filter.call(doc.querySelectorAll(name), shown)[0]) || null; }, null);
  }
  function need(what, done) {
    if (window.driver) { done(); return; }
    var sheets = what.dataset.css.split(" "), left = sheets.length + 1;
    function ready() { left -= 1; if (!left) { done(); } } // without its looks a box is placed where nobody sees it
    sheets.forEach(function (href) { var l = doc.createElement("link"); l.rel = "stylesheet"; l.onload = l.onerror = ready; l.href = href; doc.head.appendChild(l); });
    var s = doc.createElement("script"); s.onload = ready; s.onerror = leave; s.src = what.dataset.js; doc.head.appendChild(s);
  }
  function leave() { location.href = link.href; }
  function seen(page) {
    var form = page.querySelector("form[data-seen]");
    link.classList.remove("new");
    if (form) { fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" }); }
  }
  function start() {
    if (running) { return; }
    running = true;
    fetch(link.href, { credentials: "same-origin" }).then(function (r) { if (!r.ok) { throw r; } return r.text(); }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html"), list = page.getElementById("tur"), narrow = matchMedia("(max-width: 63.99rem)").matches;
      var steps = Array.prototype.map.call(list.querySelectorAll("li"), function (li) {
        var names = narrow ? [li.dataset.phone, li.dataset.at] : [li.dataset.at, li.dataset.phone];
        return { element: place(names), asked: names.join(""), popover: { title: li.querySelector("h2").textContent, description: li.querySelector("p").innerHTML } };
      }).filter(function (step) { return step.element || !step.asked; });
      if (!steps.length) { leave(); return; }
      need(list, function () {
        window.driver.js.driver({
          steps: steps.map(function (step) { return step.element ? step : { popover: step.popover }; }),
          showProgress: steps.length > 1, progressText: "{{current}} dari {{total}}", nextBtnText: "Lanjut", prevBtnText: "Kembali", doneBtnText: "Selesai",
          animate: !matchMedia("(prefers-reduced-motion: reduce)").matches, popoverClass: "tour", stagePadding: 6, smoothScroll: true,
          onPopoverRender: function (popover) { // a page has one header and one footer
            Array.prototype.forEach.call(popover.wrapper.querySelectorAll("header, footer"), function (e) { e.setAttribute("role", "presentation"); });
          },
          onDestroyed: function () { running = false; seen(page); link.focus(); }
        }).drive();
      });
    }).catch(leave);
  }
  link.addEventListener("click", function (e) { e.preventDefault(); start(); });
  start();
})();
