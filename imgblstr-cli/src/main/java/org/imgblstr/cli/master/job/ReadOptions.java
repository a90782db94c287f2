package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.secrets.KeyFiles;
import org.imgblstr.cli.common.value.DurationConverter;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.filesystem.encrypted.Cryptsetup;
import org.imgblstr.disk.image.ImageOrigin;
import org.imgblstr.disk.pass.DiskFeed.BadSectors;
import org.imgblstr.disk.track.BadTime;
import org.imgblstr.protocol.contract.PlainText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a disk is read and encoded. Filled in by picocli. */
public final class ReadOptions {
    @Option(
            names = "--codec",
            paramLabel = "rle|zstd|zstd:LEVEL|none",
            converter = CodecConverter.class,
            description = "Encoding of tracks in the image and on the wire (default: zstd).")
    private CodecChoice codec;

    @Option(names = "--all-blocks", description = "Read and send every sector, also those that file systems mark free.")
    private boolean allBlocks;

    @Option(
            names = "--skip-page-files",
            description = "Leave out the contents of the Windows files pagefile.sys, swapfile.sys and hiberfil.sys.")
    private boolean skipPageFiles;

    @Option(
            names = "--unlock",
            paramLabel = "FILE",
            description =
                    "Read only what is used of LUKS and BitLocker volumes: FILE has a pass phrase that opens them; it is not"
                            + " sent.")
    private Path unlock;

    @Option(
            names = "--sector-size",
            paramLabel = "512|4096",
            description =
                    "Sector size of a regular file that stands for a disk (default: the size its GPT fits, else 512); with"
                            + " --download: the image becomes a disk with such sectors.")
    private Integer sectorSize;

    @Option(
            names = "--note",
            paramLabel = "TEXT",
            description = "A remark that is kept in the image file; 'imgblstr info' shows it.")
    private String note;

    @Option(
            names = "--delta",
            description = "Send only what slaves lack, if their disks already hold most of the image.")
    private boolean delta;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "How often to try a sector that cannot be read (default: 5).")
    private Integer retries;

    @Option(
            names = "--bad-sectors",
            paramLabel = "abort|skip",
            description =
                    "If a sector stays unreadable: abort the run, or skip the sector, which becomes zeros and leads"
                            + " to exit code 3 (default: skip).")
    private BadSectors badSectors;

    @Option(
            names = "--bad-time",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Total time for finding the readable sectors around bad sectors (default: 30m).")
    private Duration badTime;

    /** Reads a codec. */
    static final class CodecConverter implements ITypeConverter<CodecChoice> {
        @Override
        public CodecChoice convert(String value) {
            try {
                return CodecChoice.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /**
     * Of a file that this program has made itself.
     *
     * @param isSent whether its tracks go over a network, where compressing them pays
     */
    public static ReadOptions ofFile(int sectorBytes, boolean isSent) {
        ReadOptions options = new ReadOptions();
        options.sectorSize = sectorBytes;
        options.codec = isSent ? CodecChoice.DEFAULT : CodecChoice.parse("none");
        return options;
    }

    /**
     * Checks that the options fit the job and each other.
     *
     * @throws CliException exit code 2
     */
    public void check(Job job) {
        Mode mode = job.mode();
        if (delta && !mode.broadcasts()) {
            throw CliException.usage(
                    "--delta needs --broadcast: a delta is what slaves lack; add --broadcast or leave --delta out");
        }
        checkNote(mode);
        if (sectorSize != null && sectorSize != 512 && sectorSize != 4096) {
            throw CliException.usage("--sector-size: expected 512 or 4096, found " + sectorSize);
        }
        if (sectorSize != null
                && mode.readsImage()
                && (job.isFinishing() || job.remake().isShrinking() || job.partitions() != null)) {
            throw CliException.usage("--sector-size with --download makes another disk of the image, which goes without"
                    + " --grow, --shrink, --partition, --new-ids, --hostname and --hook for the disk of this machine:"
                    + " write it to a file first (--disk FILE), and make an image of that file");
        }
        if (retries != null && (retries < 1 || retries > 1000)) {
            throw CliException.usage("--retries: expected 1 to 1000, found " + retries);
        }
        if (skipPageFiles && (allBlocks || mode.readsImage())) {
            throw CliException.usage("--skip-page-files only applies when the used blocks of a disk are read;"
                    + " it cannot be combined with --all-blocks or --download");
        }
        if (unlock != null && (allBlocks || mode.readsImage())) {
            throw CliException.usage("--unlock only applies when the used blocks of a disk are read;"
                    + " it cannot be combined with --all-blocks or --download");
        }
        if (mode.readsImage() && allBlocks) {
            throw CliException.usage("--all-blocks only applies when a disk is read; an image file is sent as it is");
        }
        if (mode.readsImage() && (codec != null || retries != null || badSectors != null || badTime != null)) {
            throw CliException.usage("--codec, --retries, --bad-sectors and --bad-time only apply when a disk is read;"
                    + " an image file is sent as it is");
        }
    }

    /** {@code --note}; "" without it. */
    String note() {
        return note == null ? "" : note;
    }

    private void checkNote(Mode mode) {
        if (note == null) {
            return;
        }
        if (!mode.writesImage()) {
            throw CliException.usage("--note is kept in an image file, so it needs --upload; leave it out");
        }
        int bytes = note.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > ImageOrigin.MAX_NOTE_BYTES || !PlainText.isPlain(note)) {
            throw CliException.usage("--note: expected at most " + ImageOrigin.MAX_NOTE_BYTES
                    + " bytes of printable text in UTF-8 on one line, found " + bytes + " bytes: '"
                    + Labels.cut(PlainText.of(note)) + "'");
        }
    }

    CodecChoice codec() {
        return codec == null ? CodecChoice.DEFAULT : codec;
    }

    /** Why every block is read; "" when used ones are enough. {@code changing}: why the disk may change while it is read; empty when it does not. */
    public String whyAll(List<String> changing) {
        if (allBlocks) {
            return "--all-blocks";
        }
        // What is free now may be used when the pass comes to it.
        return changing.isEmpty() ? "" : "the disk may change while it is read, so that the image may be inconsistent";
    }

    /**
     * The pass phrase of {@code --unlock}; null without it.
     *
     * @throws CliException exit code 16: others can read it; 15: cryptsetup is not installed
     */
    Cryptsetup keys() throws IOException {
        if (unlock == null) {
            return null;
        }
        if (Cryptsetup.program().isEmpty()) {
            throw CliException.refused("--unlock needs cryptsetup, not installed here: install package cryptsetup-bin");
        }
        return new Cryptsetup(KeyFiles.readPhrase(unlock));
    }

    boolean skipsPageFiles() {
        return skipPageFiles;
    }

    /**
     * Opens a disk as these options say.
     *
     * @throws CliException exit code 2: a device has other sectors than were asked for
     */
    Disk open(String path) throws DeviceException, RefusedException {
        Disk disk = Disks.openForReading(path, sectorSize == null ? Disks.DETECT_SECTOR_BYTES : sectorSize);
        if (sectorSize != null && disk.sectorBytes() != sectorSize) {
            String found = disk.identity().describe() + " has sectors of " + disk.sectorBytes() + " bytes";
            disk.close();
            throw CliException.usage(
                    "--sector-size only applies to regular files: " + found + "; leave the option out");
        }
        return disk;
    }

    /** {@code --sector-size}; 0 without it. */
    public int sectorBytes() {
        return sectorSize == null ? 0 : sectorSize;
    }

    public boolean isDelta() {
        return delta;
    }

    /** As {@code --delta}, by an answer. */
    public void chooseDelta() {
        delta = true;
    }

    int tries() {
        return retries == null ? 5 : retries;
    }

    BadTime badTime() {
        return new BadTime(badTime == null ? BadTime.DEFAULT : badTime);
    }

    BadSectors badSectors() {
        return badSectors == null ? BadSectors.SKIP : badSectors;
    }
}
