"""The doctor: would our mail arrive? Looks at settings, relay and DNS, and says what to do."""
