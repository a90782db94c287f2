package org.imgblstr.cli.master.run;

import java.util.List;
import org.imgblstr.cli.common.report.Units;

/** The line that says who is awaited. */
final class WaitingLine {
    /** What a narrow terminal shows of a line. */
    private static final int WIDTH = 79;

    private WaitingLine() {}

    /**
     * @param joined slaves that have joined
     * @param wanted how many are awaited; 0 when nobody said
     * @param missing names of those on the list of expected slaves that have not joined; as many are named as fit
     * @param hint what the operator can do
     */
    static String of(int joined, int wanted, List<String> missing, String hint) {
        String count = wanted == 0 ? Units.count(joined, "slave") : joined + " of " + Units.count(wanted, "slave");
        String head = "waiting for slaves: " + count + " joined";
        return head + missing(missing, WIDTH - head.length() - hint.length()) + hint;
    }

    private static String missing(List<String> names, int width) {
        String best = "";
        for (int named = 1; named <= Math.min(names.size(), WIDTH); named++) {
            int more = names.size() - named;
            String text = ", missing: " + String.join(", ", names.subList(0, named))
                    + (more == 0 ? "" : " and " + more + " more");
            best = text.length() <= width ? text : best;
        }
        return best.isEmpty() && !names.isEmpty() ? ", " + names.size() + " missing" : best;
    }
}
