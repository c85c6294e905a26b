"""Records: read, validated and cross-checked. Knows nothing of readers, HTML or books."""
