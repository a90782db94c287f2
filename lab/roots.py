"""A clean Debian in a folder: its own processes, devices of this machine, and a network that is only loopback."""

import subprocess
from pathlib import Path

from lab.machine import CommandFailed, run

# What changes with each command of dpkg, apt and man, whatever is installed
_BOOKKEEPING = ("/var/lib/dpkg/", "/var/lib/apt/", "/var/log/", "/var/cache/", "/tmp/", "/run/", "/proc", "/dev", "/sys")

# The root is a mount of its own there: a JVM looks for the mount in which a file lies.
_ENTER = """
set -e
root=$1
shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --rbind /dev "$root/dev"
ip link set lo up
exec chroot "$root" "$@"
"""


def mirror() -> str:
    """The address from which this machine has its own packages of Debian."""
    told = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(LABEL)", "Created-By: Packages")
    found = [line.split()[0] for line in told.splitlines() if line.split()[1:] == ["Debian", "Debian"]]
    if not found:
        raise CommandFailed("apt of this machine has no packages of Debian: apt-get update")
    return found[0]


class Root:
    """A clean root of a release of Debian, with these packages besides the essential ones and apt."""

    def __init__(self, folder: Path, release: str, packages):
        self.folder, self.release = folder, release
        run("mmdebstrap", "--mode=root", "--variant=apt", f"--include={','.join(packages)}", release, folder, mirror())

    def attempt(self, *command) -> subprocess.CompletedProcess:
        """Runs a command in the root to its end; stderr is part of stdout."""
        enter = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _ENTER, "-", str(self.folder)]
        words = [*enter, "env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "HOME=/root"]
        return subprocess.run(
            [*words, *(str(word) for word in command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=300,
            check=False,
        )

    def run(self, *command) -> str:
        """Runs a command that must end with 0, and gives what it said."""
        done = self.attempt(*command)
        assert done.returncode == 0, f"{command} in {self.release} ended with {done.returncode}:\n{done.stdout[-3000:]}"
        return done.stdout

    def files(self) -> set:
        """Each file, folder and link with its rights and owner, but for bookkeeping."""
        told = run("find", self.folder, "-xdev", "-printf", "/%P %y %m %U:%G %l\n").splitlines()
        return {line for line in told if not line.startswith(_BOOKKEEPING)}
