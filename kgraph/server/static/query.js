"use strict";
// The query page. Everything that comes from the graph is set with textContent: it is hostile until proven otherwise.
(() => {
  const SHOWN = 1000;
  const FORMS = {
    "CSV": ["text/csv", "csv"], "TSV": ["text/tab-separated-values", "tsv"], "JSON": ["application/sparql-results+json", "json"],
    "XML": ["application/sparql-results+xml", "xml"], "Turtle": ["text/turtle", "ttl"], "JSON-LD": ["application/ld+json", "jsonld"],
  };
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const make = (tag, text, cls) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (cls) node.className = cls;
    return node;
  };
  const START = "SELECT ?who ?does ?whom ?sentence {\n  ?a rdf:subject/rdfs:label ?who ; rdf:predicate/rdfs:label ?does ; rdf:object/rdfs:label ?whom ;\n     kg:evidence/nif:anchorOf ?sentence\n} LIMIT 100";

  Yasqe.registerAutocompleter({
    name: "relations", bulk: true, autoShow: true, persistenceId: null,
    isValidCompletionPosition: (yasqe) => yasqe.getCompleteToken().string.startsWith("kg:"),
    preProcessToken: (yasqe, token) => token,
    get: () => Object.keys(data.relations).map((name) => `kg:${name}`),
  });
  const asked = new URLSearchParams(location.search);
  const editor = new Yasqe(byId("editor"), {
    value: asked.get("query") || START, persistenceId: null, showQueryButton: false, createShareableLink: null, resizeable: true,
    autocompleters: ["variables", "relations"], requestConfig: { endpoint: "/sparql" },
  });
  editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), "Ctrl-Enter": () => run(), "Cmd-Enter": () => run(), "Tab": false, "Shift-Tab": false });
  editor.getInputField().setAttribute("aria-label", "SPARQL query");

  // The server declares our prefixes by itself; the editor wants to see them, and so does any other endpoint.
  const declare = () => {
    const text = editor.getValue().replace(/<[^<>\s]*>|"[^"\n]*"|#.*$/gm, "");
    const declared = editor.getPrefixesFromQuery();
    const missing = Object.entries(data.prefixes).filter(([name]) => !(name in declared) && new RegExp(`(^|[^\\w?$:-])${name}:`).test(text));
    if (!missing.length) return;
    editor.addPrefixes(Object.fromEntries(missing));
    editor.collapsePrefixes(true);
  };
  let waiting = 0;
  editor.on("changes", () => {
    clearTimeout(waiting);
    waiting = setTimeout(declare, 300);
  });
  declare();

  // Saved queries: the server writes their SPARQL, so that a parameter stays a value.
  const fill = async () => {
    const name = byId("choice").value;
    if (!name) return;
    const values = new URLSearchParams([...byId("parameters").querySelectorAll("input")].map((i) => [i.name, i.value]));
    const reply = await fetch(`/saved/${encodeURIComponent(name)}?${values}`);
    if (reply.ok) editor.setValue((await reply.json()).query);
    else problem(await reply.text());
  };
  byId("choice").addEventListener("change", async () => {
    const entry = data.saved[byId("choice").value];
    byId("parameters").replaceChildren(...Object.entries(entry ? entry.parameters : {}).map(([name, meaning]) => {
      const label = make("label", `${name}: ${meaning}`);
      const input = make("input");
      input.name = name;
      input.addEventListener("change", fill);
      label.append(input);
      return label;
    }));
    await fill();
    if (entry) run();
  });
  byId("saved").addEventListener("submit", async (event) => {
    event.preventDefault();
    await fill();
    run();
  });

  const problem = (text) => {
    byId("problem").hidden = !text;
    byId("problem").textContent = text;
  };
  let running = null;
  const ask = async (accept) => {
    if (running) running.abort();
    running = new AbortController();
    byId("stop").disabled = false;
    problem("");
    try {
      const reply = await fetch("/sparql", {
        method: "POST", signal: running.signal, body: editor.getValue(),
        headers: { "Content-Type": "application/sparql-query", "Accept": accept },
      });
      if (reply.ok) return reply;
      problem(await reply.text());
    } catch (error) {
      problem(error.name === "AbortError" ? "stopped" : "the server does not answer; is it running?");
    } finally {
      byId("stop").disabled = true;
      running = null;
    }
    byId("state").textContent = "";
    return null;
  };
  byId("stop").addEventListener("click", () => running && running.abort());

  const link = (value) => {
    const own = value.startsWith(data.base);
    if (!own && !/^https?:\/\//.test(value)) return make("span", value);
    const node = make("a", short(value));
    node.href = own ? `/${value.slice(data.base.length)}` : value;
    node.title = value;
    if (!own) node.rel = "noreferrer";
    return node;
  };
  const short = (value) => {
    const [name, iri] = Object.entries(data.prefixes).filter(([, iri]) => value.startsWith(iri)).sort((a, b) => b[1].length - a[1].length)[0] || [];
    const text = name ? `${name}:${value.slice(iri.length)}` : value.startsWith(data.base) ? value.slice(data.base.length) : value;
    try { return decodeURIComponent(text); } catch { return text; }
  };
  const table = (answer) => {
    const node = make("table");
    const head = node.createTHead().insertRow();
    for (const name of answer.head.vars) head.append(make("th", name));
    const body = node.createTBody();
    for (const binding of answer.results.bindings.slice(0, SHOWN)) {
      const row = body.insertRow();
      for (const name of answer.head.vars) {
        const term = binding[name];
        const cell = row.insertCell();
        if (!term) continue;
        if (/#(integer|decimal|double)$/.test(term.datatype || "")) cell.className = "number";
        cell.append(term.type === "uri" ? link(term.value) : document.createTextNode(term.value));
      }
    }
    return node;
  };
  const run = async () => {
    byId("state").textContent = "running…";
    byId("answer").replaceChildren();
    const began = performance.now();
    const reply = await ask("application/sparql-results+json, text/turtle;q=0.9");
    if (!reply) return;
    const cut = reply.headers.get("x-kgraph-truncated");
    const took = ` in ${((performance.now() - began) / 1000).toFixed(2)} s`;
    if (reply.headers.get("content-type").startsWith("text/turtle")) {
      byId("answer").replaceChildren(make("pre", await reply.text()));
      byId("state").textContent = (cut ? `the first ${cut} triples` : "triples") + took;
    } else {
      const answer = await reply.json();
      if ("boolean" in answer) {
        byId("answer").replaceChildren(make("p", answer.boolean ? "yes" : "no"));
        byId("state").textContent = took.trim();
      } else {
        const count = answer.results.bindings.length;
        byId("answer").replaceChildren(table(answer));
        byId("state").textContent = (cut ? `the first ${count} rows, there are more` : `${count} row${count === 1 ? "" : "s"}`) +
          (count > SHOWN ? `, ${SHOWN} of them below` : "") + took;
      }
    }
    const query = editor.getValue();
    history.replaceState(null, "", query.length < 4000 ? `/query?${new URLSearchParams({ query })}` : "/query");
  };
  byId("run").addEventListener("click", run);

  for (const name of Object.keys(FORMS)) byId("form").append(make("option", name));
  byId("form").addEventListener("change", async () => {
    const [kind, ending] = FORMS[byId("form").value] || [];
    byId("form").value = "";
    if (!kind) return;
    const reply = await ask(kind);
    if (!reply) return;
    const anchor = make("a");
    anchor.href = URL.createObjectURL(await reply.blob());
    anchor.download = `answer.${ending}`;
    anchor.click();
    URL.revokeObjectURL(anchor.href);
  });
  if (asked.get("query")) run();
})();
