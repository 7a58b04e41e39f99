"""Rings within a process when something due was committed; an engine may pass it on to other processes."""

import threading
from collections.abc import Callable

_lock = threading.Lock()
_listeners: list[Callable[[str], None]] = []


def ring(name: str) -> None:
    """Tell every engine of this process that there is work of this name."""
    with _lock:
        listeners = list(_listeners)
    for listener in listeners:
        listener(name)


def listen(listener: Callable[[str], None]) -> None:
    """Call ``listener`` with the name of the work at every ring."""
    with _lock:
        _listeners.append(listener)


def ignore(listener: Callable[[str], None]) -> None:
    """Stop calling ``listener``."""
    with _lock:
        _listeners.remove(listener)
