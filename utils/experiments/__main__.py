"""Make stored results anew: ``python3 -m utils results [NAME ...]`` starts this."""

import sys

from utils.experiments.stored import EXPERIMENTS, store_results

names = sys.argv[1:]
if unknown := [name for name in names if name not in EXPERIMENTS]:
    sys.exit(f"There is no result {', '.join(unknown)}: choose among {', '.join(EXPERIMENTS)}.")
store_results(names)
