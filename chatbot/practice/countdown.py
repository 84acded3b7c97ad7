"""A countdown over stages, driven from outside: by a clock, and by what someone does."""

from collections.abc import Callable, Sequence

from chatbot.practice.stages import Stage


class Countdown:
    """Where someone is in some stages. `clock` gives seconds that only grow; nothing happens between two calls.

    What someone counts by hand waits for `done`, unless `alone`: then it lasts as long as it is taken to.
    """

    def __init__(self, stages: Sequence[Stage], clock: Callable[[], float], *, alone: bool = False) -> None:
        self._stages, self._clock, self._alone = stages, clock, alone
        self._place = 0
        self._since, self._paused = clock(), False
        self._spent = 0.0  # seconds of this stage before it was paused

    @property
    def stage(self) -> Stage | None:
        """The stage that it is at; None at the end."""
        return self._stages[self._place] if self._place < len(self._stages) else None

    @property
    def next(self) -> Stage | None:
        """The stage that comes then."""
        return self._stages[self._place + 1] if self._place + 1 < len(self._stages) else None

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def left(self) -> float:
        """How many seconds of this stage are left; 0 at the end, and below it once a stage is over."""
        if self.stage is None:
            return 0.0
        running = 0.0 if self._paused else self._clock() - self._since
        return self.stage.seconds - self._spent - running

    @property
    def waits(self) -> bool:
        """Whether someone has to say that this stage is done."""
        return self.stage is not None and self.stage.by_hand and not self._alone

    def tick(self) -> bool:
        """Go on where a stage is over; whether it was. Time beyond its end counts for the next."""
        if self.stage is None or self._paused or self.waits or (left := self.left) > 0:
            return False
        self._to(self._place + 1)
        self._since += left
        return True

    def pause(self) -> None:
        """Stop the clock, or go on."""
        now = self._clock()
        if not self._paused:
            self._spent += now - self._since
        self._since, self._paused = now, not self._paused

    def done(self) -> None:
        """This stage was counted by hand and is done; of others nothing comes."""
        if self.waits:
            self._to(self._place + 1)

    def skip(self) -> None:
        """Go to the next stage that is held or counted, or to the end."""
        self._to(self._next_work(self._place + 1))

    def back(self) -> None:
        """Go to the beginning of what is held or counted now, or to the one before where it has just begun."""
        starts = [place for place, stage in enumerate(self._stages) if stage.kind in ("hold", "count")]
        just_begun = self.stage is None or self.left > self.stage.seconds - 3
        before = [place for place in starts if place < self._place or (place == self._place and not just_begun)]
        self._to(before[-1] if before else 0)

    def _next_work(self, place: int) -> int:
        kinds = ("hold", "count", "ready")
        return next((at for at in range(place, len(self._stages)) if self._stages[at].kind in kinds), len(self._stages))

    def _to(self, place: int) -> None:
        self._place = min(place, len(self._stages))
        self._since, self._spent = self._clock(), 0.0
