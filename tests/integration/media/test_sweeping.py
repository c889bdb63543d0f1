"""Removing uploads that nobody uses."""

import os
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.jobs import media as jobs
from marketplace.media import storage, sweeping
from marketplace.media.operations import store_paper
from marketplace.platform.config import current_settings
from marketplace.platform.database import db
from marketplace.platform.database import session as sessions
from marketplace.platform.transaction import transaction
from models.media import MediaFile
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.media import PDF, MediaFileFactory
from tests.moments import MONDAY

LATER = MONDAY + timedelta(hours=49)
SOON = MONDAY + timedelta(hours=47)


def pdf(number: int) -> bytes:
    return PDF.replace(b"%%EOF", b"%% %d\n%%%%EOF" % number)


def keep(organisation, data, at=MONDAY):
    file = store_paper(
        actor=member_of(organisation),
        organisation_id=organisation.id,
        data=data,
        name="giay.pdf",
        at=at,
    )
    path = storage.paper_file(file.sha256, file.content_type)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return file, path


@pytest.fixture
def at_night(monkeypatch):
    """Run the job as it would at a moment."""

    def run(at):
        monkeypatch.setattr(jobs, "now", lambda: at)
        jobs.remove_unused()

    return run


@pytest.mark.usefixtures("session")
class TestRemoveUnused:
    @pytest.fixture
    def organisation(self):
        return OrganisationFactory()

    def test_removes_row_and_bytes_that_nothing_refers_to(self, session, organisation, at_night):
        _file, path = keep(organisation, pdf(1))

        at_night(LATER)

        assert session.scalars(select(MediaFile)).all() == []
        assert not path.exists()

    def test_leaves_what_was_brought_lately(self, session, organisation, at_night):
        file, path = keep(organisation, pdf(2))
        file_id = file.id

        at_night(SOON)

        assert session.scalars(select(MediaFile.id)).all() == [file_id]
        assert path.exists()

    def test_leaves_what_was_brought_again(self, session, organisation, at_night):
        file, path = keep(organisation, pdf(3))
        file_id = file.id
        keep(organisation, pdf(3), at=SOON)

        at_night(LATER)

        assert session.scalars(select(MediaFile.id)).all() == [file_id]
        assert path.exists()

    def test_leaves_what_something_refers_to(self, session, organisation, at_night):
        file, path = keep(organisation, pdf(4))
        CertificateFactory(organisation=organisation, file_id=file.id)
        cover = MediaFileFactory(created_at=MONDAY)
        ProductFactory().cover_sha256 = cover.sha256
        session.flush()
        used = {file.id, cover.id}

        at_night(LATER)

        assert used <= set(session.scalars(select(MediaFile.id)))
        assert path.exists()

    def test_keeps_bytes_that_another_organisation_has_too(self, session, organisation, at_night):
        _mine, path = keep(organisation, pdf(5))
        other = OrganisationFactory()
        theirs, _same = keep(other, pdf(5))
        theirs_id = theirs.id
        CertificateFactory(organisation=other, file_id=theirs.id)

        at_night(LATER)

        assert session.scalars(select(MediaFile.id)).all() == [theirs_id]
        assert path.exists()

    def test_removes_bytes_without_a_row_and_what_was_half_written(self, session, at_night):
        folder = current_settings().media_dir / "papers" / "ab"
        folder.mkdir(parents=True, exist_ok=True)
        stray, part, fresh, foreign = (
            folder / name for name in (f"{'ab' * 32}.pdf", ".part-x1", ".part-x2", "readme.txt")
        )
        for path in (stray, part, fresh, foreign):
            path.write_bytes(b"x")
            os.utime(path, (MONDAY.timestamp(), MONDAY.timestamp()))
        os.utime(fresh, (SOON.timestamp(), SOON.timestamp()))

        at_night(LATER)
        at_night(LATER)

        assert [path.exists() for path in (stray, part, fresh, foreign)] == [
            False,
            False,
            True,
            True,
        ]


class TestBesideAnUpload:
    """What the sweep has found may be taken into use before it is removed."""

    def test_bytes_of_an_upload_under_way_stay(self, committed_database):
        folder = current_settings().media_dir / "papers"
        with committed_database.app.app_context():
            with transaction():
                organisation = OrganisationFactory()
                actor = member_of(organisation)
            with transaction():
                file, path = keep(organisation, pdf(6))
                sessions.delete(file)
            [[sha256, paths]] = sweeping.stray_files(LATER).items()
            removed = []

            def sweep():
                with committed_database.app.app_context(), transaction():
                    removed.append(sweeping.remove_strays(sha256=sha256, paths=paths))

            with transaction():
                store_paper(
                    actor=actor, organisation_id=organisation.id, data=pdf(6), name="", at=LATER
                )
                sweeper = threading.Thread(target=sweep)
                sweeper.start()
                sweeper.join(0.3)
                assert sweeper.is_alive()  # it waits for us
            sweeper.join()

            assert removed == [0]
            assert list(folder.rglob("*.pdf")) == [path]
            db.session.remove()

    def test_a_row_that_is_taken_into_use_stays(self, committed_database):
        with committed_database.app.app_context():
            with transaction():
                organisation = OrganisationFactory()
                actor = member_of(organisation)
            with transaction():
                keep(organisation, pdf(7))
            with transaction():
                [(file_id, sha256)] = sweeping.unused_files(LATER)
            with transaction():
                store_paper(
                    actor=actor, organisation_id=organisation.id, data=pdf(7), name="", at=LATER
                )
            with transaction():
                is_gone = sweeping.remove_row(file_id=file_id, sha256=sha256, at=LATER)

            assert not is_gone
            with transaction():
                assert sessions.scalars(select(MediaFile.id)).all() == [file_id]
            db.session.remove()
