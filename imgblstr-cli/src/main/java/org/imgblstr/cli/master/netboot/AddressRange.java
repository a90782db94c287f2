package org.imgblstr.cli.master.netboot;

import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.protocol.contract.PlainText;

/**
 * The addresses of {@code --dhcp}, both ends included.
 *
 * @param first see {@link Ipv4}
 * @param last see {@link Ipv4}
 */
record AddressRange(long first, long last) {
    /**
     * {@code START,END} or {@code START-END}.
     *
     * @throws CliException exit code 2: no range, or not one that this network can give to machines
     */
    static AddressRange parse(String text, BootNetwork network) {
        List<Long> ends = List.of(text.split("[,-]", -1)).stream()
                .map(end -> Ipv4.parse(end.strip()))
                .toList();
        if (ends.size() != 2 || ends.contains(-1L)) {
            throw CliException.usage(
                    "--dhcp: expected START,END or START-END, two IPv4 addresses, found '" + PlainText.of(text) + "'");
        }
        AddressRange range = new AddressRange(ends.get(0), ends.get(1));
        range.check(network);
        return range;
    }

    private void check(BootNetwork network) {
        if (first <= network.first() || last >= network.last()) {
            throw CliException.usage("--dhcp: the range is not in the network of " + network.interfaceName()
                    + "; expected addresses from " + Ipv4.text(network.first() + 1) + " to "
                    + Ipv4.text(network.last() - 1) + ", found " + this);
        }
        if (first > last) {
            throw CliException.usage(
                    "--dhcp: the range ends before it begins; expected the lower address first, found " + this);
        }
        long own = Ipv4.of(network.address());
        if (first <= own && own <= last) {
            throw CliException.usage("--dhcp: the range holds " + network.ownAddress()
                    + ", the address of this machine; name addresses that no machine has");
        }
    }

    @Override
    public String toString() {
        return Ipv4.text(first) + " to " + Ipv4.text(last);
    }
}
