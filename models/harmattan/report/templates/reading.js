(function () {
  "use strict";
  var told = JSON.parse(document.getElementById("told").textContent);
  var kept = "harmattan-read-" + told.sha256;
  var main = document.getElementById("drafts");
  var problems = document.getElementById("problems");

  function articles() { return Array.from(main.querySelectorAll("article")); }
  function said(text, values) {
    return text.replace(/\{(\w+)\}/g, function (all, name) { return name in values ? values[name] : all; });
  }
  function field(article, key) { return article.querySelector('[data-key="' + key + '"]'); }

  // Long lists, of outcomes and of ways to bear on a driver, are put into a draft when its details are opened.
  function fill(article) {
    article.querySelectorAll("[data-list]").forEach(function (select) {
      if (select.dataset.full) return;
      select.append(document.getElementById(select.dataset.list).content.cloneNode(true));
      select.dataset.full = "yes";
    });
  }
  function set(select, value) {
    if (!Array.from(select.options).some(function (option) { return option.value === value; })) fill(select.closest("article"));
    select.value = value;
  }
  function bearings(article) {
    var drivers = {};
    article.querySelectorAll("[data-driver]").forEach(function (select) {
      if (!select.value) return;
      var parts = select.value.split("|"), id = parts[0], side = parts[1], branch = parts[2];
      if (side === "context") { if (!(id in drivers)) drivers[id] = "context"; return; }
      if (typeof drivers[id] !== "object") drivers[id] = {};
      var before = drivers[id][side];
      drivers[id][side] = before === undefined || before === branch ? branch : [].concat(before, branch);
    });
    return drivers;
  }

  function claimOf(article) {
    var draft = told.drafts[article.dataset.of || article.dataset.id], claim = {};
    told.keys.forEach(function (key) {
      var control = field(article, key);
      if (key === "id") claim.id = article.dataset.id;
      else if (key === "drivers") claim.drivers = bearings(article);
      else if (key === "places") claim.places = control.value.split(/[\s,;]+/).filter(Boolean);
      else if (control && (control.value === "true" || control.value === "false")) claim[key] = control.value === "true";
      else claim[key] = control ? control.value.trim() : draft[key];
    });
    return claim;
  }
  function yamlOf(claim) {
    return told.keys.map(function (key, number) {
      var value = claim[key];
      var written = told.bare.indexOf(key) >= 0 ? value : JSON.stringify(value);
      return (number ? "  " : "- ") + key + ": " + written + "\n";
    }).join("");
  }

  // What the command would refuse is said here first.
  function words(text) { return text.toLowerCase().replace(/[’']/g, "").match(/[\p{L}\p{N}]+/gu) || []; }
  function repeats(own, sentence) {
    var mine = words(own), theirs = " " + words(sentence).join(" ") + " ";
    for (var i = 0; i + told.run <= mine.length; i++) {
      if (theirs.indexOf(" " + mine.slice(i, i + told.run).join(" ") + " ") >= 0) return true;
    }
    return false;
  }
  function wrongWith(article, claim) {
    var wrong = [], sentence = article.querySelector("blockquote").textContent;
    if (!claim.paraphrase) wrong.push(told.say.no_paraphrase);
    else if (repeats(claim.paraphrase, sentence)) wrong.push(told.say.repeats);
    if (!/^[a-z0-9]+([-_][a-z0-9]+)*$/.test(claim.proposition || "")) wrong.push(told.say.no_proposition);
    if (!claim.outcome) wrong.push(told.say.no_outcome);
    if (!claim.claimant) wrong.push(told.say.no_claimant);
    return wrong;
  }
  function accepted() {
    var text = told.head, count = 0, wrong = [];
    articles().forEach(function (article) {
      if (article.dataset.state !== "accepted") return;
      var claim = claimOf(article), found = wrongWith(article, claim);
      if (found.length) wrong.push([article.dataset.id, found]);
      text += yamlOf(claim);
      count += 1;
    });
    problems.replaceChildren();
    if (wrong.length || !count) { complain(wrong); return null; }
    return text;
  }
  function complain(wrong) {
    var head = document.createElement("p");
    head.textContent = wrong.length ? said(told.say.not_yet, { count: wrong.length }) : told.say.none_accepted;
    problems.append(head);
    var list = document.createElement("ul");
    wrong.forEach(function (one) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = "#" + one[0];
      link.textContent = one[0];
      link.addEventListener("click", function (event) {
        event.preventDefault();
        var article = document.getElementById(one[0]);
        article.hidden = false;
        article.querySelector("details").open = true;
        field(article, "paraphrase").focus();
        article.scrollIntoView({ block: "start" });
      });
      item.append(link, ": " + one[1].join(" "));
      list.append(item);
    });
    if (wrong.length) problems.append(list);
    problems.focus();
  }
  function announce(text) {
    problems.replaceChildren();
    document.getElementById("count").textContent = text;
  }

  function count() {
    var number = { draft: 0, accepted: 0, dropped: 0 };
    articles().forEach(function (article) { number[article.dataset.state] += 1; });
    document.getElementById("count").textContent = said(told.say.count, number);
  }
  function show() {
    var chosen = document.getElementById("show").value;
    articles().forEach(function (article) { article.hidden = chosen !== "all" && article.dataset.state !== chosen; });
  }
  function stateOf(article) {
    var values = {};
    article.querySelectorAll("[data-key]").forEach(function (control) { values[control.dataset.key] = control.value; });
    var drivers = Array.from(article.querySelectorAll("[data-driver]")).map(function (select) { return select.value; });
    return { id: article.dataset.id, of: article.dataset.of || "", state: article.dataset.state, values: values, drivers: drivers };
  }
  function keep() {
    try { localStorage.setItem(kept, JSON.stringify(articles().map(stateOf))); } catch (refused) { /* nothing is kept then */ }
  }
  function put(article, state) {
    article.dataset.state = state;
    article.querySelectorAll('input[type="radio"]').forEach(function (radio) { radio.checked = radio.value === state; });
  }
  function restore() {
    var before;
    try { before = JSON.parse(localStorage.getItem(kept) || "[]"); } catch (refused) { before = []; }
    before.forEach(function (one) {
      var article = document.getElementById(one.id);
      if (!article && one.of && document.getElementById(one.of)) article = another(document.getElementById(one.of), one.id);
      if (!article) return;
      put(article, one.state);
      Object.keys(one.values).forEach(function (key) {
        var control = field(article, key);
        if (control && control.dataset.list) set(control, one.values[key]);
        else if (control) control.value = one.values[key];
      });
      article.querySelectorAll("[data-driver]").forEach(function (select, number) {
        if (one.drivers[number] !== undefined) set(select, one.drivers[number]);
      });
    });
  }

  // A sentence may hold several claims: a copy with the next free letter.
  function freeId(id) {
    var stem = id.replace(/-[a-z]+$/, ""), letters = "abcdefghijklmnopqrstuvwxyz", number = 0, made;
    function named(n) { return (n < 26 ? "" : letters[Math.floor(n / 26) - 1]) + letters[n % 26]; }
    do { made = stem + "-" + named(number); number += 1; } while (document.getElementById(made) || told.taken.indexOf(made) >= 0);
    return made;
  }
  function another(article, id) {
    var copy = article.cloneNode(true), old = article.dataset.id;
    copy.dataset.of = article.dataset.of || old;
    copy.dataset.id = copy.id = id;
    copy.querySelectorAll("[id], [for], [name]").forEach(function (node) {
      ["id", "for", "name"].forEach(function (name) {
        var value = node.getAttribute(name);
        if (value && value.indexOf(old + "-") === 0) node.setAttribute(name, id + value.slice(old.length));
      });
    });
    copy.setAttribute("aria-labelledby", id + "-head");
    copy.querySelector(".meta").textContent = said(told.say.another_of, { id: id, old: old });
    article.querySelectorAll("select").forEach(function (select, n) { copy.querySelectorAll("select")[n].value = select.value; });
    field(copy, "paraphrase").value = "";
    article.after(copy);
    put(copy, "draft");
    return copy;
  }

  main.addEventListener("change", function (event) {
    if (event.target.type === "radio") { put(event.target.closest("article"), event.target.value); count(); }
    keep();
  });
  main.addEventListener("input", keep);
  main.addEventListener("toggle", function (event) { if (event.target.open) fill(event.target.closest("article")); }, true);
  main.addEventListener("click", function (event) {
    if (!event.target.classList.contains("another")) return;
    var article = event.target.closest("article"), copy = another(article, freeId(article.dataset.id));
    count();
    keep();
    field(copy, "paraphrase").focus();
  });
  document.getElementById("show").addEventListener("change", show);
  document.getElementById("save").addEventListener("click", function () {
    var text = accepted();
    if (text === null) return;
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
    link.download = told.source + ".accepted.yaml";
    link.click();
    URL.revokeObjectURL(link.href);
    announce(said(told.say.saved, { file: link.download }));
  });
  document.getElementById("copy").addEventListener("click", function () {
    var text = accepted();
    if (text === null) return;
    var area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    var done = document.execCommand("copy"); // works without a server and without asking, where the newer way does not
    area.remove();
    document.getElementById("copy").focus();
    announce(done ? told.say.copied : told.say.not_copied);
  });
  restore();
  count();
})();
