"""The parts that are drawn once look right in each place and language."""

from blueprints import navigation
from marketplace.catalogue.categories import CategoryNode, CategoryTree


def html(page, path: str) -> str:
    return page.get(path).get_data(as_text=True)


def test_each_language_has_its_own_foot_and_bar(page):
    vietnamese, english = html(page, "/mau"), html(page, "/en/mau")

    assert vietnamese.count("<footer") == english.count("<footer") == 1
    assert 'href="/giao-hang"' in vietnamese
    assert 'href="/en/giao-hang"' in english
    assert 'href="/gio-hang">' in vietnamese
    assert 'href="/en/gio-hang">' in english


def test_the_place_is_marked_and_only_there(frame_app):
    with frame_app.test_request_context("/"):
        frame_app.preprocess_request()
        frame_app.update_template_context({})

        assert 'href="/" aria-current="page"' in navigation.tab_bar("/")
        assert 'href="/gio-hang" aria-current="page"' in navigation.tab_bar("/gio-hang")
        assert "aria-current" not in navigation.tab_bar("/quy-che")
        assert "?nhom=ca-phe" in navigation.top_navigation("/san-pham", "ca-phe", has_desk=False)
        marked = navigation.top_navigation("/san-pham", "ca-phe", has_desk=False)
        assert marked.count("aria-current") == 1
        assert "Quầy làm việc" in navigation.top_navigation("/", "", has_desk=True)


def test_what_the_address_says_is_not_kept(frame_app):
    with frame_app.test_request_context("/"):
        frame_app.update_template_context({})
        for number in range(50):
            navigation.top_navigation(f"/san-pham/{number}", f"bịa-{number}", has_desk=False)

    assert len(frame_app.extensions["kept_parts"].parts) == 1


def test_new_categories_are_shown_at_once(page, monkeypatch):
    assert "Hoa hồi" not in html(page, "/mau")
    tree = CategoryTree((CategoryNode(2, "hoi", "Hoa hồi", "Star anise", None),), {}, {})
    monkeypatch.setattr(navigation, "categories_tree", lambda: tree)

    assert "Hoa hồi" in html(page, "/mau")
    assert "Star anise" in html(page, "/en/mau")
