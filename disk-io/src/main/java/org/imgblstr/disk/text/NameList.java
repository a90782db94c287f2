package org.imgblstr.disk.text;

import java.util.List;

/** Names in a line. */
public final class NameList {
    private NameList() {}

    /** {@code pc03, pc07 and 3 more}: at most so many of them. */
    public static String of(List<String> names, int most) {
        int more = names.size() - most;
        return more <= 0
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, most)) + " and " + more + " more";
    }
}
