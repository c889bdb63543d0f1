"""Photos that people have uploaded, in the width that a page asks for."""

from flask import send_file
from flask.typing import ResponseReturnValue

from blueprints.assets import YEAR
from blueprints.security import public
from blueprints.storefront import storefront
from marketplace.media import queries


@storefront.get("/media/<string(length=64):sha256>-<int:width>.webp")
@public
def photo(sha256: str, width: int) -> ResponseReturnValue:
    """A photo. The address names the content, so whoever has it may keep it for ever."""
    response = send_file(
        queries.photo_path(sha256, width),
        mimetype="image/webp",
        etag=f"{sha256}-{width}",
        max_age=YEAR,
    )
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response
