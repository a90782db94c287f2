package org.imgblstr.cli.master.job;

import java.time.Duration;
import org.imgblstr.cli.common.options.CommonOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.value.BitRateConverter;
import org.imgblstr.cli.common.value.DurationConverter;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.session.MasterOptions;
import picocli.CommandLine.Option;

/** How slaves are awaited and served. Filled in by picocli. */
public final class BroadcastOptions {
    @Option(names = "--slaves", paramLabel = "N", description = "Start as soon as N slaves have joined.")
    private Integer slaves;

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
            paramLabel = "BITS",
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

    /** The words of {@code --slow}. */
    enum Slow {
        WAIT,
        CATCHUP,
        DROP
    }

    /**
     * Checks against the mode.
     *
     * @param canAsk whether an operator can press Enter to start
     * @throws CliException exit code 2
     */
    public void check(Mode mode, boolean canAsk, boolean isPlanOnly) {
        boolean isAnyGiven = slaves != null || waitTime != null || minSlaves != null || rate != null || slow != null;
        if (!mode.broadcasts()) {
            if (isAnyGiven) {
                throw CliException.usage("--slaves, --wait, --min-slaves, --rate and --slow need --broadcast");
            }
            return;
        }
        checkRange("--slaves", slaves);
        checkRange("--min-slaves", minSlaves);
        if (minSlaves != null && waitTime == null) {
            throw CliException.usage("--min-slaves needs --wait");
        }
        if (slaves == null && waitTime == null && !canAsk && !isPlanOnly) {
            throw CliException.usage("there is no terminal to press Enter on: say --slaves N or --wait DURATION");
        }
    }

    /** {@code --slaves}; 0 when it was not given. */
    public int slavesWanted() {
        return slaves == null ? 0 : slaves;
    }

    /** The options of a session. */
    public MasterOptions masterOptions(CommonOptions common, boolean isDelta) {
        return new MasterOptions(
                common.rendezvous(),
                new MasterOptions.Start(slavesWanted(), waitTime, minSlaves == null ? 1 : minSlaves),
                rate == null ? 0 : rate,
                slow == null ? SlowPolicy.LADDER : SlowPolicy.valueOf(slow.name()),
                isDelta);
    }

    private static void checkRange(String option, Integer value) {
        // The largest slave index: docs/protocol.md, section 3.3.
        if (value != null && (value < 1 || value > 65_534)) {
            throw CliException.usage(option + ": expected 1 to 65534, found " + value);
        }
    }
}
