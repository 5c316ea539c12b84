"""Program: a computation as a flat list of steps, recorded or read off a graph; see docs/design/program.md."""
