"""Programs as authors of ModelArts workflows write them, one for each scenario or few. They are run, never imported."""
