"""How hypothesis runs here: the same examples every time, fifty of them, and no stopwatch."""

from hypothesis import settings

settings.register_profile("sparring", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("sparring")
