"""Vietnamese without a prefix, English under /en; every page knows its other half."""

from blueprints.locale import LocaleMiddleware, absolute_url, path
from marketplace.platform.translation import current_locale


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def test_a_page_without_a_prefix_is_vietnamese(page):
    html = text_of(page.get("/mau"))

    assert '<html lang="vi">' in html
    assert 'href="/san-pham?nhom=ca-phe">Cà phê</a>' in html


def test_the_same_page_under_en_is_english_and_stays_there(page):
    html = text_of(page.get("/en/mau"))

    assert '<html lang="en">' in html
    assert 'href="/en/san-pham?nhom=ca-phe">Coffee</a>' in html
    assert 'action="/en/san-pham"' in html


def test_static_files_have_one_address_in_both_languages(page):
    assert 'href="/en/static' not in text_of(page.get("/en/mau"))


def test_a_path_that_only_begins_alike_is_not_english(page):
    assert '<html lang="vi">' in text_of(page.get("/english"))


def test_the_language_switch_keeps_the_page_and_its_filters(page):
    there = text_of(page.get("/mau?q=ch%C3%A8&trang=2"))
    back = text_of(page.get("/en/mau?q=ch%C3%A8&trang=2"))

    assert 'href="/en/mau?q=ch%C3%A8&amp;trang=2" hreflang="en"' in there
    assert 'href="/mau?q=ch%C3%A8&amp;trang=2" hreflang="vi"' in back


def test_search_engines_learn_both_addresses(page):
    for address, canonical in (("/mau?x=1", "/mau"), ("/en/mau?x=1", "/en/mau")):
        html = text_of(page.get(address))

        assert f'<link rel="canonical" href="https://cho.example{canonical}?nhom=che">' in html
        assert 'hreflang="vi" href="https://cho.example/mau?nhom=che"' in html
        assert 'hreflang="en" href="https://cho.example/en/mau?nhom=che"' in html
        assert 'hreflang="x-default" href="https://cho.example/mau?nhom=che"' in html


def test_addresses_follow_the_language_of_the_request(frame_app):
    with frame_app.test_request_context("/mau", environ_overrides={"SCRIPT_NAME": "/en"}):
        assert path("/gio-hang") == "/en/gio-hang"
        assert absolute_url("/t/A", "en") == "https://cho.example/en/t/A"
        assert absolute_url("/t/A", "vi") == "https://cho.example/t/A"


def test_the_language_ends_with_the_request():
    seen = []

    def app(environ, _start_response):
        seen.append((environ["SCRIPT_NAME"], environ["PATH_INFO"], current_locale()))
        return []

    LocaleMiddleware(app)({"SCRIPT_NAME": "", "PATH_INFO": "/en"}, None)
    LocaleMiddleware(app)({"SCRIPT_NAME": "", "PATH_INFO": "/gio-hang"}, None)

    assert seen == [("/en", "/", "en"), ("", "/gio-hang", "vi")]
    assert current_locale() == "vi"
