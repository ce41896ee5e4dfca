"""What the runs of a study say: pure functions, frames in, frames out."""
