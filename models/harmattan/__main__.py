"""`python -m harmattan` is the command line."""

from .cli.door import main

main()
