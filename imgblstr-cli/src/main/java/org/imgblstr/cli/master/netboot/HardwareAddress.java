package org.imgblstr.cli.master.netboot;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hardware address of a network interface.
 *
 * @param text six bytes in small letters with colons, as 52:54:00:12:34:56
 */
record HardwareAddress(String text) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

    HardwareAddress {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("no hardware address: " + text);
        }
    }

    /** Of a text with colons or hyphens, in any case; empty when it is none. */
    static Optional<HardwareAddress> parse(String text) {
        String colons = text.toLowerCase(Locale.ROOT).replace('-', ':');
        return FORM.matcher(colons).matches() ? Optional.of(new HardwareAddress(colons)) : Optional.empty();
    }

    String withHyphens() {
        return text.replace(':', '-');
    }

    @Override
    public String toString() {
        return text;
    }
}
