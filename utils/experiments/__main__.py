"""Make the stored results anew: ``python3 -m utils results`` starts this."""

from utils.experiments.stored import store_results

store_results()
