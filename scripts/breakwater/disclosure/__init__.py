"""Joint disclosure control: the layout of all cells, the protector, and the attacker written apart from it."""
