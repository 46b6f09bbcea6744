"""What pages show, as numbers and words: metric requests in, Arrow tables out. Draws nothing."""
