// What the reader has chosen, as one flat value: so that undo, redo and a link to the view are the same thing.

import { graph } from "./data.js";

/** The facets by which assertions are filtered; each holds the values chosen, none chosen is all. */
export const FACET_KEYS = [
  "group",
  "relation",
  "polarity",
  "cls",
  "modality",
  "negation",
  "speaker",
  "sources",
  "publisher",
  "document",
  "community",
];

const EMPTY = {
  view: "full",
  ...Object.fromEntries(FACET_KEYS.map((key) => [key, []])),
  confidence: 0,
  since: 0,
  until: 0,
  text: "",
  focus: "",
  hops: 1,
  trail: [],
  path: [],
  hidden: [],
  pinned: [],
  moved: [],
  opened: [],
  backbone: 0,
  hulls: false,
  mode: "map",
  selected: "",
  step: 0,
};
const PASSING = new Set(["selected", "mode", "step"]);

let opening = EMPTY;
let current = EMPTY;
const past = [];
const future = [];
const listeners = [];

export function state() {
  return current;
}

export function onChange(act) {
  listeners.push(act);
}

/** Begin with what the page's maker chose, and over it what the address says. */
export function openState() {
  opening = { ...EMPTY, ...graph.opening };
  current = { ...opening, ...fromHash(location.hash) };
  window.addEventListener("hashchange", () => {
    if (location.hash.slice(1) !== toHash()) set({ ...opening, ...fromHash(location.hash) });
  });
}

function set(next) {
  const before = current;
  current = next;
  writeHash();
  for (const act of listeners) act(before);
}

/** Does the state differ from a former one in more than the selection and the mode? */
export function changesWhatIsShown(before) {
  return Object.keys(EMPTY).some((key) => !PASSING.has(key) && current[key] !== before[key]);
}

/** Change some of the state. A change of `selected`, `mode` or `step` alone, or a `passing` one, is no step to undo. */
export function change(patch, { passing = false } = {}) {
  const changed = Object.keys(patch).filter((key) => JSON.stringify(patch[key]) !== JSON.stringify(current[key]));
  if (!changed.length) return;
  if (!passing && !changed.every((key) => PASSING.has(key))) {
    past.push(current);
    future.length = 0;
  }
  set({ ...current, ...patch });
}

/** Remember the present state as one to come back to, before a run of passing changes (a slider's). */
export function mark() {
  past.push(current);
  future.length = 0;
}

export function undo() {
  while (past.length && JSON.stringify(past.at(-1)) === JSON.stringify(current)) past.pop();
  if (past.length) {
    future.push(current);
    set({ ...past.pop(), mode: current.mode });
  }
}

export function redo() {
  if (future.length) {
    past.push(current);
    set({ ...future.pop(), mode: current.mode });
  }
}

export function canUndo() {
  return past.length > 0;
}

export function canRedo() {
  return future.length > 0;
}

/** Back to the view that the page opened with. */
export function reset() {
  change({ ...opening, mode: current.mode });
}

/** Put a value into a list of the state, or take it out. */
export function toggle(key, value) {
  const list = current[key];
  change({ [key]: list.includes(value) ? list.filter((v) => v !== value) : [...list, value] });
}

/** The state as the part of an address after #: only what differs from the opening. */
export function toHash() {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(current)) {
    if (JSON.stringify(value) === JSON.stringify(opening[key])) continue;
    if (Array.isArray(value)) for (const v of value.length ? value : [""]) parameters.append(key, v);
    else parameters.append(key, String(value));
  }
  return parameters.toString();
}

function fromHash(hash) {
  const parameters = new URLSearchParams(hash.slice(1));
  const found = {};
  for (const [key, empty] of Object.entries(EMPTY)) {
    if (!parameters.has(key)) continue;
    const values = parameters.getAll(key);
    if (Array.isArray(empty)) found[key] = key === "speaker" ? values : values.filter(Boolean);
    else if (typeof empty === "number") found[key] = Number(values[0]) || 0;
    else if (typeof empty === "boolean") found[key] = values[0] === "true";
    else found[key] = values[0];
  }
  for (const key of ["trail", "path", "hidden", "pinned"])
    if (found[key]) found[key] = found[key].filter((k) => graph.node.has(k));
  if (found.focus && !graph.node.has(found.focus)) found.focus = "";
  if (found.path?.length === 1) found.path = [];
  return found;
}

function writeHash() {
  const hash = toHash();
  try {
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  } catch {
    location.hash = hash; // a page inside a sandboxed frame may not touch its history
  }
}
