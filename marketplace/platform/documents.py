"""Papers: a typst template and data become a PDF, the same bytes for the same input."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2] / "templates" / "documents"
FONTS = ROOT / "fonts"


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF (PDF/A-2b) of a template in `templates/documents`.

    Args:
        template: its file's name, "packing_slip.typ".
        data: what it says: plain JSON values, every amount and date already written as people
            read it. The template finds it in `sys.inputs.data`. An image goes in as the text of
            its SVG.

    Takes about 25 ms a page. The typesetter is loaded at the first paper, not with the process.
    """
    import typst  # noqa: PLC0415 - 60 MB that most web processes never need

    pdf: bytes = typst.compile(
        str(ROOT / template),
        root=str(ROOT),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        timestamp=0,
    )
    return pdf
