"""Where bounces are kept until they are read."""
