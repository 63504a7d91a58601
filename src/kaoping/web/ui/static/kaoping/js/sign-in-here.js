// Signed out while writing: signing in without leaving the page. The panel shows whatever the sign-in door shows
// (name and password, a second step, a forced change of password, shut out) until somebody is signed in.
(function () {
  "use strict";
  if (!window.fetch || !window.DOMParser || !window.URLSearchParams) { return; }
  var DOOR = "/sign-in/?next=/words/here/", panel = null, waiting = [], asked = 0;

  function add(parent, tag, text) {
    var made = document.createElement(tag);
    made.textContent = text;
    parent.appendChild(made);
    return made;
  }
  function close() {
    if (panel) { panel.remove(); }
    panel = null;
  }
  // Who is still writing is not taken away from the text; who wanted to send is led to the panel.
  function open(form, asking) {
    panel = document.createElement("section");
    panel.className = "kp-over kp-card";
    panel.setAttribute("aria-labelledby", "kp-over-title");
    panel.setAttribute("data-over", "");
    var body = document.createElement("div");
    body.className = "kp-card__body kp-stack";
    panel.appendChild(body);
    var title = add(body, "h2", "已退出，请在这里登录");
    title.id = "kp-over-title";
    title.tabIndex = -1;
    add(body, "p", "已退出登录。您填的内容还在，登录后接着填。");
    panel.room = document.createElement("div");
    body.appendChild(panel.room);
    form.parentNode.insertBefore(panel, form.nextSibling);
    if (asking) { reach(title); }
    load(fetch(DOOR, { credentials: "same-origin", cache: "no-store" }));
  }
  function reach(title) {
    title.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }
  function load(asking) {
    asking.then(function (answer) {
      if (/json/.test(answer.headers.get("Content-Type") || "")) { return answer.json().then(entered); }
      return answer.text().then(show);
    }).catch(function () {
      say("没有网络，还没有登录。请稍后再试。", function () { load(fetch(DOOR, { credentials: "same-origin", cache: "no-store" })); });
    });
  }
  function say(words, again) {
    if (!panel) { return; }
    panel.room.textContent = "";
    add(panel.room, "p", words).setAttribute("role", "alert");
    var button = add(panel.room, "button", "再试一次");
    button.type = "button";
    button.className = "kp-button";
    button.addEventListener("click", again);
  }
  // The door's own form, with ids of its own so that they do not meet those of the page.
  function show(html) {
    if (!panel) { return; }
    var part = new DOMParser().parseFromString(html, "text/html").querySelector("[data-sign-in]");
    if (!part) {
      asked += 1;
      if (asked > 3) { asked = 0; say("没有登录成功，内容还在。请稍后再试。", function () { load(fetch(DOOR, { credentials: "same-origin", cache: "no-store" })); }); return; }
      load(fetch("/words/here/", { credentials: "same-origin", cache: "no-store", headers: { "Accept": "application/json" } }));
      return;
    }
    part = document.importNode(part, true);
    part.className = "kp-stack";
    part.querySelectorAll("[id]").forEach(function (one) { one.id = "over-" + one.id; });
    ["for", "aria-describedby", "aria-labelledby"].forEach(function (name) {
      part.querySelectorAll("[" + name + "]").forEach(function (one) {
        one.setAttribute(name, one.getAttribute(name).split(" ").map(function (id) { return "over-" + id; }).join(" "));
      });
    });
    part.querySelectorAll('a[href^="#"]').forEach(function (one) { one.setAttribute("href", "#over-" + one.getAttribute("href").slice(1)); });
    part.querySelectorAll("h1").forEach(function (one) {
      if (one.textContent.trim() === "登录") { one.remove(); return; }
      var smaller = document.createElement("h3");
      smaller.textContent = one.textContent;
      one.replaceWith(smaller);
    });
    part.querySelectorAll(".kp-errors h2").forEach(function (one) {
      var smaller = document.createElement("h4");
      smaller.textContent = one.textContent;
      one.replaceWith(smaller);
    });
    part.querySelectorAll("form").forEach(function (form) {
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        var fields = new URLSearchParams(new FormData(form));
        if (event.submitter && event.submitter.name) { fields.append(event.submitter.name, event.submitter.value); }
        load(fetch(form.getAttribute("action") || DOOR, { method: "POST", body: fields, credentials: "same-origin" }));
      });
    });
    var inside = panel.contains(document.activeElement);
    panel.room.textContent = "";
    panel.room.appendChild(part);
    part.dispatchEvent(new CustomEvent("kp:door", { bubbles: true }));
    var first = part.querySelector(".kp-errors") || part.querySelector('input:not([type="hidden"])');
    if (first && inside) { first.tabIndex = first.tabIndex < 0 ? -1 : first.tabIndex; first.focus(); }
  }
  function entered(answer) {
    if (!answer.person) {
      load(fetch(DOOR, { credentials: "same-origin", cache: "no-store" }));
      return;
    }
    var told = waiting;
    waiting = [];
    asked = 0;
    var inside = panel && panel.contains(document.activeElement);
    close();
    if (answer.person !== told[0].detail.person) { told[0].detail.other(); return; }
    told.forEach(function (one) {
      one.form.dispatchEvent(new CustomEvent("kp:in", { bubbles: true, detail: { csrf: answer.csrf } }));
    });
    var back = told[0].form.querySelector("textarea") || told[0].form.querySelector("input:not([type=hidden])");
    if (back && inside) { back.focus(); }
  }

  document.addEventListener("kp:over", function (event) {
    waiting.push({ form: event.target, detail: event.detail });
    if (!panel) { open(event.target, event.detail.asking); }
    else if (event.detail.asking && !panel.contains(document.activeElement)) { reach(panel.querySelector("h2")); }
  });
  // Somebody signed in elsewhere in this browser.
  document.addEventListener("kp:back", function () { close(); waiting = []; }, true);
})();
