"""`python -m deploy` is `liandong`, where the command itself is not on PATH."""

from deploy.command import app

if __name__ == "__main__":
    app()
