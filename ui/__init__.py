"""The page: panels, handlers, rendering and wiring; `ui/static` is what the browser runs."""
