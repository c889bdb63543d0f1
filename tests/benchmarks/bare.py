"""The unit B: the least Flask and Jinja that show a product page. No session, no database."""

from flask import Flask

PAGE = """<!doctype html><html lang="vi"><head><title>{{ product.name }}</title></head><body>
<header><nav>{% for name in menu %}<a href="/{{ name }}">{{ name }}</a>{% endfor %}</nav></header>
<main><h1>{{ product.name }}</h1><p>{{ product.price }} ₫</p><p>{{ product.story }}</p>
<table>{% for row in product.rows %}<tr><th>{{ row.0 }}</th><td>{{ row.1 }}</td></tr>{% endfor %}
</table><form method="post"><button>Mua</button></form></main></body></html>"""

PRODUCT = {
    "name": "Cà phê Robusta rang mộc",
    "price": "145.000",
    "story": "Hái chín, phơi giàn mười bốn ngày, rang mộc tại xưởng của hợp tác xã. " * 6,
    "rows": [(f"Đặc điểm {number}", f"Giá trị {number}") for number in range(20)],
}
MENU = ["Trái cây", "Lúa gạo", "Cà phê", "Chè", "Gia vị", "Hạt", "Thủy sản", "Rau củ", "Chế biến"]

app = Flask(__name__)
TEMPLATE = app.jinja_env.from_string(PAGE)  # compiled once, as any page of a running server


@app.get("/page")
def page() -> str:
    """A page of about four kilobytes."""
    return TEMPLATE.render(product=PRODUCT, menu=MENU)
