"""Values to text, without Textual: what the screen says, tested without a screen.

Text is made of pieces: characters with a role. What a role looks like is the theme's business.
"""
