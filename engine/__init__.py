"""Making answers: turns, prompts, metrics, readiness. Knows nothing of pages or wire formats."""
