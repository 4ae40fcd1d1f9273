"""The tests: mirrors `workbench/`, plus `architecture` and `packaging`."""
