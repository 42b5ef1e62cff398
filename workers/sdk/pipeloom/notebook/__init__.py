"""What notebooks show: workflows and runs as drawings, metrics as figures."""
