"""Running a whole clinic on one machine, and finding out what is wrong with it."""
