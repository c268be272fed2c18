// The page: reads the numbers, keeps the state in the address, answers. It may stand inside another page, so that all it
// knows of the document lies below one root, and of the address only what begins with a key of its own.
const ROOT = document.getElementById("explore-root"), PREFIX = "explore-";
const byId = (id) => document.getElementById(PREFIX + id);
const all = (what) => [...ROOT.querySelectorAll(what)];
const UNKNOWN = "", HAPPENS = "happens", ABSENT = "absent";
const CHOSEN = ["country", "outcome", "window", "scenario"];
const QUIET = 600; // milliseconds without a change after which the answer is announced
const asks = (hash) => [...new URLSearchParams(hash.slice(1)).keys()].some((key) => (
  CHOSEN.includes(key) || key === "more" || /^(is|p)\./.test(key)));

async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

class Numbers {
  constructor(data, codes, states) {
    Object.assign(this, data);
    this.draws = data.shape[4];
    this.size = data.shape[1] * data.shape[2] * data.shape[3] * data.shape[4];
    const cells = data.shape[0] * this.size;
    this.codes = new Uint16Array(cells);
    for (let i = 0; i < cells; i++) {
      this.codes[i] = codes[i] + 256 * codes[cells + i] + (i < this.size ? 0 : this.codes[i % this.size]);
    }
    this.allStates = states;
    this.graph = new DriverGraph(data.nodes, data.arrows, data.states_each);
    this.base = data.scenarios.map(() => null);
  }

  static async read() {
    const data = JSON.parse(byId("numbers").textContent);
    return new Numbers(data, await inflated(data.codes), await inflated(data.states));
  }

  stateOf(scenario, node) {
    const at = (scenario * this.nodes.length + this.nodes.indexOf(node)) * this.draws;
    return this.allStates.subarray(at, at + this.draws);
  }

  // Totals of each future; outcome -1 adds all of them up.
  totals(scenario, window, country, outcome) {
    const [, , countries, outcomes] = this.shape, found = new Float64Array(this.draws);
    for (const one of outcome < 0 ? Array(outcomes).keys() : [outcome]) {
      const at = scenario * this.size + ((window * countries + country) * outcomes + one) * this.draws;
      for (let d = 0; d < this.draws; d++) found[d] += this.grid[this.codes[at + d]];
    }
    return found;
  }

  // Fifty totals of a question as the documents have it: the run's own, where the page holds them.
  drawn(choice, totals, places) {
    const { figure, start } = this, plain = new Float64Array(this.draws).fill(1);
    const own = CHOSEN.every((one) => choice.named[one] === start[one]);
    return own ? figure.rows[0].dots : quantiles(totals, plain, places);
  }

  prior(scenario) {
    const rows = this.scenarios[scenario].prior;
    return Object.fromEntries(this.drivers.map((name, i) => [name, rows[i]]));
  }

  // Weights of all futures under what is known and how likely things are; null where probabilities cannot be together.
  weights(scenario, known, chances) {
    const told = this.scenarios[scenario], stateOf = (node) => this.stateOf(scenario, node);
    const none = this.states_each - 1, prior = this.prior(scenario);
    let weights = new Float64Array(this.draws).fill(1);
    if (Object.keys(chances).length) {
      this.base[scenario] = this.base[scenario] || this.graph.calibrated(prior);
      const wanted = { ...prior };
      for (const [name, row] of Object.entries(chances)) wanted[name] = row;
      const after = this.graph.calibrated(wanted);
      if (after === null) return null;
      const ratio = this.learnt ? learntRatio : graphRatio;
      weights = ratio(this.graph, told, this.base[scenario], after, stateOf, this.draws);
    }
    for (const [name, way] of Object.entries(known)) {
      const row = stateOf(this.graph.final(name));
      for (let d = 0; d < this.draws; d++) {
        const fits = way === HAPPENS ? row[d] !== none : row[d] === (way === ABSENT ? none : Number(way));
        if (!fits) weights[d] = 0;
      }
    }
    return weights;
  }
}

class Page {
  constructor(numbers) {
    this.numbers = numbers;
    this.words = numbers.words;
    this.followsMedian = true;
    this.restore();
    for (const form of all("form")) {
      form.addEventListener("input", (event) => this.changed(event.target));
      form.addEventListener("submit", (event) => event.preventDefault());
    }
    byId("reset").addEventListener("click", () => this.reset(0));
    if (byId("recorded")) byId("recorded").addEventListener("click", () => this.reset(numbers.recorded));
    byId("copy").addEventListener("click", () => this.copy());
    window.addEventListener("hashchange", () => {
      if (asks(location.hash) && location.hash.slice(1) !== this.hash) this.restore();
    });
    window.addEventListener("resize", () => this.draw());
  }

  get choice() {
    const index = (id) => byId(id).selectedIndex;
    const outcome = index("outcome");
    return {
      country: index("country"), scenario: index("scenario"), window: index("window"),
      outcome: outcome === this.numbers.shape[3] ? -1 : outcome,
      threshold: this.numbers.thresholds[Number(byId("threshold").value)],
      named: Object.fromEntries(CHOSEN.map((id) => [id, byId(id).value])),
    };
  }

  drivers() { return all(".driver"); }

  known() {
    const found = {};
    for (const box of this.drivers()) {
      const chosen = box.querySelector("input[type=radio]:checked");
      if (!box.disabled && chosen && chosen.value !== UNKNOWN) found[box.dataset.driver] = chosen.value;
    }
    return found;
  }

  // Probability of each state of the drivers whose sliders were moved.
  chances() {
    const prior = this.numbers.prior(this.choice.scenario), known = this.known(), found = {};
    for (const box of this.drivers()) {
      const name = box.dataset.driver, sliders = [...box.querySelectorAll("input[type=range]")];
      if (box.disabled || name in known || !sliders.some((slider) => slider.dataset.moved)) continue;
      const row = prior[name].map(() => 0);
      for (const slider of sliders) {
        const state = Number(slider.dataset.state);
        row[state] = slider.dataset.moved ? Number(slider.value) / 100 : prior[name][state];
      }
      row[row.length - 1] = Math.max(0, 1 - row.reduce((a, b) => a + b, 0));
      found[name] = row;
    }
    return found;
  }

  // A slider that was moved takes from the driver's other ways what no longer fits.
  moved(slider) {
    slider.dataset.moved = "yes";
    const sliders = [...slider.closest(".driver").querySelectorAll("input[type=range]")];
    let left = 100 - Number(slider.value);
    for (const other of sliders.filter((one) => one !== slider)) {
      if (Number(other.value) > left) { other.value = left; other.dataset.moved = "yes"; }
      left -= Number(other.value);
    }
  }

  changed(field) {
    const asked = field.id.replace(PREFIX, "");
    if (asked === "threshold") this.followsMedian = false;
    if (field.type === "range" && asked !== "threshold") this.moved(field);
    if (["country", "outcome", "window"].includes(asked)) this.followsMedian = true;
    this.waiting = this.waiting || requestAnimationFrame(() => { this.waiting = 0; this.answerAloud(); });
  }

  clear() {
    for (const box of this.drivers()) {
      box.querySelector("input[type=radio]").checked = true;
      box.querySelectorAll("input[type=range]").forEach((slider) => delete slider.dataset.moved);
    }
  }

  reset(scenario) {
    this.clear();
    byId("scenario").selectedIndex = scenario;
    this.answerAloud();
  }

  // Puts the form as the address says, with the groups open that it changes; what it does not say is as the documents have it.
  restore() {
    this.clear();
    const told = new URLSearchParams(asks(location.hash) ? location.hash.slice(1) : ""), start = this.numbers.start;
    for (const id of CHOSEN) {
      byId(id).value = told.get(id) || start[id];
      if (byId(id).selectedIndex < 0) byId(id).value = start[id];
    }
    const threshold = this.numbers.thresholds.indexOf(Number(told.get("more") || -1));
    this.followsMedian = threshold < 0;
    if (threshold >= 0) byId("threshold").value = threshold;
    for (const box of this.drivers()) {
      const name = box.dataset.driver, branches = this.numbers.branches[name], way = told.get(`is.${name}`);
      const value = way === null ? UNKNOWN : branches.includes(way) ? String(branches.indexOf(way)) : way;
      for (const radio of box.querySelectorAll("input[type=radio]")) radio.checked = radio.value === value;
      if (!box.querySelector("input[type=radio]:checked")) box.querySelector("input[type=radio]").checked = true;
      for (const slider of box.querySelectorAll("input[type=range]")) {
        const chance = told.get(`p.${name}.${branches[Number(slider.dataset.state)]}`);
        if (chance !== null && Number(chance) >= 0 && Number(chance) <= 100) {
          slider.value = chance;
          slider.dataset.moved = "yes";
        }
      }
    }
    this.answer();
    for (const group of all(".group")) group.open ||= group.querySelector(".changed").textContent !== "";
  }

  // What cannot be asked of a scenario is switched off; sliders that were not moved show the prior.
  open() {
    const { scenario } = this.choice, told = this.numbers.scenarios[scenario], prior = this.numbers.prior(scenario);
    byId("closed").hidden = told.open.length > 0;
    for (const box of this.drivers()) {
      const name = box.dataset.driver;
      const settled = told.observed[name] ?? told.settled[name];
      box.disabled = !told.open.includes(name) || settled !== undefined;
      this.showSettled(box, settled);
      const chosen = box.querySelector("input[type=radio]:checked").value;
      for (const slider of box.querySelectorAll("input[type=range]")) {
        const state = Number(slider.dataset.state), likely = prior[name][state];
        if (!slider.dataset.moved) slider.value = Math.round(100 * likely);
        slider.disabled = chosen !== UNKNOWN || likely === 0;
        const said = fill(this.words.say.in_hundred, { number: slider.value });
        slider.nextElementSibling.textContent = said;
        slider.setAttribute("aria-valuetext", said);
        slider.closest(".chance").classList.toggle("moved", Boolean(slider.dataset.moved));
      }
    }
    for (const group of all(".group")) {
      const count = [...group.querySelectorAll(".driver")].filter((box) => !box.disabled && (
        box.querySelector("input[type=radio]:checked").value !== UNKNOWN || box.querySelector("[data-moved]"))).length;
      group.querySelector(".changed").textContent = count ? fill(this.words.say.changed, { count }) : "";
    }
  }

  // A driver that events or the scenario settle shows how it went, and is not known any more where another leaves it open.
  showSettled(box, way) {
    if (way === undefined && !box.dataset.settled) return;
    const at = this.numbers.branches[box.dataset.driver].indexOf(way);
    const value = way === undefined ? UNKNOWN : at < 0 ? way : String(at);
    for (const radio of box.querySelectorAll("input[type=radio]")) radio.checked = radio.value === value;
    if (way === undefined) delete box.dataset.settled; else box.dataset.settled = "yes";
  }

  // What the reader changed is kept in the address and, once nothing moves any more, announced.
  answerAloud() {
    this.answer();
    try { history.replaceState(null, "", `#${this.hash}`); } catch { /* pages inside mail readers may not */ }
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => {
      const told = ["said", "range", "stop"].map((id) => byId(id).textContent).filter(Boolean).join(" ");
      if (byId("announced").textContent !== told) byId("announced").textContent = told;
    }, QUIET);
  }

  answer() {
    this.open();
    const choice = this.choice, numbers = this.numbers, words = this.words;
    const totals = numbers.totals(choice.scenario, choice.window, choice.country, choice.outcome);
    const plain = new Float64Array(numbers.draws).fill(1);
    const shares = [0.1, 0.5, 0.9], count = numbers.figure.rows[0].dots.length;
    const dots = Array.from({ length: count }, (_, i) => (i + 0.5) / count);
    const documents = quantiles(totals, plain, shares);
    if (this.followsMedian) {
      const far = (value) => Math.abs(Math.log((value + 1) / (documents[1] + 1)));
      const near = numbers.thresholds.reduce((best, value) => (far(value) < far(best) ? value : best));
      byId("threshold").value = numbers.thresholds.indexOf(near);
      choice.threshold = near;
    }
    const known = this.known(), chances = this.chances();
    const weights = numbers.weights(choice.scenario, known, chances), told = weights !== null;
    const speaking = told ? effective(weights) : 0, enough = speaking >= numbers.fewest;
    const changed = Object.keys(known).length + Object.keys(chances).length > 0;
    this.result = { choice, known, chances, speaking, enough, changed, before: above(totals, plain, choice.threshold),
      documents: numbers.drawn(choice, totals, dots) };
    if (enough) {
      this.result.share = above(totals, weights, choice.threshold);
      [this.result.low, this.result.median, this.result.high] = quantiles(totals, weights, shares);
      this.result.dots = changed ? quantiles(totals, weights, dots) : this.result.documents;
    }
    this.say(told);
    this.draw();
    this.keep();
  }

  say(told) {
    const { result, words, numbers } = this, { choice } = result;
    const threshold = wholeNumber(choice.threshold, words.marks);
    byId("threshold-said").textContent = threshold;
    byId("threshold").setAttribute("aria-valuetext", threshold);
    byId("asked").textContent = this.question = fill(words.say.question, {
      outcome: words.outcomes[byId("outcome").selectedIndex], where: words.where[choice.country],
      window: words.windows[choice.window], threshold,
    });
    byId("said").textContent = result.enough ? likelihood(result.share, words) : "";
    byId("bar").textContent = result.enough ? byId("said").textContent : words.say.none;
    byId("range").textContent = result.enough ? fill(words.say.range, {
      median: sensible(result.median, words), low: sensible(result.low, words), high: sensible(result.high, words),
    }) : "";
    if (byId("far")) byId("far").hidden = !numbers.far[choice.window];
    byId("stop").hidden = result.enough;
    byId("stop").textContent = result.enough ? "" : !told ? words.say.impossible
      : fill(words.say.too_few, { count: Math.floor(result.speaking), fewest: numbers.fewest });
    byId("speaking").textContent = result.enough ? fill(words.say.speaking, {
      count: wholeNumber(Math.floor(result.speaking + 1e-6), words.marks), draws: wholeNumber(numbers.draws, words.marks),
      error: giveOrTake(result.share, result.speaking),
    }) : "";
    byId("before").textContent = result.changed ? fill(words.say.before, { number: inHundred(result.before, words) }) : "";
  }

  draw() {
    const { result, words } = this, { named, threshold } = result.choice, svg = byId("dots");
    const row = (scenario, dots) => ({ scenario, dots });
    const rows = result.enough ? [[row("explored", result.dots), { kind: "now", name: words.say.row_now }]] : [];
    if (result.changed) rows.push([row(named.scenario, result.documents), { kind: "documents", name: words.say.row_documents }]);
    const numbers = { figure: "dots", country: named.country, outcome: named.outcome, rows: rows.map(([one]) => one), mark: threshold };
    drawDots(svg, numbers, rows.map(([, look]) => look), words);
    svg.setAttribute("aria-label", result.enough ? fill(words.say.dots, {
      low: sensible(result.dots[0], words), high: sensible(result.dots[result.dots.length - 1], words),
      count: result.dots.length, over: result.dots.filter((value) => value > threshold).length,
      threshold: wholeNumber(threshold, words.marks),
    }) : byId("stop").textContent);
  }

  branch(name, way) { return way === HAPPENS || way === ABSENT ? way : this.numbers.branches[name][Number(way)]; }

  keep() {
    const told = new URLSearchParams(), { known, chances, choice } = this.result;
    for (const id of CHOSEN) told.set(id, byId(id).value);
    told.set("more", choice.threshold);
    for (const [name, way] of Object.entries(known)) told.set(`is.${name}`, this.branch(name, way));
    for (const slider of all(".chance input[data-moved]")) {
      const name = slider.closest(".driver").dataset.driver;
      if (name in chances) told.set(`p.${name}.${this.numbers.branches[name][Number(slider.dataset.state)]}`, slider.value);
    }
    this.hash = told.toString();
    byId("link").value = `${location.href.split("#")[0]}#${this.hash}`;
    byId("copied").textContent = "";
    const { yaml } = this;
    byId("yaml").textContent = yaml;
    byId("save").href = `data:text/yaml;charset=utf-8,${encodeURIComponent(yaml)}`;
    byId("csv").href = `data:text/csv;charset=utf-8,${encodeURIComponent(this.csv)}`;
    Object.assign(byId("answer").dataset, {
      share: this.result.enough ? this.result.share : "", median: this.result.enough ? this.result.median : "",
      low: this.result.enough ? this.result.low : "", high: this.result.enough ? this.result.high : "",
      speaking: this.result.speaking, asked: this.hash,
    });
  }

  async copy() {
    const link = byId("link");
    try { await navigator.clipboard.writeText(link.value); } catch { link.select(); document.execCommand("copy"); }
    byId("copied").textContent = this.words.say.copied;
  }

  assumptions() {
    const { known, chances } = this.result, names = this.numbers.branches;
    const seen = Object.entries(known).map(([name, way]) => [name, this.branch(name, way)]);
    const likely = Object.entries(chances).map(([name, row]) => {
      const each = names[name].map((branch, state) => [branch, row[state]]).filter(([branch]) => branch);
      const single = each.length === 1;
      return [name, single ? each[0][1].toFixed(4) : `{${each.map(([b, p]) => `${b}: ${p.toFixed(4)}`).join(", ")}}`];
    });
    return { seen, likely };
  }

  get csv() {
    const { result, numbers } = this, { seen, likely } = this.assumptions();
    const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replace(/"/g, '""')}"` : String(value));
    const shown = (value) => (result.enough ? value : "");
    const rows = Object.entries({
      scenario: byId("scenario").value, country: byId("country").value, outcome: byId("outcome").value,
      window: byId("window").value, months: numbers.months[result.choice.window], more_than: result.choice.threshold,
      probability: shown(result.share && result.share.toFixed(4)), median: shown(result.median),
      lower_80: shown(result.low), upper_80: shown(result.high), effective_futures: result.speaking.toFixed(1),
      futures: numbers.draws, seed: numbers.seed, as_of: numbers.as_of,
      observed: seen.map((pair) => pair.join("=")).join("; "),
      probabilities: likely.map((pair) => pair.join("=")).join("; "),
    });
    return `${rows.map(([name]) => name).join(",")}\n${rows.map(([, value]) => cell(value ?? "")).join(",")}\n`;
  }

  get yaml() {
    const { result, numbers, words } = this, { seen, likely } = this.assumptions();
    const told = numbers.scenarios[result.choice.scenario];
    const observed = { ...told.observed, ...Object.fromEntries(seen) };
    const lines = Object.keys(observed).map((name) => `    ${name}: ${observed[name]}`);
    const error = result.enough ? giveOrTake(result.share, 1 / (1 / result.speaking + 1 / numbers.draws_run)) : null;
    const head = [this.question, result.enough ? fill(words.say.yaml_answer, {
      number: (100 * result.share).toFixed(1), count: Math.floor(result.speaking), error,
    }) : byId("stop").textContent, fill(words.say.yaml_run, { draws: numbers.draws_run, seed: numbers.seed })];
    if (numbers.learnt && likely.length) head.push(words.say.yaml_learnt);
    const written = ["id: explored", `extends: ${told.extends}`, `title: ${JSON.stringify(words.say.yaml_title)}`,
      `condition: ${JSON.stringify(words.say.yaml_condition)}`, `as_of: ${JSON.stringify(numbers.as_of)}`,
      `months: ${numbers.months_ahead}`];
    if (numbers.claims_as_of) written.push(`claims_as_of: ${JSON.stringify(numbers.claims_as_of)}`);
    if (lines.length || likely.length) written.push("drivers:");
    if (lines.length) written.push("  observe:", ...lines);
    if (likely.length) written.push("  set:", ...likely.map(([name, chance]) => `    ${name}: {probability: ${chance}}`));
    return `${head.map((line) => `# ${line}`).join("\n")}\n${written.join("\n")}\n`;
  }
}

(async () => {
  try {
    const numbers = await Numbers.read();
    byId("live").hidden = false;
    new Page(numbers);
    byId("still").open = false;
    if (asks(location.hash)) ROOT.scrollIntoView();
  } catch (error) {
    byId("broken").hidden = false;
    byId("broken").textContent = JSON.parse(byId("numbers").textContent).words.say.broken;
    ROOT.dataset.error = String(error && error.stack);
  }
})();
