"""What requests about runs say, and what they are answered; also the frames of the live stream."""
