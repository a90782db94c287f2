package org.imgblstr.cli.master.netboot;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** IPv4 addresses as numbers from 0 to 2^32 - 1. */
final class Ipv4 {
    static final int BITS = 32;

    private static final Pattern DOTTED = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final int MOST_OF_A_BYTE = 255;

    private Ipv4() {}

    static long of(Inet4Address address) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(address.getAddress()).getInt());
    }

    /** The address of a text such as 10.0.0.5; -1 when the text is none. Never asks a name server. */
    static long parse(String text) {
        MatchResult found = DOTTED.matcher(text).results().findFirst().orElse(null);
        if (found == null || found.end() - found.start() != text.length()) {
            return -1;
        }
        long address = 0;
        for (int group = 1; group <= found.groupCount(); group++) {
            int value = Integer.parseInt(found.group(group));
            if (value > MOST_OF_A_BYTE) {
                return -1;
            }
            address = (address << Byte.SIZE) | value;
        }
        return address;
    }

    static String text(long address) {
        StringBuilder text = new StringBuilder();
        IntStream.of(3, 2, 1, 0).forEach(place -> text.append((address >> (place * Byte.SIZE)) & MOST_OF_A_BYTE)
                .append(place == 0 ? "" : "."));
        return text.toString();
    }
}
