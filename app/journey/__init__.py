"""What happens to letters and replies, one room a moment of their life."""
