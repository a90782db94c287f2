package org.imgblstr.cli.master.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.TrackMemory;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.master.job.Asking;
import org.imgblstr.cli.master.job.Job;
import org.imgblstr.cli.master.job.LocalDisk;
import org.imgblstr.cli.master.job.RunOptions;
import org.imgblstr.cli.master.job.Source;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.image.ImageWriter;
import org.imgblstr.disk.machine.FreeMemory;
import org.imgblstr.disk.machine.Privileges;
import org.imgblstr.disk.pass.LocalDiskSink;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveResult;

/**
 * The targets of a run: an image file, the master's own disk, slaves, or several of these. Says at any time how far
 * each target has come. For one thread, but {@link #isImageMissing()} for any.
 */
final class RunTargets implements AutoCloseable {
    private static final TrackMemory RING = new TrackMemory(128 << 20, 16 << 20, 112 << 20);

    private final Job job;
    private final RunOptions options;
    private final Asking asking;
    private final Setting setting;
    private boolean isFinishCut;
    private final Reporter reporter;

    private long ringBytes;
    private ImageWriter image;
    private SpareSink<ImageWriter> spareImage;
    private LocalDisk ownDisk;
    private TrackTarget diskTarget;
    private LocalDiskSink disk;
    private Broadcast broadcast;

    /**
     * Of one job.
     *
     * @throws CliException exit code 2: slaves cannot be asked for what the job wants
     */
    RunTargets(Job job, RunOptions options, Setting setting, Reporter reporter) {
        this.job = job;
        this.asking = Asking.of(job, options.broadcast().isSealed());
        this.options = options;
        this.setting = setting;
        this.reporter = reporter;
    }

    /**
     * Finds out how much memory the run may take, in any mode.
     *
     * @throws CliException when the machine cannot spare enough
     */
    void checkMemory() {
        ringBytes = RING.of(new FreeMemory().bytes());
    }

    /**
     * Checks that a source suits what is done with disks when they are complete: the own one, and those of slaves.
     *
     * @throws RefusedException exit code 10
     */
    void checkAsked(Source source) throws IOException, RefusedException {
        asking.check(source.space());
        if (!job.wish().newIds() || !source.space().regions().get(0).isWholeDisk()) {
            return;
        }
        try {
            source.checkNewIds();
        } catch (RefusedException e) {
            throw new RefusedException(e.reason(), e.getMessage() + ": leave --new-ids out. Nothing was written");
        }
    }

    /** What the run will do. {@code local}: the own disk; null when none is written. */
    Plan plan(Source source, LocalDisk local) throws IOException {
        String audience = options.broadcast().audience() + "; each overwrites its own disk" + asking.clause();
        return job.plan(
                source, local, options.image().planned(), options.common().group(), audience);
    }

    /** Lets the source do what it has to do before the first track is read. Returns how many bytes will be read. */
    long prepare(Source source) throws IOException, RefusedException {
        if (!source.isReady()) {
            try (Watch watch = Watch.ofFile(setting.interruption(), reporter, "unpacking")) {
                source.prepare(watch::onFileProgress, watch::isStopped);
            }
        }
        return source.usedBytes();
    }

    /**
     * Opens all that the run writes; the disk is not touched before {@link #begin}.
     *
     * @param local the own disk as it was checked; null when the run writes none
     * @param bytesTotal what will be sent
     * @param desk what the session's screen and socket are given
     */
    void open(Source source, LocalDisk local, long bytesTotal, Broadcast.Desk desk)
            throws IOException, RefusedException, InterruptedException {
        if (job.mode().writesImage()) {
            image = ImageWriter.create(
                    job.image(),
                    source.header(),
                    options.common().isForced(),
                    options.common().verification().readsBack(),
                    options.image().protection());
        }
        ownDisk = local;
        if (local != null) {
            diskTarget = local.open(reporter::note, reporter::warning);
            disk = new LocalDiskSink(
                    diskTarget, options.common().verification(), source.rereader()::reread, () -> setting.interruption()
                            .isInterrupted());
        }
        if (job.mode().broadcasts()) {
            broadcast = Broadcast.open(
                    source.sessionImage(),
                    bytesTotal,
                    options.broadcast()
                            .masterOptions(options.common(), options.read().isDelta(), ringBytes, asking),
                    source.rereader(),
                    reporter,
                    setting,
                    desk);
            setting.process().reduceRights(needs());
        }
    }

    /** What is still to come: tools that enlarge a file system, and the end of a screen that the start script cleans up when the JVM crashes. */
    private Set<Privileges.Need> needs() {
        if (job.isFinishing()) {
            return EnumSet.allOf(Privileges.Need.class);
        }
        return broadcast.isOnScreen() ? EnumSet.of(Privileges.Need.PROGRAMS) : EnumSet.noneOf(Privileges.Need.class);
    }

    /** The slaves; null when the run has none, or the session is not open. */
    Broadcast broadcast() {
        return broadcast;
    }

    /** Lets the own disk be written. */
    void begin() {
        if (disk != null) {
            disk.begin();
        }
    }

    /** What the source has to give for these targets. */
    Source.Demand demand() {
        boolean hasDigests = options.image().protection().hasDigests();
        return broadcast == null
                ? new Source.Demand(image != null, false, null, () -> hasDigests)
                : new Source.Demand(
                        image != null,
                        isDescribed(),
                        broadcast.session()::ahead,
                        () -> hasDigests || broadcast.session().isHashing());
    }

    private boolean isDescribed() {
        return options.read().isDelta() && image == null && disk == null;
    }

    /** All of them, in the order in which they are given a track. */
    List<TrackSink> sinks(Source source) {
        List<TrackSink> sinks = new ArrayList<>();
        if (image != null && broadcast != null) {
            spareImage = new SpareSink<>(image, e -> reporter.warning(whyNoImage()));
            sinks.add(spareImage);
        } else if (image != null) {
            sinks.add(image);
        }
        if (disk != null) {
            sinks.add(disk);
        }
        if (broadcast != null) {
            // The last one: it may keep the memory of a track.
            boolean isDelta = options.read().isDelta();
            sinks.add(isDelta ? deltaSink(source) : broadcast.session());
        }
        return sinks;
    }

    private TrackSink deltaSink(Source source) {
        return options.broadcast().isSealed()
                ? SealedDeltaSink.of(broadcast.session())
                : new DeltaSink(broadcast.session(), source.space());
    }

    /** Whether slaves are all that is written, and none of them is left: reading on would serve nobody. */
    boolean isNobodyLeft() {
        return job.mode().isBroadcastOnly()
                && broadcast != null
                && broadcast.session().isOver();
    }

    /** Whether the image could not be written and the run goes on for the slaves. */
    boolean isImageMissing() {
        return spareImage != null && spareImage.failure() != null;
    }

    /** What stands before the results: why there is no image, when {@link #isImageMissing()}. */
    List<String> remarks() {
        return isImageMissing() ? List.of("  " + whyNoImage()) : List.of();
    }

    /** Why there is no image; only when {@link #isImageMissing()}. */
    String whyNoImage() {
        return "no image " + job.image() + " is written; the run serves only the slaves: "
                + Failures.message(spareImage.failure());
    }

    /** Slaves that heard the session and could not take part. */
    List<RefusedSlave> refused() {
        return broadcast == null ? List.of() : broadcast.session().refused();
    }

    /** What has become of the own disk so far. */
    LocalDiskSink.State diskState() {
        return disk == null ? LocalDiskSink.State.UNTOUCHED : disk.state();
    }

    /**
     * Lets the own disk that is complete grow, where that was asked for. The disk is closed then.
     *
     * @return why it has not, one sentence; "" when all is well
     */
    @SuppressWarnings("try") // The registration only has to be closed.
    String finishDisk() {
        if (diskState() != LocalDiskSink.State.WHOLE) {
            return "";
        }
        try (Interruption.Registration registration = setting.interruption().onInterrupt(this::stopFinishing)) {
            String lack = diskTarget.finish();
            isFinishCut = !lack.isEmpty() && setting.interruption().isInterrupted();
            return lack;
        }
    }

    /** Whether the operator has ended what was to be done with the complete disk. */
    boolean isFinishCut() {
        return isFinishCut;
    }

    private void stopFinishing() {
        if (ownDisk.stopFinishing()) {
            setting.interruption().takeTime();
        }
    }

    /** What the operator has to do with disks that are complete: which slaves have the host name of the image, and what becomes of the own disk. */
    List<String> nextSteps(List<SlaveResult> slaves) {
        String own = diskState() == LocalDiskSink.State.WHOLE ? ownDisk.nextStep() : "";
        return List.of(asking.unnamed(slaves), own);
    }

    /** The image file of the run, as far as there is one. {@code isAllRead}: whether the source was read to its end. */
    Summary.ImageFile imageFile(boolean isAllRead) {
        boolean isMade = job.mode().writesImage() && image != null && image.isComplete();
        // One that is missing ended the run, which says so.
        boolean isRead = job.mode().readsImage() && Files.exists(job.image());
        if (!isMade && !isRead) {
            return Summary.ImageFile.NONE;
        }
        boolean isVerified = isMade ? options.common().verification().readsBack() : isAllRead;
        try {
            return new Summary.ImageFile(job.image().toString(), Files.size(job.image()), isVerified);
        } catch (IOException e) {
            reporter.warning("the image cannot be looked at any more: " + Failures.message(e));
            return new Summary.ImageFile(job.image().toString(), 0, false);
        }
    }

    /** What has become of slaves and image, for an operator who stopped the run: a clause each, with a semicolon before it. */
    String whenStopped() {
        String slaves = broadcast == null ? "" : "; the slaves were told";
        return slaves + imageWhenStopped();
    }

    private String imageWhenStopped() {
        if (!job.mode().writesImage()) {
            return "";
        }
        return image != null && image.isComplete()
                ? "; the image " + job.image() + " is complete"
                : "; no image was left behind";
    }

    /** Gives up the own disk, so that nothing waits for it. */
    void stopDisk() {
        if (disk != null) {
            disk.close();
        }
    }

    /** Closes all, the last one that was opened first. An image that is not complete is deleted. */
    @Override
    @SuppressWarnings("try") // They only have to be closed.
    public void close() throws IOException {
        try (ImageWriter last = image;
                TrackTarget third = diskTarget;
                LocalDiskSink second = disk;
                Broadcast first = broadcast) {
            // Nothing to do but to close.
        } finally {
            options.image().close();
        }
    }
}
