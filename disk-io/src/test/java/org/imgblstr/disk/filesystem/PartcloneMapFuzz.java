package org.imgblstr.disk.filesystem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.imgblstr.fuzz.Budget;

/** Domain maps as partclone prints them. A text is a map of the volume, or the one exception with a reason of one line. */
public final class PartcloneMapFuzz {
    private static final long SIZE_BYTES = 1 << 30;
    private static final long MOST_ALLOCATED_BYTES = 4 << 20;

    private PartcloneMapFuzz() {}

    /** The text, a byte a character. */
    public static void fuzzerTestOneInput(byte[] input) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        try {
            UsedMap map = PartcloneReader.parse(
                    new BufferedReader(new StringReader(new String(input, StandardCharsets.ISO_8859_1))), SIZE_BYTES);
            if (map.sizeBytes() != SIZE_BYTES) {
                throw new AssertionError("a map of another size");
            }
        } catch (UnsureException e) {
            if (e.getMessage().isBlank() || e.getMessage().chars().anyMatch(c -> c < ' ')) {
                throw new AssertionError("a reason of several lines", e);
            }
        } catch (IOException e) {
            throw new AssertionError("no device has failed", e);
        }
        budget.check();
    }

    /** A map of each sort. */
    public static List<byte[]> seeds() {
        return List.of(
                text("""
                        # Domain logfile created by unset_name v0.3.23
                        # Source: /dev/sda
                        0x00000000     ?
                        #      pos        size  status
                        0x00000000  0x00100000  +
                        0x00100000  0x3ff00000  ?
                        """),
                text("0x0     +\n0x0 0x40000000 +\n"),
                text("0x0 ?\n0x0 0x200 ?\n0x200 0x200 +\n0x400 0x3ffffc00 ?\n"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
