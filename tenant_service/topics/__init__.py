"""议题 (topics): matters that people raise, from the first words to the public answer."""
