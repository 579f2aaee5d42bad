"""What turns one text into sound on each platform: speech engines and players."""
