// Numbers and words as the brief has them (plots/numbers.py, report/words.py); sentences are those of the language file.
function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function wholeNumber(value, marks) {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, marks.group);
}

// Two significant figures, halves up.
function sensible(value, words) {
  if (value === 0) return "0";
  if (value < 1) return words.say.below_one;
  const step = 10 ** Math.max(Math.floor(Math.log10(value) + 1e-12) - 1, 0);
  return wholeNumber(Math.floor(value / step + 0.5) * step, words.marks);
}

function hundredths(probability) { return Math.floor(probability * 100 + 0.5 + 1e-9); }

function inHundred(probability, words) {
  if (probability < 0.01) return words.say.below_one_in_hundred;
  if (probability > 0.99) return words.say.above_ninety_nine_in_hundred;
  return fill(words.say.in_hundred, { number: hundredths(probability) });
}

function likelihood(probability, words) {
  const number = inHundred(probability, words);
  if (probability < 0.01 || probability > 0.99) return number;
  const fitting = words.bands.filter(([low, high]) => low <= hundredths(probability) && hundredths(probability) <= high);
  return fitting.length ? fill(words.say.said, { word: fitting[fitting.length - 1][2], number }) : number;
}

// Two standard errors of a share, in hundredths, at least one.
function giveOrTake(share, futures) {
  return Math.max(1, Math.ceil(200 * Math.sqrt(share * (1 - share) / futures)));
}
