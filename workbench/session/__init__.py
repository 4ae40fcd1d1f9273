"""A session: a script of calls, run step by step, and everything that was seen meanwhile.

Vocabulary:

- **script**: the debuggee. Text in a small, safe subset of Python, one call a line. It is read
  with `ast` and interpreted, never compiled.
- **statement**: one line of a script (or several, inside brackets); a **step** is a statement
  that is worth a stop: everything but imports and docstrings.
- **interpreter**: carries out statements one at a time and holds the script's names.
- **namespace**: the modules and functions that a script can reach; a **kind** says which
  methods and attributes of a value it can use.
- **stepper**: runs a script in a worker thread and stops where it is asked to.
- **recorder**: a tap that appends what happens to a **recording**, from which every view is
  drawn; a **moment** is the state of everything after one entry of a recording.
- **transcript**: the same steps as lines of text, for a run without a screen.
- **visible** text: text in which every control character has become a glyph.
"""
