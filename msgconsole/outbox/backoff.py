"""How long to wait before trying again. Pure."""


def delay(attempt: int, chance: float, *, first: float = 1.0, most: float = 300.0) -> float:
    """Seconds to wait after failed attempt number ``attempt`` (1, 2, …): doubling, at most ``most``.

    ``chance`` in [0, 1) spreads the waits over the upper half of the span, so that what failed together does not
    come back together.
    """
    span = min(most, first * 2.0 ** min(max(attempt, 1) - 1, 30))
    return span * (0.5 + chance / 2)
