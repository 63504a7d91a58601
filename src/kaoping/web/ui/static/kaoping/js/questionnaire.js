// One question at a time, kept on this device until it is sent: <form data-questionnaire="key">. Without script, or with
// data-whole, the form is one page and one POST. What is kept goes when the tab closes or the receipt is shown.
(function () {
  "use strict";

  function kept(key, value) {
    try {
      if (value === null) { sessionStorage.removeItem(key); return null; }
      if (value !== undefined) { sessionStorage.setItem(key, JSON.stringify(value)); return value; }
      return JSON.parse(sessionStorage.getItem(key) || "null");
    } catch (refused) { return null; }
  }

  // The code as a picture in the phone's own album; no unit and no answer stands on it.
  function offerImage(button, source) {
    var canvas = document.createElement("canvas");
    if (!button || !source || !canvas.toBlob) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      var code = source.textContent.replace(/\s/g, "");
      var pen = canvas.getContext("2d");
      canvas.width = 900;
      canvas.height = 420;
      pen.fillStyle = "#FFFFFF";
      pen.fillRect(0, 0, 900, 420);
      pen.fillStyle = "#13201E";
      pen.textAlign = "center";
      pen.font = "36px sans-serif";
      pen.fillText(document.querySelector(".kp-topbar b").textContent + "评议 回执码", 450, 110);
      pen.font = "bold 80px monospace";
      pen.fillText(code, 450, 235);
      pen.font = "28px sans-serif";
      pen.fillText("凭它可以查问卷有没有计入，不分大小写", 450, 320);
      canvas.toBlob(function (blob) {
        var link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = "receipt-" + code + ".png";
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
      });
    });
  }

  var done = document.querySelector("[data-questionnaire-done]");
  if (done) {
    kept("kp:" + done.dataset.questionnaireDone, null);
    offerImage(done.querySelector("[data-save-image]"), done.querySelector("[data-copy-source]"));
    return;
  }

  var form = document.querySelector("form[data-questionnaire]");
  if (!form) { return; }
  var key = "kp:" + form.dataset.questionnaire;
  var steps = Array.prototype.slice.call(form.querySelectorAll("fieldset.kp-options, [data-step]"));
  var stepper = document.querySelector("[data-stepper]");
  var whole = form.hasAttribute("data-whole");
  var refused = document.querySelector("[data-focus]");
  var now = 0;

  function all(selector, act) { document.querySelectorAll(selector).forEach(act); }

  function keep() {
    var values = [];
    new FormData(form).forEach(function (value, name) {
      if (name !== "csrfmiddlewaretoken") { values.push([name, value]); }
    });
    if (kept(key, { at: now, values: values })) {
      all("[data-step-saved]", function (line) { line.hidden = false; });
    }
  }

  // The token comes back too, so that a form sent again after a lost answer still counts once.
  function restore(saved) {
    saved.values.forEach(function (pair) {
      var fields = form.elements[pair[0]];
      if (!fields) { return; }
      if (fields.tagName) {
        if (/^(radio|checkbox)$/.test(fields.type)) { fields.checked = fields.checked || fields.value === pair[1]; } else { fields.value = pair[1]; }
        return;
      }
      Array.prototype.forEach.call(fields, function (field) { if (field.value === pair[1]) { field.checked = true; } });
    });
    now = Math.min(Number(saved.at) || 0, steps.length - 1);
  }

  function show(number, focus) {
    now = number;
    steps.forEach(function (step, place) { step.hidden = place !== now; });
    var last = now === steps.length - 1;
    all("[data-step-at]", function (one) { one.textContent = now + 1; });
    all("[data-stepper] li", function (one, place) { one.toggleAttribute("data-done", place <= now); });
    all("[data-step-first]", function (one) { one.hidden = now > 0; });
    all("[data-step-back]", function (one) { one.hidden = now === 0; });
    all("[data-step-next]", function (one) { one.hidden = last; });
    all("[data-step-send]", function (one) { one.hidden = !last; });
    if (!focus) { return; }
    var heading = steps[now].querySelector("h1, h2, label");
    heading.tabIndex = -1;
    heading.focus();
    window.scrollTo(0, 0);
  }

  function complain(step) {
    var id = step.id + "-missing";
    var said = document.getElementById(id);
    if (!said) {
      said = document.createElement("span");
      said.id = id;
      said.className = "kp-field__error";
      said.setAttribute("role", "alert");
      step.querySelector("legend").appendChild(said);
      step.classList.add("kp-field--error");
      step.setAttribute("aria-describedby", id);
    }
    said.textContent = step.dataset.missing;
    step.querySelector("input").focus();
  }

  function forgive(step) {
    var said = step && document.getElementById(step.id + "-missing");
    if (said) {
      said.remove();
      step.classList.remove("kp-field--error");
      step.removeAttribute("aria-describedby");
    }
  }

  function next() {
    var step = steps[now];
    if (step.dataset.missing && !step.querySelector("input:checked")) { complain(step); return; }
    history.pushState({ step: now + 1 }, "");
    show(now + 1, true);
    keep();
  }

  var saved = refused ? null : kept(key);
  if (saved && saved.values) { restore(saved); }
  form.addEventListener("change", function (event) { forgive(event.target.closest("fieldset")); keep(); });
  form.addEventListener("input", keep);
  if (whole || refused || steps.length < 2) { return; }

  document.body.classList.add("kp-stepping");
  stepper.hidden = false;
  all("[data-step-whole]", function (link) { link.hidden = false; });
  show(now, false);
  history.replaceState({ step: now }, "");
  all("[data-step-next]", function (button) { button.addEventListener("click", next); });
  all("[data-step-back]", function (button) { button.addEventListener("click", function () { show(now - 1, true); history.pushState({ step: now }, ""); keep(); }); });
  form.addEventListener("submit", function (event) { if (now < steps.length - 1) { event.preventDefault(); next(); } });
  window.addEventListener("popstate", function (event) { if (event.state && event.state.step >= 0) { show(event.state.step, true); keep(); } });
})();
