// Signing out takes kept words out of this browser; where there are any, it is asked first.
(function () {
  "use strict";
  var meta = document.querySelector('meta[name="kp-keeper"]');
  if (!meta) { return; }
  var OWN = "kp-words:" + meta.dataset.person + ":";

  function boxes() {
    return ["localStorage", "sessionStorage"].map(function (name) { try { return window[name]; } catch (error) { return null; } }).filter(Boolean);
  }
  function own(box) { return Object.keys(box).filter(function (key) { return key.indexOf(OWN) === 0; }); }
  function places() {
    var found = {};
    boxes().forEach(function (box) {
      own(box).forEach(function (key) {
        try { found[key] = JSON.parse(box.getItem(key)).where || "/"; } catch (error) { found[key] = "/"; }
      });
    });
    return Object.keys(found).map(function (key) { return found[key]; });
  }
  function forget() { boxes().forEach(function (box) { own(box).forEach(function (key) { box.removeItem(key); }); }); }

  document.querySelectorAll("form[data-sign-out]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      var kept = places();
      if (!kept.length) { return; }
      event.preventDefault();
      if (form.nextElementSibling && form.nextElementSibling.hasAttribute("data-sign-out-asks")) { return; }
      var asks = document.createElement("div");
      asks.className = "kp-signout";
      asks.setAttribute("data-sign-out-asks", "");
      asks.setAttribute("role", "group");
      asks.setAttribute("aria-label", "退出前");
      var words = document.createElement("p");
      words.tabIndex = -1;
      words.textContent = "本机还存着 " + kept.length + " 处没有提交的内容。退出会从本机删去，不能找回。";
      var list = document.createElement("ul");
      kept.forEach(function (where, number) {
        var line = document.createElement("li"), link = document.createElement("a");
        link.href = where;
        link.textContent = "去看第 " + (number + 1) + " 处";
        line.appendChild(link);
        list.appendChild(line);
      });
      var go = document.createElement("button"), stay = document.createElement("button");
      go.type = stay.type = "button";
      go.className = "kp-button kp-button--danger kp-button--small";
      stay.className = "kp-button kp-button--small";
      go.textContent = "删去并退出";
      stay.textContent = "先不退出";
      go.addEventListener("click", function () {
        document.querySelectorAll("main form").forEach(function (one) { one.dataset.wordsGone = "1"; });
        forget();
        form.submit();
      });
      stay.addEventListener("click", function () { asks.remove(); form.querySelector("button").focus(); });
      [words, list, go, stay].forEach(function (one) { asks.appendChild(one); });
      form.parentNode.insertBefore(asks, form.nextSibling);
      words.focus();
    });
  });
})();
