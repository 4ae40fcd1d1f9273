"""Recording for programs: `from workbench import record`.

What a program does with connections of `workbench.protocol`, or with anything that runs on its drop-in, becomes a
recording like that of a script: it can be asked, asserted on, saved, opened on the screen and exported.
"""

from workbench.library.asked import Asked, Fields
from workbench.library.recording import ProgramRecording, record

__all__ = ["Asked", "Fields", "ProgramRecording", "record"]
