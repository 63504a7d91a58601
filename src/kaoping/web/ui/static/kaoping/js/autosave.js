// Autosave of one form: <form data-autosave="address"> with a line [data-autosave-line] for the eye and a region
// [data-autosave-said] for screen readers (at most one announcement a minute, but what changes the state is said at once). Without script the form's buttons save.
// What does not get through is told to words.js by the event kp:unsent, what does by kp:saved.
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch || !window.URLSearchParams) { return; }
  var line = form.querySelector("[data-autosave-line]");
  var said = form.querySelector("[data-autosave-said]");
  var edition = form.querySelector("[data-edition]");
  var PAUSE = 900, AGAIN = 10000, QUIET = 60000;
  // What was turned away for what it says is not sent again as it is; what could not be stored for now is.
  var saved = content(), turned = null, flying = false, stopped = false, chosen = true, waiting = null, timer = 0, spoken = 0;

  // Files go by the button; everything that is typed or chosen is saved here. What the page itself carries is no change.
  function fields() {
    var found = new URLSearchParams();
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || field.type === "file" || field.type === "submit" || field.hasAttribute("data-autosave-not")) { return; }
      if (field.name === "take" || field.name === "clashing" || field.hasAttribute("data-words-sent")) { return; }
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) { return; }
      found.append(field.name, field.value);
    });
    return found;
  }
  function content() {
    var found = fields();
    found.delete("opened");
    found.delete("csrfmiddlewaretoken");
    return found.toString();
  }
  function say(words, state) {
    line.hidden = false;
    line.dataset.state = state;
    line.lastChild.textContent = words;
    if (state === "saving") { return; }
    // What was said last must not contradict the line: another state, or another failure, is said at once.
    var other = said.dataset.state !== state || (state === "failed" && said.textContent !== words);
    if (other || Date.now() - spoken >= QUIET) { spoken = Date.now(); said.dataset.state = state; said.textContent = words; }
  }
  function tell(name) { form.dispatchEvent(new CustomEvent(name)); }
  function later(pause) { clearTimeout(timer); timer = setTimeout(save, pause); }
  function failed() {
    say("没有保存成功，内容还在本页，恢复后自动再存。", "failed");
    later(AGAIN);
  }
  // Somebody else stored the same: both texts are shown in the form, and its buttons decide.
  function stale(answer) {
    var room = form.querySelector("[data-stale]");
    if (room) { room.remove(); }
    edition.insertAdjacentHTML("afterend", answer.stale);
    edition.value = answer.opened;
    chosen = false;
    say("没有保存：别处又存过，请看表单上方，选一种。", "failed");
    form.querySelector("[data-stale]").focus();
  }
  function save() {
    var sent = content();
    if (stopped || flying || !chosen || sent === turned) { return; }
    if (sent === saved) {
      if (turned !== null) { turned = null; say("现在的内容与已保存的相同。", "saved"); tell("kp:saved"); }
      return;
    }
    flying = true;
    say("正在保存……", "saving");
    fetch(form.dataset.autosave, {
      method: "POST", body: fields().toString(), credentials: "same-origin", redirect: "error",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json" }
    }).then(function (answer) {
      // Busy, slow or full for now: the same again later.
      if (answer.status >= 500 || answer.status === 408 || !/json/.test(answer.headers.get("Content-Type") || "")) { throw new Error("no answer"); }
      return answer.json();
    }).then(function (answer) {
      flying = false;
      if (answer.over || answer.expired) {
        say("没有保存，内容还在本页。", "failed");
        tell("kp:unsent");
        go();
        return;
      }
      if (answer.stale) { stale(answer); tell("kp:unsent"); return; }
      if (answer.refused) {
        turned = sent;
        say("没有保存：" + answer.refused, "failed");
        tell("kp:unsent");
        go();
        if (content() !== sent) { later(PAUSE); }
        return;
      }
      saved = sent;
      turned = null;
      if (answer.opened && edition) { edition.value = answer.opened; }
      if (content() === saved) { tell("kp:saved"); }
      if (waiting) { go(); return; }
      say("已自动保存，" + answer.saved + (answer.newer ? "。" + answer.newer : ""), "saved");
      if (content() !== saved) { later(PAUSE); }
    }).catch(function () { flying = false; if (waiting) { go(); } else { failed(); tell("kp:unsent"); } });
  }

  form.addEventListener("input", function (event) { if (event.target.type !== "file") { later(PAUSE); } });
  form.addEventListener("change", function (event) { if (event.target.type !== "file") { later(0); } });
  // The button's form must not be overtaken by older words that are still on their way: it waits for them, five seconds at most.
  function go() {
    if (!waiting) { return; }
    var send = waiting;
    waiting = null;
    send();
  }
  form.addEventListener("kp:send", function (event) {
    stopped = true;
    clearTimeout(timer);
    if (!flying) { return; }
    event.preventDefault();
    waiting = event.detail.go;
    setTimeout(go, 5000);
  });
  form.addEventListener("kp:in", function () {
    stopped = false;
    turned = null;
    if (content() === saved) { say("已重新登录，内容都已保存。", "saved"); return; }
    say("已重新登录，正在保存……", "saving");
    later(0);
  });
  window.addEventListener("online", function () { later(0); });
  window.addEventListener("pageshow", function () { stopped = false; });
  // Leaving by a link within the pause: the last words still go out.
  window.addEventListener("pagehide", function () {
    if (stopped || !chosen || content() === saved || content() === turned || !navigator.sendBeacon) { return; }
    navigator.sendBeacon(form.dataset.autosave, fields());
  });
})();
