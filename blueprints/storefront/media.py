"""Photos that people have uploaded, in the width that a page asks for."""

from flask import Response, request

from blueprints.assets import YEAR
from blueprints.security import public
from blueprints.storefront import storefront
from marketplace.media import queries


@storefront.get("/media/<string(length=64):sha256>-<int:width>.webp")
@public
def photo(sha256: str, width: int) -> Response:
    """A photo. The address names the content, so whoever has it may keep it for ever."""
    response = Response(queries.photo_path(sha256, width).read_bytes(), mimetype="image/webp")
    response.set_etag(f"{sha256}-{width}")
    response.cache_control.public = True
    response.cache_control.max_age = YEAR
    response.cache_control.immutable = True
    response.make_conditional(request)
    return response
