// The drivers' graph as drivers/graph.py and drivers/network.py have it: exact probabilities by elimination, and tables
// calibrated so that every driver is as likely overall as its prior says. All nodes have the same number of states.
const LATER = "/later";

// Multiplies factors and adds up over the names in `all` after the first `kept`.
function combine(factors, all, kept, states) {
  const out = new Float64Array(states ** kept), total = states ** all.length, inner = total / out.length;
  const strides = factors.map((f) => all.map((name) => {
    const at = f.on.indexOf(name);
    return at < 0 ? 0 : states ** (f.on.length - 1 - at);
  }));
  const digits = new Int32Array(all.length), place = new Int32Array(factors.length);
  for (let i = 0; i < total; i++) {
    let product = 1;
    for (let f = 0; f < factors.length; f++) product *= factors[f].values[place[f]];
    out[Math.floor(i / inner)] += product;
    for (let d = all.length - 1; d >= 0; d--) {
      const back = digits[d] === states - 1;
      digits[d] = back ? 0 : digits[d] + 1;
      for (let f = 0; f < factors.length; f++) place[f] += back ? -strides[f][d] * (states - 1) : strides[f][d];
      if (!back) break;
    }
  }
  return { on: all.slice(0, kept), values: out };
}

function namesIn(factors, without) {
  return [...new Set(factors.flatMap((f) => f.on))].filter((name) => name !== without);
}

// Sum of the product of all factors over everything but `keep`, in the order of `keep`.
function sumOfProducts(factors, keep, states) {
  let left = factors;
  const open = new Set(namesIn(left).filter((name) => !keep.includes(name)));
  while (open.size) {
    let best = null;
    for (const name of open) {
      const touched = left.filter((f) => f.on.includes(name)), others = namesIn(touched, name);
      if (best === null || others.length < best.others.length) best = { name, touched, others };
    }
    const made = combine(best.touched, [...best.others, best.name], best.others.length, states);
    left = left.filter((f) => !best.touched.includes(f)).concat([made]);
    open.delete(best.name);
  }
  return combine(left, keep, keep.length, states).values;
}

function ancestors(nodes, names) {
  const found = new Set(names);
  for (const name of Object.keys(nodes).reverse()) {
    if (found.has(name)) nodes[name].parents.forEach((parent) => found.add(parent));
  }
  return found;
}

// Joint probability of some nodes, given evidence: node to one number for each state.
function marginal(nodes, names, states, evidence = {}) {
  const wanted = ancestors(nodes, [...names, ...Object.keys(evidence)]);
  const factors = Object.keys(nodes).filter((name) => wanted.has(name))
    .map((name) => ({ on: [...nodes[name].parents, name], values: nodes[name].table }));
  for (const name of Object.keys(evidence)) factors.push({ on: [name], values: Float64Array.from(evidence[name]) });
  const joint = sumOfProducts(factors, names, states), total = joint.reduce((a, b) => a + b, 0);
  return joint.map((value) => value / total);
}

// Rows proportional to `factor` times an own weight of each way, so that their mean over the parents is `wanted`.
function withMargin(factor, share, wanted, states) {
  const own = Float64Array.from(wanted), table = new Float64Array(factor.length);
  for (let round = 0; round < 10000; round++) {
    const mean = new Float64Array(states);
    for (let row = 0; row < share.length; row++) {
      let sum = 0;
      for (let s = 0; s < states; s++) sum += table[row * states + s] = factor[row * states + s] * own[s];
      for (let s = 0; s < states; s++) mean[s] += share[row] * (table[row * states + s] /= sum);
    }
    let gap = 0;
    for (let s = 0; s < states; s++) gap = Math.max(gap, Math.abs(mean[s] - wanted[s]));
    if (gap < 1e-13) break;
    for (let s = 0; s < states; s++) own[s] *= mean[s] > 0 ? wanted[s] / mean[s] : 0;
  }
  return table;
}

class DriverGraph {
  // `nodes` in causal order, drivers before what they become later; `arrows` as explore_numbers.py writes them.
  constructor(nodes, arrows, states) {
    this.states = states;
    this.order = nodes.filter((name) => !name.endsWith(LATER));
    this.later = nodes.filter((name) => name.endsWith(LATER)).map((name) => name.slice(0, -LATER.length));
    this.lagged = Object.fromEntries(this.later.map((name) => [name, arrows.filter((a) => a.to === name && a.lag)]));
    this.parents = {};
    this.factors = {};
    this.line = {};
    this.kept = new Map();
    for (const name of this.order) {
      const instant = arrows.filter((a) => a.to === name && !a.lag);
      this.parents[name] = [...new Set(instant.map((a) => a.from))];
      this.factors[name] = this.factorOf(this.parents[name], instant);
      const before = new Set(this.parents[name].flatMap((parent) => this.line[parent]));
      this.line[name] = this.order.filter((one) => before.has(one) || one === name);
    }
  }

  final(name) { return this.later.includes(name) ? name + LATER : name; }

  // Rows of the parents' states, each with a number for every way of the child.
  rows(parents, each) {
    const rows = this.states ** parents.length, table = new Float64Array(rows * this.states);
    for (let row = 0; row < rows; row++) {
      const at = (parent) => Math.floor(row / this.states ** (parents.length - 1 - parents.indexOf(parent))) % this.states;
      each(at).forEach((value, s) => { table[row * this.states + s] = value; });
    }
    return table;
  }

  factorOf(parents, arrows) {
    return this.rows(parents, (at) => {
      const odds = new Array(this.states).fill(1);
      for (const a of arrows) if (at(a.from) === a.branch) odds[a.moves] *= a.odds;
      return odds;
    });
  }

  node(name, weights) {
    const key = name + "|" + this.line[name].map((one) => Array.from(weights[one]).join()).join("|");
    if (!this.kept.has(key)) {
      const parents = this.parents[name], nodes = {};
      for (const one of this.line[name]) if (one !== name) nodes[one] = this.node(one, weights);
      const share = parents.length ? marginal(nodes, parents, this.states) : Float64Array.of(1);
      if (this.kept.size > 5000) this.kept.clear();
      this.kept.set(key, { parents, table: withMargin(this.factors[name], share, weights[name], this.states) });
    }
    return this.kept.get(key);
  }

  laterNode(name, weights) {
    const arrows = this.lagged[name], moved = arrows[0].moves, last = this.states - 1;
    const parents = [...new Set(arrows.map((a) => a.from))].concat([name]);
    const table = this.rows(parents, (at) => {
      const own = at(name), ends = new Array(this.states).fill(0);
      let stays = 1;
      if (weights[name][moved] > 0) for (const a of arrows) if (at(a.from) === a.branch) stays *= 1 - a.chance;
      ends[own] = own === last ? stays : 1;
      if (own === last) ends[moved] += 1 - stays;
      return ends;
    });
    return { parents, table };
  }

  // Nodes whose drivers end up as likely as `wanted` says (driver to states); null where arrows are too strong for it.
  calibrated(wanted) {
    const weights = Object.fromEntries(this.order.map((name) => [name, Float64Array.from(wanted[name])]));
    for (let round = 0; round < 100; round++) {
      const nodes = Object.fromEntries(this.order.map((name) => [name, this.node(name, weights)]));
      for (const name of this.later) nodes[name + LATER] = this.laterNode(name, weights);
      let gap = 0;
      for (const name of this.later) {
        const reached = marginal(nodes, [name + LATER], this.states);
        weights[name] = weights[name].map((value, s) => value + wanted[name][s] - reached[s]);
        gap = Math.max(gap, ...reached.map((value, s) => Math.abs(wanted[name][s] - value)));
        if (weights[name].some((value) => value < -1e-9)) return null;
        weights[name] = weights[name].map((value) => Math.max(value, 0));
      }
      if (gap < 1e-9) return nodes;
    }
    return null;
  }
}
