"""Random loss of what each of four slaves receives, and at last of what the master receives too: every target is still
identical.
"""

import os

import pytest

from conftest import Original
from lab.disks import blank, dirty
from lab.machine import MIB
from lab.samples import random_file

pytestmark = [pytest.mark.root, pytest.mark.tools("nft")]

MIB_SENT = int(os.environ.get("MIB_SENT", "96"))
SLAVES = 4
ROOM_MIB = MIB_SENT * 5 + 200
SECONDS = 30
ALL_SLAVES = [f"s{number}" for number in range(1, SLAVES + 1)]


@pytest.fixture(scope="module")
def source(scratch):
    return Original(random_file(scratch / "source", MIB_SENT))


@pytest.fixture(scope="module")
def targets(scratch):
    return {number: blank(scratch / f"target{number}", MIB_SENT * MIB) for number in range(1, SLAVES + 1)}


@pytest.mark.parametrize(
    ("percent", "hosts"),
    [
        pytest.param(1, ALL_SLAVES, id="1 % at each slave"),
        pytest.param(5, ALL_SLAVES, id="5 % at each slave"),
        pytest.param(5, ["m", *ALL_SLAVES], id="5 % at each slave and the master"),
    ],
)
def test_targets_are_identical_after_loss(percent, hosts, lan, scratch, session, source, targets):
    for host in hosts:
        lan.loss(host, percent * 10_000)
    dirty(targets.values(), scratch.junk())

    codes = session.run(240, "--broadcast", "--disk", source.path, "--slaves", SLAVES)

    assert codes == session.all_end(master=0, slaves=0)
    assert session.differing(source.path) == {}
    assert lan.lost("s1") > 100
    assert min(lan.lost(host) for host in hosts) > 0


def test_source_is_as_it_was(source):
    assert source.is_unchanged
