package org.imgblstr.protocol.contract;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.disk.text.NameList;

/**
 * Who of the slaves that a session waits for is there: the same words on the screen, in {@code status}, and in questions.
 *
 * @param joined slaves that have joined
 * @param wanted how many are awaited; 0 when nobody said
 * @param missing names on the list of expected slaves that nothing was heard of
 * @param refused who cannot take part
 */
public record Attendance(int joined, int wanted, List<String> missing, List<RefusedSlave> refused) {
    /** A reason may have a remedy behind it; in a question only the reason stands, and only a short one. */
    private static final int LONGEST_REASON = 80;

    public Attendance {
        missing = List.copyOf(missing);
        refused = List.copyOf(refused);
    }

    /**
     * As things are.
     *
     * @param wanted how many are awaited; 0 when nobody said
     * @param present slaves that have joined and are there
     */
    public static Attendance of(
            int wanted, ExpectedSlaves expected, Collection<SlaveName> present, List<RefusedSlave> refused) {
        Stream<SlaveName> heard =
                Stream.concat(present.stream(), refused.stream().map(RefusedSlave::who));
        return new Attendance(present.size(), wanted, expected.missing(heard.toList()), refused);
    }

    /** {@code 9 of 12 joined, 1 refused, 2 missing}. */
    public String counts() {
        return joinedText() + refusedText() + (missingCount() == 0 ? "" : ", " + missing(0));
    }

    /** {@code 9 of 12 joined, 1 refused, 2 missing: pc03, pc07}, with as many names as {@code width} columns have room for, or without its end. */
    public String text(int width) {
        String best = joinedText();
        for (String longer : List.of(best + refusedText(), counts())) {
            best = longer.length() <= width ? longer : best;
        }
        // Without the words "and 1 more" the last name may fit where those before it do not.
        for (int named = 1; named <= Math.min(missing.size(), width); named++) {
            String longer = joinedText() + refusedText() + ", " + missing(named);
            best = longer.length() <= width ? longer : best;
        }
        return best;
    }

    private String joinedText() {
        return wanted == 0
                ? joined + (joined == 1 ? " slave joined" : " slaves joined")
                : joined + " of " + wanted + " joined";
    }

    private String refusedText() {
        return refused.isEmpty() ? "" : ", " + refused.size() + " refused";
    }

    /** {@code 2 missing: pc03, pc07; refused: pc11 (its disk is too small)}: at most so many names of each, then how many more. */
    public String absent(int mostNames) {
        List<String> reasons = refused.stream().map(Attendance::text).toList();
        String who = missingCount() == 0 ? "" : missing(Math.min(mostNames, missing.size()));
        return who
                + (who.isEmpty() || reasons.isEmpty() ? "" : "; ")
                + (reasons.isEmpty() ? "" : "refused: " + NameList.of(reasons, mostNames));
    }

    private static String text(RefusedSlave slave) {
        String reason = slave.reason().replaceFirst("[;:] .*", "");
        String who = slave.label().isEmpty() ? slave.address() : slave.label();
        return who + (reason.length() > LONGEST_REASON ? "" : " (" + reason + ")");
    }

    private int missingCount() {
        return missing.isEmpty() ? Math.max(0, wanted - joined - refused.size()) : missing.size();
    }

    private String missing(int named) {
        return missingCount() + " missing" + (named == 0 ? "" : ": " + NameList.of(missing, named));
    }
}
