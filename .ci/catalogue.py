"""Prove that the Indonesian catalogue holds every text of the product, translated, and that its .mo is made from it.

python .ci/catalogue.py          compare, and print what is missing
python .ci/catalogue.py write    bring locale/ up to date (make messages)
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale") / "id" / "LC_MESSAGES" / "django.po"
SKIP = ["var/*", ".venv/*", "tests/*", "bench/*", "docs/*", ".ci/*", "static/*"]
DATES = re.compile(r'^"POT-Creation-Date:.*\n', re.MULTILINE)


def main() -> int:
    """Write, or compare and return 1 for any difference."""
    if shutil.which("msgfmt") is None:
        print("catalogue skipped: gettext is not installed (Debian and Ubuntu: apt install gettext)")
        return 1 if os.environ.get("CI") == "true" else 0
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    sys.path.insert(0, str(ROOT))
    django.setup()
    if sys.argv[1:] == ["write"]:
        gather(ROOT)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return compare(Path(folder))


def gather(tree: Path) -> Path:
    """Collect every marked text of this tree into its catalogue, compile that, and return it."""
    os.chdir(tree)
    settings.LOCALE_PATHS = [tree / "locale"]
    how = {"no_obsolete": True, "no_location": True, "no_wrap": True, "verbosity": 0}
    call_command("makemessages", locale=["id"], ignore_patterns=SKIP, **how)
    catalogue = tree / CATALOGUE
    catalogue.write_text(DATES.sub("", catalogue.read_text(encoding="utf-8")), encoding="utf-8")
    subprocess.run(["msgfmt", "--check-format", "-o", catalogue.with_suffix(".mo"), catalogue], check=True)
    return catalogue


def compare(folder: Path) -> int:
    """Gather anew in a copy of the tree and print each difference from what is kept."""
    tree, kept = folder / "tree", ROOT / CATALOGUE
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".*", "var", "tests", "bench", "docs", "__pycache__"))
    fresh = gather(tree)
    troubles = [*unfinished(kept)]
    if fresh.read_bytes() != kept.read_bytes():
        done = subprocess.run(["diff", "-u", kept, fresh], capture_output=True, text=True, check=False)
        troubles.append(f"locale/ is behind the code; run make messages:\n{done.stdout[:4000]}")
    if messages(fresh.with_suffix(".mo")) != messages(kept.with_suffix(".mo")):
        troubles.append("the .mo was not made from the .po; run make messages")
    print("\n".join(troubles) or "catalogue: complete")
    return 1 if troubles else 0


def unfinished(catalogue: Path) -> Iterator[str]:
    """Name each text that is not translated, or only guessed."""
    for attribute in ("untranslated", "only-fuzzy"):
        command = ["msgattrib", f"--{attribute}", "--no-wrap", catalogue]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        yield from (f"{attribute}: {text}" for text in re.findall(r'^msgid (".+")$', done.stdout, re.MULTILINE))


def messages(compiled: Path) -> str:
    """Return what a .mo holds, as text that does not depend on who made it."""
    done = subprocess.run(["msgunfmt", "--sort-output", compiled], capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
