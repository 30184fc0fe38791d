"""A model's Markdown made safe and exact for Gradio's Chatbot.

The Chatbot renders raw HTML, takes every pair of dollars for mathematics and counts lists by
itself; the painter of a running answer (ui/static/markdown.js) does none of that. Here a settled
answer gets the painter's rules. Blocks are found by a parser, so that nothing inside a line reaches
over their borders; all scans are linear.
"""

from ui.markdown.blocks import settle

__all__ = ["settle"]
