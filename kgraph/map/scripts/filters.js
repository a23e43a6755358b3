// Which assertions are shown, and how many each value of each facet would show.

import { evidence, graph, plain, sentencesReady } from "./data.js";
import { brief } from "./dom.js";
import { neighbourhood, shortestPath } from "./paths.js";
import { FACET_KEYS, state } from "./state.js";
import { group, groupName, label, MODALITY, POLARITY, phrase, polarity, relationLabel } from "./words.js";

/** What a facet is called, which values an assertion has, and how a value reads. */
export const FACETS = {
  group: { name: "Kind of act", values: (a) => [group(a)], read: groupName },
  relation: { name: "Relation", values: (a) => [a.relation], read: (v) => graph.relations[v]?.label ?? v },
  polarity: {
    name: "Sign",
    values: (a) => [polarity(a)],
    read: (v) => `${POLARITY[v]?.sign ?? ""} ${POLARITY[v]?.name ?? v}`,
  },
  cls: { name: "Class of node", values: (a) => [graph.node.get(a.from).cls, graph.node.get(a.to).cls], read: (v) => v },
  modality: { name: "Modality", values: (a) => [a.modality], read: (v) => MODALITY[v] ?? v },
  negation: { name: "Negation", values: (a) => [a.negated ? "negated" : "affirmed"], read: (v) => v },
  speaker: { name: "Said by", values: (a) => [a.speaker ?? ""], read: (v) => v || "the text itself" },
  sources: {
    name: "Independent sources",
    values: (a) => [a.sources > 3 ? "4" : String(a.sources)],
    read: (v) => (v === "4" ? "4 or more" : v),
  },
  publisher: {
    name: "Publisher",
    values: (a) => a.documents.map((d) => graph.documents[d].source ?? ""),
    read: (v) => v || "not known",
  },
  document: {
    name: "Document",
    values: (a) => a.documents.map((d) => graph.documents[d].id),
    read: (v) => graph.documents.find((d) => d.id === v)?.title ?? v,
  },
  community: {
    name: "Community",
    values: (a) =>
      [graph.node.get(a.from).community, graph.node.get(a.to).community].filter((c) => c !== null).map(String),
    read: (v) => graph.communities[v] ?? v,
  },
};

const views = new Map();

/** The assertions as a view has them: ends folded into their principals or not, loops left out. */
function rowsOf(view) {
  if (!views.has(view)) {
    const place = (key) => (view === "principals" ? graph.node.get(key).fold : key);
    const rows = graph.edges.map((a) => ({ a, from: place(a.from), to: place(a.to) })).filter((r) => r.from !== r.to);
    for (const row of rows) row.values = FACET_KEYS.map((key) => [...new Set(FACETS[key].values(row.a))]);
    views.set(view, rows);
  }
  return views.get(view);
}

function haystack(a) {
  const own = a.haystack ?? plain(`${phrase(a)} ${a.speaker ?? ""}`);
  if (!a.haystack && sentencesReady()) {
    a.haystack = `${own} ${plain(
      evidence(a)
        .map((e) => e[1])
        .join(" "),
    )}`;
    return a.haystack;
  }
  return own;
}

/** Tests that are no facets: confidence, time, words. */
function tests(s) {
  const found = [];
  if (s.confidence) found.push((a) => a.confidence >= s.confidence);
  if (s.since || s.until)
    found.push((a) => a.days !== null && a.days[1] >= s.since && (!s.until || a.days[0] <= s.until));
  if (s.text) {
    const wanted = plain(s.text);
    found.push((a) => haystack(a).includes(wanted));
  }
  return found;
}

/** Note at each row which facets it fails; -1 is a test that is no facet. */
function judge(rows) {
  const s = state();
  const chosen = FACET_KEYS.map((key) => (s[key].length ? new Set(s[key]) : null));
  const others = tests(s);
  for (const row of rows) {
    row.fails = [];
    chosen.forEach((set, i) => {
      if (set && !row.values[i].some((v) => set.has(v))) row.fails.push(i);
    });
    if (others.some((test) => !test(row.a))) row.fails.push(-1);
  }
  return rows;
}

/** The nodes that a large map opens with, each with its most important neighbour, and those that the reader or the story has named; null where all are shown. */
function coreOf(path) {
  const s = state();
  if (!s.backbone || s.focus) return null;
  const walked = (path ?? []).flatMap((step) => [step.from, step.to]);
  const core = new Set();
  for (const key of graph.ranked) {
    if (core.size >= s.backbone) break;
    core.add(key).add(graph.companion.get(key) ?? key);
  }
  for (const key of [...s.pinned, ...walked, ...graph.told]) core.add(key);
  return core;
}

/** What is shown now: `rows` and `nodes`; `counts` by facet and value; `scope`, also the rows that filters leave out; `path`. */
export function shown() {
  const s = state();
  const hidden = new Set(s.hidden);
  const all = judge(rowsOf(s.view).filter((r) => !hidden.has(r.from) && !hidden.has(r.to)));
  const passing = (list) => list.filter((r) => !r.fails.length);
  const path = s.path.length === 2 ? shortestPath(passing(all), ...s.path) : null;
  const core = coreOf(path);
  const centre = s.focus && s.view === "principals" ? graph.node.get(s.focus).fold : s.focus;
  const near = centre ? neighbourhood(passing(all), centre, s.hops) : core;
  const scope = near ? all.filter((r) => near.has(r.from) && near.has(r.to)) : all;
  const rows = passing(scope);
  const nodes = new Set(rows.flatMap((r) => [r.from, r.to]));
  for (const key of s.pinned) nodes.add(key);
  if (centre) nodes.add(centre);
  return { rows, nodes, scope, counts: tally(scope), path };
}

function tally(scope) {
  const counts = FACET_KEYS.map(() => new Map());
  for (const row of scope) {
    if (row.fails.length > 1 || row.fails[0] === -1) continue;
    row.values.forEach((values, i) => {
      if (row.fails.length && row.fails[0] !== i) return;
      for (const v of values) counts[i].set(v, (counts[i].get(v) ?? 0) + 1);
    });
  }
  return Object.fromEntries(FACET_KEYS.map((key, i) => [key, counts[i]]));
}

/** The filters in force as chips: what each says, and the change that takes it away. */
export function chips(full) {
  const s = state();
  const found = [];
  for (const key of FACET_KEYS)
    for (const value of s[key])
      found.push([
        `${FACETS[key].name}: ${brief(FACETS[key].read(value), 40)}`,
        { [key]: s[key].filter((v) => v !== value) },
      ]);
  if (s.text) found.push([`Words: “${brief(s.text, 40)}”`, { text: "" }]);
  if (s.confidence) found.push([`Confidence from ${s.confidence.toFixed(2)}`, { confidence: 0 }]);
  if (s.since || s.until) found.push([full, { since: 0, until: 0 }]);
  if (s.path.length === 2) found.push([`Path: ${brief(label(s.path[0]))} to ${brief(label(s.path[1]))}`, { path: [] }]);
  if (s.view === "principals") found.push(["Folded into principals", { view: "full" }]);
  if (s.hidden.length) found.push([`Hidden: ${s.hidden.map((k) => brief(label(k))).join(", ")}`, { hidden: [] }]);
  if (s.pinned.length) found.push([`Pinned: ${s.pinned.map((k) => brief(label(k))).join(", ")}`, { pinned: [] }]);
  if (s.backbone)
    found.push([
      `The ${s.backbone.toLocaleString("en")} most important of ${graph.nodes.length.toLocaleString("en")} nodes`,
      { backbone: 0 },
    ]);
  return found;
}

/** The relation of an assertion with its count, as an edge's label has it. */
export function bundleLabel(rows) {
  const names = [...new Set(rows.map((r) => relationLabel(r.a)))];
  const more = names.length > 1 ? ` +${names.length - 1}` : "";
  const times = rows.length > 1 ? ` ×${rows.length}` : "";
  return `${names[0]}${more}${times}`;
}
