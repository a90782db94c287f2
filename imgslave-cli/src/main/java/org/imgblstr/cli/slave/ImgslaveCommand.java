package org.imgblstr.cli.slave;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.imgblstr.cli.common.grow.GrowCheck;
import org.imgblstr.cli.common.grow.GrowOption;
import org.imgblstr.cli.common.identity.Identity;
import org.imgblstr.cli.common.identity.IdentityOptions;
import org.imgblstr.cli.common.identity.Machine;
import org.imgblstr.cli.common.identity.Wish;
import org.imgblstr.cli.common.options.CommonOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.HostName;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.NativeLibraries;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.TrackMemory;
import org.imgblstr.cli.common.program.VersionProvider;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.common.secrets.CodePrompt;
import org.imgblstr.cli.common.secrets.SecretOptions;
import org.imgblstr.cli.common.target.Completion;
import org.imgblstr.cli.common.target.Consent;
import org.imgblstr.cli.common.target.PresentContent;
import org.imgblstr.cli.common.target.TargetDisk;
import org.imgblstr.cli.common.value.DurationConverter;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.machine.FreeMemory;
import org.imgblstr.disk.machine.Privileges;
import org.imgblstr.disk.safety.DiskChoice;
import org.imgblstr.disk.safety.TargetSafety;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.PlainText;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.session.SlaveOptions;
import org.imgblstr.protocol.session.SlaveSession;
import org.imgblstr.protocol.transport.network.InterfaceChooser;
import org.imgblstr.protocol.transport.network.NetworkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code imgslave DEV}. */
@Command(
        name = "imgslave",
        versionProvider = VersionProvider.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        synopsisSubcommandLabel = "",
        description = {"Listen for a master, then write to DEV what the master sends."})
final class ImgslaveCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ImgslaveCommand.class);
    private static final int MOST_LABEL_BYTES = 64;
    private static final TrackMemory SLOTS = new TrackMemory(128 << 20, 16 << 20, 72 << 20);
    private static final int TRACK_BYTES = 256 << 10;

    private final Setting setting;

    @Parameters(
            paramLabel = "DEV",
            description =
                    "The disk to overwrite: a block device, a partition's device, a regular file that stands for one, or"
                            + " serial=TEXT, wwn=TEXT, model=TEXT, only.")
    private String device;

    @Option(
            names = "--partition",
            paramLabel = "LIST",
            description =
                    "The partitions of DEV to overwrite, by number or name, in the order of the image's partitions.")
    private String partitions;

    @Option(names = "--forever", description = "After each session, wait for the next session.")
    private boolean forever;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Give up with exit code 13 if no master appears within this time (30s, 5m).")
    private Duration waitTime;

    @Option(names = "--discard", description = "Tell the drive which blocks are unused (SSD TRIM).")
    private boolean discard;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            description = "The name that the operator sees (default: host name).")
    private String label;

    @Option(
            names = "--then",
            paramLabel = "poweroff|reboot|COMMAND",
            description =
                    "After exit code 0 only: power off, reboot, or run COMMAND by sh -c, with IMGSLAVE_DISK, IMGSLAVE_LABEL"
                            + " and IMGSLAVE_SESSION in its environment.")
    private String then;

    @Option(
            names = "--window",
            paramLabel = "TRACKS",
            hidden = true,
            description = "The largest number of tracks that are held in memory.")
    private Integer windowTracks;

    @Mixin
    private GrowOption grow;

    @Mixin
    private IdentityOptions identityOptions;

    @Mixin
    private SecretOptions secrets = new SecretOptions("IMGSLAVE_CODE");

    @Mixin
    private CommonOptions common;

    ImgslaveCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws Exception {
        secrets.in(setting.process()::variable);
        common.applyLogging();
        checkThen();
        checkAfterwards();
        common.beginLog(Path.of(device));
        Reporter reporter = new Reporter(setting.streams(), common, Clock.systemUTC());
        try {
            return listen(reporter);
        } catch (Exception | Error e) {
            reporter.failed(new Summary(Failures.exitCode(e), 0, Summary.Amounts.NONE, List.of()), e);
            excuse(e);
            throw e;
        }
    }

    private void checkThen() {
        if (then != null && forever) {
            throw CliException.usage(
                    "--then and --forever cannot be used together: a slave that listens for ever has no end");
        }
        if (then != null && then.isBlank()) {
            throw CliException.usage("--then: expected poweroff, reboot or a command, found nothing");
        }
    }

    private void checkAfterwards() {
        Wish wish = identityOptions.wish();
        if (wish.changesDisk() && partitions != null) {
            throw CliException.usage(wish.option()
                    + " and --partition cannot be used together: only a whole disk gets an identity of its own");
        }
        if (grow.part() != null && partitions != null) {
            throw CliException.usage(
                    "--grow and --partition cannot be used together: a whole disk grows, and --partition keeps it as it is");
        }
    }

    /** Tells a master that announces a session now why this machine does not take part. */
    @SuppressWarnings("try") // The registration only has to be closed.
    private void excuse(Throwable failure) throws InterruptedException {
        // Without the key nothing may be said of this machine.
        boolean isKeyLacking = !secrets.isOpen() && secrets.seal() == null;
        if (isKeyLacking || common.isPlanOnly() || !Excuse.isDueFor(Failures.exitCode(failure))) {
            return;
        }
        SlaveOptions options = new SlaveOptions(
                common.rendezvous(),
                Excuse.patience(secrets.seal() != null),
                label == null ? PlainText.of(hostName()) : PlainText.of(label),
                SlaveId.ofName(device),
                new SlaveMachine("", PlainText.of(device), "", "", 0),
                Verification.NONE,
                1);
        Excuse excuse = new Excuse(Failures.message(failure));
        try (SlaveSession session = new SlaveSession(options, excuse, excuse, secrets.seal(), secrets.isOpen());
                Interruption.Registration registration = setting.interruption().onInterrupt(session::abort)) {
            InterfaceChooser.choose(options.rendezvous().interfaceName());
            session.run();
        } catch (NetworkException | DeviceException | RefusedException e) {
            LOG.debug("no master was told that this slave cannot take part", e);
        }
    }

    private int listen(Reporter reporter) throws Exception {
        device = DiskChoice.path(device);
        secrets.readForSlave();
        reporter.warnOf(secrets.remark());
        reporter.sealing(secrets.sealing());
        DiskIdentity identity = Disks.identify(device);
        AtomicInteger index = new AtomicInteger();
        Supplier<Machine> machine =
                () -> new Machine(index.get(), checkedLabel(), hardwareAddress(), PlainText.of(identity.serial()));
        Identity own = new Identity(identityOptions.wish(), machine);
        Completion completion = new Completion(grow.part(), own);
        TargetDisk target = new TargetDisk(device, partitions, common.isForced(), discard, completion);
        Ending ending = new Ending(
                completion, machine, more -> Ending.lackingRights(more, !identity.isBlockDevice()), !secrets.isOpen());
        TargetSafety.check(device, common.isForced()).forEach(reporter::warning);
        if (grow.part() != null) {
            GrowCheck.checkRights(!identity.isBlockDevice());
            reporter.warnOf(GrowCheck.missingTools("--grow"));
        }
        own.check(!identity.isBlockDevice());
        reporter.warnOf(own.missingTools("--new-ids"));
        int window = windowTracks == null ? (int) (SLOTS.of(new FreeMemory().bytes()) / TRACK_BYTES) : windowTracks;
        SlaveOptions options = options(identity, window);
        if (common.isPlanOnly()) {
            reporter.plan(plan(identity), true);
            return ExitCode.DONE;
        }
        CodePrompt prompt = new CodePrompt(secrets, setting, !common.isYes() && !forever);
        prompt.check();
        if (prompt.isCodeLacking()) {
            reporter.note("the join code is asked for when a session is heard that has one");
        }
        InterfaceChooser.check(options.rendezvous().interfaceName());
        NativeLibraries.load();
        target.hold();
        Map<String, String> facts = Map.of("IMGSLAVE_DISK", identity.path(), "IMGSLAVE_LABEL", options.label());
        try (Afterwards afterwards = Afterwards.inShell(then, facts, setting)) {
            Consent.toOverwrite(identity, "the master decides what is written", common, setting);
            DiskTargetOpener opener = new DiskTargetOpener(target, identity, ending, reporter::warning, reporter::note);
            SlaveRun.Desk desk = new SlaveRun.Desk(prompt, needs(ending), index::set);
            SlaveRun run = new SlaveRun(options, opener, identity, setting, reporter, desk);
            int code = run.run(forever);
            afterwards.run(code, run.sessionText(), setting, reporter);
            return code;
        } finally {
            target.release();
        }
    }

    /**
     * Tools that enlarge a file system or adapt the disk, for which a master may ask too, and hooks; the shell of {@code --then} waits already.
     */
    private Set<Privileges.Need> needs(Ending ending) {
        boolean isChanged = grow.part() != null || !identityOptions.wish().isNothing();
        return isChanged || ending.isAskedTaken()
                ? EnumSet.allOf(Privileges.Need.class)
                : EnumSet.noneOf(Privileges.Need.class);
    }

    private SlaveOptions options(DiskIdentity identity, int window) {
        return new SlaveOptions(
                common.rendezvous(),
                waitTime,
                checkedLabel(),
                SlaveId.of(identity),
                machine(identity),
                common.verification(),
                window);
    }

    /** What a master is told of the target. */
    static SlaveMachine machine(DiskIdentity identity) {
        String model = identity.isBlockDevice() ? identity.model() : SlaveMachine.FILE;
        return new SlaveMachine(
                "",
                PlainText.of(identity.device()),
                PlainText.of(model),
                PlainText.of(identity.serial()),
                identity.sizeBytes());
    }

    private String checkedLabel() {
        String text = label == null ? PlainText.of(hostName()) : label;
        if (text.isBlank()
                || !PlainText.isPlain(text)
                || text.getBytes(StandardCharsets.UTF_8).length > MOST_LABEL_BYTES) {
            throw CliException.usage("--label: expected 1 to " + MOST_LABEL_BYTES + " bytes of printable UTF-8, found '"
                    + PlainText.of(text) + "'");
        }
        return text;
    }

    private static String hostName() {
        String name = HostName.here();
        return name.isEmpty() ? "slave" : name.substring(0, Math.min(MOST_LABEL_BYTES, name.length()));
    }

    /** What a list of expected slaves may name this machine by; empty while there is no network. */
    private String hardwareAddress() {
        try {
            return SlaveMachine.mac(
                    InterfaceChooser.choose(common.rendezvous().interfaceName()).nodeAddress());
        } catch (NetworkException e) {
            LOG.debug("the hardware address is not known", e);
            return "";
        }
    }

    private Plan plan(DiskIdentity identity) {
        InetSocketAddress group = common.group();
        String where = group.getAddress().getHostAddress() + ":" + group.getPort();
        String mac = hardwareAddress();
        String who = "; this slave is " + checkedLabel() + (mac.isEmpty() ? "" : ", hardware address " + mac);
        String from = "from the first master that appears, session "
                + secrets.sealing().text();
        String what = partitions == null ? "" : "partitions " + partitions + " of it: ";
        List<Plan.Step> steps = new ArrayList<>(List.of(
                new Plan.Step(Plan.Action.RECEIVE, where, from + who, -1),
                new Plan.Step(
                        Plan.Action.OVERWRITE,
                        identity.path(),
                        what + identity.facts() + "; " + PresentContent.of(identity),
                        identity.sizeBytes())));
        if (grow.part() != null) {
            String which = grow.part().isEmpty() ? "the last partition" : "partition " + PlainText.of(grow.part());
            steps.add(new Plan.Step(
                    Plan.Action.GROW,
                    identity.path(),
                    which + " and the file system in it take the rest of the disk, if it is longer than the source",
                    -1));
        }
        String adapted = identityOptions.wish().text();
        if (!adapted.isEmpty()) {
            steps.add(new Plan.Step(Plan.Action.ADAPT, identity.path(), adapted, -1));
        }
        return new Plan("slave: write what a master sends", steps);
    }
}
