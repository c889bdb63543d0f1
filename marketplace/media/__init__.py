"""Files that people give us: what they truly are, where they are kept, in which sizes.

Owns `media_files` and the folder `VAR_DIR/media`. Invariants: the type comes from the content,
never from a name or a header; no byte of a photo is passed on as it came, every picture is drawn
anew (so nothing hides behind it, and neither place nor camera is told); a file lies under the
SHA-256 of what was uploaded and is written whole before its row exists, so a row never points at
nothing; photos are public, papers need a right.

Words: a *photo* is for everybody, a *paper* (a certificate) for those who must check it, a
*variant* is a photo in one width.
"""
