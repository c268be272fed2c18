"""Models of what follows from deaths. They stand apart from the model of deaths, whose kept fits they leave as they are."""
