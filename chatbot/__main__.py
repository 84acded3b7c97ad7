"""`python -m chatbot` is the same as `flexbot`."""

from chatbot.cli import entry_point

if __name__ == "__main__":
    entry_point()
