// Stands for ui/static/rest.js, which every page loads first.
