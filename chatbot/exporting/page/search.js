// What a message means, by a table of words: no server, and nothing is sent. The numbers come with the page;
// `features.py`, `model.py` and `fitting.py` of `chatbot/exporting/` read messages just so when these are fitted.

const WORD = /[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)?/gu;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const MOST_WORDS = 400;
const LEAST_TO_MEND = 4; // letters of a word that may be mistyped
const TINY = 1e-9;

/** The model whose arrays stand in `buffer`, one after the other. */
function openModel(told, buffer) {
  const { features, dimension, classes } = told;
  let start = 0;
  const next = (Kind, length) => {
    const array = new Kind(buffer, start, length);
    start += array.byteLength;
    return array;
  };
  const model = {
    ...told,
    answers: new Set(told.answers),
    rows: new Map(features.map((feature, row) => [feature, row])),
    tableScales: next(Float32Array, features.length),
    outputScales: next(Float32Array, classes),
    biases: next(Float32Array, classes),
    weights: next(Uint8Array, features.length),
    table: next(Int8Array, features.length * dimension),
    outputs: next(Int8Array, classes * dimension),
  };
  const wordsWithRow = (text, row) => [wordsOf(model, text).join(" "), row];
  const asked = model.shown.map((row) => wordsWithRow(told.questions[row], row));
  const said = model.talk.flatMap(([row, ways]) => ways.map((way) => wordsWithRow(way, row)));
  return { ...model, asked: new Map(asked), said: new Map(said), talk: model.talk.map(([row]) => row) };
}

// --- words

/** The words of a message in lower case, those that are mistyped as what is meant. */
function wordsOf(model, message) {
  const plain = message.normalize("NFKC").toLowerCase().replaceAll("’", "'");
  return (plain.match(WORD) ?? []).slice(0, MOST_WORDS).map((word) => mended(model, word));
}

/** The most frequent word that is one slip away from one that is not known; else the word itself. */
function mended(model, word) {
  if (model.rows.has(word) || word.length < LEAST_TO_MEND) return word;
  let [best, bestRow] = [word, Infinity];
  for (const candidate of slips(word)) {
    const row = model.rows.get(candidate);
    if (row < bestRow) [best, bestRow] = [candidate, row];
  }
  return best;
}

/** What a word may be with a letter less, two swapped, another one, or one more. */
function* slips(word) {
  for (let place = 0; place <= word.length; place++) {
    const [before, after] = [word.slice(0, place), word.slice(place)];
    if (after) yield before + after.slice(1);
    if (after.length > 1) yield before + after[1] + after[0] + after.slice(2);
    for (const letter of LETTERS) {
      if (after) yield before + letter + after.slice(1);
      yield before + letter + after;
    }
  }
}

/** The rows of words and of the pairs that follow one another, each once. */
function rowsOf(model, words) {
  const pairs = words.slice(1).map((word, place) => `${words[place]} ${word}`);
  const rows = [...words, ...pairs].map((feature) => model.rows.get(feature));
  return [...new Set(rows.filter((row) => row !== undefined))];
}

// --- meaning

/** How likely each class is. */
function sharesOf(model, words) {
  const { dimension, classes, outputs, outputScales, biases } = model;
  const vector = vectorOf(model, rowsOf(model, words));
  const told = new Float64Array(classes);
  for (let each = 0; each < classes; each++) {
    let sum = 0;
    for (let place = 0; place < dimension; place++) sum += vector[place] * outputs[each * dimension + place];
    told[each] = sum * outputScales[each] + biases[each];
  }
  return softmax(told);
}

/** The weighted sum of the table's rows. */
function vectorOf(model, rows) {
  const { dimension, table, tableScales, weights } = model;
  const length = Math.max(Math.hypot(...rows.map((row) => weights[row])), TINY);
  const vector = new Float64Array(dimension);
  for (const row of rows) {
    const weight = (weights[row] / length) * tableScales[row];
    for (let place = 0; place < dimension; place++) vector[place] += weight * table[row * dimension + place];
  }
  return vector;
}

function softmax(told) {
  const highest = Math.max(...told);
  const powers = told.map((each) => Math.exp(each - highest));
  const sum = powers.reduce((total, each) => total + each, 0);
  return powers.map((each) => each / sum);
}

// --- decisions

/** What to do with a message: `kind` is "urgent", "answer", "list" or "none"; `shown` is the row of an entry, `listed`
 *  are such rows, best first; `caution` is the row of a sign that the message may be about, or null. */
function decide(model, message) {
  const talk = talkOf(model, message);
  if (talk?.certain) return talkAbout(talk.row);
  const sign = signOf(model, message);
  if (sign?.urgent) return { kind: "urgent", shown: sign.entry, listed: [], caution: null, ranked: [sign.entry] };
  if (talk) return talkAbout(talk.row);
  const caution = sign ? sign.entry : null;
  const { ranked, confident, covered } = matchesOf(model, message);
  const found = { shown: null, listed: [], caution, ranked, confident, covered };
  const listed = ranked.filter((row) => model.answers.has(row)).slice(0, model.most);
  const mayShow = model.may_answer || confident === 1 || !model.answers.has(ranked[0]);
  if (mayShow && confident >= model.answer) return { ...found, kind: "answer", shown: ranked[0] };
  if (covered > model.list && listed.length) return { ...found, kind: "list", listed };
  return { ...found, kind: "none" };
}

function talkAbout(row) {
  return { kind: "answer", shown: row, listed: [], caution: null, ranked: [row] };
}

/** The small talk that a message is: for `certain` when it says so word for word, else when that is likelier than all
 *  else together; null: it is something else, or longer than small talk. */
function talkOf(model, message) {
  const words = wordsOf(model, message);
  const row = model.said.get(words.join(" "));
  if (row !== undefined) return { row, certain: true };
  if (words.length > model.passage_words || !words.some((word) => model.rows.has(word))) return null;
  const shares = sharesOf(model, words);
  const sum = model.talk.reduce((total, each) => total + shares[each], 0);
  if (!model.talk.length || sum < model.talk_share) return null;
  return { row: model.talk.reduce((best, each) => (shares[each] > shares[best] ? each : best)), certain: false };
}

/** The entries that may be shown, best first, with the probabilities that the first is right and that one is. Whose
 *  question is asked word for word comes first for certain. */
function matchesOf(model, message) {
  const words = wordsOf(model, message);
  const shares = sharesOf(model, words);
  const ranked = [...model.shown].sort((one, other) => shares[other] - shares[one]).slice(0, 2 * model.most);
  const asked = model.asked.get(words.join(" "));
  if (asked !== undefined)
    return { ranked: [asked, ...ranked.filter((row) => row !== asked)], confident: 1, covered: 1 };
  const log = (row) => Math.log((row === undefined ? 0 : shares[row]) + TINY);
  const known = words.filter((word) => model.rows.has(word)).length / Math.max(words.length, 1);
  const signals = [log(ranked[0]), log(ranked[0]) - log(ranked[1]), -log(model.outside), known];
  return { ranked, confident: probability(model.confident, signals), covered: known && probability(model.covered, signals) };
}

function probability(weights, signals) {
  return 1 / (1 + Math.exp(-signals.reduce((sum, signal, place) => sum + signal * weights[place], weights.at(-1))));
}

/** The warning sign that a message, or a passage of it, describes (`urgent`) or may describe; null: neither. */
function signOf(model, message) {
  const read = passages(model, message).map((passage) => signIn(model, wordsOf(model, passage)));
  const by = (name) => read.reduce((best, each) => (each[name] > best[name] ? each : best));
  const [worst, likeliest] = [by("sign"), by("maybe")];
  if (worst.sign >= model.urgent) return { entry: worst.entry, urgent: true };
  return likeliest.maybe >= 0 ? { entry: likeliest.entry, urgent: false } : null;
}

/** How likely words describe a sign, as a logarithm of odds, and may describe one, as how far that is above what a
 *  caution needs, and which. */
function signIn(model, words) {
  let [sign, maybe, entry, most] = [0, 0, null, -1];
  const known = new Set(words.filter((word) => model.rows.has(word))).size; // without any they say nothing of a sign
  const shares = known ? sharesOf(model, words) : new Float64Array(model.classes);
  for (const [row, caution] of model.signs) {
    sign += shares[row];
    maybe += shares[row] + shares[caution];
    if (shares[row] + shares[caution] > most) [entry, most] = [row, shares[row] + shares[caution]];
  }
  return { sign: odds(sign), maybe: odds(maybe) - (known === 1 ? model.caution_of_word : model.caution), entry };
}

function odds(share) {
  return Math.log((share + TINY) / (1 - share + TINY));
}

/** A message, and where it is long its passages beside it, each overlapping the next by half. */
function passages(model, message) {
  const words = message.trim().split(/\s+/);
  const step = model.passage_words / 2;
  const found = [message];
  if (words.length > model.passage_words) {
    for (let start = 0; start < words.length - step; start += step)
      found.push(words.slice(start, start + model.passage_words).join(" "));
  }
  return found;
}
