"""Power cuts: real programs run while each of their orders to files and disks is recorded; then it is judged what a disk may hold when
the power goes at any point. docs/testing.md, section "Power cuts", is the specification.
"""
