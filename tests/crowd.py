"""Several people at the same moment."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from core.errors import Refusal


def outcomes(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """As `at_once`, refusals by their code."""
    return [result.code if isinstance(result, Refusal) else result for result in at_once(acts)]


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act gave, started together in threads of their own; an exception counts as its result."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = acts[place]()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
