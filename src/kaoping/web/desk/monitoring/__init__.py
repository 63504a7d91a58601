"""Routine work: findings of the monitor, visits and draws, orders to put right."""
