"""Keeps the product's own processes up, and takes them down together."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from config.environment import BASE_DIR
from config.privileges import bound_to_parent

LOOK_EVERY = 0.2
STOP_WITHIN = 30.0  # what is being sent is finished
STEADY = 60.0
LISTEN_EVERY, LEARNS_TO_SPEAK = 15.0, 90.0
LONGEST_PAUSE = 30.0


class Wish:
    """A signal handler that only notes the wish to end; an exception out of a handler could break any lock it meets."""

    asked = False

    def __call__(self, _number: int, _frame: object) -> None:
        """Note it."""
        self.asked = True

    def obey(self) -> None:
        """End, at a point where nothing is half done."""
        if self.asked:
            raise SystemExit(0)


@dataclass
class Child:
    """One process that must be up: started again when it ends, later each time it ends soon."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = field(default=1.0)
    not_before: float = 0.0
    is_silent: Callable[[], bool] | None = None
    listened: float = 0.0

    def start(self) -> None:
        """Start it, in a session of its own (Ctrl-C is for us alone), bound to our life."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.command],
            cwd=BASE_DIR,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=bound_to_parent(),
        )
        self.started = time.monotonic()

    def ended(self) -> bool:
        """Say whether it is down."""
        return self.process is None or self.process.poll() is not None

    def look(self) -> None:
        """See whether it is up; when not, start it as soon as its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            print(f"{self.name} ended with code {self.process.returncode}; it is started again.", file=sys.stderr)
            self.pause = 1.0 if now - self.started > STEADY else min(2 * self.pause, LONGEST_PAUSE)
            self.not_before, self.process = now + self.pause, None
        if self.process is None and now >= self.not_before:
            self.start()
        elif (
            self.process and self.is_silent and now - max(self.started + LEARNS_TO_SPEAK, self.listened) > LISTEN_EVERY
        ):
            self.listened = now
            self._listen(self.is_silent)

    def _listen(self, is_silent: Callable[[], bool]) -> None:
        """End it when it is up and gives no sign of life; the next look starts it again."""
        if is_silent() and self.process is not None:
            print(f"{self.name} gives no sign of life; it is ended.", file=sys.stderr)
            self.process.kill()


@dataclass
class Supervisor:
    """A few children, and a look at what they stand on before each look at them."""

    ground: Callable[[], None]
    children: list[Child] = field(default_factory=list)

    def add(self, child: Child) -> Child:
        """Start one more."""
        child.start()
        self.children.append(child)
        return child

    def look(self) -> None:
        """Put right what has fallen."""
        self.ground()
        for child in self.children:
            child.look()

    def watch(self, wish: Wish) -> None:
        """Look until the wish to end."""
        while not wish.asked:
            self.look()
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        """Ask all to end, and end those that do not."""
        processes = [child.process for child in self.children if child.process]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
