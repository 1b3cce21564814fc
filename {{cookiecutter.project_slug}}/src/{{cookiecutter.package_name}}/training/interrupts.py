"""Ctrl-C and SIGTERM that end a training even where a library drops them."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

import lightning.pytorch as pl

_Handler = Callable[[int, FrameType | None], Any]


class Interrupts(pl.Callback):
    """Raises anew, at the end of a batch, what a handler of signals raised and nobody passed on.

    A handler's exception comes up wherever Python is, and some code drops it there without a word,
    such as C code that only asks for an attribute: one Ctrl-C in some hundreds was lost.
    """

    def __init__(self) -> None:
        self._raised: BaseException | None = None

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Inside the block, remember what the present handlers of both signals raise."""
        with ExitStack() as watched:
            if threading.current_thread() is threading.main_thread():  # no other may set handlers
                for number in (signal.SIGINT, signal.SIGTERM):
                    watched.enter_context(self._watched(number))
            yield

    @contextmanager
    def _watched(self, number: signal.Signals) -> Iterator[None]:
        before = signal.getsignal(number)
        if not callable(before):
            yield
            return
        watching = self._watching(before)
        signal.signal(number, watching)
        try:
            yield
        finally:
            if signal.getsignal(number) is watching:  # else somebody decided otherwise since
                signal.signal(number, before)

    def _watching(self, handler: _Handler) -> _Handler:
        def handle(number: int, frame: FrameType | None) -> None:
            try:
                handler(number, frame)
            except BaseException as raised:
                self._raised = raised
                raise

        return handle

    def on_train_batch_end(self, *_: Any) -> None:
        """End the training where a signal asked for it."""
        if self._raised is not None:
            raise self._raised
