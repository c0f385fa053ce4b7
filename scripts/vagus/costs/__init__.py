"""What steps cost: time and memory from the size of their input, and a forecast of a study."""
