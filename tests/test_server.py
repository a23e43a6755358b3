"""The server as it is started by its command: the table of requests of the SPARQL 1.1 Protocol, limits, pages, a browser."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
from servers import free_port, oxigraph, start
from starlette.requests import Request

from kgraph.model import Assertion, Document, Entity, Evidence, Mark, NodeType, Role
from kgraph.server.negotiation import best
from kgraph.server.pages import Pages
from kgraph.store import Limits, Store
from kgraph.store.identity import Decision
from kgraph.store.provenance import Configuration

HOSTILE = '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">"} \u202e'
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
ASK = "ASK { ?s kg:condemns ?o }"
SELECT = "SELECT ?l { ?e kg:id 'JPN' ; rdfs:label ?l }"
CONSTRUCT = "CONSTRUCT { ?s kg:condemns ?o } { ?s kg:condemns ?o }"
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
EDGES = "https://kgraph.example/graph/edges"


def fill(folder: Path) -> None:
    japan, other = Entity("JPN", "Japan", NodeType.STATE), Entity("a/b c", HOSTILE, NodeType.EVENT)
    ann, anne = (Entity(n, f"{n.title()} Lee", NodeType.PERSON, "JPN") for n in ("ann", "anne"))
    with Store.open(folder, create=True) as store:
        for n in range(30):
            document = Document(
                f"d {n}/x",
                "Japan condemned it. " * 20,
                title=f"Title <b>{n}</b>",
                source="The Wire",
                url="javascript:alert(1)",
            )
            marks = (Mark(Role.SUBJECT, 0, 5), Mark(Role.RELATION, 6, 15))
            said = [
                Assertion(s, r, o, (Evidence.cut(document, 0, 19, marks),), "text")
                for s, r, o in (
                    (japan, "condemns", other),
                    (ann, "meets", Entity(f"e{n}", f"event {n}", NodeType.EVENT)),
                    (anne, "meets", japan),
                )
            ]
            store.put(document, said, Configuration("1", "c", "text", "m", "o"))
        store.settle()
        store.decide([Decision("same", "Person:ann", "Person:anne")])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("server") / "s"
    fill(folder)
    process, address = start(folder, "--timeout", "120", "--rows", "20", "--title", "July <i>2006</i>")
    with httpx.Client(base_url=address, timeout=150) as client:
        yield client
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err


def form(**fields: str) -> bytes:
    return "&".join(f"{k}={quote(v, safe='')}" for k, v in fields.items()).encode()


# What is sent: method, query string, content type, body, Accept. What comes: status, content type, a part of the body.
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
TABLE: list[tuple[str, str, str | None, bytes, str | None, int, str, str]] = [
    ("GET", "query=" + quote(ASK), None, b"", None, 200, JSON, '"boolean": true'),
    ("HEAD", "query=" + quote(ASK), None, b"", None, 200, JSON, ""),
    ("POST", "", FORM, form(query=ASK), None, 200, JSON, '"boolean": true'),
    ("POST", "", FORM + "; charset=utf-8", form(query=ASK), None, 200, JSON, '"boolean": true'),
    ("POST", "", DIRECT, ASK.encode(), None, 200, JSON, '"boolean": true'),
    ("POST", "", DIRECT, "ASK { ?s rdfs:label 'Ж' }".encode(), None, 200, JSON, '"boolean": false'),
    ("GET", "query=" + quote(SELECT), None, b"", JSON, 200, JSON, '"Japan"'),
    ("GET", "query=" + quote(SELECT), None, b"", XML, 200, XML, "<literal>Japan</literal>"),
    ("GET", "query=" + quote(SELECT), None, b"", "text/csv", 200, "text/csv", "l\nJapan"),
    ("GET", "query=" + quote(SELECT), None, b"", "text/tab-separated-values", 200, "text/tab-separated-values", '?l\n"Japan"'),
    ("GET", "query=" + quote(SELECT), None, b"", "text/csv;q=0.5, " + XML, 200, XML, "Japan"),
    ("GET", "query=" + quote(SELECT), None, b"", "application/*", 200, JSON, "Japan"),
    ("GET", "query=" + quote(SELECT), None, b"", "image/png, */*;q=0.1", 200, JSON, "Japan"),
    ("GET", "query=" + quote(SELECT), None, b"", "image/png", 406, "text/plain", "text/csv"),
    ("GET", "query=" + quote(SELECT), None, b"", "text/turtle", 406, "text/plain", "can be had as"),
    ("GET", "query=" + quote(ASK), None, b"", "text/csv", 406, "text/plain", "can be had as"),
    ("GET", "query=" + quote(SELECT), None, b"", "text/html,*/*;q=0.8", 303, "", ""),
    ("GET", "query=" + quote(CONSTRUCT), None, b"", None, 200, "text/turtle", "kg:condemns"),
    ("GET", "query=" + quote(CONSTRUCT), None, b"", "application/n-triples", 200, "application/n-triples", "ontology#condemns>"),
    ("GET", "query=" + quote(CONSTRUCT), None, b"", "application/rdf+xml", 200, "application/rdf+xml", "rdf:RDF"),
    ("GET", "query=" + quote(CONSTRUCT), None, b"", "application/ld+json", 200, "application/ld+json", "condemns"),
    ("GET", "query=" + quote("DESCRIBE state:JPN"), None, b"", "text/turtle", 200, "text/turtle", '"Japan"'),
    ("GET", "", None, b"", None, 200, "text/turtle", "SPARQL11Query"),
    ("GET", "", None, b"", "text/html", 303, "", ""),
    ("GET", "other=1", None, b"", None, 400, "text/plain", "no query"),
    ("GET", "query=" + quote(ASK) + "&query=" + quote(ASK), None, b"", None, 400, "text/plain", "2 queries"),
    ("GET", "query=" + quote("SELEC"), None, b"", None, 400, "text/plain", "syntax error in line 1"),
    ("GET", "query=%FF%FE", None, b"", None, 400, "text/plain", "UTF-8"),
    ("POST", "", DIRECT, b"\xff\xfe", None, 400, "text/plain", "UTF-8"),
    ("POST", "", FORM, b"", None, 400, "text/plain", "0 queries"),
    ("POST", "", FORM, b"&".join([b"a=b"] * 200), None, 400, "text/plain", "too many parameters"),
    ("POST", "", "text/plain", ASK.encode(), None, 415, "text/plain", "content type"),
    ("POST", "", None, ASK.encode(), None, 415, "text/plain", "content type"),
    ("POST", "", "application/sparql-update", b"CLEAR ALL", None, 403, "text/plain", "only reads"),
    ("POST", "", FORM, form(update="CLEAR ALL"), None, 403, "text/plain", "only reads"),
    ("GET", "update=" + quote("CLEAR ALL"), None, b"", None, 400, "text/plain", "no query"),
    ("POST", "", FORM, form(query="CLEAR ALL"), None, 400, "text/plain", "update"),
    ("GET", "query=" + quote("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), None, b"", None, 400, "text/plain", "SERVICE"),
    ("GET", "query=" + quote("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"), None, b"", None, 400, "text/plain", "FROM"),
    ("GET", form(query="ASK { ?s kg:condemns ?o }", **{"default-graph-uri": EDGES}).decode(), None, b"", None, 200, JSON, "true"),
    ("GET", form(query="ASK { ?s a kg:Document }", **{"default-graph-uri": EDGES}).decode(), None, b"", None, 200, JSON, "false"),
    ("POST", form(**{"named-graph-uri": EDGES}).decode(), DIRECT, b"ASK { GRAPH ?g { ?s kg:condemns ?o } }", None, 200, JSON, "true"),
    ("POST", "", FORM, form(query="ASK { ?s ?p ?o }", **{"named-graph-uri": EDGES}), None, 200, JSON, "false"),
    ("POST", "", FORM, form(query="ASK { ?s ?p ?o }", **{"default-graph-uri": "http://127.0.0.1:1/x"}), None, 200, JSON, "false"),
    ("GET", form(query=ASK, **{"default-graph-uri": "not an iri"}).decode(), None, b"", None, 400, "text/plain", "no IRI"),
    ("PUT", "", DIRECT, ASK.encode(), None, 405, "text/plain", ""),
    ("DELETE", "", None, b"", None, 405, "text/plain", ""),
    ("PATCH", "", None, b"", None, 405, "text/plain", ""),
    ("OPTIONS", "", None, b"", None, 405, "text/plain", ""),
    ("POST", "", DIRECT, b"ASK { ?s ?p '" + b"x" * 300_000 + b"' }", None, 413, "text/plain", "too large"),
    ("POST", "", DIRECT, b"ASK { ?s ?p '" + b"x" * 150_000 + b"' }", None, 400, "text/plain", "characters"),
    ("POST", "", DIRECT, b"SELECT * { ?s ?p ?o }", "text/csv", 200, "text/csv", ""),
]  # fmt: skip


@pytest.mark.parametrize(("method", "query", "kind", "body", "accept", "status", "comes", "part"), TABLE)
def test_the_table_of_requests(
    server: httpx.Client,
    method: str,
    query: str,
    kind: str | None,
    body: bytes,
    accept: str | None,
    status: int,
    comes: str,
    part: str,
) -> None:
    headers = {"accept": accept or ""} | ({"content-type": kind} if kind else {})
    reply = server.request(method, "/sparql" + ("?" + query if query else ""), content=body, headers=headers)
    assert reply.status_code == status, reply.text[:300]
    assert reply.headers.get("content-type", "").startswith(comes)
    assert part in reply.text
    assert "access-control-allow-origin" not in reply.headers
    if status >= 400:
        assert len(reply.text.strip().splitlines()) <= 1


def test_all_forms_are_well_formed(server: httpx.Client) -> None:
    query = {"query": "SELECT ?l { ?e rdfs:label ?l FILTER(CONTAINS(?l, 'script')) }"}
    told = json.loads(server.get("/sparql", params=query, headers={"accept": JSON}).text)
    assert [b["l"]["value"] for b in told["results"]["bindings"]] == [HOSTILE]
    tree = ElementTree.fromstring(server.get("/sparql", params=query, headers={"accept": XML}).text)
    assert [e.text for e in tree.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [HOSTILE]
    described = server.get("/sparql", headers={"accept": "text/turtle"}).content
    assert len(list(ox.parse(described, format=ox.RdfFormat.TURTLE))) > 20


def test_rows_are_capped_and_told(server: httpx.Client) -> None:
    reply = server.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}, headers={"accept": "text/csv"})
    assert len(reply.text.splitlines()) == 21
    assert reply.headers["x-kgraph-truncated"] == "20"
    assert "x-kgraph-truncated" not in server.get("/sparql", params={"query": ASK}).headers


def test_a_body_without_a_length_is_limited_too(server: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 10_000

    reply = server.post("/sparql", content=chunks(), headers={"content-type": DIRECT})
    assert reply.status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:80"}, 421),
        ({"host": ""}, 421),
        ({"host": "[::1"}, 421),
        ({"host": "localhost:1"}, 200),
        ({"host": "[::1]:1"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200),
    ],
)
def test_other_hosts_and_sites_are_refused(server: httpx.Client, headers: dict[str, str], status: int) -> None:
    assert server.get("/sparql", params={"query": ASK}, headers=headers).status_code == status


def becomes(true: Callable[[], bool]) -> bool:
    """Wait until something is true, a minute at most."""
    for _ in range(600):
        if true():
            return True
        time.sleep(0.1)
    return False


def test_a_query_is_stopped_when_its_client_goes_away(server: httpx.Client) -> None:
    def running() -> int:
        told = subprocess.run(
            ["pgrep", "-fc", "kgraph.store.sandbox import serve"], capture_output=True, text=True, check=False
        )
        return int(told.stdout or 0)

    before = running()
    address = server.base_url
    body = FOREVER.encode()
    with socket.create_connection((address.host, address.port or 80)) as line:
        line.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + DIRECT.encode()
            + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
            + body
        )
        assert becomes(lambda: running() > before)
    assert becomes(lambda: running() == before)


def test_every_iri_resolves_and_negotiates(server: httpx.Client) -> None:
    pages = 0
    query = "SELECT DISTINCT ?s { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'https://kgraph.example/')) }"
    for kind in ("entity", "document", "assertion", "mention", "form", "source", "activity", "agent", "ontology/"):
        rows = server.get("/sparql", params={"query": query.replace("example/'", f"example/{kind}'")}).json()[
            "results"
        ]["bindings"]
        assert rows, kind
        for row in rows[:2]:
            path = row["s"]["value"].removeprefix("https://kgraph.example").split("#")[0]
            page = server.get(path, headers={"accept": "text/html"}, follow_redirects=True)
            assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), path
            assert page.headers["vary"] == "Accept"
            for accept, form_ in (("text/turtle", ox.RdfFormat.TURTLE), ("application/ld+json", ox.RdfFormat.JSON_LD)):
                data = server.get(path, headers={"accept": accept}, follow_redirects=True)
                assert data.headers["content-type"].startswith(accept)
                assert any(
                    str(t.subject.value).startswith("https://kgraph.example")
                    for t in ox.parse(data.content, format=form_)
                ), path
            pages += 1
    assert pages > 12
    assert server.get("/ontology", headers={"accept": "text/turtle"}).status_code == 200


def test_merged_entities_lead_to_the_one_that_stays(server: httpx.Client) -> None:
    reply = server.get("/entity/Person/anne", headers={"accept": "text/turtle"})
    assert (reply.status_code, reply.headers["location"]) == (301, "/entity/Person/ann")
    assert "Anne Lee" in server.get("/entity/Person/ann", headers={"accept": "text/html"}).text


@pytest.mark.parametrize(
    "path", ["/entity/State/XXX", "/entity/", "/document/none", "/saved/none", "/nothing", "/static/../pages.py", "/static/%2e%2e/pages.py", "/entity/State/%00", "/entity/State/%3E%20%7D"]
)  # fmt: skip
def test_what_is_not_there_is_404(server: httpx.Client, path: str) -> None:
    reply = server.get(path)
    assert reply.status_code == 404
    assert reply.text.count("\n") <= 1


def test_pages_escape_what_the_graph_says(server: httpx.Client) -> None:
    for path in (
        "/",
        "/entity/Event/a%2Fb%20c",
        "/document/d%200%2Fx",
        "/search?q=script",
        "/search?q=%3Cscript%3E",
        "/query",
        "/entity/State/JPN?page=99999999999",
    ):
        reply = server.get(path, headers={"accept": "text/html"})
        assert reply.status_code == 200
        assert "<script>window.hacked" not in reply.text
        assert "<b>0</b>" not in reply.text
        assert 'href="javascript:' not in reply.text
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert reply.headers["x-content-type-options"] == "nosniff"
    assert '<mark class="subject">Japan</mark>' in server.get("/entity/State/JPN", headers={"accept": "text/html"}).text


def test_saved_queries_keep_parameters_values(server: httpx.Client) -> None:
    query = server.get("/saved/mediators-of", params={"name": '"} DROP'}).json()["query"]
    assert r"\"} DROP" in query
    for unknown in ("nothing", "self"):
        assert server.get("/saved/mediators-of", params={unknown: "x"}).status_code == 400


def test_the_first_page_keeps_the_limits_of_strangers(tmp_path: Path) -> None:
    """It reads all of the store for its figures; where that takes too long, they are left out and the page is there."""
    with Store.open(tmp_path / "s", create=True) as store:
        pages = Pages(store, "July", Limits(seconds=0.001))
        text = bytes(pages.home(Request({"type": "http"})).body).decode()
        pages.close()
    assert text.count("takes more than 0.001 seconds") == 2
    assert "/query" in text


def test_long_queries_are_stopped_and_others_need_their_name_allowed(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True):
        pass
    process, address = start(tmp_path / "s", "--allow-host", "graph.example.org", "--timeout", "0.5")
    try:
        late = httpx.post(address + "/sparql", content=FOREVER, headers={"content-type": DIRECT}, timeout=60)
        assert late.status_code == 503
        assert "stopped after 0.5 seconds" in late.text
        assert "127.0.0.1" in address
        assert httpx.get(address + "/", headers={"host": "graph.example.org"}, timeout=60).status_code == 200
        assert httpx.get(address + "/", headers={"host": "other.example.org"}, timeout=60).status_code == 421
        second = subprocess.run(
            [sys.executable, "-c", "from kgraph.cli import main; main()", "serve", "--store", str(tmp_path / "s"), "--port", address.rsplit(":", 1)[1]],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (second.returncode, second.stderr.count("\n")) == (2, 1)
        assert "cannot be listened at" in second.stderr
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_a_store_on_a_server_that_does_not_answer_is_not_the_clients_fault(tmp_path: Path) -> None:
    port = free_port()
    behind = oxigraph(tmp_path / "ox", port)
    document = Document("d", "Japan condemned it.")
    japan, other = Entity("JPN", "Japan", NodeType.STATE), Entity("e", "event", NodeType.EVENT)
    with Store.open(f"http://127.0.0.1:{port}", create=True) as store:
        store.put(document, [Assertion(japan, "meets", other, (Evidence.cut(document, 0, 19),), "text")])
    process, address = start(f"http://127.0.0.1:{port}")
    try:
        found = httpx.get(address + "/sparql", params={"query": ASK}, timeout=60)
        assert (found.status_code, found.text) == (200, '{"head": {}, "boolean": false}\n')
        behind.kill()
        behind.wait()
        told = httpx.get(address + "/sparql", params={"query": ASK}, timeout=60)
        assert (told.status_code, told.text.count("\n")) == (502, 1)
        assert "does not answer" in told.text
        assert httpx.get(address + "/entity/State/JPN", timeout=60).status_code == 502
    finally:
        behind.kill()
        process.kill()
        process.communicate()


def test_accept_headers_are_weighed() -> None:
    assert best("text/*;q=0.3, text/csv;q=0.7, */*;q=0.5", ["text/csv", "a/b"]) == "text/csv"
    assert best("text/csv;q=0", ["text/csv"]) is None
    assert best("nonsense;;q=x, ,", ["text/csv"]) is None
    assert best("", ["a/b", "text/csv"]) == "a/b"


def test_the_query_page_in_a_browser(server: httpx.Client, browser: Any) -> None:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    trouble: list[str] = []
    page.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: trouble.append(str(e)))
    page.on(
        "request",
        lambda r: trouble.append(r.url) if not r.url.startswith((str(server.base_url), "data:", "blob:")) else None,
    )
    query = "SELECT ?e ?l { ?e rdfs:label ?l FILTER(CONTAINS(?l, 'script')) }"
    page.goto(f"{server.base_url}/query?query={quote(query)}")
    page.wait_for_selector("#answer td")
    assert HOSTILE.strip() in page.inner_text("#answer")
    assert page.evaluate("window.hacked") is None
    assert "PREFIX rdfs:" in page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    page.wait_for_timeout(300)
    assert page.locator(".parseErrorIcon").count() == 0
    page.click("#answer td a")
    page.wait_for_selector("h1")
    assert page.inner_text("h1").startswith("</script>")
    page.goto(f"{server.base_url}/query")
    page.select_option("#choice", "accusations")
    page.locator("#state", has_text="row").wait_for()
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('SELEC')")
    page.click("#run")
    page.wait_for_selector("#problem:not([hidden])")
    assert "syntax error" in page.inner_text("#problem")
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('ASK { ?s kg:condemns ?o }')")
    with page.expect_download() as got:
        page.select_option("#form", "JSON")
    assert json.loads(Path(got.value.path()).read_text(encoding="utf-8"))["boolean"] is True
    page.goto(f"{server.base_url}/map")
    page.wait_for_selector("#map canvas")
    page.close()
    assert [t for t in trouble if "400 (Bad Request)" not in t] == []
