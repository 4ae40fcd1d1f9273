"""What is on the screen. Values come in by reactives, facts go out by messages."""
