"""Chats on disk, their disposable search index, and export."""
