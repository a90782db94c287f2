package org.imgblstr.disk.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;

/**
 * The one way in which the programs write files: under another name that nobody else can have, in large blocks, read back while the file
 * grows, synced, and renamed when complete. Whatever happens before that, nothing of the file's name appears or changes. One thread.
 */
public final class OutputFile implements Closeable {
    private final PartialFile file;
    private final FileReadBack readBack;
    private final FileOutput out;

    private OutputFile(PartialFile file, WritableByteChannel channel, FileReadBack readBack) {
        this.file = file;
        this.readBack = readBack;
        this.out = new FileOutput(file.path(), channel, readBack);
    }

    /**
     * Begins a file.
     *
     * @param path where the complete file will be
     * @param overwrite whether an existing regular file may be replaced, which happens in {@link #end}
     * @param verify whether the file is read back while it grows, on a thread of its own, and compared with what was written
     * @throws RefusedException (UNSAFE) when the name is taken; nothing was written
     * @throws IOException when the file cannot be made
     */
    public static OutputFile create(Path path, boolean overwrite, boolean verify) throws RefusedException, IOException {
        return create(path, overwrite, verify, channel -> channel);
    }

    /**
     * Looks at a name without making anything.
     *
     * @throws RefusedException (UNSAFE) when no file can have it, because it is too long or its folder is none
     */
    public static void checkName(Path path) throws RefusedException {
        PartialFile.checkName(path);
    }

    /** {@code through}: puts something between the writer and its file, such as a fault. */
    public static OutputFile create(
            Path path, boolean overwrite, boolean verify, UnaryOperator<WritableByteChannel> through)
            throws RefusedException, IOException {
        PartialFile file = PartialFile.create(path, overwrite);
        FileReadBack readBack = null;
        try {
            readBack = verify ? FileReadBack.start(file.path(), file.partialPath()) : null;
            return new OutputFile(file, through.apply(file.channel()), readBack);
        } catch (IOException | RuntimeException | Error e) {
            close(file, readBack);
            throw e;
        }
    }

    /** Offset in the file of the next byte. */
    public long position() {
        return out.position();
    }

    /** Takes the bytes between position and limit, which stay as they are. */
    public void put(ByteBuffer from) throws IOException {
        out.put(from);
    }

    /** Leaves a hole, which reads as zeros. */
    public void putZeros(long count) throws IOException {
        out.skip(count);
        try {
            file.channel().position(out.position());
        } catch (IOException e) {
            throw out.failed("writing", e);
        }
    }

    /**
     * Waits until everything has been read back, syncs the file, gives it its name and syncs the directory.
     *
     * @throws NameTakenException when another file has taken the name meanwhile
     * @throws DeviceException when the file cannot be completed, or gave back something else than was written
     */
    public void end() throws IOException {
        out.flush();
        try {
            fillLastHole();
            if (readBack != null) {
                readBack.end();
            }
            file.publish();
        } catch (DeviceException e) {
            throw e;
        } catch (IOException e) {
            throw out.failed("completing", e);
        }
    }

    private void fillLastHole() throws IOException {
        FileChannel channel = file.channel();
        if (channel.size() < out.position()) {
            channel.write(ByteBuffer.allocate(1), out.position() - 1);
        }
    }

    /** Deletes the file unless {@link #end} has completed it. */
    @Override
    public void close() throws IOException {
        close(file, readBack);
    }

    private static void close(PartialFile file, FileReadBack readBack) throws IOException {
        try (file) {
            if (readBack != null) {
                readBack.close();
            }
        }
    }
}
