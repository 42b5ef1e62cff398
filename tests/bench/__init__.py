"""`make bench`: what the product costs, beside what its parts cost by themselves, measured in the same run."""
