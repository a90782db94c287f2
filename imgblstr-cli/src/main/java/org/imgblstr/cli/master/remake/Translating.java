package org.imgblstr.cli.master.remake;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.master.job.ImageDisk;
import org.imgblstr.cli.master.job.ImageFileSource;
import org.imgblstr.cli.master.job.RestoredDisk;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.filesystem.VolumePatch;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.partition.TableGrowth.Patch;
import org.imgblstr.disk.use.SectorTranslation;
import org.imgblstr.disk.use.TablePatches;

/**
 * A disk with sectors of another size is made of an image. Immutable.
 *
 * @param path of the image
 * @param translation what changes on the disk
 * @param fromBytes size of the sectors of the image
 * @param header of the new disk
 * @param neededBytes of the temporary file
 */
record Translating(Path path, SectorTranslation translation, int fromBytes, ImageHeader header, long neededBytes)
        implements Remaking {
    static final String OPTION = "--sector-size";

    /**
     * Decides; changes nothing.
     *
     * @param file the image of a whole disk
     * @param sectorBytes 512 or 4096, not that of the image
     * @throws RefusedException exit code 10: something on it cannot be translated
     */
    static Translating of(ImageFileSource file, Path path, int sectorBytes) throws IOException, RefusedException {
        int fromBytes = file.space().geometry().sectorBytes();
        try (ImageDisk image = new ImageDisk(file.image())) {
            SectorTranslation translation =
                    SectorTranslation.of(RestoredDisk.asSource(path, image, file.space()), sectorBytes);
            ImageHeader header = header(file.header(), translation, sectorBytes);
            return new Translating(path, translation, fromBytes, header, UnpackedImage.neededBytes(file.image()));
        } catch (RefusedException e) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    path + ": --sector-size " + sectorBytes + ": " + e.getMessage()
                            + ". So the image cannot go to disks with sectors of " + sectorBytes
                            + " bytes: take one with sectors of " + fromBytes + " bytes. Nothing was written");
        }
    }

    private static ImageHeader header(ImageHeader whole, SectorTranslation translation, int sectorBytes) {
        int fromBytes = whole.geometry().sectorBytes();
        long total = whole.geometry().totalSectors() * fromBytes;
        // What lies behind the last partition moves by less than a GPT of the larger sectors takes more.
        boolean isLonger = whole.requiredBytes() == 0 || whole.requiredBytes() >= total;
        long required = isLonger ? translation.sizeBytes() : whole.requiredBytes() + translation.moreBytes();
        List<ImageRegion> partitions = whole.partitions().stream()
                .map(each -> translated(each, fromBytes, sectorBytes))
                .toList();
        ImageRegion all = whole.regions().get(0);
        Region disk = new Region(
                all.region().number(),
                0,
                translation.sizeBytes() / sectorBytes,
                all.region().name());
        return new ImageHeader(
                whole.imageId(),
                whole.created(),
                Geometry.of(sectorBytes, translation.sizeBytes() / sectorBytes),
                List.of(new ImageRegion(disk, all.partitionType())),
                partitions,
                Math.min(translation.sizeBytes(), required),
                whole.origin());
    }

    private static ImageRegion translated(ImageRegion each, int fromBytes, int toBytes) {
        Region region = each.region();
        return new ImageRegion(
                new Region(
                        region.number(),
                        region.firstLba() * fromBytes / toBytes,
                        region.sectorCount() * fromBytes / toBytes,
                        region.name()),
                each.partitionType());
    }

    @Override
    public String option() {
        return OPTION;
    }

    @Override
    public Plan.Action action() {
        return Plan.Action.TRANSLATE;
    }

    @Override
    public String subject() {
        return path.toString();
    }

    @Override
    public String text() {
        boolean isDivided =
                translation.changed().contains("GPT") || translation.changed().contains("MBR");
        return "the sectors of the disk become " + header.geometry().sectorBytes()
                + " bytes long, in the image they have "
                + fromBytes
                + (translation.changed().isEmpty() ? "" : "; adapted: " + String.join(", ", translation.changed()))
                + (isDivided ? "; such a disk starts by UEFI only" : "");
    }

    @Override
    public void apply(Path raw) throws IOException, RefusedException {
        try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
            file.setLength(Math.max(file.length(), translation.sizeBytes()));
        }
        try (Disk disk = Disks.openForWriting(raw.toString(), VolumePatch.UNIT_BYTES, false)) {
            TablePatches.write(
                    disk, translation.patches().stream().map(Translating::patch).toList());
        }
        try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
            file.setLength(translation.sizeBytes());
        }
    }

    private static Patch patch(VolumePatch patch) {
        return new Patch(patch.offset() / VolumePatch.UNIT_BYTES, patch.bytes());
    }
}
