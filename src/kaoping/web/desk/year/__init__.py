"""The year: board, plan, approval on paper, working days, the clock."""
