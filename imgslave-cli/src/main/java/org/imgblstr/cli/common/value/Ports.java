package org.imgblstr.cli.common.value;

import org.imgblstr.protocol.contract.PortRange;

/**
 * UDP ports as an operator names them.
 *
 * @param groups where slaves hear both groups
 * @param master where the master hears its slaves; 0 when none was named
 */
public record Ports(int groups, int master) {
    /** Where a master hears: the port that was named, or the first free one from {@code groups + 1} on. */
    public PortRange masterPorts() {
        return master != 0 ? PortRange.only(master) : PortRange.from(groups + 1);
    }

    /** Whether no port was named for a master, and there is none above {@code groups}. */
    public boolean lacksMasterPort() {
        return master == 0 && groups == PortRange.MAX_PORT;
    }
}
