package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.master.protection.ProtectionText;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.partition.TableIds;
import org.imgblstr.disk.pass.ImageFeed;
import org.imgblstr.disk.pass.ImageRereader;
import org.imgblstr.disk.pass.TrackFeed;
import org.imgblstr.disk.safety.SourceHold;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.session.TrackRereader;

/** An image file as the source of a run. */
public final class ImageFileSource implements Source {
    private final Path path;
    private final ImageReader image;
    private final SourceHold hold;
    private final ImageRereader rereader;

    private ImageFileSource(Path path, ImageReader image, SourceHold hold) {
        this.path = path;
        this.image = image;
        this.hold = hold;
        this.rereader = new ImageRereader(image);
    }

    /**
     * Opens an image file, which no other of our programs writes meanwhile.
     *
     * @param access what it is opened with
     * @throws RefusedException when one of our programs writes to the image file
     */
    public static ImageFileSource open(Path path, ImageAccess access) throws IOException, RefusedException {
        ImageReader image = ImageReader.open(path, access);
        SourceHold hold = null;
        try {
            hold = SourceHold.ofImage(path.toString());
            return new ImageFileSource(path, image, hold);
        } catch (IOException | RefusedException | RuntimeException | Error e) {
            if (hold != null) {
                hold.close();
            }
            image.close();
            throw e;
        }
    }

    @Override
    public ImageReader image() {
        return image;
    }

    /** Its file. */
    public Path path() {
        return path;
    }

    @Override
    public TrackSpace space() {
        return image.space();
    }

    @Override
    public ImageHeader header() {
        return image.header();
    }

    @Override
    public SessionImage sessionImage() {
        String label = Labels.cut(String.valueOf(path.getFileName()));
        return new SessionImage(header().imageId(), label, space(), header().requiredBytes(), usedBytes());
    }

    @Override
    public TrackFeed feed(Demand demand) {
        return new ImageFeed(image);
    }

    @Override
    public TrackRereader rereader() {
        return rereader::reread;
    }

    @Override
    public void checkNewIds() throws IOException, RefusedException {
        try (ImageDisk disk = new ImageDisk(image)) {
            TableIds.check(RestoredDisk.asSource(path, disk, space()));
        }
    }

    // The last track of a region may be short; when it is unused this is a little less than the truth.
    @Override
    public long usedBytes() {
        long unused = (long) image.summary().counts().unusedTracks()
                * space().geometry().trackBytes();
        return Math.max(0, space().totalBytes() - unused);
    }

    @Override
    public List<Plan.Volume> volumes() {
        return List.of();
    }

    @Override
    public List<Plan.Step> steps() {
        String regions = space().regions().get(0).isWholeDisk()
                ? "image of a whole disk"
                : "image of " + Units.count(space().regions().size(), "partition");
        String sizes = " of " + Units.bytes(space().totalBytes()) + ", " + Units.bytes(usedBytes()) + " of it to write";
        return List.of(new Plan.Step(
                Plan.Action.READ,
                path.toString(),
                regions + sizes + ProtectionText.of(image),
                image.summary().fileBytes()));
    }

    @Override
    public void close() throws IOException {
        rereader.close();
        hold.close();
        image.close();
    }
}
