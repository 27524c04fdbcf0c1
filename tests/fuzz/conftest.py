"""How long the fuzzing takes: FUZZ=100 tries a hundred times as many examples, drawn anew."""

import os

from hypothesis import HealthCheck, settings

_EXAMPLES = 30
_DEEPER = int(os.environ.get("FUZZ", "1"))
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

# The short run is the same every time; what a deep run finds becomes an example in a test.
settings.register_profile(
    "short", max_examples=_EXAMPLES, deadline=None, derandomize=True, suppress_health_check=_SLOW
)
settings.register_profile(
    "deep",
    max_examples=_EXAMPLES * _DEEPER,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=_SLOW,
)
PROFILE = settings.get_profile("short" if _DEEPER <= 1 else "deep")
