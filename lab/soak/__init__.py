"""The soak: random sessions of the real programs, each decided by a seed, and a judge that shares nothing with them.

docs/testing.md, section "Soak", says what a seed decides, which faults there are, and by which rules the judge decides.
"""
