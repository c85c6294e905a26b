"""What a page computes for one reader: assessment, plan, and copies. Nothing of it is kept."""
