"""One module per command; `cli.app` lists them."""
