"""The chain of engines: the first that may, can and does translate a letter translates it all."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from translation.checks import check_answer
from translation.engines import Engine
from translation.engines.configured import engine_from
from translation.errors import EngineError, Failure, NoEngine, Reason
from translation.paragraphs import cut, split
from translation.placeholders import Hidden, hide
from translation.scripts import has_letters

# These languages write their sentences without spaces between; the others do not.
_UNSPACED = frozenset({"zh", "ja"})


@dataclass(frozen=True)
class Translation:
    """A translated text, with as many paragraphs as the letter, and the engine that made it.

    `engine` is None when there was nothing to translate (emoji or digits alone).
    """

    text: str
    engine: str | None


@dataclass(frozen=True)
class Patience:
    """How long to bear with one engine: times in seconds; pauses double from the first."""

    tries: int = 3
    first_pause: float = 1.0
    call: float = 20.0


@dataclass(frozen=True)
class Chain:
    """Engines in the order in which they are asked; false when there is none."""

    engines: tuple[Engine, ...]
    patience: Patience = Patience()
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def __bool__(self) -> bool:
        return bool(self.engines)

    def translate(
        self,
        text: str,
        source: str,
        target: str,
        *,
        outside_allowed: bool,
        shield: Sequence[str] = (),
        deadline_seconds: float = 120.0,
    ) -> Translation:
        """Translate a letter, paragraph by paragraph, by one engine from beginning to end.

        In: a text of any length, two different language codes, whether the writer lets outside
        engines read it, and the names that these must not see even so. Raises NoEngine when every
        engine fails or the time is up, ValueError for equal languages. Blocks up to the deadline:
        call it from a worker's thread, outside of any transaction.
        """
        if source == target:
            raise ValueError("source and target must be different languages")
        if not has_letters(text):
            return Translation(text, None)
        end = self.clock() + deadline_seconds
        failures: list[Failure] = []
        for place, engine in enumerate(self.engines):
            # A fair share of what time is left, so that a dead engine leaves some to the next.
            until = self.clock() + (end - self.clock()) / (len(self.engines) - place)
            asking = _Asking(self, engine, source, target, until)
            try:
                _check_permitted(engine, source, target, outside_allowed=outside_allowed)
                return Translation(asking.whole(text, shield), engine.name)
            except EngineError as error:
                failures.append(Failure(engine.name, error.reason, error.retry_after))
        raise NoEngine(failures)

    def try_each(self, deadline_seconds: float = 10.0) -> list[tuple[str, Reason | None]]:
        """Ask every engine, outside ones too, for a sentence that is nobody's, within so many
        seconds each. Out: names in order, with what was wrong, or None where all is well.
        """
        once = replace(self.patience, tries=1, call=deadline_seconds)
        found: list[tuple[str, Reason | None]] = []
        for engine in self.engines:
            alone = replace(self, engines=(engine,), patience=once)
            reason = None
            try:
                alone.translate(
                    "Heute scheint die Sonne.", "de", "ru",
                    outside_allowed=True, deadline_seconds=deadline_seconds,
                )  # fmt: skip
            except NoEngine as error:
                reason = error.reasons[0].reason
            found.append((engine.name, reason))
        return found


def parse_chain(text: str, keys: Mapping[str, str] | None = None) -> Chain:
    """Read a chain such as "libretranslate+http://127.0.0.1:5000,google".

    In: engines separated by commas, each `NAME` or `NAME+ADDRESS`, an empty text for none; keys by
    engine name. Raises ValueError, in words for whoever configures the service.
    """
    if not text.strip():
        return Chain(())
    return Chain(tuple(engine_from(entry, keys or {}) for entry in text.split(",")))


def _check_permitted(engine: Engine, source: str, target: str, *, outside_allowed: bool) -> None:
    if engine.outside and not outside_allowed:
        raise EngineError(Reason.NOT_ALLOWED)
    if not engine.supports(source, target):
        raise EngineError(Reason.UNSUPPORTED)


@dataclass(frozen=True)
class _Asking:
    """One engine asked for one letter, until a moment of the chain's clock."""

    chain: Chain
    engine: Engine
    source: str
    target: str
    until: float

    def whole(self, text: str, shield: Sequence[str]) -> str:
        """The letter's translation with its names back; raises EngineError."""
        paragraphs = split(text)
        # Our own engine may read names, and declines them better than a placeholder.
        hidden = [
            hide(each, shield) if self.engine.outside else Hidden(each, ())
            for each in paragraphs.texts
        ]
        answers = [self.paragraph(each.text) for each in hidden]
        check_answer(
            _spaced(each.text for each in hidden), _spaced(answers), self.source, self.target,
            whole=True,
        )  # fmt: skip
        return paragraphs.join(
            [each.restore(answer) for each, answer in zip(hidden, answers, strict=True)]
        )

    def paragraph(self, text: str) -> str:
        """One paragraph's translation, asked for in pieces that the engine can take."""
        pieces = cut(text, self.engine.limit)
        answers = [self.piece(each) if has_letters(each) else each for each in pieces.texts]
        opened = self.source in _UNSPACED and self.target not in _UNSPACED
        return pieces.join(answers, between=" " if opened else "")

    def piece(self, text: str) -> str:
        """One call's translation, tried again with growing pauses while there is time."""
        patience, clock = self.chain.patience, self.chain.clock
        for attempt in range(patience.tries):
            seconds = min(patience.call, self.until - clock())
            try:
                if seconds <= 0:
                    raise EngineError(Reason.TOO_SLOW)
                answer = self.engine.translate(text, self.source, self.target, seconds)
                return check_answer(text, answer, self.source, self.target)
            except EngineError as error:
                pause = max(patience.first_pause * 2**attempt, error.retry_after or 0)
                last = attempt == patience.tries - 1
                if last or not error.reason.worth_repeating or clock() + pause >= self.until:
                    raise
            self.chain.sleep(pause)
        raise AssertionError("patience allows no try")


def _spaced(texts: Iterable[str]) -> str:
    return " ".join(texts)
