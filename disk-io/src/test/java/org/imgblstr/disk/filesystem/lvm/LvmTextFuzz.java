package org.imgblstr.disk.filesystem.lvm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.fuzz.Budget;

/** LVM2's text metadata. A text is a section or the one exception, and all of a section can be asked for. */
public final class LvmTextFuzz {
    private static final long MOST_ALLOCATED_BYTES = 4 << 20;
    private static final int MOST_DEPTH = 20;

    private LvmTextFuzz() {}

    /** The text in UTF-8. */
    public static void fuzzerTestOneInput(byte[] input) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        try {
            walk(LvmText.parse(new String(input, StandardCharsets.UTF_8)), 0);
        } catch (UnsureException e) {
            if (e.getMessage().isBlank() || e.getMessage().contains("\n")) {
                throw new AssertionError("a reason of several lines", e);
            }
        }
        budget.check();
    }

    private static void walk(LvmText section, int depth) throws UnsureException {
        if (depth > MOST_DEPTH) {
            throw new AssertionError("sections are too deep");
        }
        if (section.list("stripes").stream().anyMatch(Objects::isNull)) {
            throw new AssertionError("a list with nothing in it");
        }
        for (String name : section.sectionNames()) {
            walk(section.requireSection(name), depth + 1);
        }
    }

    /** What lvm2 writes, in brief. */
    public static List<byte[]> seeds() {
        String text = """
                vg {
                id = "a-b"
                seqno = 2
                flags = []
                extent_size = 2048
                # remark
                physical_volumes {
                pv0 {
                pe_start = 2048
                pe_count = 63
                }
                }
                logical_volumes {
                root {
                segment_count = 1
                segment1 {
                start_extent = 0
                type = "striped"
                stripes = [
                "pv0", 0
                ]
                }
                }
                }
                }
                contents = "Text \\"Format\\" Volume Group"
                version = 1
                """;
        return List.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
