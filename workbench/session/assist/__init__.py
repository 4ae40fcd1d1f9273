"""Help for somebody who writes a call: what can stand at the cursor, and what the call takes.

- A **place** (`place`) is where the cursor stands in a text: behind a dot, in an argument, in a string.
- A **scope** (`scope`) is what the names of the script stand for there.
- A **signature** (`signature`) is what a call takes, with its help, read from `workbench.protocol` itself.
- An **offer** (`offers`) is something that can stand at the cursor.
- A **field** (`fields`) is one argument of a call as somebody fills it in who does not write Python.

Nothing here executes a script, and nothing is offered that `session.allowed` does not allow.
"""
