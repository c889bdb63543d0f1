"""A form that did not come from our page changes nothing."""

from blueprints.csrf import is_genuine


def token_of(page) -> str:
    return page.get("/token").get_data(as_text=True)


def test_a_form_of_ours_is_taken(page):
    answer = page.post("/gui", data={"csrf_token": token_of(page)})

    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "đã nhận")


def test_the_token_may_come_in_a_header(page):
    assert page.post("/gui", headers={"X-CSRF-Token": token_of(page)}).status_code == 200


def test_no_token_no_change(page):
    assert page.post("/gui").status_code == 403


def test_the_token_of_somebody_else_is_refused(page, frame_app):
    foreign = token_of(frame_app.test_client())
    token_of(page)

    assert page.post("/gui", data={"csrf_token": foreign}).status_code == 403


def test_a_token_that_is_none_is_refused(page):
    token_of(page)

    for broken in ("", "x", "=" * 48, "a" * 48, "ă" * 10):
        assert page.post("/gui", data={"csrf_token": broken}).status_code == 403


def test_another_site_is_refused_even_with_the_token(page):
    token = token_of(page)

    for foreign in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert page.post("/gui", data={"csrf_token": token}, headers=foreign).status_code == 403


def test_our_own_origin_is_taken(page):
    answer = page.post(
        "/gui",
        data={"csrf_token": token_of(page)},
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 200


def test_a_view_with_its_own_proof_needs_none(page):
    assert page.post("/webhook").status_code == 200


def test_the_token_never_looks_the_same_twice(page):
    first, second = token_of(page), token_of(page)

    assert first != second
    assert all(
        page.post("/gui", data={"csrf_token": token}).status_code == 200
        for token in (first, second)
    )


def test_without_a_session_no_token_is_genuine(frame_app):
    with frame_app.test_request_context("/"):
        assert not is_genuine("a" * 48)
