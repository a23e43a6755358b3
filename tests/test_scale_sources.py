"""Sources at scale: archives, WARC, Parquet, feeds, folders in folders; whole ones and broken ones."""

import datetime as dt
import http.server
import io
import json
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from kgraph.documents import Skipped, Tally, read, size_of
from kgraph.errors import KgraphError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

TEXTS = {
    "a.txt": "Peru met Chile.",
    "deep/b.md": "Kenya met Chad.",
    "c.jsonl": '{"id": "row", "text": "Mali met Niger."}\n',
}
PAGE = "<!doctype html><html><head><title>T</title></head><body><article>" + (
    "<p>Brazil and Chile signed a trade agreement on Monday in Lima after long talks.</p>" * 6
) + "</article></body></html>"  # fmt: skip
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Post</title>
<item><title>Talks</title><guid>one</guid><link>https://example.org/1</link>
<description>&lt;p&gt;Peru met &lt;b&gt;Chile&lt;/b&gt;.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;&lt;p&gt;Talks ended.&lt;/p&gt;</description>
<pubDate>Mon, 10 Jul 2006 10:00:00 GMT</pubDate></item><item><title>Nothing</title></item></channel></rss>"""


def make_tar(path: Path, mode: str = "w:gz") -> Path:
    """The texts as a tar archive."""
    with tarfile.open(path, mode) as archive:
        for name, text in TEXTS.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def make_zip(path: Path) -> Path:
    """The texts as a zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in TEXTS.items():
            archive.writestr(name, text)
        archive.writestr("inner.zip", b"PK")
    return path


def make_warc(path: Path) -> Path:
    """A WARC file with a page, a picture and a page that was not found."""
    pytest.importorskip("warcio")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=path.suffix == ".gz")
        for address, status, kind, body in (
            ("https://example.org/a", "200 OK", "text/html", PAGE),
            ("https://example.org/p.png", "200 OK", "image/png", "x"),
            ("https://example.org/gone", "404 Not Found", "text/html", PAGE),
        ):
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    address, "response", payload=io.BytesIO(body.encode()), http_headers=headers,
                    warc_headers_dict={"WARC-Date": "2006-07-10T12:00:00Z"},
                )
            )  # fmt: skip
    return path


def make_parquet(path: Path, column: str = "text") -> Path:
    """Two rows, one of them empty."""
    rows = {"id": ["x", "y"], column: ["Peru met Chile.", None], "date": [dt.date(2006, 7, 10), None], "extra": [1, 2]}
    pq.write_table(pa.table(rows), path)
    return path


@pytest.mark.parametrize("name", ["n.tar.gz", "n.tgz", "n.tar", "n.zip"])
def test_archives(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("zip"):
        make_zip(path)
    else:
        make_tar(path, "w" if name.endswith("tar") else "w:gz")
    found = {d.id: d.text for d in read([path])}
    assert found == {
        f"{name}/a.txt": "Peru met Chile.",
        f"{name}/deep/b.md": "Kenya met Chad.",
        "row": "Mali met Niger.",
    }


@pytest.mark.parametrize("name", ["w.warc", "w.warc.gz"])
def test_warc(tmp_path: Path, name: str) -> None:
    (document,) = read([make_warc(tmp_path / name)])
    assert document.id == "20060710120000/https://example.org/a"
    assert document.url == "https://example.org/a"
    assert document.date == dt.date(2006, 7, 10)
    assert document.text.startswith("Brazil and Chile signed")


def test_parquet(tmp_path: Path) -> None:
    skipped: list[Skipped] = []
    path = make_parquet(tmp_path / "p.parquet", "body")
    (document,) = read([path], text_column="body", on_skip=skipped.append)
    assert (document.id, document.text, document.date) == ("x", "Peru met Chile.", dt.date(2006, 7, 10))
    assert [s.place for s in skipped] == ["p.parquet, row 2"]
    with pytest.raises(KgraphError, match="--text-column"):
        list(read([path]))


def test_feed_from_a_file_and_an_address(tmp_path: Path) -> None:
    (tmp_path / "f.rss").write_text(FEED)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        found = [*read([tmp_path / "f.rss"]), *read([address + "f.rss"])]
        with pytest.raises(KgraphError, match="cannot be fetched"):
            list(read([address + "missing"]))
        server.shutdown()
    assert found[0] == found[1]
    assert (found[0].id, found[0].title, found[0].source, found[0].date) == (
        "one",
        "Talks",
        "The Post",
        dt.date(2006, 7, 10),
    )
    assert found[0].text == "Peru met Chile.\nTalks ended."


def test_folders_in_folders_have_their_paths_as_ids_and_the_tally_ends_at_the_total(tmp_path: Path) -> None:
    for name in ("b.txt", "a/x.txt", "a/y/x.txt", "a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"Peru met Chile in {name}.")
    make_zip(tmp_path / "z.zip")
    tally = Tally(size_of([tmp_path]))
    found = [d.id for d in read([tmp_path], tally=tally)]
    assert found[:4] == ["a/x.txt", "a/y/x.txt", "a.txt", "b.txt"]
    assert 0 < tally.done <= tally.total


@pytest.mark.parametrize("name", ["n.tar.gz", "n.zip", "w.warc.gz", "p.parquet", "r.jsonl.gz"])
def test_a_broken_archive_is_told_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    makers = {"n.tar.gz": make_tar, "n.zip": make_zip, "w.warc.gz": make_warc, "p.parquet": make_parquet}
    if name in makers:
        makers[name](path)
    else:
        import gzip

        path.write_bytes(gzip.compress(json.dumps({"text": "Peru met Chile."}).encode()))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 10])
    (tmp_path / "z.txt").write_text("Kenya met Chad.")
    skipped: list[Skipped] = []
    assert [d.id for d in read([tmp_path], on_skip=skipped.append)][-1] == "z.txt"
    assert name in skipped[0].place
    with pytest.raises(KgraphError, match=name):
        list(read([path]))
