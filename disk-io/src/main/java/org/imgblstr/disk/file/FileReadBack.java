package org.imgblstr.disk.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.UncachedFile;
import org.imgblstr.disk.image.ImageReader;

/**
 * Reads an image file back while it grows, some blocks behind the writer, and compares it with what was written: that the file holds these
 * bytes. That the bytes decode is what {@link ImageReader#verify} shows. A thread of its own; called by the writer's.
 */
final class FileReadBack implements Closeable {
    /** Blocks between writer and reader: 16 MiB, so that a drive has written them meanwhile and is not waited for. */
    private static final int DISTANCE_BLOCKS = 8;

    /** 64 blocks of 2 MiB, 24 bytes each. A writer that is farther ahead waits. */
    private static final int MOST_BLOCKS = 64;

    private record Block(long offset, int bytes, long checksum) {}

    private final Path path;
    private final UncachedFile file;
    private final Thread thread = new Thread(this::readAll, "image-read-back");
    private final ArrayDeque<Block> blocks = new ArrayDeque<>();
    private boolean isEnded;
    private boolean isStopped;
    private DeviceException failure;

    private FileReadBack(Path path, Path partial) throws IOException {
        this.path = path;
        this.file = UncachedFile.open(partial);
        thread.setDaemon(true);
    }

    /**
     * @param path what messages name
     * @param partial the file as it is named while it grows
     */
    static FileReadBack start(Path path, Path partial) throws IOException {
        FileReadBack readBack = new FileReadBack(path, partial);
        try {
            readBack.thread.start();
            return readBack;
        } catch (RuntimeException | Error e) {
            readBack.close();
            throw e;
        }
    }

    /**
     * Bytes from {@code offset} on are in the file.
     *
     * @param checksum {@link TrackChecksum} of them
     * @throws DeviceException when what was written before came back different
     */
    synchronized void onWritten(long offset, int bytes, long checksum) throws DeviceException {
        await(() -> blocks.size() < MOST_BLOCKS || failure != null);
        checkFailure();
        blocks.addLast(new Block(offset, bytes, checksum));
        notifyAll();
    }

    /**
     * Waits until all of it has been read back.
     *
     * @throws DeviceException when it came back different, or could not be read
     */
    synchronized void end() throws DeviceException {
        isEnded = true;
        notifyAll();
        await(() -> blocks.isEmpty() || failure != null);
        checkFailure();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            isStopped = true;
            notifyAll();
        }
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }

    private void checkFailure() throws DeviceException {
        if (failure != null) {
            throw failure;
        }
    }

    private void readAll() {
        try {
            ByteBuffer into = ByteBuffer.allocateDirect(FileOutput.BLOCK_BYTES);
            for (Block block = next(); block != null; block = next()) {
                read(block, into);
                done();
            }
        } catch (DeviceException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(notRead(e.toString(), 0, e));
        }
    }

    private DeviceException notRead(String why, int errno, Throwable cause) {
        return new DeviceException(
                path + ": reading the file back failed: " + why + "; try again, or choose another place", errno, cause);
    }

    private void read(Block block, ByteBuffer into) throws DeviceException {
        try {
            file.read(block.offset(), into.clear().limit(block.bytes()));
        } catch (DeviceException e) {
            throw notRead(e.getMessage(), e.errno(), e);
        }
        long found = TrackChecksum.of(into.flip());
        if (found != block.checksum()) {
            throw new DeviceException(
                    path + ": the file reads back different from what was written: bytes " + block.offset() + " to "
                            + (block.offset() + block.bytes()) + ", expected checksum "
                            + Long.toHexString(block.checksum()) + ", found " + Long.toHexString(found)
                            + "; the storage is not to be trusted",
                    0,
                    null);
        }
    }

    /** The oldest block once it is far enough behind; null when nothing is left to do. It stays in the queue until {@link #done}. */
    private synchronized Block next() {
        await(() -> isStopped || isEnded || blocks.size() > DISTANCE_BLOCKS);
        return isStopped ? null : blocks.peekFirst();
    }

    /** An interrupt is kept for whoever asks for it: the wait is over when the file has been read. */
    private synchronized void await(BooleanSupplier isReady) {
        boolean isInterrupted = false;
        while (!isReady.getAsBoolean()) {
            try {
                wait();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void done() {
        blocks.removeFirst();
        notifyAll();
    }

    private synchronized void fail(DeviceException cause) {
        failure = cause;
        notifyAll();
    }
}
