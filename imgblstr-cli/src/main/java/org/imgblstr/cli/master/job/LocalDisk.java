package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.imgblstr.cli.common.grow.GrowCheck;
import org.imgblstr.cli.common.grow.Growth;
import org.imgblstr.cli.common.identity.Identity;
import org.imgblstr.cli.common.identity.Machine;
import org.imgblstr.cli.common.identity.Wish;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.HostName;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.target.Completion;
import org.imgblstr.cli.common.target.PresentContent;
import org.imgblstr.cli.common.target.TargetDisk;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.partition.ContentProbe;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.safety.SourceSafety;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.PlainText;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.transport.network.InterfaceChooser;
import org.imgblstr.protocol.transport.network.NetworkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The master's own disk as the target of a download. */
public final class LocalDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDisk.class);

    private final TargetDisk target;
    private final DiskIdentity identity;
    private final Source source;
    private final List<String> warnings;
    private final Growth growth;
    private final Wish wish;
    private final boolean mayGrow;

    /** {@code growth}: null when nothing grows. {@code mayGrow}: whether the job could have {@code --grow}. */
    private LocalDisk(
            TargetDisk target, Source source, List<String> warnings, Growth growth, Wish wish, boolean mayGrow)
            throws DeviceException, RefusedException {
        this.target = target;
        this.identity = target.identity();
        this.source = source;
        this.warnings = warnings;
        this.growth = growth;
        this.wish = wish;
        this.mayGrow = mayGrow;
    }

    /**
     * As {@link #check}.
     *
     * @param isHeld whether it is held from now on, so that nobody mounts or writes it between the question and the first write; {@link #open}
     *     takes it over, {@link #close} lets it go
     */
    public static LocalDisk take(Job job, Source source, boolean isForced, boolean isHeld)
            throws IOException, RefusedException {
        LocalDisk local = check(job, source, isForced);
        if (isHeld) {
            local.target.hold(source.space().geometry().sectorBytes());
        }
        return local;
    }

    /** Checks without writing: fits, safe, not the image itself. */
    public static LocalDisk check(Job job, Source source, boolean isForced) throws IOException, RefusedException {
        if (isSame(job.image(), Path.of(job.disk()))) {
            throw CliException.refused(job.disk() + " is the image that is to be read; name the disk to be written");
        }
        SourceSafety.checkApart(job.image().toString(), job.disk());
        DiskIdentity identity = Disks.identify(job.disk());
        Identity own = new Identity(job.wish(), () -> machine(identity));
        TargetDisk target =
                new TargetDisk(job.disk(), job.partitions(), isForced, false, new Completion(job.grow(), own));
        List<String> warnings = target.check(source.space(), source.header().requiredBytes());
        own.check(!identity.isBlockDevice());
        checkTools(own, source, identity);
        boolean mayGrow = job.remake().sectorBytes() == 0;
        return new LocalDisk(target, source, warnings, growth(job, source, identity), own.wish(), mayGrow);
    }

    /** What will grow, which the image tells; null when nothing does. */
    private static Growth growth(Job job, Source source, DiskIdentity identity)
            throws DeviceException, RefusedException {
        boolean isLonger = GrowCheck.isLonger(identity.sizeBytes(), source.space());
        if (job.grow() == null || !isLonger || source.image() == null) {
            return null;
        }
        try (ImageDisk image = new ImageDisk(source.image())) {
            Growth growth = Growth.of(new RestoredDisk(identity, image, source.space()), job.grow());
            growth.check(!identity.isBlockDevice());
            return growth;
        }
    }

    /** Whether this machine has the tools for what the image holds. */
    private static void checkTools(Identity own, Source source, DiskIdentity identity)
            throws DeviceException, RefusedException {
        if (!own.wish().newIds() || source.image() == null) {
            return;
        }
        try (ImageDisk image = new ImageDisk(source.image())) {
            Set<String> types = new HashSet<>();
            Disk restored = RestoredDisk.asSource(identity, image, source.space());
            long bytes = restored.sectorBytes();
            for (Partition partition : PartitionTable.read(restored).partitions()) {
                types.add(ContentProbe.probe(restored, partition.firstLba() * bytes, partition.sectorCount() * bytes)
                        .type());
            }
            own.checkTools(types);
        } catch (MalformedTableException e) {
            throw new RefusedException(
                    RefusedException.Reason.DOES_NOT_FIT,
                    e.getMessage() + ", so the disk cannot get new identifiers: leave --new-ids out");
        }
    }

    /** What a host name can be made of. */
    private static Machine machine(DiskIdentity identity) {
        String mac = "";
        try {
            mac = SlaveMachine.mac(InterfaceChooser.choose(null).nodeAddress());
        } catch (NetworkException e) {
            LOG.debug("the hardware address is not known", e);
        }
        return new Machine(0, PlainText.of(HostName.here()), mac, PlainText.of(identity.serial()));
    }

    private static boolean isSame(Path image, Path disk) throws IOException {
        return Files.exists(disk) && Files.isSameFile(image, disk);
    }

    public DiskIdentity identity() {
        return identity;
    }

    /** Warnings for the refusals that {@code --force} overrides, and of what a shorter disk takes. */
    public List<String> warnings() {
        return warnings;
    }

    /** What becomes of it, for the question. */
    public String what() {
        String adapted = adapted();
        return what((growth == null ? "" : "; then " + growth.text()) + (adapted.isEmpty() ? "" : "; then " + adapted));
    }

    private String adapted() {
        String name = wish.hostName();
        boolean isCounted = name != null && !name.startsWith("@") && name.contains("{index");
        return wish.text() + (isCounted ? "; {index} is 0 on the own disk of this machine" : "");
    }

    private String what(String more) {
        return source.space().regions().get(0).isWholeDisk()
                ? "everything on it" + more
                : "the partitions that the image holds";
    }

    /** What the operator has to do once the disk is complete; "" for nothing. */
    public String nextStep() {
        return target.nextStep(source.space(), mayGrow);
    }

    List<Plan.Step> steps() {
        List<Plan.Step> steps = new ArrayList<>(List.of(overwriting()));
        if (growth != null) {
            long added = growth.bytes() - growth.table().partition().sectorCount() * growth.sectorBytes();
            steps.add(new Plan.Step(Plan.Action.GROW, identity.path(), growth.text(), added));
        }
        if (!wish.isNothing()) {
            steps.add(new Plan.Step(Plan.Action.ADAPT, identity.path(), adapted(), -1));
        }
        return steps;
    }

    private Plan.Step overwriting() {
        return new Plan.Step(
                Plan.Action.OVERWRITE,
                identity.path(),
                what("") + ": " + identity.facts() + ", " + Units.bytes(identity.sizeBytes()) + "; "
                        + PresentContent.of(identity) + "; old signatures in unused space are overwritten with zeros"
                        + otherLength(),
                Math.min(source.space().totalBytes(), identity.sizeBytes()));
    }

    /** Where the disk is not as long as the source, what that means; a clause. */
    private String otherLength() {
        long longer = identity.sizeBytes() - source.space().totalBytes();
        if (longer == 0 || !source.space().regions().get(0).isWholeDisk()) {
            return "";
        }
        if (longer < 0) {
            return "; the source has " + Units.bytes(source.space().totalBytes())
                    + ", and what is beyond this disk is not written";
        }
        return "; the source has " + Units.bytes(source.space().totalBytes()) + ", and the other " + Units.bytes(longer)
                + (growth != null ? " are for --grow" : " stay unused" + (mayGrow ? " without --grow" : ""));
    }

    /** Lets go what is held and was not opened. */
    @Override
    public void close() {
        target.release();
    }

    /** Ends what is done with the complete disk; false when nothing of that runs. Any thread. */
    public boolean stopFinishing() {
        return target.stopFinishing();
    }

    /** {@code notes} takes what is told of the disk when it is complete, {@code warnings} what of it stays as it is. */
    public TrackTarget open(Consumer<String> notes, Consumer<String> warnings)
            throws DeviceException, RefusedException {
        return target.open(source.space(), source.header().requiredBytes(), notes, warnings);
    }
}
