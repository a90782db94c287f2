package org.imgblstr.cli.master.shrink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.imgblstr.cli.common.grow.GrowCheck;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.master.job.DiskSource;
import org.imgblstr.cli.master.job.ImageFileSource;
import org.imgblstr.cli.master.job.ImageStore;
import org.imgblstr.cli.master.job.Job;
import org.imgblstr.cli.master.job.ReadOptions;
import org.imgblstr.cli.master.job.Source;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.pass.StoppedException;
import org.imgblstr.disk.pass.TrackFeed;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.session.TrackRereader;

/**
 * An image file whose last partition becomes smaller. Until {@link #prepare} it only says what it will be; from then on its tracks are those of
 * a temporary file, which has no name any more and ends with this source.
 */
public final class ShrunkSource implements Source {
    private final ImageFileSource file;
    private final Shrinking shrinking;
    private final ImageHeader header;
    private final TrackSpace space;
    private final boolean isSent;
    private final long neededBytes;
    private DiskSource small;

    private ShrunkSource(ImageFileSource file, Shrinking shrinking, boolean isSent, long neededBytes) {
        this.file = file;
        this.shrinking = shrinking;
        this.isSent = isSent;
        this.neededBytes = neededBytes;
        ImageHeader whole = file.header();
        this.header = new ImageHeader(
                whole.imageId(),
                whole.created(),
                Geometry.of(whole.geometry().sectorBytes(), whole.geometry().totalSectors()),
                whole.regions(),
                whole.partitions(),
                shrinking.target().sizeBytes(),
                whole.origin());
        this.space = header.space();
    }

    /**
     * Opens the image file of a job. It is what it is when nobody asked for less, or when the disk has room for it.
     *
     * @param access what opens the image, and whom it must be signed by
     * @param warnings takes a sentence when {@code --shrink} has nothing to do
     * @throws RefusedException when the image cannot be made to fit, or its file is being written
     */
    public static Source open(Job job, ImageAccess access, Consumer<String> warnings)
            throws IOException, RefusedException {
        ImageFileSource file = ImageFileSource.open(job.image(), access);
        try {
            return job.isShrinking() ? of(file, job, warnings) : file;
        } catch (IOException | RefusedException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static Source of(ImageFileSource file, Job job, Consumer<String> warnings)
            throws IOException, RefusedException {
        GrowCheck.checkWhole(job.disk(), file.space(), "--shrink");
        DiskIdentity target = Disks.identify(job.disk());
        int sectorBytes = file.space().geometry().sectorBytes();
        if (target.isPartition() || (target.isBlockDevice() && target.sectorBytes() != sectorBytes)) {
            // Refused as without --shrink.
            return file;
        }
        long required = file.header().requiredBytes();
        required = required == 0 ? file.space().totalBytes() : required;
        if (target.sizeBytes() >= required) {
            warnings.accept("--shrink has nothing to do: " + job.disk() + " has room for the image");
            return file;
        }
        if (file.image().isEncrypted()) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    job.image()
                            + ": --shrink makes a temporary file, where the content of this encrypted image would lie in"
                            + " the clear. Take a disk that has room for the image. Nothing was written");
        }
        if (!file.image().summary().counts().isWhole()) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    job.image()
                            + ": --shrink needs an image whose source could be read in full, and sectors of this one"
                            + " are lacking ('imgblstr info' lists them): no tool may change a file system of which a part"
                            + " is lost. Nothing was written");
        }
        Shrinking shrinking = Shrinking.of(file, required, target);
        long movedEnd = shrinking.table().partition().endLba() * sectorBytes;
        long needed = UnpackedImage.neededBytes(file.image(), shrinking.endByte(), movedEnd);
        UnpackedImage.checkRoom(file.image(), needed);
        return new ShrunkSource(file, shrinking, job.mode().broadcasts(), needed);
    }

    @Override
    public boolean isReady() {
        return small != null;
    }

    @Override
    public void prepare(Progress progress, BooleanSupplier isStopped) throws IOException, RefusedException {
        try (UnpackedImage raw = UnpackedImage.of(file.image(), progress, isStopped)) {
            shrinking.apply(raw.path());
            if (isStopped.getAsBoolean()) {
                throw new StoppedException();
            }
            ReadOptions options = ReadOptions.ofFile(header.geometry().sectorBytes(), isSent);
            small = DiskSource.open(raw.path().toString(), null, options, "");
        } catch (MalformedTableException e) {
            throw new RefusedException(Reason.DOES_NOT_FIT, e.getMessage());
        }
        long required = small.header().requiredBytes();
        if (required > header.requiredBytes()) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    shrinking.target().describe() + ": --shrink: the shrunk image still needs " + required
                            + " bytes, because something lies behind its last partition. Nothing was written");
        }
    }

    private DiskSource small() {
        if (small == null) {
            throw new IllegalStateException("the shrunk image is not made yet");
        }
        return small;
    }

    @Override
    public TrackSpace space() {
        return space;
    }

    @Override
    public ImageHeader header() {
        return header;
    }

    @Override
    public SessionImage sessionImage() {
        SessionImage own = small().sessionImage();
        return new SessionImage(
                own.imageId(),
                file.sessionImage().label(),
                space,
                small().header().requiredBytes(),
                own.usedBytes());
    }

    @Override
    public TrackFeed feed(Demand demand) {
        return small().feed(demand);
    }

    @Override
    public TrackRereader rereader() {
        return small().rereader();
    }

    @Override
    public long usedBytes() {
        return small == null ? file.usedBytes() : small.usedBytes();
    }

    @Override
    public ImageReader image() {
        return file.image();
    }

    @Override
    public List<Plan.Step> steps() {
        List<Plan.Step> steps = new ArrayList<>(file.steps());
        steps.add(new Plan.Step(
                Plan.Action.SHRINK, UnpackedImage.folder().toString(), shrinking.text() + where(), neededBytes));
        return steps;
    }

    private String where() {
        String free;
        try {
            free = ", where "
                    + Units.bytes(ImageStore.of(UnpackedImage.folder()).freeBytes()) + " are free";
        } catch (IOException e) {
            free = "";
        }
        return "; before that the image becomes a temporary file there" + free;
    }

    @Override
    public List<Plan.Volume> volumes() {
        return List.of();
    }

    @Override
    public void close() throws IOException {
        if (small != null) {
            small.close();
        }
        file.close();
    }
}
