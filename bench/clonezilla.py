"""The pipeline of Clonezilla for one disk whose partitions 1 to 4 are FAT, ext4, NTFS and XFS (the sample disk).

clonezilla.py send GROUP DISK SLAVES
clonezilla.py receive GROUP DISK
clonezilla.py save FOLDER DISK       used blocks to files, as its server has them

DISK is a loop device with partition devices.
"""

import os
import subprocess
import sys

PROGRAMS = ["fat", "extfs", "ntfs", "xfs"]
UDPCAST = ["--interface", "eth0", "--nokbd", "--no-progress", "--mcast-rdv-address"]


def pipeline(*commands, out=None):
    """Runs commands whose output is the input of the next one; ends this program when one of them fails."""
    running, source = [], None
    for number, command in enumerate(commands):
        target = out if number == len(commands) - 1 else subprocess.PIPE
        quiet = subprocess.DEVNULL if command[0].startswith("partclone") else None
        running.append(subprocess.Popen(command, stdin=source, stdout=target, stderr=quiet))
        if source:
            source.close()
        source = running[-1].stdout
    codes = [program.wait() for program in running]
    if any(codes):
        sys.exit(f"{[command[0] for command in commands]}: exit codes {codes}")


def used_blocks(program, partition):
    return [f"partclone.{program}", "-c", "-q", "-L", "/dev/null", "-s", partition, "-o", "-"]


def main(role, place, disk, slaves="0"):
    for number, program in enumerate(PROGRAMS, 1):
        partition = f"{disk}p{number}"
        if role == "save":
            name = os.path.join(place, f"part{number}.zst")
            with open(name, "wb") as file:
                pipeline(used_blocks(program, partition), ["zstd", "-3", "-qc"], out=file)
            subprocess.run(["sync", name], check=True)
        elif role == "send":
            sender = ["udp-sender", *UDPCAST, place, "--min-receivers", slaves]
            pipeline(used_blocks(program, partition), ["zstd", "-3", "-qc"], sender)
        else:
            restore = ["partclone.restore", "-q", "-L", "/dev/null", "-s", "-", "-o", partition]
            pipeline(["udp-receiver", *UDPCAST, place], ["zstd", "-dqc"], restore)
            subprocess.run(["sync", partition], check=True)


main(*sys.argv[1:])
