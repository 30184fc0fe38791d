"""Values everyone shares: conversation, events, errors, catalog, settings, texts."""
