package org.imgblstr.protocol.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a master asks a slave to do with its disk once every byte is there. Immutable. Source: docs/protocol.md, section 3.3.
 *
 * @param grow the partition that takes the rest of a longer disk, by number, name or GUID, "" for the last one; null when none grows
 * @param newIds whether disk, partitions and file systems, and the Linux on it, get identifiers of their own
 * @param hostName host name of the Linux, perhaps with places such as {@code {index}}; null when the name stays
 */
public record AfterCopy(String grow, boolean newIds, String hostName) {
    /** The disk stays a copy byte for byte. */
    public static final AfterCopy NOTHING = new AfterCopy(null, false, null);

    /** More than the name of any partition of a GPT has. */
    public static final int MOST_GROW_BYTES = 128;

    public static final int MOST_NAME_BYTES = 128;

    /** Before a host name, in what a slave is asked for and in what a slave says that it has done. */
    public static final String HOST_NAME = "host name ";

    /** What malformed UTF-8 is read as. */
    private static final char NO_TEXT = '\uFFFD';

    /** A name never means a file of the slave: it has no at sign, and no slash. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.:{}-]{1," + MOST_NAME_BYTES + "}");

    /** Checks all three. */
    public AfterCopy {
        if (!canGrow(grow)) {
            throw new IllegalArgumentException("partition: expected at most " + MOST_GROW_BYTES
                    + " bytes of printable UTF-8, found '" + PlainText.of(grow) + "'");
        }
        if (!canBeName(hostName)) {
            throw new IllegalArgumentException("host name: expected 1 to " + MOST_NAME_BYTES
                    + " letters, digits, hyphens, dots and places in braces, found '" + PlainText.of(hostName) + "'");
        }
    }

    /** Whether a partition can be named so: not by what stands for bytes that are no text. */
    public static boolean canGrow(String text) {
        return text == null
                || (text.getBytes(UTF_8).length <= MOST_GROW_BYTES
                        && PlainText.isPlain(text)
                        && text.indexOf(NO_TEXT) < 0);
    }

    /** Whether a host name can be asked for so, as far as its characters go. */
    public static boolean canBeName(String text) {
        return text == null || NAME.matcher(text).matches();
    }

    /** Whether nothing is asked for. */
    public boolean isNothing() {
        return grow == null && !newIds && hostName == null;
    }

    /** The same with this host name; null leaves the name as it is. */
    public AfterCopy withHostName(String name) {
        return new AfterCopy(grow, newIds, name);
    }

    /** For a person: a list of clauses; "" for nothing. */
    public String text() {
        List<String> parts = new ArrayList<>();
        if (grow != null) {
            String which = grow.isEmpty() ? "the last partition" : "partition " + PlainText.of(grow);
            parts.add(which + " takes the rest of a longer disk");
        }
        if (newIds) {
            parts.add("new identifiers");
        }
        if (hostName != null) {
            parts.add(HOST_NAME + hostName);
        }
        return String.join(", ", parts);
    }

    /** What each slave of a session is asked for. Called by the event loop: quick, and always the same for the same slave. */
    @FunctionalInterface
    public interface Choice {
        /** Nobody is asked for anything. */
        Choice NONE = slave -> NOTHING;

        AfterCopy of(SlaveName slave);

        /** What the operator is warned of when this slave joins, one sentence; "" for nothing. */
        default String remark(SlaveName slave) {
            return "";
        }

        /** How a slave has ended, with what the operator should know of what this slave was not asked for. */
        default SlaveResult told(SlaveResult ended) {
            return ended;
        }
    }
}
