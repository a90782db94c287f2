package org.imgblstr.cli.master.remake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.master.job.ImageDisk;
import org.imgblstr.cli.master.job.ImageStore;
import org.imgblstr.cli.master.job.Source.Progress;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.pass.ImageFeed;
import org.imgblstr.disk.pass.RawSink;

/** A temporary file with the bytes of an image, which only this user can read; what is zero or unused is a hole. Deleted by {@link #close}. */
final class UnpackedImage implements AutoCloseable {
    /** What tools write besides: tables of a file system whose blocks move. */
    private static final long TOOL_BYTES = 16 << 20;

    private final Path path;

    private UnpackedImage(Path path) {
        this.path = path;
    }

    /** Where such files lie: in TMPDIR, else in /var/tmp, which is on a disk on most machines. */
    static Path folder() {
        String own = System.getenv("TMPDIR");
        return Path.of(own == null || own.isEmpty() ? "/var/tmp" : own);
    }

    /** How many bytes the file takes at most. */
    static long neededBytes(ImageReader image) {
        return image.summary().counts().usedBytes() + TOOL_BYTES;
    }

    /**
     * How many bytes the file takes at most while blocks move in it.
     *
     * @param movedFrom what lies from this byte on, up to {@code movedEnd}, may be copied to other places before it is deleted
     */
    static long neededBytes(ImageReader image, long movedFrom, long movedEnd) throws IOException {
        TrackSpace space = image.space();
        long bytes = neededBytes(image);
        try (ImageDisk disk = new ImageDisk(image)) {
            int sectorBytes = space.geometry().sectorBytes();
            int end = disk.trackOf((movedEnd - 1) / sectorBytes) + 1;
            for (int track = disk.trackOf(movedFrom / sectorBytes); track < end; track++) {
                bytes += image.kindOf(track).isEncoded() ? space.rawBytes(track) : 0;
            }
        }
        return bytes;
    }

    /**
     * Checks that there is room.
     *
     * @param option what needs it
     * @throws CliException exit code 15
     */
    static void checkRoom(String option, ImageReader image, long neededBytes) throws IOException {
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            throw CliException.refused(option + " needs a folder for a temporary file, and " + folder
                    + " is none: name one in TMPDIR. Nothing was written");
        }
        String refusal =
                ImageStore.of(folder).exportRefusal(neededBytes, image.space().totalBytes());
        if (!refusal.isEmpty()) {
            throw CliException.refused(option + " makes a temporary file of up to " + neededBytes + " bytes ("
                    + Units.bytes(neededBytes) + "): " + refusal
                    + ". Name another folder in TMPDIR, or free some space. Nothing was written");
        }
    }

    /** Unpacks; {@code isStopped}: whether to give up. */
    static UnpackedImage of(ImageReader image, Progress progress, BooleanSupplier isStopped) throws IOException {
        UnpackedImage file = new UnpackedImage(Files.createTempFile(folder(), "imgblstr-", ".raw"));
        try {
            long length = image.space().totalBytes();
            try (FileChannel channel = FileChannel.open(file.path, StandardOpenOption.WRITE);
                    RawSink sink = new RawSink(image.space(), new Holes(channel, file.path, length, progress))) {
                channel.write(ByteBuffer.allocate(1), length - 1);
                new ImageFeed(image).pump(sink, isStopped);
            }
            return file;
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }

    /** Zeros are left out. */
    private static final class Holes implements RawSink.Destination {
        private final FileChannel channel;
        private final Path path;
        private final long length;
        private final Progress progress;
        private long at;

        Holes(FileChannel channel, Path path, long length, Progress progress) {
            this.channel = channel;
            this.path = path;
            this.length = length;
            this.progress = progress;
        }

        @Override
        public void put(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                at += write(bytes);
            }
            progress.on(at, length);
        }

        /** The system tells the reason without the file. */
        private int write(ByteBuffer bytes) throws IOException {
            try {
                return channel.write(bytes, at);
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                throw new DeviceException(
                        "the temporary file " + path + " cannot be written: " + e.getMessage()
                                + "; free some space, or name another folder in TMPDIR",
                        0,
                        e);
            }
        }

        @Override
        public void putZeros(long count) {
            at += count;
            progress.on(at, length);
        }

        @Override
        public void end() {
            progress.on(length, length);
        }
    }
}
