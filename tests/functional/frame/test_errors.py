"""Every refusal has one status and one face, as a page, a fragment or JSON."""

import pytest
from flask import request

JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("status", [403, 404, 409, 422, 503])
def test_each_kind_of_refusal_has_its_status(page, status):
    answer = page.get(f"/loi/{status}")

    assert answer.status_code == status
    assert answer.mimetype == "text/html"


def test_a_refusal_says_its_details(page):
    html = page.get("/thieu").get_data(as_text=True)

    assert "Chỉ còn 2 gói." in html
    assert '<meta name="robots" content="noindex">' in html


def test_a_refusal_as_json_has_a_code_for_machines(page):
    answer = page.get("/thieu", headers=JSON)

    assert answer.mimetype == "application/problem+json"
    assert answer.json == {
        "type": "/problems/test.short",
        "title": "Chỉ còn 2 gói.",
        "status": 409,
        "details": {"left": "2"},
    }


def test_a_refusal_inside_a_page_is_a_fragment(page):
    html = page.get("/thieu", headers={"HX-Request": "true"}).get_data(as_text=True)

    assert html.startswith('<div class="alert bad" role="alert">')
    assert "Chỉ còn 2 gói." in html


def test_an_address_that_is_not_there_offers_the_search(page):
    answer = page.get("/khong-co")

    assert answer.status_code == 404
    assert "Không có trang này" in answer.get_data(as_text=True)
    assert 'id="q404"' in answer.get_data(as_text=True)


def test_the_wrong_method_says_which_ones_are_right(page):
    answer = page.get("/gui")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_body_that_is_too_large_is_refused_with_a_page(page, frame_app):
    frame_app.config["WTF_CSRF_ENABLED"] = False

    frame_app.before_request(lambda: request.get_data() and None)

    answer = page.post("/gui", data=b"x" * 13_000_000)

    assert answer.status_code == 413
    assert "Tệp gửi lên quá lớn" in answer.get_data(as_text=True)


def test_a_bug_is_a_500_that_tells_nothing(page):
    answer = page.get("/hong")

    assert answer.status_code == 500
    assert "Chợ đang gặp trục trặc" in answer.get_data(as_text=True)
    assert "bí mật" not in answer.get_data(as_text=True)


def test_a_bug_is_shown_even_when_the_database_is_gone(frame_app, monkeypatch):
    def gone():
        raise OSError("no database")

    monkeypatch.setattr("blueprints.navigation.categories_tree", gone)

    answer = frame_app.test_client().get("/mau")

    assert answer.status_code == 500
    assert "Chợ đang gặp trục trặc" in answer.get_data(as_text=True)


def test_the_api_speaks_json_whatever_the_browser_says(page):
    answer = page.get("/api/v1/khong-co", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
