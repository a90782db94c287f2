"""What happens to frames on the LAN beyond random loss: silence for a while, duplicates, other orders."""

_SILENCE = """
table netdev silence
delete table netdev silence
table netdev silence {
    chain in {
        type filter hook ingress device eth0 priority 1;
        ip protocol udp drop
    }
}
"""

_DUPLICATES = """
table netdev twice {
    chain in {
        type filter hook ingress device "%s" priority 0;
        ip protocol udp numgen random mod 1000 < %d dup to "%s"
    }
}
"""

_DETOUR = """
table bridge detour {
    chain out {
        type filter hook forward priority 0;
        oifname "%s" ip protocol udp numgen random mod 1000 < %d meta priority set "1:2" counter
    }
}
"""
_DETOUR_RATE = "10mbit"  # so slow that what takes it is overtaken


def silence(lan, host: str) -> None:
    """The host hears nothing by UDP."""
    lan.on(host, "nft", "-f", "-", input=_SILENCE)


def end_silence(lan, host: str) -> None:
    lan.on(host, "nft", "delete", "table", "netdev", "silence")


def duplicate(lan, host: str, per_mille: int) -> None:
    """So many of 1000 datagrams of the master come to the host twice."""
    lan.on("hub", "nft", "-f", "-", input=_DUPLICATES % ("pm", per_mille, f"p{host}"))


def reorder(lan, host: str, per_mille: int) -> None:
    """So many of 1000 datagrams to the host take a slower way than the others."""
    port = f"p{host}"
    for words in (
        ("qdisc", "add", "dev", port, "root", "handle", "1:", "htb", "default", "1"),
        ("class", "add", "dev", port, "parent", "1:", "classid", "1:1", "htb", "rate", "10gbit", "quantum", "60000"),
        ("class", "add", "dev", port, "parent", "1:", "classid", "1:2", "htb", "rate", _DETOUR_RATE),
        ("qdisc", "add", "dev", port, "parent", "1:2", "handle", "20:", "pfifo", "limit", "400"),
    ):
        lan.on("hub", "tc", *words)
    lan.on("hub", "nft", "-f", "-", input=_DETOUR % (port, per_mille))


class Address:
    """How a host's address is taken and given, and its link."""

    def __init__(self, lan, host: str, number: int):
        self._lan, self._host, self._number = lan, host, number

    def lose(self) -> None:
        self._lan.ip(self._host, "addr", "del", f"10.77.0.{self._number}/24", "dev", "eth0")

    def get(self, more: int) -> None:
        """The same address, or another one when `more` is not 0."""
        self._lan.ip(self._host, "addr", "add", f"10.77.0.{self._number + more}/24", "dev", "eth0")
        self._lan.group_route(self._host)

    def link(self, state: str) -> None:
        self._lan.ip(self._host, "link", "set", "eth0", state)
        if state == "up":
            self._lan.group_route(self._host)
