// Typed words are kept until they are stored: every form with a text. The server seals them for the person of this page
// (the key never comes here), the browser keeps the sealed words for seven days. Until they are sealed, which takes the
// network, they wait in this tab alone. Before a form is sent, the server is asked who is signed in.
// Told to the others by events on the form: kp:over (nobody is signed in), kp:in (signed in again), kp:send (about to go).
// Heard from them: kp:unsent (an autosave did not get through), kp:saved (it did).
(function () {
  "use strict";
  var meta = document.querySelector('meta[name="kp-keeper"]');
  if (!meta || !window.fetch || !window.URLSearchParams || !window.Promise) { return; }
  var person = meta.dataset.person, keeper = meta.content;
  var ALL = "kp-words:", OWN = ALL + person + ":", DAYS = 7 * 24 * 3600 * 1000, PAUSE = 900, AGAIN = 10000, WAIT = 8000;
  var TEXTS = 'textarea, input:not([type]), input[type="text"], input[type="url"], input[type="email"], input[type="tel"]';
  var browser = store("localStorage"), tab = store("sessionStorage"), leaving = false, forms = [];

  // ---- storage: may be switched off or full, then the words stay on the page and the line says so ----
  function store(name) { try { return window[name]; } catch (error) { return null; } }
  function put(box, key, entry) {
    try { box.setItem(key, JSON.stringify(entry)); return true; } catch (error) { return false; }
  }
  function get(box, key) { try { return JSON.parse(box.getItem(key)); } catch (error) { return null; } }
  function drop(box, key) { try { box.removeItem(key); } catch (error) { return; } }
  function keys(box) {
    var found = [];
    try { for (var n = 0; n < box.length; n += 1) { if (box.key(n).indexOf(ALL) === 0) { found.push(box.key(n)); } } } catch (error) { return found; }
    return found;
  }
  function sweep() {
    var now = Date.now();
    keys(browser).forEach(function (key) {
      var entry = get(browser, key);
      if (!entry || !entry.sealed || now - entry.at >= DAYS || entry.at - now > DAYS) { drop(browser, key); }
    });
    // Somebody else typed in this tab and the words were not sealed yet: they are sealed for that person, unseen.
    keys(tab).forEach(function (key) {
      var entry = get(tab, key);
      if (!entry || now - entry.at >= DAYS) { drop(tab, key); return; }
      if (key.indexOf(OWN) === 0) { return; }
      seal(entry).then(function (answer) { put(browser, key, sealed(entry, answer)); drop(tab, key); }, function () { return; });
    });
    // The page before was told that these words are stored.
    var saved = /(?:^|;\s*)kaoping_saved=([0-9a-z]+)/.exec(document.cookie);
    if (saved) {
      document.cookie = "kaoping_saved=; path=/; max-age=0; samesite=lax";
      [browser, tab].forEach(function (box) {
        keys(box).forEach(function (key) { if ((get(box, key) || {}).ticket === saved[1]) { drop(box, key); } });
      });
    }
  }

  // ---- asking the server ----
  function ask(address, body) {
    var stop = window.AbortController ? new AbortController() : null;
    var late = stop && setTimeout(function () { stop.abort(); }, WAIT);
    var options = { credentials: "same-origin", cache: "no-store", headers: { "Accept": "application/json" } };
    if (stop) { options.signal = stop.signal; }
    if (body) { options.method = "POST"; options.body = new URLSearchParams(body); }
    return fetch(address, options).then(function (answer) { clearTimeout(late); return answer; }, function (error) { clearTimeout(late); throw error; });
  }
  function seal(entry) {
    return ask("/words/seal/", { keeper: entry.keeper, words: JSON.stringify({ fields: entry.fields, opened: entry.opened }) })
      .then(function (answer) { if (!answer.ok) { throw new Error("not sealed"); } return answer.json(); });
  }
  function sealed(entry, answer) {
    return { at: entry.at, ticket: entry.ticket, where: entry.where, sealed: answer.sealed };
  }
  function token(form) {
    var field = form.querySelector('input[name="csrfmiddlewaretoken"]');
    return field ? field.value : "";
  }

  // ---- one form ----
  // Passwords, one-time codes and keys are never kept, not even sealed and unused.
  var SECRET = /^(off|one-time-code|current-password|new-password)$/;
  function kept(field) {
    return field.name && !field.disabled && !field.readOnly && !SECRET.test(field.autocomplete || "") && !field.hasAttribute("data-not-kept") &&
      !/^(hidden|password|file|submit|button|reset|image|fieldset|output)$/.test(field.type || "fieldset");
  }
  function values(form) {
    var found = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!kept(field)) { return; }
      found[field.name] = found[field.name] || [];
      if ((field.type !== "radio" && field.type !== "checkbox") || field.checked) { found[field.name].push(field.value); }
    });
    return found;
  }
  function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }
  function fill(form, fields) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!kept(field) || !fields[field.name]) { return; }
      if (field.type === "radio" || field.type === "checkbox") { field.checked = fields[field.name].indexOf(field.value) >= 0; return; }
      var more = Array.prototype.filter.call(form.elements, function (one) { return one.name === field.name && kept(one); });
      field.value = fields[field.name][more.indexOf(field)] || "";
    });
  }

  function Kept(form, key) {
    var self = this, old = get(tab, key) || get(browser, key);
    this.form = form;
    this.key = key;
    this.auto = form.hasAttribute("data-autosave");
    this.first = values(form);
    this.names = {};
    this.touched = {}; // what was written on this page before the words of an earlier one came back
    this.ticket = (old && old.ticket) || Date.now().toString(36) + Math.random().toString(36).slice(2, 12);
    this.where = (old && old.where) || location.pathname + location.search;
    this.loose = false; // words that stand nowhere but in this tab
    this.timer = 0;
    this.busy = false;
    // Shown again after a refusal, a form holds what was typed, not what is stored.
    this.asStored = !document.querySelector(".kp-errors, [data-stale]");
    form.addEventListener("input", function (event) { if (kept(event.target)) { self.typed(event.target.name); } });
    form.addEventListener("change", function (event) { if (kept(event.target)) { self.typed(event.target.name); } });
    form.addEventListener("submit", function (event) { self.submit(event); });
    form.addEventListener("kp:saved", function () { self.forget(); });
    form.addEventListener("kp:unsent", function () { self.flush(); self.who(); });
    this.restore();
  }
  Kept.prototype.say = function (words, state) {
    if (!this.line) {
      this.line = this.form.querySelector("[data-autosave-line]");
      this.said = this.form.querySelector("[data-autosave-said]");
      if (!this.line) {
        var actions = this.form.querySelector(".kp-actions") || this.form.querySelector("button:not([type=button])");
        this.line = document.createElement("p");
        this.line.className = "kp-autosave";
        this.line.setAttribute("data-words-line", "");
        this.line.appendChild(document.createElement("span"));
        this.said = document.createElement("span");
        this.said.className = "kp-hidden";
        this.said.setAttribute("role", "status");
        // Behind the buttons: what is said never moves a button from under a press.
        actions.parentNode.insertBefore(this.said, actions.nextSibling);
        actions.parentNode.insertBefore(this.line, this.said);
      }
    }
    this.line.hidden = false;
    this.line.dataset.state = state;
    if (this.line.lastChild.textContent === words && this.said.textContent === words) { return; }
    this.line.lastChild.textContent = words;
    // The region may be shared with the autosave: what either said last must not contradict the line.
    if (state === "failed" || this.said.dataset.state !== state || !this.spoke || Date.now() - this.spoke > 60000) {
      this.spoke = Date.now();
      this.said.dataset.state = state;
      this.said.textContent = words;
    }
  };
  Kept.prototype.entry = function () {
    var now = values(this.form), self = this, fields = {};
    Object.keys(now).forEach(function (name) { if (self.names[name] || !same(now[name], self.first[name])) { self.names[name] = true; fields[name] = now[name]; } });
    var opened = this.form.querySelector("[data-edition]");
    return { at: Date.now(), ticket: this.ticket, where: this.where, keeper: keeper, fields: fields, opened: opened ? opened.value : "" };
  };
  Kept.prototype.typed = function (name) {
    var self = this, entry = this.entry();
    if (name) { this.touched[name] = true; }
    if (!Object.keys(entry.fields).length) { return; }
    if (this.asStored && same(values(this.form), this.first)) { this.forget(); return; }
    this.loose = true;
    put(tab, this.key, entry);
    clearTimeout(this.timer);
    // What has an autosave of its own is sealed only when that does not get through.
    if (!this.auto || this.unsent) { this.timer = setTimeout(function () { self.flush(); }, PAUSE); }
  };
  Kept.prototype.flush = function () {
    var self = this, entry = this.entry();
    clearTimeout(this.timer);
    if (this.auto) { this.unsent = true; }
    if (!Object.keys(entry.fields).length || this.form.dataset.wordsGone) { return Promise.resolve(); }
    put(tab, this.key, entry);
    return seal(entry).then(function (answer) {
      if (self.form.dataset.wordsGone) { return; }
      if (!put(browser, self.key, sealed(entry, answer))) {
        self.say("本机存不下，内容只在本页，未提交。请先复制下来，不要关闭。", "failed");
        return;
      }
      if (same(self.entry().fields, entry.fields)) { self.loose = false; drop(tab, self.key); }
      if (answer.here === person) { self.unlock(); if (!self.auto) { self.say("已存在本机，未提交，" + answer.at, "saved"); } }
      else if (answer.here) { self.other(); }
      else { self.over(); }
    }).catch(function () {
      if (!self.auto) { self.say("没有网络，未提交。内容只存在这个标签页，请不要关闭。", "failed"); }
      clearTimeout(self.timer);
      self.timer = setTimeout(function () { self.flush(); }, AGAIN);
    });
  };
  Kept.prototype.forget = function () {
    clearTimeout(this.timer);
    this.loose = this.unsent = false;
    this.names = {};
    this.first = values(this.form);
    drop(tab, this.key);
    drop(browser, this.key);
    if (this.note) { this.note.remove(); this.note = null; }
  };
  Kept.prototype.unlock = function () { if (this.out) { this.out = false; this.form.dispatchEvent(new CustomEvent("kp:back")); } };
  Kept.prototype.over = function () {
    var loose = this.loose || !get(browser, this.key);
    this.say(loose ? "已退出，内容还在本页。请在下面登录。" : "已退出，内容还在本机。请在下面登录。", "failed");
    if (this.out && !this.busy) { return; }
    this.out = true;
    this.form.dispatchEvent(new CustomEvent("kp:over", { bubbles: true, detail: { person: person, asking: this.busy, other: this.other.bind(this) } }));
  };
  // Another person is signed in here now: the words of the first are sealed and taken off the page.
  Kept.prototype.other = function () {
    var done = function () { leaving = true; put(tab, "kp-other", 1); forms.forEach(function (one) { one.form.reset(); }); location.replace("/"); };
    if (this.left) { return; }
    this.left = true;
    Promise.all(forms.map(function (one) { return one.loose ? one.flush() : null; })).then(done, done);
  };

  // ---- sending: first it is asked who is signed in; then the form goes as it would have gone ----
  Kept.prototype.who = function (go) {
    var self = this;
    return ask("/words/here/").then(function (answer) {
      if (answer.status === 401) { self.over(); return; }
      if (!answer.ok || !/json/.test(answer.headers.get("Content-Type") || "")) { if (go) { go(); } return; }
      return answer.json().then(function (now) {
        if (now.person !== person) { self.other(); return; }
        self.again(now.csrf);
        if (go) { go(); }
      });
    }).catch(function () {
      self.busy = false;
      if (self.auto && !go) { return; } // the autosave says it; a press of the button is answered here
      self.say("没有网络，没有提交。内容只存在这个标签页，请不要关闭；有了网络再点一次。", "failed");
    });
  };
  Kept.prototype.again = function (csrf) {
    document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach(function (field) { field.value = csrf; });
    this.out = false;
  };
  Kept.prototype.submit = function (event) {
    var self = this, form = this.form;
    if (event.defaultPrevented) { return; }
    event.preventDefault();
    if (this.busy) { return; }
    this.busy = true;
    this.button = event.submitter || null;
    this.hidden("words_ticket", this.ticket);
    if (this.button && this.button.name) { this.hidden(this.button.name, this.button.value); }
    this.flush();
    this.who(function () {
      function go() { leaving = true; HTMLFormElement.prototype.submit.call(form); }
      if (form.dispatchEvent(new CustomEvent("kp:send", { cancelable: true, detail: { go: go } }))) { go(); }
    }).then(function () { if (self.out) { self.busy = false; } });
  };
  Kept.prototype.hidden = function (name, value) {
    var field = this.form.querySelector('input[data-words-sent="' + name + '"]') || document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    field.setAttribute("data-words-sent", name);
    this.form.appendChild(field);
  };

  // ---- giving back ----
  Kept.prototype.restore = function () {
    var self = this, loose = get(tab, this.key), closed = get(browser, this.key);
    if (loose && loose.fields) { this.back(loose, ""); this.flush(); return; }
    if (!closed) { return; }
    ask("/words/open/", { sealed: closed.sealed, csrfmiddlewaretoken: token(this.form) }).then(function (answer) {
      return answer.ok ? answer.json() : { words: null };
    }).then(function (answer) {
      if (answer.words) { self.back(answer.words, answer.at); }
    }).catch(function () { return; });
  };
  Kept.prototype.back = function (words, at) {
    var now = values(this.form), self = this, opened = this.form.querySelector("[data-edition]"), before = opened && opened.value;
    var when = at ? " " + at + " " : "刚才";
    var moved = Object.keys(words.fields).filter(function (name) { return now[name] && !same(now[name], words.fields[name]); });
    Object.keys(words.fields).forEach(function (name) { self.names[name] = true; });
    if (!moved.length) { if (this.asStored) { this.forget(); } return; }
    function giveBack() {
      now = values(self.form);
      fill(self.form, words.fields);
      // They were written on what stood here then: who stored something since is not overwritten unseen.
      if (opened && words.opened) { opened.value = words.opened; }
      self.tell("已放回您" + when + "没有提交的内容，还没有提交。" + (self.form.querySelector('input[type="file"]') ? "附件不存本机，要重新选。" : ""), "不要这些，恢复原样", function () {
        fill(self.form, now);
        if (opened) { opened.value = before; }
        self.forget();
      });
      if (self.auto) { self.form.dispatchEvent(new CustomEvent("input", { bubbles: true })); }
    }
    // Who has begun to write while they were fetched decides: neither text is put over the other unasked.
    if (moved.some(function (name) { return self.touched[name]; })) {
      this.tell("您" + when + "没有提交的内容还在。您已经开始写，没有放回。", "换成没有提交的内容", function () { giveBack(); self.typed(); });
    } else { giveBack(); }
  };
  Kept.prototype.tell = function (words, label, act) {
    var text = document.createElement("p"), button = document.createElement("button");
    if (this.note) { this.note.remove(); }
    this.note = document.createElement("div");
    this.note.className = "kp-notice";
    this.note.dataset.tone = "cau";
    this.note.setAttribute("role", "status");
    this.note.setAttribute("data-words-note", "");
    text.textContent = words;
    button.type = "button";
    button.className = "kp-link";
    button.textContent = label;
    button.addEventListener("click", act);
    this.note.appendChild(text);
    this.note.appendChild(button);
    this.form.insertBefore(this.note, this.form.firstChild);
  };

  // The page before was another person's.
  if (tab && get(tab, "kp-other")) {
    drop(tab, "kp-other");
    var told = document.createElement("div"), room = document.querySelector("main .kp-wrap");
    told.className = "kp-notice";
    told.dataset.tone = "cau";
    told.setAttribute("role", "status");
    told.textContent = "刚才那一页是另一个人打开的，没有提交的内容存在本机，本人登录后才能看到。";
    if (room) { room.insertBefore(told, room.firstChild); }
  }
  sweep();
  var seen = {};
  document.querySelectorAll('main form[method="post"]').forEach(function (form) {
    if (form.hasAttribute("data-not-kept") || !Array.prototype.some.call(form.querySelectorAll(TEXTS), kept)) { return; }
    var to = new URL(form.getAttribute("action") || location.href, location.href), key = OWN + to.pathname + to.search;
    seen[key] = (seen[key] || 0) + 1;
    forms.push(new Kept(form, seen[key] > 1 ? key + "#" + seen[key] : key));
  });
  document.addEventListener("kp:in", function (event) {
    forms.forEach(function (one) {
      one.again(event.detail.csrf);
      if (one.form !== event.target) { return; }
      one.busy = false;
      if (!one.auto) { one.say("已重新登录，未提交。请再点一次提交。", "saved"); }
    });
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (link && link.origin === location.origin && !link.target && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      // Within this site and tab the words come along.
      leaving = true;
      setTimeout(function () { leaving = false; }, 3000);
    }
  });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || !forms.some(function (one) { return one.loose && !one.form.dataset.wordsGone; })) { return; }
    event.preventDefault();
    event.returnValue = "";
  });
  window.addEventListener("online", function () { forms.forEach(function (one) { if (one.loose && (!one.auto || one.unsent)) { one.flush(); } }); });
  window.addEventListener("pageshow", function () { leaving = false; forms.forEach(function (one) { one.busy = false; }); });
})();
