"use strict";
// The page's behaviour. All text of the graph is set with textContent: it is hostile until proven otherwise.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const make = (tag, text, cls) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (cls) node.className = cls;
    return node;
  };
  const labels = new Map(data.network.nodes.map((n) => [n.id, n.label]));
  const off = { polarity: new Set(), cls: new Set(), modality: new Set() };
  const classOf = new Map(data.network.nodes.map((n) => [n.id, n.cls]));
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const ink = dark ? "#e8e6e1" : "#1c2733";
  const paper = dark ? "#14191f" : "#fbfaf7";
  let needle = "";
  let focus = null;

  const shown = (a) =>
    !off.polarity.has(a.polarity) && !off.modality.has(a.modality) && !off.cls.has(classOf.get(a.from)) && !off.cls.has(classOf.get(a.to)) &&
    (!focus || a.from === focus || a.to === focus) &&
    (!needle || [labels.get(a.from), labels.get(a.to), a.label, ...a.evidence.map((e) => e.text)].some((t) => t.toLowerCase().includes(needle)));

  const brief = (text) => (text.length > 30 ? `${text.slice(0, 29)}…` : text);
  const nodes = new vis.DataSet(data.network.nodes.map((n) => ({ ...n, label: brief(n.label) })));
  const edges = new vis.DataSet(data.network.edges);
  let visible = data.edges;
  let edgeIds = new Set();
  let nodeIds = new Set();
  const recount = () => {
    visible = data.edges.filter(shown);
    edgeIds = new Set(visible.map((a) => a.edge));
    nodeIds = new Set(visible.flatMap((a) => [a.from, a.to]));
  };
  recount();
  const nodeView = new vis.DataView(nodes, { filter: (n) => nodeIds.has(n.id) });
  const edgeView = new vis.DataView(edges, { filter: (e) => edgeIds.has(e.id) });
  const network = new vis.Network(byId("map"), { nodes: nodeView, edges: edgeView }, {
    physics: false,
    interaction: { hover: true, multiselect: false, keyboard: false },
    nodes: { font: { color: ink, face: "Georgia, serif", strokeWidth: 4, strokeColor: paper }, borderWidth: 0 },
    edges: { arrows: { to: { enabled: true, scaleFactor: 0.55 } }, font: { size: 13, color: ink, strokeWidth: 4, strokeColor: paper, align: "middle" } },
  });
  network.once("afterDrawing", () => network.fit({ animation: false, maxZoomLevel: 1.4 }));

  const marked = (evidence) => {
    const quote = make("blockquote");
    const marks = [...evidence.marks].sort((a, b) => a[1] - b[1]);
    const points = [...evidence.text]; // offsets count code points
    let at = 0;
    for (const [role, start, end] of marks) {
      if (start < at) continue;
      quote.append(points.slice(at, start).join(""));
      quote.append(make("mark", points.slice(start, end).join(""), role));
      at = end;
    }
    quote.append(points.slice(at).join(""));
    return quote;
  };
  const link = (url) => {
    const anchor = make("a", "open the original");
    anchor.href = url;
    anchor.rel = "noreferrer noopener";
    anchor.target = "_blank";
    return anchor;
  };
  const panel = (title, assertions) => {
    const side = byId("panel");
    side.replaceChildren(make("h2", title));
    for (const a of assertions) {
      const article = make("article", undefined, { "+": "plus", "-": "minus" }[a.polarity] || "");
      const head = make("h3");
      head.append(`${labels.get(a.from)} `, make("span", a.label, a.negated ? "negated" : ""), ` ${labels.get(a.to)}`);
      const meta = [a.negated ? "not so" : "", a.modality === "actual" ? "" : a.modality, a.attributed_to ? `said by ${a.attributed_to}` : "",
        a.date || "", `confidence ${a.confidence.toFixed(2)}`, `${a.documents} document${a.documents === 1 ? "" : "s"}`];
      article.append(head, make("p", meta.filter(Boolean).join(" · "), "meta"));
      for (const e of a.evidence) {
        const known = data.documents[e.document] || {};
        const where = make("p", [known.source, known.title, known.date, e.document].filter(Boolean).join(", "), "meta");
        if (/^https?:\/\//i.test(known.url || "")) where.append(" · ", link(known.url));
        article.append(marked(e), where);
      }
      side.append(article);
    }
    side.scrollTop = 0;
  };
  const openEdge = (id) => {
    const found = data.edges.filter((a) => a.edge === id);
    if (found.length) panel(`${labels.get(found[0].from)} ${found[0].label} ${labels.get(found[0].to)}`, found);
  };
  const openNode = (id) => panel(labels.get(id), visible.filter((a) => a.from === id || a.to === id));
  network.on("click", (event) => {
    if (event.nodes.length) openNode(event.nodes[0]);
    else if (event.edges.length) openEdge(event.edges[0]);
  });
  network.on("doubleClick", (event) => {
    focus = event.nodes.length ? event.nodes[0] : null;
    refresh();
  });

  const rows = () => {
    const body = document.querySelector("#table tbody");
    body.replaceChildren(...visible.map((a) => {
      const row = make("tr");
      row.tabIndex = 0;
      const cells = [labels.get(a.from), (a.negated ? "not: " : "") + a.label, labels.get(a.to), a.modality, a.attributed_to || "", a.date || "", a.confidence.toFixed(2)];
      row.append(...cells.map((c) => make("td", c)));
      row.addEventListener("click", () => openEdge(a.edge));
      row.addEventListener("keydown", (e) => { if (e.key === "Enter") openEdge(a.edge); });
      return row;
    }));
  };
  const refresh = () => {
    recount();
    nodeView.refresh();
    edgeView.refresh();
    rows();
    byId("counts").textContent = `${nodeIds.size} nodes · ${visible.length} assertions`;
  };
  document.querySelectorAll("#table th").forEach((th, column) => th.addEventListener("click", () => {
    const body = document.querySelector("#table tbody");
    const sorted = [...body.rows].sort((a, b) => a.cells[column].textContent.localeCompare(b.cells[column].textContent));
    body.replaceChildren(...sorted);
  }));

  const toggle = (group, value, text, cls) => {
    const button = make("button", text, cls);
    button.type = "button";
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
      const set = off[group];
      if (set.has(value)) set.delete(value); else set.add(value);
      button.setAttribute("aria-pressed", String(!set.has(value)));
      refresh();
    });
    byId("legend").append(button);
  };
  const tally = (key) => data.edges.filter(key).length;
  for (const [value, text, cls] of [["+", "+ cooperative", "plus-key"], ["-", "− hostile", "minus-key"], ["0", "neutral", "zero-key"]])
    toggle("polarity", value, `${text} (${tally((a) => a.polarity === value)})`, cls);
  for (const value of ["actual", "planned", "possible", "requested", "denied"])
    if (tally((a) => a.modality === value)) toggle("modality", value, `${value === "actual" ? "—" : "- -"} ${value} (${tally((a) => a.modality === value)})`);
  const shapes = { State: "●", Organization: "⬢", Person: "•", Group: "•", Instrument: "■", Event: "◆", Issue: "▲", Place: "▼" };
  for (const value of Object.keys(shapes))
    if (data.network.nodes.some((n) => n.cls === value)) toggle("cls", value, `${shapes[value]} ${value}`);

  byId("names").replaceChildren(...[...new Set([...labels.values(), ...data.edges.map((a) => a.label)])].sort().map((name) => {
    const option = make("option");
    option.value = name;
    return option;
  }));
  byId("search").addEventListener("input", (e) => { needle = e.target.value.trim().toLowerCase(); refresh(); });
  byId("view").addEventListener("click", () => {
    const table = byId("table");
    table.hidden = !table.hidden;
    byId("map").hidden = !table.hidden;
    byId("view").textContent = table.hidden ? "Table" : "Map";
    byId("view").setAttribute("aria-pressed", String(!table.hidden));
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && document.activeElement !== byId("search")) { e.preventDefault(); byId("search").focus(); }
    if (e.key === "Escape") { focus = null; needle = ""; byId("search").value = ""; byId("search").blur(); refresh(); }
  });
  refresh();
  if (data.edges.length) {
    const events = data.edges.filter((a) => a.plover);
    const best = [...(events.length ? events : data.edges)].sort((a, b) => b.documents - a.documents || b.confidence - a.confidence);
    panel("Begin here, or click a node or an edge", best.slice(0, 6));
  } else
    byId("panel").replaceChildren(make("p", "The graph holds no assertion yet. Build one: kgraph build SOURCE --store DIR", "hint"));
})();
