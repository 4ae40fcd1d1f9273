"""The screens: the workbench itself, and help."""
