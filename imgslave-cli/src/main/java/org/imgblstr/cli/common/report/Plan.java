package org.imgblstr.cli.common.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.imgblstr.protocol.contract.PlainText;

/**
 * What a program is about to do, said before it does it.
 *
 * @param function one line
 * @param steps in the order in which they matter to the operator
 * @param volumes what is on the disk that is read; empty when it was not looked at
 */
public record Plan(String function, List<Step> steps, List<Volume> volumes) {
    private static final int WORD_COLUMNS = 9;

    public Plan {
        steps = List.copyOf(steps);
        volumes = List.copyOf(volumes);
    }

    public Plan(String function, List<Step> steps) {
        this(function, steps, List.of());
    }

    /** What happens to a thing. */
    public enum Action {
        READ,
        SEND,
        CREATE,
        OVERWRITE,
        RECEIVE,
        CHECK,
        /** A partition takes the rest of the disk. */
        GROW,
        /** The last partition becomes smaller, in a temporary file. */
        SHRINK,
        /** The disk gets sectors of another size, in a temporary file. */
        TRANSLATE,
        /** The disk gets an identity of its own. */
        ADAPT;

        /** The word in events and in text. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One thing that is read, sent or written.
     *
     * @param target a path or a group
     * @param detail what a person needs to know it again
     * @param bytes how many at most; -1 when that is not known before
     */
    public record Step(Action action, String target, String detail, long bytes) {}

    /**
     * What is on a partition or an undivided disk.
     *
     * @param partition its number; 0 for an undivided disk
     * @param name what the partition table calls it, "" when it has no name
     * @param fileSystem "" when unknown
     * @param label of the file system, "" when it has none
     * @param whyAll why all of it is read, "" when the file system told what is used
     */
    public record Volume(
            int partition,
            String name,
            String fileSystem,
            String label,
            long usedBytes,
            long sizeBytes,
            String whyAll) {
        /** One line for a person. */
        public String line() {
            String where = partition == 0 ? "undivided" : "partition " + partition + quoted(name);
            String what = fileSystem.isEmpty() ? "" : fileSystem + quoted(label) + ", ";
            String used = whyAll.isEmpty()
                    ? Units.bytes(usedBytes) + " of " + Units.bytes(sizeBytes) + " used"
                    : "all of " + Units.bytes(sizeBytes) + " is read: " + whyAll;
            return where + ": " + what + used;
        }

        private static String quoted(String text) {
            return text.isEmpty() ? "" : " '" + text + "'";
        }
    }

    /** The plan as text, one line for each entry. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("plan: " + function);
        for (Step step : steps) {
            String size = step.bytes() < 0 ? "" : ", " + Units.bytes(step.bytes());
            String detail = step.detail().isEmpty() ? "" : " (" + step.detail() + ")";
            String word = step.action().word();
            String room = " ".repeat(Math.max(0, WORD_COLUMNS - word.length()));
            lines.add("  " + word + room + " " + step.target() + size + detail);
        }
        volumes.forEach(volume -> lines.add("    " + volume.line()));
        // The name of a file may hold ends of lines.
        return lines.stream().map(PlainText::of).toList();
    }
}
