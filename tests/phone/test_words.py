"""What scripts ask of templates is there: every sentence once, every piece of the page."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

SCRIPTS = sorted((settings.BASE_DIR / "static" / "js" / "phone").rglob("*.js"))
WORD = re.compile(r'\bsay\(\s*"([^"]+)"')
PART = re.compile(r'\bpart\(\s*"([^"]+)"')


@pytest.fixture(scope="module")
def shell() -> str:
    return render_to_string("phone/shell.html")


def asked(pattern: re.Pattern[str], script: Path) -> set[str]:
    return set(pattern.findall(script.read_text(encoding="utf-8")))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_every_sentence_and_piece_is_there(shell: str, script: Path) -> None:
    words = set(re.findall(r'data-word="([^"]+)"', shell))
    pieces = set(re.findall(r'<template id="([^"]+)"', shell))
    assert asked(WORD, script) <= words
    assert asked(PART, script) <= pieces


def test_every_sentence_stands_once(shell: str) -> None:
    for pattern in (r'data-word="([^"]+)"', r'<template id="([^"]+)"'):
        assert [name for name, many in Counter(re.findall(pattern, shell)).items() if many > 1] == []
