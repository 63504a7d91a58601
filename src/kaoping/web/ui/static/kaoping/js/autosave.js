// Autosave of one form: <form data-autosave="address"> with a line [data-autosave-line] for the eye and a region
// [data-autosave-said] for screen readers (at most one announcement a minute). Without script the form's buttons save.
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch || !window.URLSearchParams) { return; }
  var line = form.querySelector("[data-autosave-line]");
  var said = form.querySelector("[data-autosave-said]");
  var PAUSE = 900, AGAIN = 10000, QUIET = 60000;
  var saved = content(), flying = false, stopped = false, waiting = null, timer = 0, spoken = 0;

  // Files go by the button; everything that is typed or chosen is saved here.
  function content() {
    var fields = new URLSearchParams();
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || field.type === "file" || field.type === "submit" || field.hasAttribute("data-autosave-not")) { return; }
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) { return; }
      fields.append(field.name, field.value);
    });
    return fields.toString();
  }
  function say(words, state) {
    line.hidden = false;
    line.dataset.state = state;
    line.lastChild.textContent = words;
    if (state !== "saving" && Date.now() - spoken >= QUIET) { spoken = Date.now(); said.textContent = words; }
  }
  function later(pause) { clearTimeout(timer); timer = setTimeout(save, pause); }
  function failed() {
    say("没有保存成功，内容还在本页，恢复后自动再存。", "failed");
    later(AGAIN);
  }
  function save() {
    var sent = content();
    if (stopped || flying || sent === saved) { return; }
    flying = true;
    say("正在保存……", "saving");
    fetch(form.dataset.autosave, {
      method: "POST", body: sent, credentials: "same-origin", redirect: "error",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json" }
    }).then(function (answer) {
      if (!/json/.test(answer.headers.get("Content-Type") || "")) { throw new Error("no answer"); }
      return answer.json();
    }).then(function (answer) {
      flying = false;
      saved = sent;
      if (stopped) { go(); return; }
      if (answer.refused) { say("没有保存：" + answer.refused, "failed"); return; }
      say("已自动保存，" + answer.saved, "saved");
      if (content() !== saved) { later(PAUSE); }
    }).catch(function () { flying = false; if (stopped) { go(); } else { failed(); } });
  }

  form.addEventListener("input", function (event) { if (event.target.type !== "file") { later(PAUSE); } });
  form.addEventListener("change", function (event) { if (event.target.type !== "file") { later(0); } });
  // The button's form must not be overtaken by older words that are still on their way: it waits for them, five seconds at most.
  function go() {
    if (!waiting) { return; }
    waiting = null;
    form.submit();
  }
  form.addEventListener("submit", function (event) {
    stopped = true;
    clearTimeout(timer);
    if (!flying || waiting) { return; }
    event.preventDefault();
    waiting = document.createElement("input");
    waiting.type = "hidden";
    waiting.name = event.submitter ? event.submitter.name : "then";
    waiting.value = event.submitter ? event.submitter.value : "stay";
    form.appendChild(waiting);
    setTimeout(go, 5000);
  });
  window.addEventListener("online", function () { later(0); });
  window.addEventListener("pageshow", function () { stopped = false; });
  // Leaving by a link within the pause: the last words still go out.
  window.addEventListener("pagehide", function () {
    var sent = content();
    if (stopped || sent === saved || !navigator.sendBeacon) { return; }
    navigator.sendBeacon(form.dataset.autosave, new URLSearchParams(sent));
  });
})();
