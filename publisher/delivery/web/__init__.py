"""The web part: downloads, leaving a list, confirming. GET and HEAD change nothing in it."""
