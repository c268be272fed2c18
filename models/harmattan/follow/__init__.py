"""What follows from deaths, on the same futures: each sub-model is one file that declares what it is and needs."""
