"""What a response says about itself."""

import gzip

from tests.functional.frame.conftest import build

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def test_every_page_carries_the_strict_policy(page):
    for address in ("/mau", "/khong-co", "/hong", "/static/js/site.js"):
        answer = page.get(address)

        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in answer.headers


def test_a_page_that_needs_more_says_so(page):
    policy = page.get("/the").headers["Content-Security-Policy"]

    assert "script-src 'self' https://js.stripe.com;" in policy
    assert policy.endswith("frame-src https://js.stripe.com")
    assert page.get("/mau").headers["Content-Security-Policy"] == POLICY


def test_a_page_is_nobody_elses_to_keep(page):
    answer = page.get("/mau")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Accept-Encoding", "Cookie", "HX-Request"} <= set(answer.vary)


def test_what_is_the_same_for_everybody_may_be_kept(page):
    assert page.get("/cong-khai").headers["Cache-Control"] == "public, max-age=60"


def test_production_insists_on_https(tmp_path, frame_app):
    app = build(tmp_path, app_env="production")

    answer = app.test_client().get("/cong-khai")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert app.config["SESSION_COOKIE_SECURE"] is True


def test_a_page_is_sent_compressed_to_whoever_can_read_it(page):
    plain = page.get("/mau")
    small = page.get("/mau", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(plain.data) / 2
    assert b"<p>Ch\xc3\xa8</p>" in gzip.decompress(small.data)


def test_a_browser_that_refuses_gzip_gets_none(page):
    answer = page.get("/mau", headers={"Accept-Encoding": "gzip;q=0"})

    assert "Content-Encoding" not in answer.headers


def test_small_answers_are_left_as_they_are(page):
    answer = page.get("/healthz", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers


def test_tables_are_compressed_too(page):
    answer = page.get("/bang", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"


def test_the_stylesheet_is_announced_with_the_page(page):
    assert "rel=preload; as=style" in page.get("/mau").headers["Link"]


def test_htmx_comes_only_where_it_is_asked_for(page):
    with_it = page.get("/rieng").get_data(as_text=True)
    without = page.get("/mau").get_data(as_text=True)

    assert "htmx-2.0.11" in with_it
    assert '"disableInheritance":true' in with_it
    assert "htmx" not in without


def test_messages_and_the_basket_are_shown(page):
    html = page.get("/rieng").get_data(as_text=True)

    assert "<p>Đã lưu.</p>" in html
    assert 'role="status"' in html
    assert '<span class="n">3</span>' in html
