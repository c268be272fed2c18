// Weights of futures under what is asked, and what weighted futures say.

// New over old probability of each future's drivers, by tables that changed. Drivers that the scenario sets have no say.
function graphRatio(graph, scenario, before, after, stateOf, draws) {
  const weights = new Float64Array(draws).fill(1);
  for (const name of Object.keys(after)) {
    if (!scenario.open.includes(name.replace(LATER, ""))) continue;
    const old = before[name].table, now = after[name].table;
    if (old === now || old.every((value, i) => value === now[i])) continue;
    const ratio = now.map((value, i) => (old[i] > 0 ? value / old[i] : 0));
    const rows = [...after[name].parents, name].map(stateOf);
    for (let d = 0; d < draws; d++) {
      let at = 0;
      for (const row of rows) at = at * graph.states + row[d];
      weights[d] *= ratio[at];
    }
  }
  return weights;
}

// The same where drivers were learnt: a fit takes them one by one, as likely as the graph makes them after dated events.
function learntRatio(graph, scenario, before, after, stateOf, draws) {
  const weights = new Float64Array(draws).fill(1);
  const seen = Object.fromEntries(Object.entries(scenario.evidence).map(([name, says]) => [graph.final(name), says]));
  for (const name of scenario.open) {
    const old = marginal(before, [graph.final(name)], graph.states, seen);
    const now = marginal(after, [graph.final(name)], graph.states, seen);
    const row = stateOf(graph.final(name)), ratio = now.map((value, i) => (old[i] > 0 ? value / old[i] : 0));
    if (ratio.some((value) => Math.abs(value - 1) > 1e-9)) for (let d = 0; d < draws; d++) weights[d] *= ratio[row[d]];
  }
  return weights;
}

// Effective number of futures: (sum of weights)^2 / sum of squares (Kish).
function effective(weights) {
  let sum = 0, squares = 0;
  for (const w of weights) { sum += w; squares += w * w; }
  return squares > 0 ? (sum * sum) / squares : 0;
}

function above(totals, weights, threshold) {
  let over = 0, sum = 0;
  for (let d = 0; d < totals.length; d++) { sum += weights[d]; if (totals[d] > threshold) over += weights[d]; }
  return over / sum;
}

// Smallest totals at which the cumulated weight reaches each share.
function quantiles(totals, weights, shares) {
  const order = Array.from(totals.keys()).sort((a, b) => totals[a] - totals[b]);
  let sum = 0;
  for (const w of weights) sum += w;
  const found = [];
  let reached = 0, next = 0;
  for (const d of order) {
    reached += weights[d];
    while (next < shares.length && reached >= shares[next] * sum * (1 - 1e-12)) { found.push(totals[d]); next++; }
  }
  while (found.length < shares.length) found.push(totals[order[order.length - 1]]);
  return found;
}
