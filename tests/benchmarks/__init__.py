"""How fast Workbench is, as ratios to `http.client` in the same run: `python -m tests.benchmarks`.

Nothing here is a test: a time says how busy a machine is. A ratio of two medians, taken in turn on the same
machine in the same minute, says something about the code.
"""
