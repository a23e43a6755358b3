// The panel beside the map: an edge is sentences.

import { canvas, fit, flyTo } from "./canvas.js";
import { evidence, graph, sentencesReady } from "./data.js";
import { announce, bdi, button, byId, el } from "./dom.js";
import { glyph } from "./look.js";
import { change, state, toggle } from "./state.js";
import { beginStory } from "./tour.js";
import { circumstances, count, label, POLARITY, phrase, polarity, relationLabel } from "./words.js";

const FIRST = 25;
const FIRST_SENTENCES = 5;

/** The sentence with subject, relation and object marked; offsets count code points. */
function quote([, text, marks]) {
  const box = el("blockquote", { dir: "auto", lang: graph.about.language });
  const points = [...text];
  let at = 0;
  for (const [role, start, end] of marks) {
    if (start < at) continue;
    box.append(
      points.slice(at, start).join(""),
      el("mark", { class: role, text: points.slice(start, end).join(""), title: role }),
    );
    at = end;
  }
  box.append(points.slice(at).join(""));
  return box;
}

function origin(number) {
  const known = graph.documents[number];
  const parts = [known.source, known.title, known.date, known.title ? "" : known.id].filter(Boolean);
  const place = el("p", { class: "origin" }, bdi(parts.join(", ")));
  if (/^https?:\/\//i.test(known.url ?? "")) {
    place.append(
      " · ",
      el("a", { href: known.url, rel: "noreferrer noopener", target: "_blank", text: "open the original" }),
    );
  }
  return place;
}

/** The sentences of an assertion, each with its origin; the first few, and a button for the rest. */
function sentences(all) {
  const told = (list) => list.flatMap((e) => [quote(e), origin(e[0])]);
  if (all.length <= FIRST_SENTENCES) return told(all);
  const rest = all.slice(FIRST_SENTENCES);
  const more = button(`Show ${count(rest.length, "more sentence")}`, () => more.replaceWith(...told(rest)));
  return [...told(all.slice(0, FIRST_SENTENCES)), more];
}

/** One assertion in words, with its sentences. */
export function article(a) {
  const sign = polarity(a);
  const words = el("span", { class: a.negated ? "negated" : "", text: relationLabel(a) });
  const head = el(
    "h3",
    { dir: "auto" },
    bdi(label(a.from)),
    " ",
    a.negated ? "not: " : null,
    words,
    " ",
    bdi(label(a.to)),
  );
  const how = el(
    "p",
    { class: "how", dir: "ltr" },
    el("span", { class: "badge", "data-sign": sign, text: `${POLARITY[sign].sign} ${POLARITY[sign].name}` }),
    a.modality === "actual" ? null : glyph("modality", a.modality),
    bdi(circumstances(a).join(" · ")),
    " ",
    button("show", () => showOnMap(a), { class: "link locate", "aria-label": `Show on the map: ${phrase(a)}` }),
  );
  const hint = el("p", { class: "hint", text: "The sentences are being opened." });
  return el(
    "article",
    { "data-sign": sign, "data-id": a.id },
    head,
    how,
    ...(sentencesReady() ? sentences(evidence(a)) : [hint]),
  );
}

/** Select the edge that an assertion is part of, and fly there. */
function showOnMap(a) {
  const bundle = [...canvas.bundles.values()].find((b) => b.rows.some((r) => r.a === a));
  if (!bundle) return;
  change({ selected: bundle.id });
  flyTo([bundle.from, bundle.to]);
}

function articles(list) {
  const box = el("div", { class: "articles" });
  const more = (from) => {
    box.append(...list.slice(from, from + FIRST).map(article));
    if (list.length > from + FIRST) {
      const next = button(
        `Show ${Math.min(FIRST, list.length - from - FIRST)} more of ${list.length - from - FIRST}`,
        () => {
          next.remove();
          more(from + FIRST);
        },
      );
      box.append(next);
    }
  };
  more(0);
  return box;
}

const KEY = () =>
  el(
    "p",
    { class: "key" },
    ...["subject", "relation", "object"].flatMap((role) => [el("mark", { class: role, text: role }), " "]),
  );

function show(title, ...content) {
  byId("panel").replaceChildren(
    el(
      "header",
      {},
      el("h2", { text: title, dir: "auto", tabindex: -1 }),
      state().selected
        ? button("✕", () => change({ selected: "" }), {
            "aria-label": "Close this and show the overview",
            class: "plain",
          })
        : null,
    ),
    ...content.filter(Boolean),
  );
  byId("panel").scrollTop = 0;
}

function strongest(rows) {
  return [...rows]
    .sort((a, b) => b.a.sources - a.a.sources || b.a.confidence - a.a.confidence || a.a.id - b.a.id)
    .map((r) => r.a);
}

function showEdge(bundle) {
  const list = strongest(bundle.rows);
  const relations = new Set(bundle.rows.map((r) => r.a.relation));
  const open = state().opened.includes(bundle.whole);
  const title =
    relations.size > 1
      ? `${label(bundle.from)} and ${label(bundle.to)}: ${count(list.length, `${POLARITY[bundle.sign].name} assertion`)}`
      : phrase(list[0]);
  const tools = el(
    "div",
    { class: "tools" },
    button("Show both ends", () => flyTo([bundle.from, bundle.to])),
  );
  if (relations.size > 1 || open)
    tools.append(
      button(open ? "Merge again" : `Open up into ${relations.size} relations`, () => {
        toggle("opened", bundle.whole);
      }),
    );
  show(title, tools, KEY(), articles(list));
}

function showNode(key, view) {
  const node = graph.node.get(key);
  const acts = strongest(view.rows.filter((r) => r.from === key));
  const bears = strongest(view.rows.filter((r) => r.to === key));
  const kind = el(
    "p",
    { class: "how", dir: "ltr" },
    glyph("cls", node.cls),
    node.cls,
    node.fold === key
      ? null
      : el(
          "span",
          {},
          " · acts for ",
          button(label(node.fold), () => change({ selected: node.fold }), { class: "link" }),
        ),
  );
  const from = state().path[0];
  const tools = el(
    "div",
    { class: "tools" },
    button("Focus", () => focusOn(key)),
    from && from !== key && state().path.length === 1
      ? button(`Path from ${label(from)}`, () => change({ path: [from, key], selected: "" }))
      : button("Path from here", () => {
          change({ path: [key] }, { passing: true });
          announce("Choose the node where the path ends");
        }),
    button(state().pinned.includes(key) ? "Unpin" : "Pin", () => toggle("pinned", key), {
      title: "A pinned node stays whatever the filters say",
    }),
    button("Hide", () => change({ hidden: [...state().hidden, key], selected: "" })),
  );
  const waiting =
    state().path.length === 1
      ? el("p", {
          class: "hint",
          text:
            from === key
              ? "Now choose the node where the path ends."
              : `A path from ${label(from)} is waiting for its end.`,
        })
      : null;
  const part = (name, list) =>
    list.length ? [el("h3", { class: "part", text: `${name} (${list.length})` }), articles(list)] : [];
  show(
    node.label,
    kind,
    tools,
    waiting,
    KEY(),
    ...part("What it does", acts),
    ...part("What is done or said about it", bears),
  );
}

function showPath(path) {
  const [from, to] = state().path;
  const title = `From ${label(from)} to ${label(to)}`;
  if (!path.length) {
    show(title, el("p", { class: "hint", text: "No path leads there through what is shown; take a filter away." }));
    return;
  }
  const steps = path.flatMap((step, i) => [
    el("h3", { class: "part" }, `${i + 1}. `, bdi(label(step.from)), " – ", bdi(label(step.to))),
    articles(strongest(step.rows).slice(0, 3)),
  ]);
  show(
    title,
    el("p", { class: "how", text: `${count(path.length, "step")}, the fewest through what is shown` }),
    KEY(),
    ...steps,
  );
}

function overview(view) {
  const { about, story } = graph;
  if (!graph.edges.length) {
    show(
      "Nothing here yet",
      el("p", { class: "hint", text: "The graph holds no assertion. Build one, and write the map again:" }),
      el("pre", { text: "kgraph build ARTICLES/ --store graph\nkgraph map --store graph -o map.html" }),
    );
    return;
  }
  if (!view.rows.length) {
    show(
      "No assertion fits",
      el("p", { class: "hint", text: "The filters leave nothing over. Take one away above, or clear them all." }),
      button("Clear all", () =>
        change({
          ...Object.fromEntries(
            Object.entries(state())
              .filter(([, v]) => Array.isArray(v))
              .map(([k]) => [k, []]),
          ),
          text: "",
          confidence: 0,
          since: 0,
          until: 0,
          focus: "",
        }),
      ),
    );
    return;
  }
  const events = view.rows.filter((r) => graph.relations[r.a.relation].group !== "TIES");
  const best = onceEach(strongest(events.length ? events : view.rows)).slice(0, 6);
  show(
    "Begin here",
    el("p", {
      class: "hint",
      text: "Click a node or an edge to read the sentences it rests on. Double click a node to see its neighbourhood.",
    }),
    story ? button(`▶ ${story.title} (${count(story.steps.length, "step")})`, beginStory, { class: "story" }) : null,
    about.measure && state().backbone ? note() : null,
    KEY(),
    articles(best),
  );
}

/** Of the assertions that rest on the same sentence, the first. */
function onceEach(list) {
  const told = new Set();
  return list.filter((a) => {
    const first = evidence(a)[0]?.[1] ?? a.id;
    return !told.has(first) && told.add(first);
  });
}

function note() {
  return el(
    "p",
    { class: "note" },
    `This graph is large: you see the ${state().backbone.toLocaleString("en")} most important of ${graph.nodes.length.toLocaleString("en")} nodes, by ${graph.about.measure}. `,
    button(
      "Show twice as many",
      () => change({ backbone: state().backbone * 2 < graph.nodes.length ? state().backbone * 2 : 0 }),
      { class: "link" },
    ),
    " or ",
    button("all", () => change({ backbone: 0 }), { class: "link" }),
    ".",
  );
}

/** Only a node and its neighbourhood, with a way back. */
export function focusOn(key) {
  const { focus, trail } = state();
  if (focus === key) return;
  change({ focus: key, selected: key, trail: focus ? [...trail.filter((k) => k !== key), focus] : trail });
  fit();
}

/** Show what is selected, or the path, or the overview. */
export function showPanel(view) {
  const { selected } = state();
  document.body.classList.toggle("reading", Boolean(selected) || Boolean(view.path));
  if (canvas.bundles.has(selected)) showEdge(canvas.bundles.get(selected));
  else if (view.nodes.has(selected)) showNode(selected, view);
  else if (view.path) showPath(view.path);
  else overview(view);
}
