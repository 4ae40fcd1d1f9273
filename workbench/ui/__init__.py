"""The screen. Textual lives here and nowhere else.

The words of this package:

* A **view** is everything the screen shows at one moment, as one frozen value.
* The **bridge** owns the session (lab, script, stepper, recording) and posts views to the screen.
* **Presentation** turns values into lines of text without Textual; **widgets** draw those lines.
* A **command** is one thing a person can do; bindings, footer, help and palette are made from it.

Widgets take values in by reactives and give facts out by messages. They know no clock, file or thread.
"""
