"""What people write and judge: self-reviews, reviewers and their assignments, appeals."""
