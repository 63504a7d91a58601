"""From points to the published result: scoring room, rulings, signing off, publication, correction, report."""
