"""The parts of the page, a file each: `build()` makes components and attaches no events."""
