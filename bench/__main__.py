"""`python -m bench seed` makes the country, `run` measures its pages; the others measure what they say.

All on databases of their own.
"""

import argparse
import os
import sys
from contextlib import nullcontext
from pathlib import Path

import django

from config.embedded import Embedded
from config.environment import VAR

NAMES = {"messages": "desa_devisa_bench_messages", "tables": "desa_devisa_bench_tables"}
MODULES = {"seed": "country", "run": "ladder", "intake": "intake", "messages": "messages", "tables": "tables"}
# The gateway is played; its address is known once it runs.
PLAYED = {"MESSAGE_CHANNELS": "sms", "SMS_URL": "http://127.0.0.1:9/", "SMS_TOKEN": "token-of-tests", "SMS_KEY": "key"}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    seed = verbs.add_parser("seed", help="make the country anew")
    for name, default in (("villages", 2_000), ("people", 40_000), ("sessions", 20_000), ("attendance", 400_000)):
        seed.add_argument(f"--{name}", type=int, default=default)
    run = verbs.add_parser("run", help="measure every page beside a bare view")
    run.add_argument("--rounds", type=int, default=5)
    run.add_argument("--requests", type=int, default=150, help="per page and round")
    lists = verbs.add_parser("intake", help="measure how fast lists of participants come in")
    lists.add_argument("--rows", type=int, default=10_000)
    lists.add_argument("--rounds", type=int, default=3)
    messages = verbs.add_parser("messages", help="measure planning and sending beside a bare loop")
    messages.add_argument("--numbers", type=int, default=20_000, help="people with a number each")
    messages.add_argument("--rounds", type=int, default=5)
    messages.add_argument("--latency", type=float, default=0, help="of the gateway, in milliseconds")
    tables = verbs.add_parser("tables", help="measure lists that leave as tables beside a bare cursor")
    tables.add_argument("--rows", type=int, default=100_000)
    tables.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def main() -> None:
    """Open the database of the bench, then seed or run."""
    arguments = _arguments()
    name = NAMES.get(arguments.verb, "desa_devisa_bench")
    own = None if os.environ.get("DATABASE_URL") else Embedded(VAR / "postgres")
    with own.running() if own else nullcontext():
        if own:
            own.create(name)
            os.environ["DATABASE_URL"] = own.url(name)
        os.environ |= PLAYED if arguments.verb == "messages" else {}
        os.environ |= {"DEMO": "true", "DJANGO_SETTINGS_MODULE": "config.settings", "ALLOWED_HOSTS": "127.0.0.1"}
        django.setup()
        # What follows needs Django to be set up, so it is reached by name.
        command = __import__(f"bench.{MODULES[arguments.verb]}", fromlist=["main"])
        command.main(arguments)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
