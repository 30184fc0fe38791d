"""One module for each format, each with `parts(source)`; they run in a process of their own."""
