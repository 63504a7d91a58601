"""The public evaluation: a poll from its announcement to the opened box, and the opinions of the public."""
