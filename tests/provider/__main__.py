"""Plays one gateway until its parent ends or its life is over; prints its port and that of its back door.

python -m tests.provider --kind whatsapp --ledger FILE [--port 0] [--seed 1] [--with '{"faults": {"cut_after": 0.05},
"reports": {"to": "http://..."}, "play": {"echo": true}}']
"""

import argparse
import asyncio
import json
import os
from pathlib import Path
from typing import Any

from tests.provider.control import Control
from tests.provider.desk import Desk
from tests.provider.faults import Faults
from tests.provider.ledger import Ledger
from tests.provider.server import Connection
from tests.provider.sms import Names, Sms
from tests.provider.smtp import Mail
from tests.provider.webhooks import Courier, Reports
from tests.provider.whatsapp import WhatsApp

LIFE = 900.0
LOOK_EVERY = 0.25
MANY = 2048  # connections that may wait at the door


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="tests.provider")
    parser.add_argument("--kind", choices=["whatsapp", "sms", "smtp"], required=True)
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--life", type=float, default=LIFE, help="seconds")
    parser.add_argument("--with", dest="wishes", type=json.loads, default={})
    return parser.parse_args()


async def play(told: argparse.Namespace) -> None:
    """Open the doors, say where they are, and stay."""
    wishes: dict[str, dict[str, Any]] = told.wishes
    courier = Courier(Reports(**wishes.get("reports", {})), seed=told.seed)
    faults = Faults(seed=told.seed, **wishes.get("faults", {}))
    desk = Desk(Ledger(told.ledger, **wishes.get("ledger", {})), faults, courier, **wishes.get("desk", {}))
    player = player_of(told.kind, desk, wishes)
    control = Control(desk, None if isinstance(player, Mail) else player)
    front = await door(player, told.port)
    back = await door(control, 0)
    print(front, back, flush=True)  # noqa: T201  the parent reads it
    async with asyncio.TaskGroup() as group:
        if not isinstance(player, Mail):
            group.create_task(courier.work(player.write))
        group.create_task(end_with(os.getppid(), told.life))


def player_of(kind: str, desk: Desk, wishes: dict[str, dict[str, Any]]) -> WhatsApp | Sms | Mail:
    """Make the gateway of one kind."""
    extra = wishes.get("play", {})
    if kind == "whatsapp":
        return WhatsApp(desk, **extra)
    return Mail(desk, **extra) if kind == "smtp" else Sms(desk, Names(**wishes.get("names", {})), **extra)


async def door(player: WhatsApp | Sms | Mail | Control, port: int) -> int:
    """Open one door; returns its port."""
    if isinstance(player, Mail):
        server = await asyncio.start_server(player, "127.0.0.1", port, backlog=MANY)
    else:
        loop = asyncio.get_running_loop()
        way_here = (lambda: 0.0) if isinstance(player, Control) else player.desk.faults.way_here
        server = await loop.create_server(lambda: Connection(player, way_here), "127.0.0.1", port, backlog=MANY)
    return int(server.sockets[0].getsockname()[1])


async def end_with(parent: int, life: float) -> None:
    """Stay for as long as the parent lives, and not longer than a life; then end at once."""
    for _ in range(int(life / LOOK_EVERY)):
        await asyncio.sleep(LOOK_EVERY)
        if os.getppid() != parent:
            break
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(play(arguments()))
