"""Three-letter pieces ("grams") that two texts share: how searches bear typing errors (ADR 0013)."""

import re
import unicodedata

LONGEST_TEXT = 60
LEAST_SHARE, NEAR_BEST = 0.4, 0.5
_OTHER = re.compile(r"[^a-z0-9]+")


def normal(text: str) -> str:
    """Lower case, without accents and signs, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _OTHER.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def grams(text: str) -> frozenset[str]:
    """The three-letter pieces of every word, a space before and after it; a word of one letter has one piece."""
    found: set[str] = set()
    for word in normal(text).split():
        padded = f" {word} "
        found.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return frozenset(found)


def asked(text: str) -> list[str]:
    """The pieces of what somebody typed; of a long text its beginning counts."""
    return sorted(grams(text[:LONGEST_TEXT]))


def least_share(best: float) -> float:
    """How much of a question an answer must have, next to the best one."""
    return max(LEAST_SHARE, best * NEAR_BEST)
