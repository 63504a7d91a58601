// Small helps on top of pages that work without them. No globals; kept is one word between two pages, that somebody is scoring.
(function () {
  "use strict";

  // Heat table and outcome matrix: one stop for Tab, arrows move, Home and End jump, C copies the address.
  document.querySelectorAll("table[data-heat]").forEach(function (table) {
    var rows = Array.prototype.map.call(table.tBodies[0] ? table.tBodies[0].rows : [], function (row) {
      return Array.prototype.map.call(row.querySelectorAll("td:not(.kp-heat__plain)"), function (cell) { return cell.querySelector("a"); });
    });
    var links = rows.flat().filter(Boolean);
    if (!links.length) { return; }
    function choose(link, focus) {
      links.forEach(function (other) { other.tabIndex = other === link ? 0 : -1; });
      if (focus) { link.focus(); }
    }
    choose(table.querySelector("td[data-selected] a") || links[0], false);
    table.addEventListener("keydown", function (event) {
      var link = event.target.closest("td a");
      if (!link || event.ctrlKey || event.metaKey || event.altKey) { return; }
      var y = rows.findIndex(function (row) { return row.indexOf(link) >= 0; });
      var x = rows[y].indexOf(link);
      var move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      var target = null;
      if (move) {
        for (var r = y + move[0], c = x + move[1]; rows[r] && c >= 0 && c < Math.max(rows[r].length, x + 1); r += move[0], c += move[1]) {
          if (rows[r][c]) { target = rows[r][c]; break; }
        }
      } else if (event.key === "Home") {
        target = rows[y].find(Boolean);
      } else if (event.key === "End") {
        target = rows[y].slice().reverse().find(Boolean);
      } else if (event.key === "c" || event.key === "C") {
        if (navigator.clipboard) { navigator.clipboard.writeText(link.href); }
        event.preventDefault();
        return;
      } else { return; }
      event.preventDefault();
      if (target) { choose(target, true); }
    });
  });

  // Esc leaves the reason of a cell and goes back to the cell.
  var reason = document.getElementById("reason");
  var chosen = document.querySelector("table[data-heat] td[data-selected] a");
  if (reason && chosen) {
    reason.parentNode.addEventListener("keydown", function (event) { if (event.key === "Escape") { chosen.focus(); } });
  }

  // Errors: the reader is taken to the summary.
  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }

  // Level rows in the reviewer's queue: number keys choose.
  document.querySelectorAll("[data-levels]").forEach(function (group) {
    group.addEventListener("keydown", function (event) {
      var radio = group.querySelectorAll("input")[Number(event.key) - 1];
      if (radio && /^[1-9]$/.test(event.key)) { radio.checked = true; radio.focus(); event.preventDefault(); }
    });
  });

  // Scoring by keyboard: who saved one item goes on in the levels of the next. On phones the evidence comes first.
  var levels = document.querySelector("form [data-levels]");
  if (levels && window.sessionStorage && window.matchMedia("(min-width: 900px)").matches) {
    if (sessionStorage.getItem("kp-scoring") && !summary) {
      var first = levels.querySelector("input:checked") || levels.querySelector("input:not(:disabled)");
      if (first) { first.focus({ preventScroll: true }); }
    }
    sessionStorage.removeItem("kp-scoring");
    levels.closest("form").addEventListener("submit", function () { sessionStorage.setItem("kp-scoring", "1"); });
  }

  // Receipt: copy, and read aloud where the machine has a Chinese voice of its own.
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var source = document.querySelector("[data-copy-source]");
    if (!source || !navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(source.textContent.trim()).then(function () { button.lastChild.textContent = "已复制"; });
    });
  });
  function localVoice() {
    return "speechSynthesis" in window && speechSynthesis.getVoices().find(function (voice) {
      return voice.localService && /^zh/i.test(voice.lang);
    });
  }
  function offerSpeech() {
    var voice = localVoice();
    document.querySelectorAll("[data-speak], [data-speak-code]").forEach(function (button) {
      button.hidden = !voice;
      if (!voice || button.dataset.ready) { return; }
      button.dataset.ready = "1";
      button.addEventListener("click", function () {
        var code = button.hasAttribute("data-speak-code");
        var from = document.querySelector(code ? "[data-copy-source]" : "main");
        var words = new SpeechSynthesisUtterance(code ? from.textContent.trim().split("").join(" ") : from.innerText);
        words.voice = voice;
        words.lang = voice.lang;
        speechSynthesis.cancel();
        speechSynthesis.speak(words);
      });
    });
  }
  if ("speechSynthesis" in window) {
    offerSpeech();
    if (speechSynthesis.addEventListener) { speechSynthesis.addEventListener("voiceschanged", offerSpeech); }
  }

  // "/" goes to search; the item list folds itself on phones.
  document.addEventListener("keydown", function (event) {
    var search = document.querySelector('[data-key="/"]');
    if (event.key === "/" && search && !/INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) { search.focus(); event.preventDefault(); }
  });
  var here = document.querySelector(".kp-nav a[aria-current]");
  var nav = here && here.closest(".kp-nav");
  if (nav && nav.scrollWidth > nav.clientWidth) { nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2; }
  var items = document.querySelector("details.kp-items");
  if (items && window.matchMedia("(max-width: 899.98px)").matches) { items.open = false; }
})();
