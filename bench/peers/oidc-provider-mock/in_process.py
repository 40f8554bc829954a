"""Opens and closes so many servers in this process; prints the median milliseconds of both, as JSON."""

import json
import statistics
import time

from oidc_provider_mock import run_server_in_thread  # type: ignore[import-not-found]

opening, closing = [], []
for _ in range(20):
    start = time.perf_counter()
    with run_server_in_thread():
        opened = time.perf_counter()
    opening.append(1000 * (opened - start))
    closing.append(1000 * (time.perf_counter() - opened))
print(json.dumps([statistics.median(opening), statistics.median(closing)]))
