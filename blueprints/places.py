"""The names of provinces and addresses, for templates."""

from flask import Flask

from marketplace.geography import queries as geography
from marketplace.platform.translation import current_locale


def province_name(code: str | None) -> str:
    """For templates: the short name of a province in the reader's language; "" for none."""
    province = geography.find_province(code) if code else None
    if province is None:
        return ""
    return province.name if current_locale() == "vi" else province.name_en


def address_line(address: str, commune_code: str | None, province_code: str) -> str:
    """For templates: street, commune and province, as far as they are known."""
    commune = geography.find_commune(commune_code) if commune_code else None
    parts = (address, commune.full_name if commune else "", province_name(province_code))
    return ", ".join(part for part in parts if part)


def init_app(app: Flask) -> None:
    """Give templates the names."""
    app.jinja_env.globals.update(province_name=province_name, address_line=address_line)
