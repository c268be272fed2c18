// Dots for equally likely totals, on a logarithmic axis whose left end is the last power of ten below them, or none. The
// numbers are those of plots/figure_numbers.py (DotNumbers); looks say of each row what it is called and how it is drawn.
function drawDots(svg, numbers, looks, words) {
  const { mark: threshold } = numbers, rows = numbers.rows.map((row, i) => ({ ...row, ...looks[i] }));
  svg.dataset.numbers = JSON.stringify(numbers);
  const phone = svg.clientWidth > 0 && svg.clientWidth < 480;
  const wide = phone ? 340 : 560, margin = 14, radius = phone ? 3.6 : 4.6, rowHeight = phone ? 88 : 96;
  const shown = [...rows.flatMap((row) => row.dots), threshold], most = 1.15 * Math.max(...shown, 10);
  const least = Math.min(...shown), from = least < 10 ? 0 : 10 ** Math.floor(Math.log10(least));
  const start = Math.log10(1 + from), end = Math.log10(1 + most);
  const x = (value) => margin + (wide - 2 * margin) * (Math.log10(1 + value) - start) / (end - start);
  const parts = [], bottom = rows.length * rowHeight, ticks = from ? [] : [0];
  const between = end - start > 2.2 ? [1] : [1, 2, 5];
  for (let ten = from || 1; ten <= most; ten *= 10) ticks.push(...between.map((times) => times * ten).filter((tick) => tick <= most));
  for (const tick of ticks) {
    parts.push(`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="14" y2="${bottom}"/>`,
      `<text class="tick" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${wholeNumber(tick, words.marks)}</text>`);
  }
  const at = x(threshold);
  parts.push(`<line class="threshold" x1="${at}" x2="${at}" y1="14" y2="${bottom}"/>`,
    `<text class="mark" x="${at}" y="10" text-anchor="${at > wide - 60 ? "end" : at < 60 ? "start" : "middle"}">` +
    `${fill(words.say.more_than, { threshold: wholeNumber(threshold, words.marks) })}</text>`);
  rows.forEach((row, index) => {
    const base = (index + 1) * rowHeight, heaps = new Map();
    const step = 2 * radius + 0.6, bins = row.dots.map((value) => Math.floor(x(value) / step));
    const tallest = Math.max(...bins.map((bin) => bins.filter((other) => other === bin).length));
    const rise = Math.min(step, (rowHeight - 34) / tallest);
    row.dots.forEach((value, i) => {
      const height = heaps.get(bins[i]) || 0;
      heaps.set(bins[i], height + 1);
      const over = value > threshold ? " over" : "";
      parts.push(`<circle class="${row.kind}${over}" cx="${(bins[i] + 0.5) * step}" cy="${base - radius - 1 - height * rise}" r="${radius}"/>`);
    });
    parts.push(`<line class="base" x1="0" x2="${wide}" y1="${base}" y2="${base}"/>`,
      `<text class="name" x="0" y="${base - rowHeight + 28}">${row.name}</text>`);
  });
  svg.setAttribute("viewBox", `0 0 ${wide} ${bottom + 22}`);
  svg.innerHTML = parts.join("");
}
