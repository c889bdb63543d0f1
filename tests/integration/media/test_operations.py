"""Taking files in: UPL-01, UPL-02, UPL-06."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from marketplace.media import errors, operations, queries, storage
from marketplace.media.operations import MAX_BYTES, store_paper, store_photo
from marketplace.platform import config
from marketplace.platform.config import current_settings
from models.media import FileKind, MediaFile
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.media import PDF, MediaFileFactory, picture
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def organisation():
    return OrganisationFactory()


def keep_photo(organisation, data, name="vuon.jpg", at=MONDAY):
    return store_photo(
        actor=member_of(organisation),
        organisation_id=organisation.id,
        data=data,
        name=name,
        at=at,
    )


def keep_paper(organisation, data, name="giay.pdf", at=MONDAY):
    return store_paper(
        actor=member_of(organisation),
        organisation_id=organisation.id,
        data=data,
        name=name,
        at=at,
    )


def count(session):
    return session.scalar(select(func.count()).select_from(MediaFile))


def files_below(folder):
    return sorted(path for path in (current_settings().media_dir / folder).rglob("*.*"))


class TestStorePhoto:
    def test_keeps_three_variants_and_one_row(self, organisation):
        data = picture(size=(2000, 1500), colour=(1, 2, 3))

        file = keep_photo(organisation, data)

        assert file.sha256 == hashlib.sha256(data).hexdigest()
        assert (file.kind, file.content_type) == (FileKind.PHOTO, "image/webp")
        assert (file.width, file.height, file.created_at) == (1600, 1200, MONDAY)
        assert (file.organisation_id, file.original_name) == (organisation.id, "vuon.jpg")
        sizes = [queries.photo_path(file.sha256, width).stat().st_size for width in (400, 800)]
        assert sizes[0] < sizes[1] < file.byte_size

    def test_the_same_bytes_again_are_the_same_row(self, session, organisation):
        data = picture(colour=(4, 5, 6))

        first = keep_photo(organisation, data)
        again = keep_photo(organisation, data, name="khac.png", at=TUESDAY)

        assert again.id == first.id
        assert (again.created_at, again.original_name) == (TUESDAY, "vuon.jpg")
        assert count(session) == 1

    def test_two_organisations_share_the_bytes_but_not_the_row(self, session, organisation):
        data = picture(colour=(7, 8, 9))
        before = len(files_below("photos"))

        one, other = keep_photo(organisation, data), keep_photo(OrganisationFactory(), data)

        assert one.id != other.id
        assert one.sha256 == other.sha256
        assert len(files_below("photos")) == before + 3

    def test_bytes_that_were_lost_come_back(self, session, organisation):
        data = picture(colour=(10, 11, 12))
        file = keep_photo(organisation, data)
        storage.photo_file(file.sha256, 800).unlink()

        again = keep_photo(organisation, data)

        assert again.id == file.id
        assert queries.photo_path(file.sha256, 800).is_file()

    @pytest.mark.parametrize(
        ("data", "refusal"),
        [
            (b"", errors.FileMissingError),
            (b"<svg/>", errors.NotAPhotoError),
            (picture()[:900], errors.PhotoDamagedError),
            (picture(size=(50, 50)), errors.PhotoTooSmallError),
            (b"\xff" * (MAX_BYTES + 1), errors.FileTooLargeError),
        ],
    )
    def test_a_refusal_leaves_neither_row_nor_file(self, session, organisation, data, refusal):
        before = files_below("photos")

        with pytest.raises(refusal) as caught:
            keep_photo(organisation, data)

        assert caught.value.details["field"] == "file"
        assert count(session) == 0
        assert files_below("photos") == before

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\Lan\\vườn cà phê.jpg", "vườn cà phê.jpg"),
            ("anh\x00.php", "anh.php"),
            ("a\u202egpj.exe", "agpj.exe"),
            ("x" * 300, "x" * 200),
            ("", ""),
            ("..", ""),
        ],
    )
    def test_a_name_is_for_people_and_never_a_path(self, organisation, name, kept):
        file = keep_photo(organisation, picture(colour=(20, 30, 40)), name=name)

        assert file.original_name == kept
        path = queries.photo_path(file.sha256, 400)
        assert path.parent.parent == current_settings().media_dir / "photos"


class TestRoom:
    @pytest.fixture
    def small(self, monkeypatch):
        """A market where an organisation may upload 10 MB."""
        monkeypatch.setattr(config, "_current", replace(current_settings(), upload_quota_mb=10))

    @pytest.mark.usefixtures("small")
    @pytest.mark.parametrize(("keep", "data"), [(keep_photo, picture()), (keep_paper, PDF)])
    def test_is_refused_when_it_is_full(self, session, organisation, keep, data):
        MediaFileFactory(organisation_id=organisation.id, byte_size=10 * 1024**2)
        before = files_below("photos") + files_below("papers")

        with pytest.raises(errors.UploadQuotaError) as caught:
            keep(organisation, data)

        assert caught.value.details == {"field": "file", "limit_mb": 10}
        assert count(session) == 1
        assert files_below("photos") + files_below("papers") == before

    @pytest.mark.usefixtures("small")
    def test_is_counted_for_each_organisation_and_each_file_once(self, session, organisation):
        MediaFileFactory(organisation_id=OrganisationFactory().id, byte_size=10 * 1024**2)
        file = keep_paper(organisation, PDF)
        MediaFileFactory(organisation_id=organisation.id, byte_size=10 * 1024**2 - len(PDF))

        assert keep_paper(organisation, PDF).id == file.id
        assert count(session) == 3


class TestStorePaper:
    def test_keeps_a_pdf_under_its_hash(self, organisation):
        file = keep_paper(organisation, PDF)

        assert (file.kind, file.content_type) == (FileKind.PAPER, "application/pdf")
        assert queries.paper_path(file).read_bytes() == PDF
        assert (file.byte_size, file.width) == (len(PDF), None)

    def test_keeps_a_photograph_drawn_anew(self, organisation):
        data = picture(colour=(50, 60, 70)) + b"<script>"

        file = keep_paper(organisation, data, name="giay.html")

        assert (file.content_type, file.width, file.height) == ("image/jpeg", 1200, 900)
        assert b"<script>" not in queries.paper_path(file).read_bytes()

    def test_the_same_bytes_again_are_the_same_row(self, session, organisation):
        first, again = keep_paper(organisation, PDF), keep_paper(organisation, PDF, at=TUESDAY)

        assert again.id == first.id
        assert count(session) == 1

    def test_a_paper_is_no_photo(self, organisation):
        file = keep_paper(organisation, picture(colour=(80, 90, 100)))

        with pytest.raises(errors.FileNotFoundHereError):
            queries.photo_path(file.sha256, 400)

    def test_a_refusal_leaves_no_row(self, session, organisation):
        with pytest.raises(errors.NotAPaperError):
            keep_paper(organisation, b"MZ a program")
        with pytest.raises(errors.FileMissingError):
            keep_paper(organisation, b"")

        assert count(session) == 0


class TestStorage:
    def test_writes_whole_files_or_none(self, tmp_path, monkeypatch):
        target = tmp_path / "a" / "file.webp"

        def full(_descriptor):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            storage.write_whole(target, b"half")

        assert list(target.parent.iterdir()) == []

    def test_leaves_a_file_that_is_there(self, tmp_path):
        target = tmp_path / "file.webp"
        storage.write_whole(target, b"first")
        storage.write_whole(target, b"second")

        assert target.read_bytes() == b"first"

    @pytest.mark.parametrize("name", ["../" * 10, "A" * 64, "0" * 63, "0" * 65, ""])
    def test_a_name_that_is_no_hash_leads_nowhere(self, name):
        with pytest.raises(ValueError, match="no photo"):
            storage.photo_file(name, 400)
        with pytest.raises(ValueError, match="no paper"):
            storage.paper_file(name, "application/pdf")
        with pytest.raises(errors.FileNotFoundHereError):
            queries.photo_path(name, 400)

    def test_a_width_that_we_do_not_keep_leads_nowhere(self, organisation):
        file = keep_photo(organisation, picture(colour=(1, 1, 1)))

        with pytest.raises(errors.FileNotFoundHereError):
            queries.photo_path(file.sha256, 401)

    def test_a_row_never_points_at_nothing(self, organisation, monkeypatch):
        added = []
        monkeypatch.setattr(operations, "_add", added.append)
        data = picture(colour=(2, 2, 2))

        keep_photo(organisation, data)

        sha256 = hashlib.sha256(data).hexdigest()
        assert [file.sha256 for file in added] == [sha256]
        assert all(queries.photo_path(sha256, width).is_file() for width in storage.WIDTHS)
