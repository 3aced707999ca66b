"""The story, a file per verb. Only here are concrete parts picked and put together."""
