// Search with suggestions over nodes, relations and sentences: a combobox with a list.

import { canvas, edgeOf, flyTo } from "./canvas.js";
import { evidence, graph, plain } from "./data.js";
import { announce, bdi, brief, byId, el, toast } from "./dom.js";
import { glyph } from "./look.js";
import { change, reset, state } from "./state.js";
import { count, phrase } from "./words.js";

const MOST = { nodes: 6, relations: 4, sentences: 6 };

let offers = [];
let active = -1;

function around(text, at, length) {
  const start = Math.max(0, at - 30);
  return `${start ? "…" : ""}${brief(text.slice(start, at + length + 60), 90)}`;
}

/** What could be meant, best first: each offer has a kind, a text and what choosing it does. */
function suggest(wanted) {
  const found = [];
  const nodes = graph.ranked
    .map((key) => graph.node.get(key))
    .filter((n) => plain(n.label).includes(wanted) || plain(n.key).endsWith(`:${wanted}`));
  nodes.sort((a, b) => plain(b.label).startsWith(wanted) - plain(a.label).startsWith(wanted));
  for (const node of nodes.slice(0, MOST.nodes))
    found.push({ kind: node.cls, picture: ["cls", node.cls], text: brief(node.label, 60), act: () => goTo(node.key) });
  const relations = Object.entries(graph.relations).filter(
    ([name, r]) => plain(name).includes(wanted) || plain(r.label).includes(wanted),
  );
  for (const [name, r] of relations.slice(0, MOST.relations))
    found.push({
      kind: "Relation",
      picture: ["polarity", r.polarity],
      text: r.label,
      act: () => change({ relation: [name], text: "" }),
    });
  const told = new Set();
  for (const edge of graph.edges) {
    if (told.size === MOST.sentences) break;
    const said = evidence(edge)
      .map((e) => e[1])
      .find((text) => !told.has(text) && plain(text).includes(wanted));
    if (!said) continue;
    told.add(said);
    found.push({
      kind: "Sentence",
      text: around(said, plain(said).indexOf(wanted), wanted.length),
      detail: brief(phrase(edge), 70),
      act: () => goToEdge(edge),
    });
  }
  return found;
}

/** Select a node, wherever it stands, and fly there. */
export function goTo(key) {
  const s = state();
  const missing = s.hidden.includes(key) ? { hidden: s.hidden.filter((k) => k !== key) } : {};
  change({ ...missing, selected: key, text: "" });
  if (!canvas.view.nodes.has(key)) change({ pinned: [...s.pinned, key] });
  flyTo([key]);
}

/** Select the edge of an assertion; filters that hide it give way. */
function goToEdge(a) {
  const selected = edgeOf(a.from, a.to, a);
  change({ selected, text: "", view: "full" });
  if (!canvas.bundles.has(selected)) {
    reset();
    change({ selected, view: "full", pinned: [a.from, a.to] });
    toast("The filters gave way to what you chose; undo brings them back.");
  }
  flyTo([a.from, a.to]);
}

function close() {
  const box = byId("search");
  byId("offers").hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
  active = -1;
}

function point(index) {
  active = (index + offers.length) % offers.length;
  for (const [i, row] of [...byId("offers").children].entries())
    row.setAttribute("aria-selected", String(i === active));
  byId("search").setAttribute("aria-activedescendant", `offer-${active}`);
  byId("offers").children[active].scrollIntoView({ block: "nearest" });
}

function open() {
  const wanted = plain(byId("search").value.trim());
  offers = wanted ? suggest(wanted) : [];
  active = -1;
  byId("search").removeAttribute("aria-activedescendant");
  byId("offers").replaceChildren(
    ...offers.map((offer, i) =>
      el(
        "li",
        {
          role: "option",
          id: `offer-${i}`,
          "aria-selected": "false",
          on: { mousedown: (event) => event.preventDefault(), click: () => choose(i) },
        },
        offer.picture ? glyph(...offer.picture) : null,
        el("span", { class: "name" }, bdi(offer.text), offer.detail ? el("small", {}, bdi(offer.detail)) : null),
        el("span", { class: "kind", text: offer.kind }),
      ),
    ),
  );
  const none = wanted && !offers.length;
  byId("offers").hidden = !offers.length;
  byId("search").setAttribute("aria-expanded", String(offers.length > 0));
  announce(none ? "nothing found" : wanted ? count(offers.length, "suggestion") : "");
}

/** Out of the search, to the map. */
function leave() {
  byId("search").value = "";
  close();
  byId(state().mode === "table" ? "table" : "drawing").focus();
}

function choose(index) {
  leave();
  offers[index].act();
}

export function makeSearch() {
  const box = byId("search");
  box.addEventListener("input", open);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && offers.length) point(active + 1);
    else if (event.key === "ArrowUp" && offers.length) point(active - 1);
    else if (event.key === "Enter") {
      if (active >= 0) choose(active);
      else {
        const text = box.value.trim();
        leave();
        change({ text });
      }
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (byId("offers").hidden) box.blur();
      box.value = "";
      close();
    } else return;
    event.preventDefault();
  });
}
