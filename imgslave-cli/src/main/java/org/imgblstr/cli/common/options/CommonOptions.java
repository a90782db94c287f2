package org.imgblstr.cli.common.options;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Logging;
import org.imgblstr.cli.common.value.GroupConverter;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.Rendezvous;
import picocli.CommandLine.Option;

/** Options that both programs have. Picocli fills them in. */
public final class CommonOptions {
    /** Group and port at which master and slaves find each other. */
    public static final String DEFAULT_GROUP = "239.255.73.77:18765";

    private static final int MOST_NAME_BYTES = 64;

    @Option(
            names = "--interface",
            paramLabel = "IF",
            description =
                    "Network interface, by name or address. Default: the interface with the default route, otherwise"
                            + " the only interface that is up and can multicast.")
    private String interfaceName;

    @Option(
            names = "--group",
            paramLabel = "ADDR[:PORT]",
            defaultValue = DEFAULT_GROUP,
            converter = GroupConverter.class,
            description = "Multicast group where master and slaves meet (default: ${DEFAULT-VALUE}).")
    private InetSocketAddress group;

    @Option(
            names = "--session",
            paramLabel = "NAME",
            description =
                    "Name of the session, if several share a network. A slave with a name joins only this session.")
    private String sessionName;

    @Option(names = "--json", description = "Write only events to standard output, one JSON object per line.")
    private boolean json;

    @Option(names = "--quiet", description = "Show no progress and no notes on standard error.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log state changes; -vv logs tracks too. An error also prints its stack trace.")
    private boolean[] verbose = new boolean[0];

    @Option(names = "--log", paramLabel = "FILE", description = "Write the log to FILE as well.")
    private Path logFile;

    @Option(
            names = "--yes",
            description =
                    "Ask no questions. Without a terminal, this option is needed to overwrite a device, or a file that"
                            + " holds anything but zeros.")
    private boolean yes;

    @Option(names = "--force", description = "Go on in spite of a refusal whose message names this option.")
    private boolean force;

    @Option(
            names = "--plan",
            description = "Show what would be read, sent and overwritten, then stop. Nothing is written.")
    private boolean plan;

    @Option(names = "--no-verify", description = "Do not read back what was written.")
    private boolean noVerify;

    @Option(
            names = "--verify",
            paramLabel = "full",
            description =
                    "At the end, read everything that was written once more, past every cache and in another order."
                            + " Without this option only a sample is read once more.")
    private Verification verify;

    /**
     * Where masters and slaves find each other.
     *
     * @throws CliException as {@link #sessionName}
     */
    public Rendezvous rendezvous() {
        return new Rendezvous(interfaceName, group, sessionName());
    }

    public InetSocketAddress group() {
        return group;
    }

    /**
     * Name of the session, "" when none was given.
     *
     * @throws CliException exit code 2: too long, or blank
     */
    public String sessionName() {
        if (sessionName == null) {
            return "";
        }
        boolean isTooLong = sessionName.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES;
        if (isTooLong || sessionName.isBlank() || sessionName.chars().anyMatch(Character::isISOControl)) {
            throw CliException.usage("--session: expected 1 to " + MOST_NAME_BYTES
                    + " bytes of printable UTF-8, found '" + sessionName + "'");
        }
        return sessionName;
    }

    public boolean isJson() {
        return json;
    }

    public boolean isQuiet() {
        return quiet;
    }

    /** How often {@code -v} was given. */
    public int verbosity() {
        return verbose.length;
    }

    public Path logFile() {
        return logFile;
    }

    public boolean isYes() {
        return yes;
    }

    public boolean isForced() {
        return force;
    }

    public boolean isPlanOnly() {
        return plan;
    }

    /** How much of what is written to a disk is read back. */
    public Verification verification() {
        return noVerify ? Verification.NONE : verify == null ? Verification.SAMPLE : verify;
    }

    private void checkVerification() {
        if (noVerify && verify != null) {
            throw CliException.usage("--verify and --no-verify cannot be used together; leave one of them out");
        }
        if (verify == Verification.NONE) {
            throw CliException.usage("--verify: expected full, found none; --no-verify reads nothing back");
        }
    }

    /** Puts the logging options into effect. */
    public void applyLogging() {
        if (quiet && verbose.length > 0) {
            throw CliException.usage("--quiet and -v cannot be used together; leave one of them out");
        }
        checkVerification();
        Logging.configure(verbosity(), quiet, logFile);
    }
}
