"""The lab: what acceptance/ and bench/ share. It knows how to make a LAN, disks, sample systems and programs, and how
to remove them again.

Everything made here carries the random ID of its process, and only what this process has made is removed.
"""
