"""What is done with a paper before it is kept: UPL-01 and UPL-02."""

import io

import pytest
from PIL import Image

from marketplace.media import errors
from marketplace.media.papers import check_paper
from tests.factories.media import PDF, picture


def test_keeps_a_pdf_as_it_is():
    paper = check_paper(PDF)

    assert (paper.content_type, paper.data, paper.width) == ("application/pdf", PDF, None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_draws_a_photographed_paper_anew(kind):
    exif = Image.Exif()
    exif[0x010F] = "Telephone"

    paper = check_paper(picture(kind=kind, exif=exif) + b"<script>alert(1)</script>")

    image = Image.open(io.BytesIO(paper.data))
    assert paper.content_type == f"image/{kind.lower()}"
    assert (image.format, image.size) == (kind, (paper.width, paper.height))
    assert b"<script" not in paper.data
    assert not image.getexif()


def test_a_large_photograph_stays_readable():
    paper = check_paper(picture(size=(4000, 5600)))

    assert (paper.width, paper.height) == (2286, 3200)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        picture(kind="WEBP"),
        picture(kind="GIF", mode="P"),
        b"\xd0\xcf\x11\xe0 a Word document",
        b"PK\x03\x04" + PDF,
        b"<html><script>alert(1)</script>" + PDF,
        PDF[:-7],
        PDF + b"<html>and more</html>",
        PDF.replace(b"1 0 obj", b"<script>alert(1)</script> 1 0 obj"),
    ],
    ids=["empty", "text", "webp", "gif", "doc", "zip", "html-first", "cut", "tail", "markup"],
)
def test_refuses_what_is_no_paper_or_two_things_at_once(data):
    with pytest.raises(errors.NotAPaperError):
        check_paper(data)


@pytest.mark.parametrize(
    "action",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        b"/S /J#61vaScript",
        b"/S /Launch /F (cmd.exe)",
        b"/Names << /EmbeddedFiles 5 0 R >>",
        b"/AcroForm << /XFA 6 0 R >>",
    ],
)
def test_refuses_a_pdf_that_does_things(action):
    with pytest.raises(errors.PaperUnsafeError):
        check_paper(PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + action))


def test_refuses_a_photograph_that_breaks_off():
    with pytest.raises(errors.PhotoDamagedError):
        check_paper(picture()[:2000])
