"""Static files: joined, named by their content, compressed, kept for a year, and small."""

import gzip
import re
import shutil

import brotli

from blueprints.assets import LAYERS, ROOT, asset, assets, icon, notice_changes

CSS_BUDGET = 14_000
JS_BUDGET = 25_000
CARD_PICTURE = 20_000


def test_a_hashed_file_is_kept_for_a_year(page):
    answer = page.get(asset("css/site.css"))

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"


def test_a_file_by_its_plain_name_is_asked_for_again_soon(page):
    answer = page.get("/static/img/favicon.svg")

    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_a_file_that_has_not_changed_is_not_sent_again(page):
    first = page.get(asset("js/site.js"))

    second = page.get(asset("js/site.js"), headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 304
    assert second.data == b""


def test_a_file_that_is_not_there_is_a_404(page):
    assert page.get("/static/css/../../wsgi.py").status_code == 404
    assert page.get("/static/css/site.0000000000.css").status_code == 404


def test_text_is_compressed_as_the_browser_likes_it(page):
    plain = page.get(asset("css/site.css")).data

    small = page.get(asset("css/site.css"), headers={"Accept-Encoding": "br, gzip"})
    older = page.get(asset("css/site.css"), headers={"Accept-Encoding": "gzip"})

    assert small.headers["Content-Encoding"] == "br"
    assert brotli.decompress(small.data) == plain
    assert older.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(older.data) == plain
    assert "Accept-Encoding" in small.headers["Vary"]
    assert len({small.headers["ETag"], older.headers["ETag"]}) == 2


def test_pictures_are_sent_as_they_are(page):
    answer = page.get(asset("img/p/gao-st25.webp"), headers={"Accept-Encoding": "br"})

    assert "Content-Encoding" not in answer.headers
    assert answer.mimetype == "image/webp"


def test_the_stylesheet_begins_with_the_order_of_its_layers_and_finds_its_files(page):
    sheet = page.get(asset("css/site.css")).get_data(as_text=True)

    assert sheet.startswith(f"@layer reset, {', '.join(LAYERS)};")
    addresses = re.findall(r"url\(([^)]+)\)", sheet)
    assert len(addresses) > 10
    assert all(page.get(address).status_code == 200 for address in addresses)


def test_styles_and_scripts_stay_within_their_budgets():
    sheet = assets().find("css/site.css")[0]
    scripts = [assets().find(name)[0] for name in ("js/site.js", "vendor/htmx-2.0.11.min.js")]

    assert len(sheet.body_as("br")) <= CSS_BUDGET
    assert sum(len(script.body_as("br")) for script in scripts) <= JS_BUDGET


def test_no_picture_of_a_card_is_heavy():
    heavy = [
        path.name
        for path in (ROOT / "img" / "p").glob("*.webp")
        if path.stat().st_size > CARD_PICTURE
    ]

    assert heavy == []


def test_a_change_is_seen_while_developing(tmp_path, monkeypatch):
    shutil.copytree(ROOT, tmp_path, ignore=shutil.ignore_patterns("p"), dirs_exist_ok=True)
    monkeypatch.setattr("blueprints.assets.ROOT", tmp_path)
    assets.cache_clear()
    try:
        before = asset("css/site.css")
        notice_changes()
        assert asset("css/site.css") == before

        with (tmp_path / "css" / "print.css").open("a") as sheet:
            sheet.write("\n.moi{color:red}")
        notice_changes()

        assert asset("css/site.css") != before
    finally:
        monkeypatch.undo()
        assets.cache_clear()


def test_an_icon_comes_from_the_sprite():
    sprite = asset("img/icons.svg")

    assert icon("leaf", "place-c") == (
        f'<svg class="i place-c" aria-hidden="true"><use href="{sprite}#leaf"/></svg>'
    )
