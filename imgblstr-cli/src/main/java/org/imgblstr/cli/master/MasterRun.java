package org.imgblstr.cli.master;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.CliException;
import org.imgblstr.cli.common.CommonOptions;
import org.imgblstr.cli.common.Consent;
import org.imgblstr.cli.common.ExitCode;
import org.imgblstr.cli.common.Failures;
import org.imgblstr.cli.common.NativeLibraries;
import org.imgblstr.cli.common.Progress;
import org.imgblstr.cli.common.Questions;
import org.imgblstr.cli.common.Reporter;
import org.imgblstr.cli.common.Setting;
import org.imgblstr.cli.common.Summary;
import org.imgblstr.cli.common.Unreadable;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageWriter;
import org.imgblstr.disk.pass.FeedCounts;
import org.imgblstr.disk.pass.LocalDiskSink;
import org.imgblstr.disk.pass.StoppedException;
import org.imgblstr.disk.safety.SourceHold;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.MasterResult;

/**
 * One run of any mode: checks everything, says the plan, waits for slaves, pumps the tracks once into all sinks, verifies, sums up. Used
 * once.
 */
final class MasterRun {
    private final Job job;
    private final boolean isFromMenus;
    private final CommonOptions common;
    private final ReadOptions readOptions;
    private final BroadcastOptions broadcastOptions;
    private final Setting setting;
    private final Reporter reporter;

    private SourceHold hold;
    private SpareSink<ImageWriter> image;
    private Broadcast broadcast;
    private Pass pass;
    private long startedNs;
    private TrackSpace space;
    private long bytesImaged;
    private long bytesTotal;
    private long bytesSent;
    private boolean isDiskInPart;

    /** {@code isFromMenus}: the operator has not agreed to anything yet and is asked once more. */
    MasterRun(
            Job job,
            boolean isFromMenus,
            CommonOptions common,
            ReadOptions readOptions,
            BroadcastOptions broadcastOptions,
            Setting setting,
            Reporter reporter) {
        this.job = job;
        this.isFromMenus = isFromMenus;
        this.common = common;
        this.readOptions = readOptions;
        this.broadcastOptions = broadcastOptions;
        this.setting = setting;
        this.reporter = reporter;
    }

    /** Runs. Returns an exit code; whatever ends the run early is thrown. */
    int run() throws Exception {
        startedNs = System.nanoTime();
        if (job.mode().broadcasts()) {
            common.sessionName();
            NativeLibraries.load();
        }
        try (Source source = openSource()) {
            space = source.space();
            bytesImaged = space.totalBytes();
            bytesTotal = source.usedBytes();
            LocalDisk local = job.mode().writesDisk() ? LocalDisk.check(job, source, common.isForced()) : null;
            if (job.mode().writesImage()) {
                ImageTarget.check(job.image(), job.disk(), common.isForced());
                ImageTarget.remarks(job.image(), job, bytesTotal).forEach(reporter::warning);
            }
            if (local != null) {
                local.warnings().forEach(reporter::warning);
            }
            reporter.plan(job.plan(source, local, common.group()), common.isPlanOnly());
            if (common.isPlanOnly()) {
                return ExitCode.DONE;
            }
            agree(local);
            return transfer(source, local);
        } catch (StoppedException e) {
            throw sumUp(new CliException(ExitCode.INTERRUPTED, interrupted(), e));
        } catch (Exception e) {
            throw sumUp(e);
        } catch (Error e) {
            throw sumUp(e);
        } finally {
            if (hold != null) {
                hold.close();
            }
        }
    }

    private void agree(LocalDisk local) throws IOException, RefusedException {
        if (job.mode().writesImage()) {
            boolean isAgreed = isFromMenus || common.isYes() || common.isForced();
            ImageTarget.agree(job.image(), bytesTotal, isAgreed, common.isYes(), setting);
        }
        if (isFromMenus && !new Questions(setting).yes("Begin?")) {
            throw CliException.refused("nothing was written: the answer was no");
        }
        if (local != null && !isFromMenus) {
            Consent.toOverwrite(local.identity(), local.what(), common, setting);
        }
    }

    private Source openSource() throws Exception {
        if (job.mode().readsImage()) {
            return ImageFileSource.open(job.image());
        }
        hold = SourceHold.take(job.disk(), common.isForced());
        hold.warnings().forEach(reporter::warning);
        return DiskSource.open(job.disk(), job.partitions(), readOptions, whyAllBlocks(hold.warnings()));
    }

    /** Whether the source is what it was when the pass began, as far as can be known. A forced run has accepted that it is not. */
    private boolean isSourceAsItWas() {
        String change = hold == null ? "" : hold.change();
        if (!change.isEmpty()) {
            reporter.warning(change);
        }
        return change.isEmpty() || !hold.warnings().isEmpty();
    }

    private String whyAllBlocks(List<String> changing) {
        if (readOptions.isAllBlocks()) {
            return "--all-blocks";
        }
        // What is free now may be used when the pass comes to it.
        return changing.isEmpty() ? "" : "the disk may change while it is read, and the image be inconsistent";
    }

    private int transfer(Source source, LocalDisk local) throws Exception {
        try (ImageWriter writer = job.mode().writesImage() ? createImage(source) : null;
                TrackTarget target = local == null ? null : local.open();
                LocalDiskSink disk = target == null ? null : localSink(source, target)) {
            if (!job.mode().broadcasts()) {
                startedNs = System.nanoTime();
                reporter.started(0, bytesTotal);
                begin(disk);
                try (Pass begun = begin(source, writer, disk)) {
                    return awaitEnd(begun);
                }
            }
            try (Broadcast opened = Broadcast.open(
                    source.sessionImage(),
                    bytesTotal,
                    broadcastOptions.masterOptions(common, readOptions.isDelta()),
                    source.rereader(),
                    reporter,
                    setting)) {
                broadcast = opened;
                return serve(source, writer, disk);
            }
        }
    }

    private void begin(LocalDiskSink disk) {
        if (disk != null) {
            isDiskInPart = true;
            disk.begin();
        }
    }

    private LocalDiskSink localSink(Source source, TrackTarget target) {
        return new LocalDiskSink(target, common.verification(), source.rereader()::reread, () -> setting.interruption()
                .isInterrupted());
    }

    private ImageWriter createImage(Source source) throws IOException, RefusedException {
        return ImageWriter.create(
                job.image(),
                source.header(),
                common.isForced(),
                common.verification().readsBack());
    }

    private int serve(Source source, ImageWriter writer, LocalDiskSink disk) throws Exception {
        Pass begun = null;
        try {
            // Before slaves have joined, so that there is something to send when they have. But nothing is written
            // before: a disk waits, an image file is not begun.
            if (writer == null) {
                begun = begin(source, null, disk);
            }
            broadcast.awaitStart();
            startedNs = System.nanoTime();
            begin(disk);
            if (begun == null) {
                begun = begin(source, writer, disk);
            }
            return awaitEnd(begun);
        } catch (Exception | Error e) {
            Exception cause = Pass.causeOf(e, begun);
            broadcast.abort(cause instanceof StoppedException ? ExitCode.INTERRUPTED : Failures.exitCode(cause));
            broadcast.awaitResult();
            if (disk != null) {
                // A pass that waits for it would never end.
                disk.close();
            }
            throw cause;
        } finally {
            if (begun != null) {
                begun.close();
            }
        }
    }

    private Pass begin(Source source, ImageWriter writer, LocalDiskSink disk) {
        boolean isDescribed = readOptions.isDelta() && writer == null && disk == null;
        var demand =
                new Source.Demand(writer != null, isDescribed, broadcast == null ? null : broadcast.session()::ahead);
        Broadcast slaves = broadcast;
        return Pass.start(
                source.feed(demand),
                sinks(writer, disk),
                () -> setting.interruption().isInterrupted() || isNobodyLeft(),
                failure -> {
                    if (slaves != null) {
                        slaves.abort(Failures.exitCode(failure));
                    }
                });
    }

    @SuppressWarnings("try") // The watch only has to be closed.
    private int awaitEnd(Pass begun) throws Exception {
        pass = begun;
        FeedCounts counts;
        try (Watch watch = Watch.of(setting.interruption(), reporter, this::passProgress)) {
            counts = begun.await();
            isDiskInPart = false;
        } catch (StoppedException e) {
            if (setting.interruption().isInterrupted()) {
                throw e;
            }
            // Reading on would serve nobody; the results of the slaves say why.
            return finish(FeedCounts.none(space));
        }
        return finish(counts);
    }

    // The session first: it is told the end while the others still sync.
    private List<TrackSink> sinks(ImageWriter writer, LocalDiskSink disk) {
        List<TrackSink> sinks = new ArrayList<>();
        if (writer != null && broadcast != null) {
            image = new SpareSink<>(writer, e -> reporter.warning(imageFailure(e)));
            sinks.add(image);
        } else if (writer != null) {
            sinks.add(writer);
        }
        if (disk != null) {
            sinks.add(disk);
        }
        if (broadcast != null) {
            // The last one: it may keep the memory of a track.
            sinks.add(readOptions.isDelta() ? new DeltaSink(broadcast.session(), space) : broadcast.session());
        }
        return sinks;
    }

    private int finish(FeedCounts counts) throws InterruptedException, StoppedException {
        List<SlaveResult> slaves = List.of();
        List<RefusedSlave> refused = List.of();
        long wireBytes = 0;
        if (broadcast != null) {
            MasterResult result;
            try (Watch watch = Watch.of(setting.interruption(), reporter, this::catchUpProgress)) {
                result = broadcast.awaitResult();
                if (!result.isComplete() || result.slaves().isEmpty()) {
                    watch.checkStopped();
                }
            }
            slaves = result.slaves();
            refused = result.refused();
            wireBytes = result.wireBytes();
        }
        int code = exitCode(counts, slaves);
        List<String> lines = new ArrayList<>();
        if (isImageMissing()) {
            lines.add("  " + imageFailure(image.failure()));
        }
        Summary summary = new Summary(
                code,
                seconds(),
                bytesImaged,
                counts.dataBytes(),
                wireBytes,
                slaves,
                refused,
                Unreadable.of(counts.unreadable()));
        long imageBytes = isImageMissing() ? 0 : ImageTarget.madeBytes(job);
        lines.addAll(Outcome.lines(summary, job, Math.min(pass.bytesDone(), bytesTotal), imageBytes));
        reporter.summary(summary, lines);
        return code;
    }

    private boolean isImageMissing() {
        return image != null && image.failure() != null;
    }

    private String imageFailure(IOException failure) {
        return "no image " + job.image() + ", slaves go on without it: " + Failures.message(failure);
    }

    /** Whether slaves were all that the pass was for, and none is left. */
    private boolean isNobodyLeft() {
        return isBroadcastOnly() && broadcast.session().isOver();
    }

    private boolean isBroadcastOnly() {
        return job.mode() == Mode.BROADCAST || job.mode() == Mode.BROADCAST_IMAGE;
    }

    private int exitCode(FeedCounts counts, List<SlaveResult> slaves) {
        if (isBroadcastOnly()
                && !slaves.isEmpty()
                && slaves.stream().allMatch(slave -> slave.result() == SlaveResult.Result.LOST)) {
            return ExitCode.PEER_LOST;
        }
        boolean isEverySlaveComplete = slaves.stream().allMatch(Outcome::isComplete);
        boolean isAnybodyThere = broadcast == null || !slaves.isEmpty();
        boolean areEnough = slaves.size() >= broadcastOptions.slavesWanted();
        return isSourceAsItWas()
                        && !isImageMissing()
                        && isEverySlaveComplete
                        && isAnybodyThere
                        && areEnough
                        && counts.unreadable().isEmpty()
                ? ExitCode.DONE
                : ExitCode.INCOMPLETE;
    }

    private <T extends Throwable> T sumUp(T failure) {
        if (isDiskInPart) {
            reporter.warning(job.disk() + " is written in part: run this again to its end before the disk is used");
        }
        List<RefusedSlave> refused =
                broadcast == null ? List.of() : broadcast.session().refused();
        Summary summary = new Summary(
                Failures.exitCode(failure), seconds(), bytesImaged, 0, 0, List.of(), refused, Unreadable.NOTHING);
        reporter.failed(summary, failure);
        return failure;
    }

    private String interrupted() {
        String slaves = broadcast == null ? "" : "; slaves were told";
        String image = job.mode().writesImage() ? "; no image was left behind" : "";
        String disk = job.mode().writesDisk() && !isDiskInPart ? "; " + job.disk() + " was not written" : "";
        return "interrupted" + slaves + image + disk;
    }

    private double seconds() {
        return (System.nanoTime() - startedNs) / 1e9;
    }

    private Progress passProgress() {
        return progress(broadcast == null ? "imaging" : "sending", pass.bytesDone());
    }

    private Progress catchUpProgress() {
        boolean isSending = broadcast != null && broadcast.session().unsentTracks() > 0;
        return progress(isSending ? "sending" : "finishing", bytesTotal);
    }

    private Progress progress(String phase, long bytes) {
        long done = Math.min(bytes, bytesTotal);
        if (broadcast == null) {
            return new Progress(phase, done, bytesTotal, 0, List.of());
        }
        MasterProgress now = broadcast.progress();
        // What waits in memory is not done. Tracks that are used in part count there as a whole, so it might seem to go
        // back.
        long waitingBytes =
                (long) broadcast.session().unsentTracks() * space.geometry().trackBytes();
        bytesSent = Math.max(bytesSent, done - waitingBytes);
        return new Progress(phase, bytesSent, bytesTotal, now.wireBytes(), now.slaves());
    }
}
