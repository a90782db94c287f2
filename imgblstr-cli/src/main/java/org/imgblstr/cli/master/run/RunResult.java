package org.imgblstr.cli.master.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Sealing;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.master.job.Job;
import org.imgblstr.cli.master.job.Mode;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.SlaveResult;

/**
 * How a run has ended that came to its end: its exit code and its last lines.
 *
 * @param mode of the run
 * @param slaves one for each that ever joined
 * @param areAllThere whether all slaves that the operator asked for have joined
 * @param isSourceSame whether the source is what it was when the run began, as far as can be known
 * @param isImageMissing whether an image was asked for that could not be written
 * @param isAllReadable whether every sector of the source could be read
 * @param isDiskFinished whether all was done with the own disk that was to be done once it is complete
 */
record RunResult(
        Mode mode,
        List<SlaveResult> slaves,
        boolean areAllThere,
        boolean isSourceSame,
        boolean isImageMissing,
        boolean isAllReadable,
        boolean isDiskFinished) {
    RunResult {
        slaves = List.copyOf(slaves);
    }

    /** {@link ExitCode#DONE} only when everything that was asked for is done. */
    int exitCode() {
        if (mode.isBroadcastOnly() && areAllLost()) {
            return ExitCode.PEER_LOST;
        }
        boolean isAnybodyThere = !mode.broadcasts() || !slaves.isEmpty();
        boolean isEverySlaveComplete = slaves.stream().allMatch(RunResult::isComplete);
        boolean isContentWhole = isSourceSame && !isImageMissing && isAllReadable;
        return isAnybodyThere && areAllThere && isEverySlaveComplete && isContentWhole && isDiskFinished
                ? ExitCode.DONE
                : ExitCode.INCOMPLETE;
    }

    /** Whether some target of the run has all of it: who sends to slaves alone has imaged nothing when none of them is complete. */
    boolean isAnythingWhole() {
        return !mode.isBroadcastOnly() || slaves.stream().anyMatch(RunResult::isComplete);
    }

    /** Why the exit code is not {@link ExitCode#DONE}; "" when it is. */
    private String why() {
        List<String> reasons = new ArrayList<>();
        long open = slaves.stream().filter(slave -> !isComplete(slave)).count();
        if (mode.broadcasts() && slaves.isEmpty()) {
            reasons.add("no slave took part");
        } else if (!areAllThere) {
            reasons.add("fewer slaves took part than were asked for");
        }
        if (open > 0) {
            reasons.add(open + " of " + Units.count(slaves.size(), "slave") + " not complete");
        }
        if (!isSourceSame) {
            reasons.add("the source changed meanwhile");
        }
        if (isImageMissing) {
            reasons.add("no image was made");
        }
        if (!isAllReadable) {
            reasons.add("not all could be read");
        }
        if (!isDiskFinished) {
            reasons.add("the disk has every byte, but was not enlarged or adapted as asked");
        }
        return String.join(", ", reasons);
    }

    private boolean areAllLost() {
        return !slaves.isEmpty() && slaves.stream().allMatch(slave -> slave.result() == SlaveResult.Result.LOST);
    }

    /** What exit code and words go by: the session has compared its content digest with the master's. */
    static boolean isComplete(SlaveResult slave) {
        return slave.result() == SlaveResult.Result.COMPLETE;
    }

    /**
     * What became of the slaves, then what was done.
     *
     * @param bytesDone of what was imaged: what the plan and the progress count, all but free space
     * @param sealing how the session was sealed; null without a session
     * @param width columns of the terminal that shows them; 0 when there is none
     */
    List<String> lines(Summary summary, Job job, long bytesDone, Sealing sealing, int width) {
        List<String> lines = new ArrayList<>(job.mode().broadcasts() ? slaveLines(summary, width) : List.of());
        if (job.mode().writesImage() && !summary.amounts().image().isNone()) {
            lines.add(line(summary.amounts().image()));
        }
        lines.add(line(summary, bytesDone, sealing));
        return lines;
    }

    /** A table of the slaves, who was refused, who is missing, how many ended how; also of a run that failed. */
    static List<String> slaveLines(Summary summary, int width) {
        List<String> lines = new ArrayList<>(ResultTable.lines(summary.slaves(), width));
        summary.refused().forEach(slave -> lines.add("  " + Reporter.text(slave)));
        if (!summary.missing().isEmpty()) {
            lines.add("  missing: " + String.join(", ", summary.missing()));
        }
        lines.add("  " + counts(summary));
        return lines;
    }

    /** How many ended how: {@code 26 slaves: 24 complete, 1 lost, 1 missing}. */
    static String counts(Summary summary) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (SlaveResult.Result result : SlaveResult.Result.values()) {
            int count = (int) summary.slaves().stream()
                    .filter(slave -> slave.result() == result)
                    .count();
            counts.put(Reporter.word(result), count);
        }
        counts.merge(
                Reporter.word(SlaveResult.Result.REFUSED), summary.refused().size(), Integer::sum);
        counts.put("missing", summary.missing().size());
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        counts.values().removeIf(count -> count == 0);
        String parts = counts.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
        return Units.count(all, "slave") + (parts.isEmpty() ? "" : ": " + parts);
    }

    /** {@code verified} only where all of it was read back. */
    private static String line(Summary.ImageFile image) {
        return "image: " + image.path() + ", " + Units.bytes(image.bytes()) + ", "
                + (image.isVerified() ? "verified" : "not verified");
    }

    private String line(Summary summary, long bytesDone, Sealing sealing) {
        List<String> parts = new ArrayList<>();
        if (isAnythingWhole()) {
            parts.add("a source of " + Units.bytes(summary.amounts().imaged()) + " imaged");
            parts.add(Units.bytes(bytesDone) + (mode.readsImage() ? " of it written" : " of it read"));
            parts.add(Units.bytes(summary.amounts().used()) + " of that not zero");
        } else {
            parts.add("nothing imaged");
        }
        if (summary.amounts().wire() > 0) {
            parts.add(Units.bytes(summary.amounts().wire()) + " sent" + (sealing == null ? "" : ", " + sealing.text()));
        }
        String rate = summary.seconds() > 0 && isAnythingWhole()
                ? ", " + Units.bytesPerSecond(bytesDone / summary.seconds())
                : "";
        parts.add("in " + Units.seconds(Math.round(summary.seconds())) + rate);
        if (!summary.unreadable().isNothing()) {
            parts.add("unreadable and zeros now: " + summary.unreadable().text());
        }
        String why = why();
        return (summary.exitCode() == ExitCode.DONE
                        ? "done: "
                        : "incomplete" + (why.isEmpty() ? "" : " (" + why + ")") + ": ")
                + String.join(", ", parts);
    }
}
