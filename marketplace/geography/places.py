"""The values: regions, provinces, communes."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ProvinceKind(StrEnum):
    """What a unit of the first level is."""

    PROVINCE = "province"
    CITY = "city"


class CommuneKind(StrEnum):
    """What a unit of the second level is."""

    WARD = "phuong"
    COMMUNE = "xa"
    SPECIAL_ZONE = "dac_khu"


PROVINCE_WORDS = {
    ProvinceKind.PROVINCE: ("Tỉnh", "Province"),
    ProvinceKind.CITY: ("Thành phố", "City"),
}
COMMUNE_WORDS = {
    CommuneKind.WARD: ("Phường", "Ward"),
    CommuneKind.COMMUNE: ("Xã", "Commune"),
    CommuneKind.SPECIAL_ZONE: ("Đặc khu", "Special Zone"),
}


@dataclass(frozen=True, slots=True)
class Region:
    """One of the six socio-economic regions.

    Attributes:
        id: A stable slug such as `tay-nguyen-nam-trung-bo`; in URLs and in names of files.
        vi: The name in Vietnamese.
        en: The name in English.
    """

    id: str
    vi: str
    en: str

    @property
    def slug(self) -> str:
        """The id, under the name that provinces use for theirs."""
        return self.id


@dataclass(frozen=True, slots=True)
class DatedName:
    """A kind and a name that a province bore from `starts_on` (None: since before the data)."""

    starts_on: date | None
    kind: ProvinceKind
    name: str

    @property
    def full_name(self) -> str:
        """Kind and name: "Thành phố Đồng Nai"."""
        return f"{PROVINCE_WORDS[self.kind][0]} {self.name}"


@dataclass(frozen=True, slots=True)
class Province:
    """A province or a centrally run city.

    Attributes:
        code: Two digits, by Decision 19/2025/QĐ-TTg.
        slug: The name for URLs.
        region_id: The region it lies in.
        lat: Degrees north of a point inside it, for pins and rough distances.
        lon: Degrees east of it.
        name_en: The name in English, without its kind.
        names: Its kinds and names, oldest first. Until 30 June 2025 the code was that of the
            province in which the seat of today's unit lies.
        former_names: The names of the provinces that were merged into it and are gone.
        aliases: Other names that people search by.
    """

    code: str
    slug: str
    region_id: str
    lat: float
    lon: float
    name_en: str
    names: tuple[DatedName, ...]
    former_names: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def name(self) -> str:
        """The latest name, without its kind: "Đắk Lắk"."""
        return self.names[-1].name

    @property
    def kind(self) -> ProvinceKind:
        """The latest kind."""
        return self.names[-1].kind

    @property
    def full_name(self) -> str:
        """The latest kind and name: "Tỉnh Đắk Lắk"."""
        return self.names[-1].full_name

    @property
    def full_name_en(self) -> str:
        """The latest name with its kind in English: "Dak Lak Province"."""
        word = PROVINCE_WORDS[self.kind][1]
        return self.name_en if self.name_en.endswith(word) else f"{self.name_en} {word}"

    def named_on(self, day: date) -> DatedName:
        """The kind and name that held on `day`."""
        held = [name for name in self.names if name.starts_on is None or name.starts_on <= day]
        return held[-1]


@dataclass(frozen=True, slots=True)
class Commune:
    """A ward, commune or special zone.

    Attributes:
        code: Five digits, by Decision 19/2025/QĐ-TTg.
        province_code: The province it lies in.
        name: Its name, without its kind.
        kind: Its latest kind.
        was_xa_until: The day from which the latest kind holds, where it was a xã before.
    """

    code: str
    province_code: str
    name: str
    kind: CommuneKind
    was_xa_until: date | None = None

    @property
    def full_name(self) -> str:
        """The latest kind and the name: "Phường Long Thành"."""
        return f"{COMMUNE_WORDS[self.kind][0]} {self.name}"

    def kind_on(self, day: date) -> CommuneKind:
        """The kind that held on `day`."""
        if self.was_xa_until is not None and day < self.was_xa_until:
            return CommuneKind.COMMUNE
        return self.kind


@dataclass(frozen=True, slots=True)
class Place:
    """A province, and a commune in it where the address names one."""

    province: Province
    commune: Commune | None

    def written_on(self, day: date) -> str:
        """As an address ends on `day`: "Phường Long Thành, Thành phố Đồng Nai"."""
        province = self.province.named_on(day).full_name
        if self.commune is None:
            return province
        kind = COMMUNE_WORDS[self.commune.kind_on(day)][0]
        return f"{kind} {self.commune.name}, {province}"
