// Stands for ui/static/idle.js, which every page runs first.
