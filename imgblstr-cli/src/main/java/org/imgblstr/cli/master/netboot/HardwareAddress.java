package org.imgblstr.cli.master.netboot;

import java.util.Optional;
import org.imgblstr.protocol.contract.ExpectedSlaves;

/**
 * The hardware address of a network interface.
 *
 * @param text six bytes in small letters with colons, as 52:54:00:12:34:56
 */
record HardwareAddress(String text) {
    HardwareAddress {
        if (!ExpectedSlaves.isMac(text) || !ExpectedSlaves.key(text).equals(text)) {
            throw new IllegalArgumentException("no hardware address: " + text);
        }
    }

    /** Of a text as the list of {@code --expect} takes it; empty when it is none. */
    static Optional<HardwareAddress> parse(String text) {
        return ExpectedSlaves.isMac(text)
                ? Optional.of(new HardwareAddress(ExpectedSlaves.key(text)))
                : Optional.empty();
    }

    String withHyphens() {
        return text.replace(':', '-');
    }

    @Override
    public String toString() {
        return text;
    }
}
