"""HTTP and WebSocket routes, the guard in front of everything, logins."""
