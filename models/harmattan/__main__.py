"""`python -m harmattan` is the command line."""

from .cli.app import main

main()
