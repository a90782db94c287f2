package org.imgblstr.cli.common;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a program is about to do, said before it does it.
 *
 * @param function one line
 * @param steps in the order in which they matter to the operator
 */
public record Plan(String function, List<Step> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }

    /** What happens to a thing. */
    public enum Action {
        READ,
        SEND,
        CREATE,
        OVERWRITE,
        RECEIVE,
        CHECK;

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

    /** The plan as text, one line for each entry. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("plan: " + function);
        for (Step step : steps) {
            String size = step.bytes() < 0 ? "" : ", " + Units.bytes(step.bytes());
            String detail = step.detail().isEmpty() ? "" : " (" + step.detail() + ")";
            lines.add(String.format("  %-9s %s%s%s", step.action().word(), step.target(), size, detail));
        }
        return lines;
    }
}
