package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.imgblstr.cli.common.grow.GrowCheck;
import org.imgblstr.cli.common.grow.Growth;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.target.PresentContent;
import org.imgblstr.cli.common.target.TargetDisk;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.safety.SourceSafety;
import org.imgblstr.disk.track.TrackTarget;

/** The master's own disk as the target of a download. */
public final class LocalDisk implements AutoCloseable {
    private final TargetDisk target;
    private final DiskIdentity identity;
    private final Source source;
    private final List<String> warnings;
    private final Growth growth;

    /** {@code growth}: null when nothing grows. */
    private LocalDisk(TargetDisk target, Source source, List<String> warnings, Growth growth)
            throws DeviceException, RefusedException {
        this.target = target;
        this.identity = target.identity();
        this.source = source;
        this.warnings = warnings;
        this.growth = growth;
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
        TargetDisk target = new TargetDisk(job.disk(), job.partitions(), isForced, false, job.grow());
        List<String> warnings = target.check(source.space(), source.header().requiredBytes());
        return new LocalDisk(target, source, warnings, growth(job, source, target.identity()));
    }

    /** What will grow, which the image tells; null when nothing does. */
    private static Growth growth(Job job, Source source, DiskIdentity identity)
            throws DeviceException, RefusedException {
        boolean isLonger = GrowCheck.isLonger(identity.sizeBytes(), source.space());
        if (job.grow() == null || !isLonger || !(source instanceof ImageFileSource file)) {
            return null;
        }
        try (ImageDisk image = new ImageDisk(file.image())) {
            Growth growth = Growth.of(new RestoredDisk(identity, image, source.space()), job.grow());
            growth.check(!identity.isBlockDevice());
            return growth;
        }
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
        return what(growth == null ? "" : "; then " + growth.text());
    }

    private String what(String more) {
        return source.space().regions().get(0).isWholeDisk()
                ? "everything on it" + more
                : "the partitions that the image holds";
    }

    /** What the operator has to do once the disk is complete; "" for nothing. */
    public String nextStep() {
        return target.nextStep(source.space());
    }

    List<Plan.Step> steps() {
        List<Plan.Step> steps = new ArrayList<>(List.of(overwriting()));
        if (growth != null) {
            long added = growth.bytes() - growth.table().partition().sectorCount() * growth.sectorBytes();
            steps.add(new Plan.Step(Plan.Action.GROW, identity.path(), growth.text(), added));
        }
        return steps;
    }

    private Plan.Step overwriting() {
        return new Plan.Step(
                Plan.Action.OVERWRITE,
                identity.path(),
                what("") + ": " + identity.facts() + ", " + Units.bytes(identity.sizeBytes()) + "; "
                        + PresentContent.of(identity) + "; old signatures in unused space are overwritten with zeros",
                source.space().totalBytes());
    }

    /** Lets go what is held and was not opened. */
    @Override
    public void close() {
        target.release();
    }

    /** {@code notes} takes what is told of growing. */
    public TrackTarget open(Consumer<String> notes) throws DeviceException, RefusedException {
        return target.open(source.space(), source.header().requiredBytes(), notes);
    }
}
