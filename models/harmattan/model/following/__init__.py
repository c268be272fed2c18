"""Models of what follows from deaths. They stand apart, so that kept fits of deaths stay as they are."""
