package org.imgblstr.cli.common.options;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.imgblstr.cli.common.program.Account;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Logging;
import org.imgblstr.cli.common.value.GroupConverter;
import org.imgblstr.cli.common.value.Ports;
import org.imgblstr.cli.common.value.PortsConverter;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.PlainText;
import org.imgblstr.protocol.contract.Rendezvous;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that both programs have. Picocli fills them in. */
public final class CommonOptions {
    private static final String DEFAULT_GROUP = "239.255.73.77";
    private static final int DEFAULT_PORT = 18_765;

    private static final int MOST_NAME_BYTES = 64;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

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
            description = "Multicast group where master and slaves meet (default: 239.255.73.77:18765).")
    private InetSocketAddress group;

    @Option(
            names = "--ports",
            paramLabel = "A[:B]",
            converter = PortsConverter.class,
            description =
                    "UDP ports to open in firewalls: slaves hear at A (default: 18765), the master hears at B (default:"
                            + " 18766, or the first free port after A).")
    private Ports ports;

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

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description =
                    "Append an account of the run to FILE, with times: plan, slaves, warnings, results. With -v it holds the"
                            + " log too.")
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

    /** {@code --interface}; null when it was not given. */
    public String interfaceName() {
        return interfaceName;
    }

    /** As {@code --interface}, by an answer. */
    public void chooseInterface(String name) {
        interfaceName = name;
    }

    /**
     * Where masters and slaves find each other.
     *
     * @throws CliException as {@link #sessionName}
     */
    public Rendezvous rendezvous() {
        return new Rendezvous(interfaceName, group(), usedPorts().masterPorts(), sessionName());
    }

    /**
     * Rendezvous group and port.
     *
     * @throws CliException exit code 2: the port of {@code --group} is not that of {@code --ports}
     */
    public InetSocketAddress group() {
        return new InetSocketAddress(group.getAddress(), usedPorts().groups());
    }

    private Ports usedPorts() {
        boolean isPortNamed = group.getPort() != 0;
        if (isPortNamed && ports != null && ports.groups() != group.getPort()) {
            throw CliException.usage("--group names port " + group.getPort() + " and --ports names port "
                    + ports.groups() + " for the same sockets; leave the port of --group out");
        }
        Ports used = ports != null ? ports : new Ports(isPortNamed ? group.getPort() : DEFAULT_PORT, 0);
        if (used.lacksMasterPort()) {
            throw CliException.usage("there is no port above " + used.groups()
                    + " where the master could hear; name its port too: --ports " + used.groups() + ":PORT");
        }
        return used;
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
        if (isTooLong || sessionName.isBlank() || !PlainText.isPlain(sessionName)) {
            throw CliException.usage("--session: expected 1 to " + MOST_NAME_BYTES
                    + " bytes of printable UTF-8, found '" + PlainText.of(sessionName) + "'");
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

    /** Whether {@code --verify} or {@code --no-verify} was given. */
    public boolean isVerificationGiven() {
        return noVerify || verify != null;
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
        Logging.configure(verbosity(), quiet);
    }

    /**
     * Begins the file of {@code --log}, when there is one.
     *
     * @param others what this run reads or writes; null for what it has not
     * @throws CliException exit code 2 or 15: the file cannot be the log
     */
    public void beginLog(Path... others) {
        Account.begin(
                logFile,
                Arrays.asList(others),
                command.name(),
                command.commandLine().getParseResult().originalArgs());
    }
}
