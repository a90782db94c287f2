package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.imgblstr.cli.common.options.CommonOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.secrets.SecretOptions;
import org.imgblstr.cli.common.value.BitRateConverter;
import org.imgblstr.cli.common.value.DurationConverter;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.session.MasterOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How slaves are awaited and served. Filled in by picocli. */
public final class BroadcastOptions {
    /** Where nobody can press Enter, a slave that never joins must not hold up the others for ever. */
    private static final Duration DEFAULT_WAIT = Duration.ofMinutes(30);

    /** The largest slave index: docs/protocol.md, section 3.3. */
    public static final int MOST_SLAVES = 65_534;

    @Option(names = "--slaves", paramLabel = "N", description = "Start as soon as N slaves have joined.")
    private Integer slaves;

    @Option(
            names = "--expect",
            paramLabel = "FILE",
            description =
                    "A list of slaves: one label or MAC address per line, # for remarks. Start as soon as all of them"
                            + " have joined. Other slaves are refused, unless --force admits them.")
    private Path expectFile;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "Start after this time (30s, 5m). If fewer than --min-slaves have joined, end with exit code 13.")
    private Duration waitTime;

    @Option(
            names = "--min-slaves",
            paramLabel = "N",
            description = "The fewest slaves that --wait starts with (default: 1).")
    private Integer minSlaves;

    @Option(
            names = "--rate",
            paramLabel = "BITS|auto",
            converter = BitRateConverter.class,
            description = "Send rate on the wire, as 900M or 1.5G; auto adapts (default: auto).")
    private Long rate;

    @Option(
            names = "--slow",
            paramLabel = "wait|catchup|drop",
            description =
                    "What to do with a slave that cannot keep up: wait for it, postpone it to the catch-up, or drop it."
                            + " Default: all three, in this order.")
    private Slow slow;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description =
                    "Write a report of the session at its end: .json holds the summary as with --json, .csv one row per"
                            + " slave. When FILE exists, the report gets a number: room.2.csv; --force replaces FILE.")
    private Path report;

    @Option(
            names = "--show-code",
            description = "With --json, write the join code as an event too, to standard output.")
    private boolean showCode;

    @Mixin
    private SecretOptions secrets = new SecretOptions("IMGBLSTR_CODE");

    private List<String> expected = List.of();

    /** The words of {@code --slow}. */
    enum Slow {
        WAIT,
        CATCHUP,
        DROP
    }

    /**
     * Checks against the mode.
     *
     * @throws CliException exit code 2
     */
    public void check(Mode mode) {
        if (!mode.broadcasts()) {
            checkAlone();
            return;
        }
        checkRange("--slaves", slaves);
        checkRange("--min-slaves", minSlaves);
        if (minSlaves != null && waitTime == null) {
            throw CliException.usage("--min-slaves needs --wait");
        }
        if (minSlaves != null && slaves != null && minSlaves > slaves) {
            throw CliException.usage("--min-slaves " + minSlaves + " contradicts --slaves " + slaves
                    + ", which starts earlier; say a smaller number");
        }
        if (report != null) {
            checkKind(report);
        }
        if (expectFile != null) {
            readExpected();
        }
        secrets.readForMaster();
    }

    /**
     * Checks for a run that sends nothing.
     *
     * @throws CliException exit code 2
     */
    public void checkAlone() {
        if (isAnyGiven()) {
            throw CliException.usage("--slaves, --expect, --wait, --min-slaves, --rate, --slow, --report, --key-file,"
                    + " --code, --code-file, --open and --show-code need --broadcast");
        }
    }

    /**
     * Checks that the session has a start. What the operator should know when nobody said how long to wait, and nobody can press Enter.
     *
     * @param canAsk whether an operator can press Enter to start
     * @throws CliException exit code 2
     */
    public Optional<String> checkStart(boolean canAsk) {
        if (waitTime != null || canAsk) {
            return Optional.empty();
        }
        if (slavesWanted() == 0) {
            throw CliException.usage(
                    "there is no terminal to press Enter on: say --slaves N, --expect FILE or --wait DURATION");
        }
        waitTime = DEFAULT_WAIT;
        return Optional.of("there is no terminal to press Enter on, so the session starts at the latest after "
                + DEFAULT_WAIT.toMinutes() + " minutes with those that have joined; --wait names another time");
    }

    /** Whether the command line says when to start. */
    public boolean isStartGiven() {
        return slaves != null || expectFile != null || waitTime != null;
    }

    /** As {@code --slaves}, by an answer from 1 to {@link #MOST_SLAVES}. */
    public void chooseSlaves(int count) {
        slaves = count;
    }

    /** Whether a report is a table, by its name. */
    public static boolean isCsv(Path report) {
        return hasEnding(report, ".csv");
    }

    private static boolean hasEnding(Path file, String ending) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }

    /** The file of {@code --report}; null when there is none. */
    public Path report() {
        return report;
    }

    private static void checkKind(Path report) {
        if (!isCsv(report) && !hasEnding(report, ".json")) {
            throw CliException.usage(
                    "--report " + report + ": expected a name that ends with .json or .csv, found another;"
                            + " reports of other kinds (.html) arrive with a later version");
        }
    }

    /**
     * Whether a report can be written to a file when the session ends.
     *
     * @throws CliException exit code 15 when something else than a regular file has the name, 2 when the report cannot be there
     * @throws RefusedException when no file can have the name
     */
    public void checkReport(Path file, Job job, boolean isForced) throws IOException, RefusedException {
        checkKind(file);
        for (Path other :
                Stream.of(job.image(), expectFile).filter(Objects::nonNull).toList()) {
            if (isSame(file, other)) {
                throw CliException.usage("--report " + file + " is a file that this run uses; name another file");
            }
        }
        OutputPlace.checkNumbered(file, "report", job.disk(), isForced);
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        boolean isOfOneName =
                one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
        return isOfOneName || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
    }

    private boolean isAnyGiven() {
        return secrets.isAnyGiven()
                || showCode
                || Stream.of(slaves, expectFile, waitTime, minSlaves, rate, slow, report)
                        .anyMatch(Objects::nonNull);
    }

    private void readExpected() {
        expected = ExpectFile.read(expectFile);
        if (slaves != null && slaves != expected.size()) {
            throw CliException.usage("--slaves " + slaves + " contradicts --expect " + expectFile + ", which names "
                    + Units.count(expected.size(), "slave") + "; leave --slaves out");
        }
        if (minSlaves != null && minSlaves > expected.size()) {
            throw CliException.usage("--min-slaves " + minSlaves + " contradicts --expect " + expectFile
                    + ", which names " + Units.count(expected.size(), "slave") + "; say a smaller number");
        }
    }

    /** How many slaves are awaited, by {@code --slaves} or {@code --expect}; 0 when neither was given. */
    public int slavesWanted() {
        return slaves == null ? expected.size() : slaves;
    }

    /** {@code --report}; null when it was not given. */
    public Path reportFile() {
        return report;
    }

    /** {@code --expect}; null when it was not given. */
    public Path expectFile() {
        return expectFile;
    }

    /** The list of {@code --expect}. */
    public ExpectedSlaves expected(CommonOptions common) {
        return expected.isEmpty() ? ExpectedSlaves.ANYBODY : new ExpectedSlaves(expected, common.isForced());
    }

    /** How the session is sealed. */
    public SecretOptions secrets() {
        return secrets;
    }

    /** {@code --show-code}. */
    public boolean isCodeShown() {
        return showCode;
    }

    /** To whom is sent, for the plan. */
    public String audience() {
        String who = expected.isEmpty()
                ? "every slave that joins"
                : "the " + Units.count(expected.size(), "slave") + " that " + expectFile + " names";
        return who + ", " + secrets.sealing().text();
    }

    /** The options of a session. {@code ringBytes}: memory for tracks; {@code asked}: what slaves do in the end. */
    public MasterOptions masterOptions(CommonOptions common, boolean isDelta, long ringBytes, AfterCopy.Choice asked) {
        return new MasterOptions(
                common.rendezvous(),
                new MasterOptions.Start(slavesWanted(), waitTime, minSlaves == null ? 1 : minSlaves, expected(common)),
                new MasterOptions.Pace(
                        rate == null ? 0 : rate, slow == null ? SlowPolicy.LADDER : SlowPolicy.valueOf(slow.name())),
                isDelta,
                ringBytes,
                secrets.seal(),
                asked);
    }

    /** Whether slaves need the secret. */
    public boolean isSealed() {
        return !secrets.isOpen();
    }

    private static void checkRange(String option, Integer value) {
        if (value != null && (value < 1 || value > MOST_SLAVES)) {
            throw CliException.usage(option + ": expected 1 to " + MOST_SLAVES + ", found " + value);
        }
    }
}
