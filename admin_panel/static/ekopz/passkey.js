/* Passkeys: asks the browser for a key, or to make one. Without this file, or without keys, everything else works. */
(function () {
  "use strict";
  var STOPPED = "Kunci belum terpakai: dibatalkan, waktunya habis, atau tidak ada kunci di perangkat ini.";
  var OFFLINE = "Tidak tersambung. Periksa jaringan, lalu coba lagi.";
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/")), found = new Uint8Array(plain.length), i;
    for (i = 0; i < plain.length; i += 1) { found[i] = plain.charCodeAt(i); }
    return found.buffer;
  }
  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (one) { plain += String.fromCharCode(one); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function opened(options) { // what came as text and the browser wants as bytes
    options.challenge = bytes(options.challenge);
    if (options.user) { options.user.id = bytes(options.user.id); }
    (options.excludeCredentials || []).forEach(function (one) { one.id = bytes(one.id); });
    return { publicKey: options };
  }
  function closed(key) { // and back
    var said = key.response, kept = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (said[name]) { kept[name] = text(said[name]); }
    });
    return { id: key.id, rawId: text(key.rawId), type: key.type, response: kept, clientExtensionResults: {} };
  }
  function read(answer) {
    return answer.json().catch(function () { throw new Error(OFFLINE); }).then(function (said) {
      if (said.problem || !answer.ok) { throw new Error(said.problem || OFFLINE); }
      return said;
    });
  }
  function run(form) {
    var token = form.elements.csrf_token.value, head = { "Content-Type": "application/json", "X-CSRFToken": token };
    var sent = fetch(form.dataset.start, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    return sent.catch(function () { throw new Error(OFFLINE); }).then(read).then(function (options) {
      return navigator.credentials[form.dataset.passkey](opened(options)).catch(function () { throw new Error(STOPPED); });
    }).then(function (key) {
      return fetch(form.action, { method: "POST", headers: head, body: JSON.stringify(closed(key)) });
    }).then(read).then(function (said) { window.location.assign(said.next); });
  }
  function listen() {
    document.querySelectorAll("form[data-passkey]").forEach(function (form) {
      var wrong = form.querySelector("[role=alert]"), button = form.querySelector("button");
      form.hidden = false;
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        button.disabled = true;
        wrong.hidden = true;
        run(form).catch(function (problem) {
          wrong.textContent = problem.message;
          wrong.hidden = false;
          button.disabled = false;
        });
      });
    });
    document.querySelectorAll("[data-no-passkey]").forEach(function (place) { place.hidden = true; });
  }
  if (window.PublicKeyCredential && window.fetch) {
    if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", listen); } else { listen(); }
  }
})();
