package org.imgblstr.cli.common.identity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was asked for. Immutable.
 *
 * @param newIds {@code --new-ids}
 * @param hostName {@code --hostname} as it was said; null when it was not
 * @param hooks {@code --hook}: programs, in this order
 */
public record Wish(boolean newIds, String hostName, List<Path> hooks) {
    /** Nothing. */
    public static final Wish NONE = new Wish(false, null, List.of());

    public Wish {
        hooks = List.copyOf(hooks);
    }

    /** Whether identifiers or files of the disk change. */
    public boolean changesDisk() {
        return newIds || hostName != null;
    }

    /** The option that changes the disk, for a message; only when {@link #changesDisk}. */
    public String option() {
        return newIds ? "--new-ids" : "--hostname";
    }

    /** Whether nothing was asked for. */
    public boolean isNothing() {
        return !changesDisk() && hooks.isEmpty();
    }

    /** The words of a command line that ask for the same; each option is one word. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        if (newIds) {
            words.add("--new-ids");
        }
        if (hostName != null) {
            words.add("--hostname=" + hostName);
        }
        hooks.forEach(hook -> words.add("--hook=" + hook));
        return words;
    }

    /** What a plan says: a clause; "" for nothing. */
    public String text() {
        List<String> parts = new ArrayList<>();
        if (newIds) {
            parts.add("new identifiers of disk, partitions and file systems, and of the Linux on it");
        }
        if (hostName != null) {
            parts.add("host name " + hostName);
        }
        hooks.forEach(hook -> parts.add("runs " + hook));
        return String.join("; ", parts);
    }
}
