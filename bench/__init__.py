"""What Divan costs and how fast it is, measured against a named alternative in the same run."""
