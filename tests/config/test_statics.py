"""Scripts as phones fetch them: bare of comments, and every sentence and address in them untouched."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.test import override_settings

from config.statics import Statics, bare
from phone.shell import assets

WRITTEN = """// What it is.

/**
 * Open it.
 * @param {string} name
 */
export function open(name) {
  // now
  return fetch("https://desa.example//" + name); // then
}
/** @type {string} */
const LATER = /** @type {any} */ (open("a")); /** one */
/* kept */
"""
BARE = """
export function open(name) {
  return fetch("https://desa.example//" + name); // then
}
const LATER = /** @type {any} */ (open("a")); /** one */
/* kept */
"""


def test_only_comments_of_whole_lines_go() -> None:
    assert bare(WRITTEN) == BARE
    assert bare(BARE) == BARE


@override_settings(STATIC_ROOT="/nowhere")
@pytest.mark.parametrize(("name", "kept"), [("js/a.js", BARE), ("admin/a.js", WRITTEN), ("js/a.css", WRITTEN)])
def test_only_our_scripts_are_bared(tmp_path: object, name: str, kept: str) -> None:
    shelf = Statics(location=str(tmp_path))
    given = ContentFile(WRITTEN.encode())
    given.read()
    with shelf.open(shelf.save(name, given)) as file:
        assert file.read().decode() == kept


def test_no_text_of_ours_spans_lines() -> None:
    for name in assets():
        if name.endswith(".js"):
            with Path(str(finders.find(name.removeprefix("/static/")))).open(encoding="utf-8") as file:
                lines = [line for line in file if not line.lstrip().startswith(("//", "*", "/**"))]
            assert [line for line in lines if line.count("`") % 2] == [], name
