"""What everything rests on: register, ledger, materials, rulebooks."""
