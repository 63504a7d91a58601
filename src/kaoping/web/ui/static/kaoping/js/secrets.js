// Fields that are typed unseen: a button that shows what was typed, and how strong a new password is. Nothing leaves the page.
(function () {
  "use strict";
  var ENOUGH = 12, WELL = 16;

  // Characters that tell something: not the same again, and not the next in a row (abcd, 4321).
  function telling(text) {
    var count = 0, step = null;
    for (var i = 0; i < text.length; i++) {
      var now = i ? text.charCodeAt(i) - text.charCodeAt(i - 1) : null;
      if (i === 0 || !(now === 0 || (Math.abs(now) === 1 && now === step))) { count += 1; }
      step = now;
    }
    return Math.min(count, 2 * new Set(text).size);
  }
  function judged(text) {
    if (text.length < ENOUGH) { return [1, "还差 " + (ENOUGH - text.length) + " 个字符"]; }
    var told = telling(text);
    if (told < ENOUGH - 3) { return [1, "弱：重复或连着的字符太多，容易猜到，不能用"]; }
    return told < WELL ? [2, "中：可以用，再长些更稳妥"] : [3, "强"];
  }
  function strength(field) {
    var line = document.createElement("p");
    line.className = "kp-strength";
    var meter = document.createElement("meter");
    meter.min = 0; meter.max = 3; meter.low = 2; meter.high = 3; meter.optimum = 3;
    meter.setAttribute("aria-hidden", "true");
    var words = document.createElement("span");
    words.setAttribute("role", "status");
    line.appendChild(meter);
    line.appendChild(words);
    function say() {
      var found = field.value ? judged(field.value) : [0, ""];
      line.hidden = !field.value;
      meter.value = found[0];
      words.textContent = found[1] && "口令强度：" + found[1];
    }
    field.addEventListener("input", say);
    say();
    return line;
  }
  function dress(field) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "kp-button kp-button--small";
    var label = field.labels && field.labels[0];
    button.setAttribute("aria-controls", field.id);
    function show(open) {
      field.type = open ? "text" : "password";
      button.textContent = open ? "隐藏" : "显示";
      button.setAttribute("aria-label", button.textContent + (label ? label.textContent : "口令"));
    }
    show(false);
    button.addEventListener("click", function () { show(field.type === "password"); field.focus(); });
    // A password that is sent as plain text would be offered again by the browser to the next who types here.
    if (field.form) { field.form.addEventListener("submit", function () { show(false); }); }
    var row = document.createElement("div");
    row.className = "kp-secret";
    field.parentNode.insertBefore(row, field);
    row.appendChild(field);
    row.appendChild(button);
    if (field.dataset.secret === "new") { row.parentNode.insertBefore(strength(field), row.nextSibling); }
  }
  function all(root) { root.querySelectorAll("input[data-secret]").forEach(dress); }
  all(document);
  document.addEventListener("kp:door", function (event) { all(event.target); });
})();
