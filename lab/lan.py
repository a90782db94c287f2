"""A LAN of network namespaces: one master (host m, 10.77.0.1) and N slaves (s1 ..., 10.77.0.11 ...) on one bridge.

The bridge lives in a namespace of its own (hub); the network of this machine is not touched.
"""

import json
import shutil

from lab import machine
from lab.machine import attempt, run, wait_for

_LOSS_RULES = """
table netdev loss
delete table netdev loss
table netdev loss {
    chain in {
        type filter hook ingress device eth0 priority 0;
        ip protocol udp numgen random mod 1000000 < %d counter drop
    }
}
"""


_LENGTH_RULES = """
table netdev lengths
delete table netdev lengths
table netdev lengths {
    counter every { }
    counter longer { }
    counter full { }
    chain in {
        type filter hook ingress device %(port)s priority 0;
        counter name every
        meta length > %(longest)d counter name longer
        meta length >= %(full)d meta length <= %(longest)d counter name full
    }
}
"""


class Lan:
    """With frames "wire" each packet is one frame, as on a cable; with "offload" veth carries bundles of segments."""

    def __init__(self, slaves: int, mtu: int = 1500, frames: str = "wire"):
        self._hosts, self._mtu, self._frames = [], mtu, frames
        try:
            self._new_host("hub")
            self.ip("hub", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
            self.ip("hub", "link", "set", "br0", "mtu", mtu, "up")
            self._join("m", 1)
            for number in range(1, slaves + 1):
                self._join(f"s{number}", 10 + number)
            for host in self._hosts[1:]:
                wait_for(5, lambda h=host: self._is_up(h))
        except BaseException:
            self.down()
            raise

    @staticmethod
    def space(host: str) -> str:
        """The name of a host's network namespace."""
        return f"ib{machine.ID}{host}"

    def ip(self, host: str, *words) -> str:
        """Runs `ip` for a host's namespace."""
        return run("ip", "-n", self.space(host), *words)

    def command(self, host: str, *words) -> list:
        """The command that runs something on a host."""
        return ["ip", "netns", "exec", self.space(host), *words]

    def on(self, host: str, *words, **options) -> str:
        """Runs a command on a host and gives what it wrote."""
        return run(*self.command(host, *words), **options)

    def rate(self, host: str, rate: str) -> None:
        """Limits what a host sends, as tc writes it (1gbit). The overhead is that of Ethernet frames on a cable."""
        self.on(
            host,
            "tc",
            "qdisc",
            "replace",
            "dev",
            "eth0",
            "root",
            "handle",
            "1:",
            "stab",
            "overhead",
            24,
            "linklayer",
            "ethernet",
            "tbf",
            "rate",
            rate,
            "burst",
            "64kb",
            "limit",
            "16mb",
        )

    def loss(self, host: str, per_million: int) -> None:
        """Random loss of what this host receives by UDP, independent of the other hosts."""
        self.on(host, "nft", "-f", "-", input=_LOSS_RULES % per_million)

    def lost(self, host: str) -> int:
        """How many datagrams the loss of a host has taken."""
        words = self.on(host, "nft", "list", "table", "netdev", "loss").split()
        return int(words[words.index("packets") + 1])

    def count_lengths(self, host: str, full: int, longest: int) -> None:
        """From now on, the packets that a host sends are counted by their length, where they leave its cable."""
        self.on("hub", "nft", "-f", "-", input=_LENGTH_RULES % {"port": f"p{host}", "full": full, "longest": longest})

    def lengths(self) -> dict[str, int]:
        """Packets that were counted: every one, those longer than the longest, and those between full and longest."""
        told = json.loads(self.on("hub", "nft", "-j", "list", "counters", "table", "netdev", "lengths"))
        counters = (entry["counter"] for entry in told["nftables"] if "counter" in entry)
        return {counter["name"]: counter["packets"] for counter in counters}

    def wire_bytes(self, host: str) -> int:
        """Bytes that a host has sent so far."""
        return self.wire_counts(host)[0]

    def wire_frames(self, host: str) -> int:
        """Frames that a host has sent so far."""
        return self.wire_counts(host)[1]

    def wire_counts(self, host: str) -> tuple[int, int]:
        """Bytes and frames that a host has sent so far, read at once: a mean of two moments would be wrong while it sends."""
        folder = "/sys/class/net/eth0/statistics"
        told = self.on(host, "cat", f"{folder}/tx_bytes", f"{folder}/tx_packets").split()
        return int(told[0]), int(told[1])

    def group_route(self, host: str, *options) -> None:
        """The kernel's route to all groups."""
        self.ip(host, "route", "replace", "224.0.0.0/4", "dev", "eth0", *options)

    def down(self) -> None:
        """Removes all namespaces, and with them what was in them."""
        for host in self._hosts:
            attempt("ip", "netns", "del", self.space(host))
        self._hosts = []

    def _new_host(self, host: str) -> None:
        run("ip", "netns", "add", self.space(host))
        self._hosts.append(host)
        self.ip(host, "link", "set", "lo", "up")
        self.on(host, "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0")

    def _join(self, host: str, number: int) -> None:
        self._new_host(host)
        port = f"p{host}"
        run(
            "ip",
            "link",
            "add",
            "eth0",
            "mtu",
            self._mtu,
            "netns",
            self.space(host),
            "type",
            "veth",
            "peer",
            "name",
            port,
            "mtu",
            self._mtu,
            "netns",
            self.space("hub"),
        )
        if self._frames == "wire":
            self._one_packet_one_frame(host, "eth0")
            self._one_packet_one_frame("hub", port)
        self.ip("hub", "link", "set", port, "master", "br0", "up")
        self.ip(host, "addr", "add", f"10.77.0.{number}/24", "dev", "eth0")
        self.ip(host, "link", "set", "eth0", "up")
        self.ip(host, "route", "add", "224.0.0.0/4", "dev", "eth0")

    def _one_packet_one_frame(self, host: str, interface: str) -> None:
        self.ip(host, "link", "set", interface, "gso_max_segs", 1)
        if shutil.which("ethtool"):
            self.on(host, "ethtool", "-K", interface, "tso", "off", "gso", "off", "gro", "off")

    def _is_up(self, host: str) -> bool:
        return self.on(host, "cat", "/sys/class/net/eth0/operstate").strip() == "up"
