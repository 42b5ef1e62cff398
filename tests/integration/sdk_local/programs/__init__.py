"""Home-written equivalents of the published programs: the same steps, names and ids, in a few lines each."""
