package org.imgblstr.cli.master.remake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.imgblstr.cli.common.grow.GrowCheck;
import org.imgblstr.cli.common.program.Interruption;
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
 * An image file of which another disk is made first. Until {@link #prepare} it only says what it will be; from then on its tracks are those of
 * a temporary file, which has no name any more and ends with this source.
 */
public final class RemadeImage implements Source {
    private final ImageFileSource file;
    private final Remaking remaking;
    private final TrackSpace space;
    private final boolean isSent;
    private DiskSource made;

    private RemadeImage(ImageFileSource file, Remaking remaking, boolean isSent) {
        this.file = file;
        this.remaking = remaking;
        this.isSent = isSent;
        this.space = remaking.header().space();
    }

    /**
     * Opens the image file of a job. It is what it is when nobody asked for another disk, or when it is that already.
     *
     * @param access what opens the image, and whom it must be signed by
     * @param warnings takes a sentence when there is nothing to do
     * @throws RefusedException when the image cannot be made so, or its file is being written
     */
    public static Source open(Job job, ImageAccess access, Consumer<String> warnings)
            throws IOException, RefusedException {
        ImageFileSource file = ImageFileSource.open(job.image(), access);
        try {
            Remaking remaking = null;
            if (job.remake().sectorBytes() != 0) {
                remaking = translating(file, job, warnings);
            } else if (job.remake().isShrinking()) {
                remaking = shrinking(file, job, warnings);
            }
            if (remaking == null) {
                return file;
            }
            UnpackedImage.checkRoom(remaking.option(), file.image(), remaking.neededBytes());
            return new RemadeImage(file, remaking, job.mode().broadcasts());
        } catch (IOException | RefusedException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** Null when there is nothing to do. */
    private static Remaking shrinking(ImageFileSource file, Job job, Consumer<String> warnings)
            throws IOException, RefusedException {
        GrowCheck.checkWhole(job.disk(), file.space(), Shrinking.OPTION);
        DiskIdentity target = Disks.identify(job.disk());
        int sectorBytes = file.space().geometry().sectorBytes();
        if (target.isPartition() || (target.isBlockDevice() && target.sectorBytes() != sectorBytes)) {
            // Refused as without --shrink.
            return null;
        }
        long required = file.header().requiredBytes();
        required = required == 0 ? file.space().totalBytes() : required;
        if (target.sizeBytes() >= required) {
            warnings.accept("--shrink has nothing to do: " + job.disk() + " has room for the image");
            return null;
        }
        checkReadable(file, job, Shrinking.OPTION, "Take a disk that has room for the image");
        return Shrinking.of(file, required, target);
    }

    /** Null when there is nothing to do. */
    private static Remaking translating(ImageFileSource file, Job job, Consumer<String> warnings)
            throws IOException, RefusedException {
        int sectorBytes = job.remake().sectorBytes();
        if (file.space().geometry().sectorBytes() == sectorBytes) {
            warnings.accept(
                    Translating.OPTION + " has nothing to do: the image has sectors of " + sectorBytes + " bytes");
            return null;
        }
        if (!file.space().regions().get(0).isWholeDisk()) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    job.image() + ": --sector-size makes another disk of the image of a whole disk, and this one holds"
                            + " partitions: take disks with sectors of "
                            + file.space().geometry().sectorBytes() + " bytes. Nothing was written");
        }
        checkReadable(
                file,
                job,
                Translating.OPTION,
                "Take disks with sectors of " + file.space().geometry().sectorBytes() + " bytes");
        return Translating.of(file, job.image(), sectorBytes);
    }

    private static void checkReadable(ImageFileSource file, Job job, String option, String remedy)
            throws RefusedException {
        if (file.image().isEncrypted()) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    job.image() + ": " + option
                            + " makes a temporary file, where the content of this encrypted image would lie in the clear. "
                            + remedy + ". Nothing was written");
        }
        if (!file.image().summary().counts().isWhole()) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    job.image() + ": " + option
                            + " needs an image whose source could be read in full, and sectors of this one"
                            + " are lacking ('imgblstr info' lists them): nobody may change a file system of which a part"
                            + " is lost. Nothing was written");
        }
    }

    @Override
    public boolean isReady() {
        return made != null;
    }

    @Override
    public void prepare(Progress progress, BooleanSupplier isStopped) throws IOException, RefusedException {
        try (UnpackedImage raw = UnpackedImage.of(file.image(), progress, isStopped)) {
            remaking.apply(raw.path());
            if (isStopped.getAsBoolean()) {
                throw new StoppedException();
            }
            ReadOptions options = ReadOptions.ofFile(header().geometry().sectorBytes(), isSent);
            made = DiskSource.open(raw.path().toString(), null, options, "", new Interruption());
        } catch (MalformedTableException e) {
            throw new RefusedException(Reason.DOES_NOT_FIT, e.getMessage());
        }
        long required = made.header().requiredBytes();
        if (required > header().requiredBytes()) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    remaking.subject() + ": " + remaking.option() + ": the disk made of the image needs " + required
                            + " bytes, because something lies behind its last partition. Nothing was written");
        }
    }

    private DiskSource made() {
        if (made == null) {
            throw new IllegalStateException("the disk is not made yet");
        }
        return made;
    }

    @Override
    public TrackSpace space() {
        return space;
    }

    @Override
    public ImageHeader header() {
        return remaking.header();
    }

    @Override
    public SessionImage sessionImage() {
        SessionImage own = made().sessionImage();
        return new SessionImage(
                own.imageId(),
                file.sessionImage().label(),
                space,
                made().header().requiredBytes(),
                own.usedBytes());
    }

    @Override
    public TrackFeed feed(Demand demand) {
        return made().feed(demand);
    }

    @Override
    public TrackRereader rereader() {
        return made().rereader();
    }

    @Override
    public long usedBytes() {
        return made == null ? file.usedBytes() : made.usedBytes();
    }

    @Override
    public ImageReader image() {
        return file.image();
    }

    @Override
    public void checkNewIds() throws IOException, RefusedException {
        file.checkNewIds();
    }

    @Override
    public List<Plan.Step> steps() {
        List<Plan.Step> steps = new ArrayList<>(file.steps());
        steps.add(new Plan.Step(
                remaking.action(),
                UnpackedImage.folder().toString(),
                remaking.text() + where(),
                remaking.neededBytes()));
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
        if (made != null) {
            made.close();
        }
        file.close();
    }
}
