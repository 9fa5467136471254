"""Every picture a template names is drawn in the sprite."""

import re
from pathlib import Path

from common.templatetags.chips import LOOKS, PLAIN
from common.templatetags.navigation import DESK, FIELD

ROOT = Path(__file__).parents[2]
DRAWN = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/icons.svg").read_text()))


def test_icons_named_in_templates_are_drawn() -> None:
    named = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"|(?:action_)?icon="([^"]+)"', template.read_text())
        for name in name
        if name
    }
    assert named
    assert named <= DRAWN


def test_icons_named_in_code_are_drawn() -> None:
    chips = {icon for looks in LOOKS.values() for icon, _tone in looks.values()} | {PLAIN[0]}
    assert chips | {entry.icon for entry in (*DESK, *FIELD)} <= DRAWN
