"""How hypothesis runs here: the same examples every time, and no stopwatch."""

from hypothesis import settings

settings.register_profile("sparring", deadline=None, derandomize=True)
settings.load_profile("sparring")
